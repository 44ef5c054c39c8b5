"""The masks of one hub: who is idle longest stays exact, however often seats take and finish."""

from random import Random

import pytest

from routing.board import (
    WHOLE,
    Floor,
    floors_of,
    holds,
    level_of,
    on_duty,
    places_for,
    speaks,
    takes,
)
from tests.routing.desk import NOW, board, seat


def in_turn(floor: Floor, mask: int) -> list[str]:
    """Everyone in the mask, the longest idle first."""
    turn: list[str] = []
    while mask:
        number = floor.longest_idle(mask)
        turn.append(floor.seats[number].staff)
        mask ^= floor.bit(number)
    return turn


def chats(floor: Floor, level: int = 1) -> list[str]:
    return in_turn(floor, floor.open(level) & floor.fit(takes("chat"), employed=False))


def test_the_lowest_bit_is_the_longest_idle_then_the_first_id() -> None:
    floor = Floor([seat("Tom", idle=5), seat("Maya", idle=5), seat("Ben", idle=9)], "en")
    assert chats(floor) == ["ben", "maya", "tom"]


def test_who_takes_work_goes_to_the_back() -> None:
    floor = Floor([seat("Tom", idle=5), seat("Ben", idle=9)], "en")
    assert floor.take(floor.number["ben"], "chat", 1) == 1
    assert chats(floor) == ["tom", "ben"]


def test_who_is_full_is_not_there_and_comes_back_last() -> None:
    floor = Floor([seat("Tom", idle=5), seat("Ben", idle=9)], "en")
    places = floor.take(floor.number["ben"], "voice", 1)
    assert chats(floor) == ["tom"]
    assert in_turn(floor, floor.fit(takes("chat"), employed=False)) == ["ben", "tom"]
    floor.give_back(floor.number["ben"], places)
    assert chats(floor) == ["tom", "ben"]
    assert chats(floor, WHOLE) == ["tom", "ben"]


def test_a_hub_with_nobody_on_duty_has_no_floor() -> None:
    people = seat("Tom"), seat("Ben", "kendal", state="offline"), seat("Ola", "central", lease=0)
    assert list(floors_of(board(*people), NOW)) == ["penrith"]
    assert [on_duty(each, NOW) for each in people] == [True, False, False]


def test_a_call_needs_every_place_and_a_heavy_chat_fills_a_small_seat() -> None:
    small, large = seat("Tom", capacity=1), seat("Ben", capacity=3)
    assert (level_of("voice", 1), level_of("chat", 0), level_of("sms", 2)) == (WHOLE, 1, 2)
    assert (places_for(large, "voice", 1), places_for(large, "chat", 2)) == (3, 2)
    assert (places_for(small, "chat", 2), places_for(small, "chat", 0)) == (1, 1)


@pytest.mark.parametrize("seed", range(12))
def test_after_a_long_night_the_order_is_still_exact(seed: int) -> None:
    """A plain list is the other opinion; two thousand steps draw the masks anew many times."""
    dice = Random(seed)
    people = [
        seat(
            f"s{at}",
            idle=dice.randrange(5),
            capacity=dice.randint(1, 3),
            skills=dice.sample(["a", "b", "c"], dice.randrange(3)),
            languages=dice.choice([[], ["pl"], ["en", "pl"]]),
        )
        for at in range(9)
    ]
    floor = Floor(people, "en")
    line = [each.staff for each in floor.seats]
    load = {each.staff: 0 for each in people}
    for _ in range(2000):
        one = dice.choice(people)
        full = load[one.staff] == one.capacity
        if load[one.staff] and (full or dice.random() < 0.5):
            floor.give_back(floor.number[one.staff], 1)
            load[one.staff] -= 1
        else:
            load[one.staff] += floor.take(floor.number[one.staff], "chat", 1)
        line.remove(one.staff)
        line.append(one.staff)
        free = [who for who in line if load[who] < people[int(who[1:])].capacity]
        assert chats(floor) == free
    for skill in ("a", "b", "c"):
        trained = {each.staff for each in people if skill in each.skills}
        assert set(in_turn(floor, floor.having(holds(skill)))) == trained
    for tongue in ("en", "pl"):
        speakers = {each.staff for each in people if tongue in (each.languages or {"en"})}
        assert set(in_turn(floor, floor.having(speaks(tongue)))) == speakers
