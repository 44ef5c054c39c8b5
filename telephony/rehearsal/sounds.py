"""What an ear gets of Say, Play and Pause, and for how long."""

from __future__ import annotations

from typing import assert_never

from telephony.rehearsal import verbs as v
from telephony.rehearsal.board import Switchboard
from telephony.rehearsal.state import (
    Call,
)

LETTERS_A_SECOND = 15
PLAY_SECONDS = 5.0


def utter(board: Switchboard, call: Call, verb: v.Sound) -> float:
    """Lets the ear have it; answers how long it takes, in seconds."""
    match verb:
        case v.Say():
            if verb.words:
                board.hear(call, verb.words)
            return max(0.5, len(verb.words) / LETTERS_A_SECOND)
        case v.Play():
            if verb.digits:
                board.hear(call, f"(tones: {verb.digits})", "sound")
                return 0.5 * len(verb.digits)
            board.hear(call, f"({_recording(verb.url)})", "sound")
            return PLAY_SECONDS
        case v.Pause():
            return float(verb.length)
        case _:
            assert_never(verb)


def _recording(url: str) -> str:
    """A recording's file name as words: `calm-hold.mp3` is "calm hold"."""
    name = url.partition("?")[0].rpartition("/")[2].partition(".")[0]
    return name.replace("-", " ").replace("_", " ") or "a recording"


def title_of(verbs: tuple[v.Verb, ...]) -> str:
    """The first words said, so that a person can follow; else what is done first."""
    for verb in verbs:
        inside = verb.inside if isinstance(verb, v.Gather) else (verb,)
        for one in inside:
            if isinstance(one, v.Say):
                return f"“{one.words}”" if len(one.words) < 70 else f"“{one.words[:66]}…”"
    return "Told what to do" if verbs else "Told nothing: the call ends"
