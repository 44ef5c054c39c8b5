"""Plays TwiML: performs a document's verbs in order, and goes on when one is over (S2)."""

from __future__ import annotations

from typing import assert_never

from telephony.rehearsal import dialling, gathering, queueing, recording, schema
from telephony.rehearsal import verbs as v
from telephony.rehearsal.board import Switchboard, path
from telephony.rehearsal.entering import ask_wait_document, dial, enqueue
from telephony.rehearsal.fetching import fail, follow
from telephony.rehearsal.ringing import pick_up
from telephony.rehearsal.sounds import title_of, utter
from telephony.rehearsal.state import (
    AskedScript,
    Call,
    End,
    Gathering,
    GoOn,
    InQueue,
    Kind,
    Run,
    Script,
)
from telephony.rehearsal.twiml import Broken, understand
from telephony.rehearsal.values import Reply

_ALLOWED = {
    Kind.CALL: (schema.ANYWHERE, 12200),
    Kind.QUEUE: (schema.IN_QUEUE, 12200),
    Kind.ROOM: (schema.IN_ROOM, 13238),
    Kind.HOLD: (schema.IN_ROOM, 13238),
    Kind.WHISPER: (schema.IN_WHISPER, 12200),
}


def answered(board: Switchboard, ticket: int, asked: AskedScript, reply: Reply) -> None:
    """A document came, or did not. An answer nobody waits for any more is dropped."""
    call = board.calls.get(asked.call)
    if call is None or not call.live or call.awaiting != ticket:
        return
    call.awaiting = 0
    document = understand(reply)
    if isinstance(document, Broken):
        fail(board, call, asked.kind, asked.url, document, asked.rescue)
        return
    for fault in document.faults:
        code, _, words = fault.rpartition(": line")
        board.note(f"TwiML: line{words}", path(asked.url), "error", int(code or 0))
    if asked.kind in (Kind.CALL, Kind.WHISPER):
        board.note(title_of(document.verbs), document.names, "said")
    play(board, call, Script(asked.kind, asked.url, asked.method, document.verbs, asked.rescue))


def play(board: Switchboard, call: Call, script: Script) -> None:
    if script.kind in (Kind.CALL, Kind.WHISPER):
        call.main, call.aside = script, None
    else:
        call.aside = script
    board.then(Run(call.sid))


def go_on(board: Switchboard, step: GoOn) -> None:
    """A verb that held the call is over: its action is asked, or the next verb is played."""
    call = board.calls[step.call]
    if not call.live:
        return
    call.place, call.aside = None, None
    call.awaiting, call.alarm, call.limit_alarm = 0, 0, 0
    if call.main is None:
        board.then(End(call.sid, "completed"))
    elif step.action is not None:
        follow(board, call, step.action, step.method, step.params, "Asks the action URL")
    else:
        board.then(Run(call.sid))


def run(board: Switchboard, call: Call) -> None:
    """Performs verbs until one takes time."""
    script = call.aside or (call.main if call.place is None else None)
    if not call.live or script is None or call.awaiting or call.alarm:
        return
    if script.gathering is not None:
        _prompt(board, call, script, script.gathering)
        return
    if script.again and script.index:
        verb = script.verbs[script.index - 1]
    elif script.index < len(script.verbs):
        verb = script.verbs[script.index]
        script.index += 1
    else:
        _ran_out(board, call, script)
        return
    allowed, code = _ALLOWED[script.kind]
    name = type(verb).__name__
    if isinstance(verb, v.NotPlayed):
        broken = Broken(12200, f"the rehearsal does not play {verb.name} yet")
        fail(board, call, script.kind, script.url, broken, script.rescue)
    elif name not in allowed:
        broken = Broken(code, f"<{name}> is not allowed in a {script.kind} document")
        fail(board, call, script.kind, script.url, broken, script.rescue)
    else:
        _perform(board, call, script, verb)


def _perform(board: Switchboard, call: Call, script: Script, verb: v.Verb) -> None:
    if not isinstance(verb, (v.Pause, v.Redirect, v.Reject, v.Dial)):
        pick_up(board, call)  # as the first verb, only these do not answer; Dial decides itself
    match verb:
        case v.Say() | v.Play() | v.Pause():
            seconds = utter(board, call, verb)
            loop = 1 if isinstance(verb, v.Pause) else verb.loop
            script.again = 1 if loop == 0 else (script.again or loop) - 1
            _rest(board, call, seconds)
        case v.Gather():
            script.gathering = gathering.begin(verb)
            board.then(Run(call.sid))
        case v.Record():
            recording.begin(board, call, script, verb)
        case v.Redirect():
            url = verb.url or script.url
            follow(board, call, url, verb.method, {}, "Redirect", script)
        case v.Enqueue():
            enqueue(board, call, verb, script)
        case v.Leave():
            if isinstance(call.place, InQueue):
                queueing.leave(board, call, call.place, "leave")
            else:
                board.note("Leave outside a queue does nothing", path(script.url), "error", 12200)
                board.then(Run(call.sid))
        case v.Hangup():
            board.then(End(call.sid, "completed"))
        case v.Reject():
            if call.answered is not None:
                board.note("Reject after the call was answered", script.url, "error", 12200)
            board.then(End(call.sid, "busy" if verb.reason == "busy" else "no-answer"))
        case v.Dial():
            dial(board, call, script, verb)
        case v.Message() | v.NotPlayed():
            raise AssertionError("never in a voice document")
        case _:
            assert_never(verb)


def _prompt(board: Switchboard, call: Call, script: Script, wait: Gathering) -> None:
    """The sounds inside a Gather one by one, then its timeout."""
    sound = gathering.next_sound(wait)
    if sound is None:
        wait.listening = True
        call.alarm = board.wake(call.sid, wait.verb.timeout)
        call.asked_at_once = 0
        return
    times = 1 if isinstance(sound, v.Pause) else max(1, sound.loop)
    seconds = sum(utter(board, call, sound) for _ in range(min(times, 10)))
    _rest(board, call, seconds)


def gathered(board: Switchboard, call: Call, script: Script, digits: str) -> None:
    """The Gather is over: its action is asked with Digits, or nothing came and the next plays."""
    assert script.gathering is not None
    verb, script.gathering = script.gathering.verb, None
    call.alarm = 0
    if not digits and not verb.on_empty:
        board.then(Run(call.sid))
        return
    title = f"Keys: {digits}" if digits else "No key pressed"
    action = script.url if verb.action is None else verb.action
    follow(board, call, action, verb.method, {"Digits": digits}, title, script)


def recorded(board: Switchboard, call: Call, script: Script, digits: str) -> None:
    """The message is over: its action is asked, or nobody spoke and the next verb plays."""
    assert script.recorder is not None
    wait, script.recorder = script.recorder, None
    call.alarm = 0
    params = recording.ended(board, call, wait, digits)
    if params is None:
        board.then(Run(call.sid))
        return
    action = script.url if wait.verb.action is None else wait.verb.action
    follow(board, call, action, wait.verb.method, params, "The message is over", script)


def _ran_out(board: Switchboard, call: Call, script: Script) -> None:
    """No verb is left. A queue asks again for ever; a room falls silent; a call ends."""
    match script.kind:
        case Kind.CALL:
            board.then(End(call.sid, "completed"))
        case Kind.QUEUE:
            ask_wait_document(board, call)
        case Kind.ROOM | Kind.HOLD:
            call.aside = None
            board.hear(call, "(silence)", "sound")
        case Kind.WHISPER:
            call.main = None
            dialling.join(board, call)
        case _:
            assert_never(script.kind)


def _rest(board: Switchboard, call: Call, seconds: float) -> None:
    if seconds > 0:
        call.asked_at_once = 0
    call.alarm = board.wake(call.sid, seconds)
