"""Why am I not asked? The four ticks of the console, and the state they add up to."""

from dataclasses import replace

import pytest

from routing.presence import SeatFacts, because, state_of
from tests.routing.desk import NOW, after, ago

MAYA = SeatFacts(
    on_duty=True,
    signed_in=True,
    seen_at=ago(3),
    lease_until=after(32),
    capacity=2,
    load=1,
)


def test_four_ticks_when_all_is_well() -> None:
    ticks = because(MAYA, NOW)
    assert [tick.words for tick in ticks] == [
        "On duty",
        "Signed in here",
        "Seen 3 s ago",
        "1 of 2 places used",
    ]
    assert all(tick.ok for tick in ticks)
    assert state_of(MAYA, NOW) == ("available", "Free for the next contact")


@pytest.mark.parametrize(
    ("facts", "tick", "words", "state"),
    [
        (replace(MAYA, on_duty=False), 0, "Not on duty. Press Go on duty.", "offline"),
        (replace(MAYA, set_away_by="Hannah"), 0, "Hannah set you away.", "break"),
        (
            replace(MAYA, break_reason="lunch"),
            0,
            "On a break. Press Back when you are ready.",
            "break",
        ),
        (replace(MAYA, signed_in=False), 1, "Not signed in here. Sign in again.", "offline"),
        (
            replace(MAYA, signed_in=False, elsewhere=True),
            1,
            "Signed in on another screen. Go on duty here to move.",
            "offline",
        ),
        (
            replace(MAYA, seen_at=ago(150), lease_until=ago(115)),
            2,
            "Last seen 2 min ago. Check the connection.",
            "offline",
        ),
        (
            replace(MAYA, seen_at=None, lease_until=None),
            2,
            "Not seen yet. Keep this page open.",
            "offline",
        ),
        (replace(MAYA, load=2), 3, "2 of 2 places used", "busy"),
        (replace(MAYA, on_call=True), 3, "On a call, which takes every place.", "busy"),
        (replace(MAYA, wrapping=1), 3, "Wrapping up. Finish it to take the next.", "wrap"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_no_says_why(facts: SeatFacts, tick: int, words: str, state: str) -> None:
    ticks = because(facts, NOW)
    assert [at for at, each in enumerate(ticks) if not each.ok] == [tick]
    assert ticks[tick].words == words
    assert state_of(facts, NOW)[0] == state


def test_the_state_says_its_because() -> None:
    assert state_of(replace(MAYA, load=2), NOW)[1] == "2 of 2 places used"
    assert state_of(replace(MAYA, on_call=True), NOW)[1] == "On a call"
    assert state_of(replace(MAYA, break_reason=""), NOW)[1] == "On a break"
    assert state_of(replace(MAYA, break_reason="lunch"), NOW)[1] == "On a break: lunch"
    assert state_of(replace(MAYA, set_away_by="Hannah"), NOW)[1] == "Hannah set you away."
    assert state_of(replace(MAYA, wrapping=2), NOW)[1].startswith("Wrapping up 2 contacts.")


def test_off_line_tells_the_first_thing_that_is_missing() -> None:
    gone = replace(MAYA, on_duty=False, signed_in=False, seen_at=None, lease_until=None)
    assert state_of(gone, NOW) == ("offline", "Not on duty. Press Go on duty.")
    assert [tick.ok for tick in because(gone, NOW)] == [False, False, False, True]


def test_off_line_for_a_lost_heartbeat_never_blames_a_break() -> None:
    resting = replace(MAYA, break_reason="lunch", seen_at=ago(90), lease_until=ago(55))
    assert state_of(resting, NOW) == ("offline", "Last seen 1 min ago. Check the connection.")


def test_the_lease_ends_at_its_second() -> None:
    assert state_of(replace(MAYA, lease_until=NOW), NOW)[0] == "offline"
    assert state_of(replace(MAYA, lease_until=after(1)), NOW)[0] == "available"
