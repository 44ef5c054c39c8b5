"""What a waiting person may be told: the place, a range, and never a false promise."""

from random import Random

import pytest

from routing.model import Seat, Waiting
from routing.wait import HonestWait, honest_waits, minutes
from tests.routing.desk import NOW, board, seat, waiting


def told(*people: Seat | Waiting, handling: float = 600) -> HonestWait | None:
    return honest_waits(board(*people), NOW, handling).get("a")


def test_third_in_line_with_four_places_taken() -> None:
    people = seat("Maya", load=2), seat("Tom", load=2)
    ahead = waiting("b", waited=50), waiting("c", waited=60)
    assert told(*people, *ahead, waiting("a")) == HonestWait(3, (3, 11))


@pytest.mark.parametrize(
    ("place", "places", "handling", "said"),
    [
        (1, 1, 600, (2, 16)),
        (1, 10, 600, (0, 2)),
        (3, 4, 600, (3, 11)),
        (10, 10, 600, (7, 13)),
        (1, 1, 6, (0, 1)),
    ],
)
def test_the_range_holds_six_waits_of_ten(
    place: int, places: int, handling: float, said: tuple[int, int]
) -> None:
    assert minutes(place, places, handling) == said


@pytest.mark.parametrize(
    ("place", "places", "handling"), [(1, 0, 600), (1, 2, 0), (0, 2, 600), (9, 1, 600)]
)
def test_nothing_is_said_when_nobody_can_know(place: int, places: int, handling: float) -> None:
    assert minutes(place, places, handling) is None


def test_a_longer_line_never_promises_less() -> None:
    said = [each for place in range(1, 40) if (each := minutes(place, 6, 600))]
    assert said == sorted(said)
    assert all(low < high for low, high in said)


def test_only_those_who_wait_for_the_same_people_are_ahead() -> None:
    kendal = waiting("b", hub="kendal", waited=900)
    assert told(seat("Maya", load=2), kendal, waiting("a")) == HonestWait(1, (1, 8))
    climbed = waiting("b", hub="kendal", waited=900, rung=1)
    both = told(seat("Maya", load=2), climbed, waiting("a", rung=1))
    assert both is not None
    assert both.place == 2


def test_a_call_waits_for_a_whole_seat() -> None:
    people = seat("Maya", capacity=4, load=4), seat("Tom", load=2)
    call, chat = told(*people, waiting("a", "voice")), told(*people, waiting("a"))
    assert call is not None
    assert chat is not None
    assert (call.minutes, chat.minutes) == ((1, 8), (0, 3))


def test_those_away_are_not_counted_on() -> None:
    away = [
        seat("Maya", state="break"),
        seat("Tom", state="offline"),
        seat("Ben", lease=0),
        seat("Cleo", channels=["voice"]),
        seat("Dan", "kendal"),
    ]
    assert told(*away, waiting("a")) == HonestWait(1, None)
    assert told(waiting("b")) is None


def test_who_may_not_take_it_is_not_counted_on() -> None:
    helper = seat("Marek", role="volunteer", supervisor="hannah", load=2)
    hannah = seat("Hannah", "kendal", load=2)
    for away in (
        seat("Maya", checking=True),
        seat("Maya", closing=["chat"]),
        seat("Maya", vetted=False),
        seat("Maya", role="volunteer"),
    ):
        assert told(away, waiting("a")) == HonestWait(1, None)
    assert told(helper, hannah, waiting("a")) == HonestWait(1, (1, 8))
    assert told(helper, hannah, waiting("a", age="under18")) == HonestWait(1, None)
    assert told(seat("Maya"), waiting("a", barred=["maya"])) == HonestWait(1, None)
    assert told(seat("Maya"), waiting("a", barred_hubs=["penrith"])) == HonestWait(1, None)


def test_while_a_queue_is_paused_nobody_can_know() -> None:
    night = board(seat("Maya", load=2), waiting("a"), paused=["penrith"])
    assert honest_waits(night, NOW, 600)["a"] == HonestWait(1, None)


def test_who_waits_for_a_speaker_or_for_their_own_is_told_when_others_are_asked() -> None:
    free, ola = seat("Tom"), seat("Ola", languages=["pl"], load=2)
    assert told(free, ola, waiting("a", language="pl")) == HonestWait(1, (0, 1))
    maya = seat("Maya", load=2, gender="woman")
    assert told(free, maya, waiting("a", gender="woman")) == HonestWait(1, (0, 2))
    assert told(free, maya, waiting("a", lead="maya")) == HonestWait(1, (0, 1))


def test_a_free_seat_on_the_next_rung_shortens_what_is_told() -> None:
    home, central = seat("Maya", load=2), seat("Marek", "central")
    assert told(home, waiting("a", left=50), handling=3000) == HonestWait(1, (5, 40))
    assert told(home, central, waiting("a", left=50), handling=3000) == HonestWait(1, (0, 1))
    third = waiting("b", waited=50), waiting("c", waited=60), waiting("a", left=50)
    assert told(home, central, *third, handling=3000) == told(home, *third, handling=3000)


def test_a_free_seat_is_told_even_when_the_usual_time_is_not_known() -> None:
    assert told(seat("Maya"), waiting("a"), handling=0) == HonestWait(1, (0, 1))
    assert told(seat("Maya", load=2), waiting("a"), handling=0) == HonestWait(1, None)


def test_most_real_waits_lie_in_the_range_that_was_told() -> None:
    """Four desks, two places each, and more who come than they can hold: every wait is told as
    it begins, then lived through, in the real order of the line."""
    luck, usual = Random(2), 600.0
    desks = [seat(name, load=2) for name in ("Maya", "Tom", "Ben", "Ola")]
    kept = missed = early = 0
    for night in range(60):
        line = [waiting(f"c{at:02d}", waited=90 - at, left=1e6) for at in range(1 + night % 12)]
        said = honest_waits(board(*desks, *line), NOW, usual)
        free_at = sorted(_rest_of_a_chat(luck, usual) for _ in range(8))
        for each in sorted(line, key=lambda one: one.queued_at):
            begins = free_at.pop(0)
            free_at = sorted([*free_at, begins + _rest_of_a_chat(luck, usual)])
            told_range = said[each.contact].minutes
            assert told_range is not None
            low, high = (60 * minute for minute in told_range)
            kept += low <= begins <= high
            early += begins < low
            missed += begins > high
    assert kept / (kept + early + missed) > 0.6
    assert missed / (kept + early + missed) < 0.2


def _rest_of_a_chat(luck: Random, usual: float) -> float:
    return luck.expovariate(1 / usual)
