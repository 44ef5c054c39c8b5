"""`<Record>`: one person's message, ended by silence, a key, the longest time or a hang-up.

Nobody speaking at all falls through to the next verb; `trim` cuts silence away, so a message ended
by silence is as long as its words. Source: TwiML Voice `<Record>`, REST Recording.
"""

from __future__ import annotations

import struct

from telephony.rehearsal import verbs as v
from telephony.rehearsal.board import Switchboard
from telephony.rehearsal.sounds import LETTERS_A_SECOND
from telephony.rehearsal.state import Call, Recorded, Recorder, Script
from telephony.rehearsal.values import Params

RATE = 8000
MEDIA = ("", ".wav", ".mp3")


def begin(board: Switchboard, call: Call, script: Script, verb: v.Record) -> None:
    if verb.play_beep:
        board.hear(call, "(beep)", "sound")
    script.recorder = Recorder(verb, board.mint("RE"), board.now)
    board.note("A message is recorded", call.phone, "act")
    call.alarm = board.wake(call.sid, min(verb.timeout, verb.max_length))


def speak(board: Switchboard, call: Call, words: str) -> None:
    """Words reach a recording, if one is made; the silence that ends it begins after them."""
    wait = call.main.recorder if call.main is not None else None
    if wait is None:
        return
    seconds = max(1.0, len(words) / LETTERS_A_SECOND)
    wait.heard_until = max(wait.heard_until, board.now) + seconds
    wait.words = f"{wait.words} {words}".strip()
    over = wait.since + wait.verb.max_length
    silence = wait.heard_until + wait.verb.timeout
    call.alarm = board.wake(call.sid, max(0.0, min(over, silence) - board.now))


def ended(board: Switchboard, call: Call, wait: Recorder, digits: str) -> Params | None:
    """What the action is asked with; None when nobody spoke and the next verb is played.

    The callback is told for each recording, whoever ended it.
    """
    seconds = _seconds(board.now, wait, digits)
    if not wait.words and not digits:
        return None
    kept = Recorded(wait.sid, call.sid, wait.since, seconds, wait.words)
    board.recordings[kept.sid] = kept
    facts = {"RecordingUrl": url(board, kept), "RecordingDuration": str(seconds)}
    if wait.verb.callback is not None:
        told = {
            "AccountSid": board.account,
            "CallSid": call.sid,
            "RecordingSid": kept.sid,
            "RecordingStatus": "completed",
            "RecordingChannels": "1",
            "RecordingStartTime": board.stamp(),
            "RecordingSource": "RecordVerb",
            **facts,
        }
        base = call.main.url if call.main else ""
        board.tell("Callback: a recording is ready", wait.verb.callback, told, base)
    return facts | {"Digits": digits}


def url(board: Switchboard, kept: Recorded) -> str:
    root = f"https://api.twilio.com/2010-04-01/Accounts/{board.account}"
    return f"{root}/Recordings/{kept.sid}"


def sound(kept: Recorded) -> bytes:
    """A soft tone as long as the message, as a WAV file: the words themselves are not spoken."""
    samples = bytes(128 + (9 if (n // 10) % 2 else -9) for n in range(RATE))
    data = samples * max(1, kept.seconds)
    head = struct.pack("<4sI4s4sIHHIIHH", b"RIFF", 36 + len(data), b"WAVE", b"fmt ", 16, 1, 1,
                       RATE, RATE, 1, 8)  # fmt: skip
    return head + struct.pack("<4sI", b"data", len(data)) + data


def _seconds(now: float, wait: Recorder, digits: str) -> int:
    whole = wait.heard_until - wait.since if not digits and wait.words else now - wait.since
    return min(wait.verb.max_length, round(whole))
