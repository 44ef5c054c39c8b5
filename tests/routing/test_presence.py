"""Why am I not asked? The four ticks of the console, and the state they add up to."""

from dataclasses import replace

import pytest

from routing.presence import SeatFacts, because, nudged, state_of
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


@pytest.mark.parametrize(
    ("facts", "state", "words"),
    [
        (
            replace(MAYA, on_shift=False, shift_until="17:00"),
            "offline",
            "Your shift ended at 17:00. Go on duty again for extra duty.",
        ),
        (
            replace(MAYA, on_shift=False),
            "offline",
            "No shift now. Go on duty again for extra duty.",
        ),
        (replace(MAYA, on_shift=False, extra=True), "available", "Free for the next contact"),
        (
            replace(MAYA, checking=True),
            "break",
            "Are you there? Two offers passed you by.",
        ),
        (
            replace(MAYA, after_hard=True),
            "break",
            "A break after a hard contact. Press Back when you are ready.",
        ),
        (
            replace(MAYA, closing=frozenset({"chat"}), shift_until="17:00"),
            "available",
            "Your shift ends at 17:00. No new chats; yours stay with you.",
        ),
        (
            replace(MAYA, closing=frozenset({"chat", "voice", "sms"}), shift_until="17:00"),
            "busy",
            "Your shift ends at 17:00. No new contacts; yours stay with you.",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_rota_and_the_day_are_told(facts: SeatFacts, state: str, words: str) -> None:
    assert state_of(facts, NOW) == (state, words)


def test_the_first_tick_says_why_somebody_is_on_duty() -> None:
    until = replace(MAYA, shift_until="08:00")
    assert because(until, NOW)[0].words == "On shift until 08:00"
    extra = replace(MAYA, on_shift=False, extra=True)
    assert because(extra, NOW)[0].words == "On extra duty, outside the rota"
    assert not because(replace(MAYA, on_shift=False), NOW)[0].ok


def test_a_hard_contact_is_wrapped_up_before_its_break() -> None:
    hard = replace(MAYA, after_hard=True, wrapping=1)
    assert state_of(hard, NOW)[0] == "wrap"
    assert state_of(replace(hard, wrapping=0), NOW)[0] == "break"


def test_a_long_wrap_up_is_asked_after_and_never_ended() -> None:
    wrapping = replace(MAYA, wrapping=1, wrapping_since=ago(9 * 60 + 59))
    assert not nudged(wrapping, NOW)
    long = replace(wrapping, wrapping_since=ago(12 * 60))
    assert nudged(long, NOW)
    told = "Wrapping up a contact for 12 min. Finish, or take a break."
    assert state_of(long, NOW) == ("wrap", told)
    assert because(long, NOW)[3].words == told
