"""We are broken, and the caller still hears a person: words, a number, the next, and again."""

from __future__ import annotations

from telephony import apology
from tests.telephony.story import ENGLISH, FALLBACK, LINE, lines


def test_the_apology_rings_each_number_and_then_starts_over_aloud() -> None:
    assert lines(apology.ring(4, 0, FALLBACK, LINE)) == (
        f"says: {ENGLISH.say('emergency')}",
        "says: We are sorry. Something went wrong here. We are ringing someone who can help. "
        "Stay on the line.",
        "rings +441632960201, who hears 4/sorry-whisper, then 4/again?tries=1",
    )
    assert lines(apology.ring(4, 1, FALLBACK, LINE))[-1] == (
        "rings +441632960202, who hears 4/sorry-whisper, then 4/again?tries=2"
    )
    assert lines(apology.ring(4, 2, FALLBACK, LINE)) == (
        "says: If you are in danger now, hang up and call 999.",
        "says: We are sorry. Nobody could answer yet. Stay on the line. We are trying again.",
        "plays hold.wav",
        "goes to 4/again",
    )


def test_without_any_known_number_the_caller_is_still_not_hung_up_on() -> None:
    assert lines(apology.ring(0, 0, (), LINE))[-1] == "goes to 0/again"


def test_only_pressing_1_connects() -> None:
    assert lines(apology.pressed("1")) == ()
    for digits in ("", "2", "55"):
        assert lines(apology.pressed(digits))[-1] == "hangs up"
    assert lines(apology.whisper(4))[0] == "one key within 6 s, to 4/sorry-pressed"


def test_a_waiting_caller_always_has_sound() -> None:
    assert lines(apology.hold())[-1] == "plays hold.wav"
    assert lines(apology.over())[-1] == "hangs up"
