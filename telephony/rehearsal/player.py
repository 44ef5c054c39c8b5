"""Plays TwiML: fetches a document, performs its verbs in order, asks action URLs (S2, S9).

A document that cannot be had or played goes to the fallback URL with ErrorCode and ErrorUrl;
without one the caller hears that an application error has occurred and is cut off.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import assert_never

from telephony.rehearsal import dialling, gathering, queueing, rooms, schema
from telephony.rehearsal import verbs as v
from telephony.rehearsal.board import Switchboard, path, resolve
from telephony.rehearsal.ringing import pick_up
from telephony.rehearsal.state import (
    AskedScript,
    Call,
    End,
    Gathering,
    GoOn,
    InQueue,
    InRoom,
    Kind,
    Room,
    Run,
    Script,
)
from telephony.rehearsal.twiml import Broken, understand
from telephony.rehearsal.values import Params, Reply

APOLOGY = "We are sorry. An application error has occurred. Goodbye."
LETTERS_A_SECOND = 15
PLAY_SECONDS = 5.0
STORM = 20

_ALLOWED = {
    Kind.CALL: (schema.ANYWHERE, 12200),
    Kind.QUEUE: (schema.IN_QUEUE, 12200),
    Kind.ROOM: (schema.IN_ROOM, 13238),
    Kind.HOLD: (schema.IN_ROOM, 13238),
    Kind.WHISPER: (schema.IN_WHISPER, 12200),
}


def fetch(
    board: Switchboard,
    call: Call,
    kind: Kind,
    url: str,
    method: str,
    more: Mapping[str, str] | None = None,
    *,
    title: str = "",
    rescue: bool = False,
) -> None:
    """Asks for a document. Too many in a row without a sound between are slowed and shown."""
    call.asked_at_once += 1
    after = 0.0
    if call.asked_at_once > STORM:
        after = 1.0
        if call.asked_at_once == STORM + 1:
            board.note("A storm of requests: documents without a sound", path(url), "error")
    call.alarm = 0
    params: Params = board.voice_params(call) | dict(more or {})
    asked = AskedScript(call.sid, kind, url, method, rescue)
    call.awaiting = board.send(asked, url, method, params, after)
    if kind in (Kind.CALL, Kind.WHISPER):
        board.note(title or "Asks what to do", f"{method} {path(url)}", "signed")


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
        board.note(_title(document.verbs), document.names, "said")
    play(board, call, Script(asked.kind, asked.url, asked.method, document.verbs, asked.rescue))


def play(board: Switchboard, call: Call, script: Script) -> None:
    if script.kind in (Kind.CALL, Kind.WHISPER):
        call.main, call.aside = script, None
    else:
        call.aside = script
    board.then(Run(call.sid))


def fail(
    board: Switchboard, call: Call, kind: Kind, url: str, broken: Broken, rescue: bool
) -> None:
    """A document that failed to come or to play, by whose it was."""
    board.note(f"{broken.code}: {broken.why}", path(url), "error", broken.code)
    match kind:
        case Kind.QUEUE:
            if isinstance(call.place, InQueue):
                queueing.leave(board, call, call.place, "error")
        case Kind.ROOM:
            if isinstance(call.place, InRoom):
                rooms.leave(board, call, call.place, "participant_hung_up", goes_on="failed")
        case Kind.HOLD:
            call.aside = None
        case Kind.CALL if call.fallback and not rescue:
            errors = {"ErrorCode": str(broken.code), "ErrorUrl": url}
            fetch(board, call, kind, call.fallback, "POST", errors, title="Fallback", rescue=True)
        case Kind.CALL | Kind.WHISPER:
            pick_up(board, call)
            board.hear(call, APOLOGY)
            board.then(End(call.sid, "completed"))


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
        _follow(board, call, step.action, step.method, step.params, "Asks the action URL")
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
            seconds = _sound(board, call, verb)
            loop = 1 if isinstance(verb, v.Pause) else verb.loop
            script.again = 1 if loop == 0 else (script.again or loop) - 1
            _rest(board, call, seconds)
        case v.Gather():
            script.gathering = gathering.begin(verb)
            board.then(Run(call.sid))
        case v.Redirect():
            url = verb.url or script.url
            if not _follow(board, call, url, verb.method, {}, "Redirect", script):
                return
        case v.Enqueue():
            _enqueue(board, call, verb, script)
        case v.Leave():
            if isinstance(call.place, InQueue):
                queueing.leave(board, call, call.place, "leave")
        case v.Hangup():
            board.then(End(call.sid, "completed"))
        case v.Reject():
            if call.answered is not None:
                board.note("Reject after the call was answered", script.url, "error", 12200)
            board.then(End(call.sid, "busy" if verb.reason == "busy" else "no-answer"))
        case v.Dial():
            _dial(board, call, script, verb)
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
    seconds = sum(_sound(board, call, sound) for _ in range(min(times, 10)))
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
    _follow(board, call, action, verb.method, {"Digits": digits}, title, script)


def _follow(
    board: Switchboard,
    call: Call,
    url: str,
    method: str,
    params: Params,
    title: str,
    script: Script | None = None,
) -> bool:
    """Asks an address named in a document, seen from that document."""
    script = script or call.main
    assert script is not None
    whole = resolve(url, script.url)
    if whole is None:
        broken = Broken(11235, f"{url[:80]!r} is no address; inside inline TwiML it must be whole")
        fail(board, call, script.kind, script.url, broken, script.rescue)
        return False
    fetch(board, call, script.kind, whole, method, params, title=title)
    return True


def _enqueue(board: Switchboard, call: Call, verb: v.Enqueue, script: Script) -> None:
    if not queueing.enter(board, call, verb):
        return
    board.note("Waits in the queue", verb.name, "act")
    if verb.wait_url is None:
        board.hear(call, "(the carrier's own hold music)", "sound")
    else:
        ask_wait_document(board, call)


def ask_wait_document(board: Switchboard, call: Call) -> None:
    """Fetches a queue's wait document, the first time or because its verbs ran out."""
    place = call.place
    if not isinstance(place, InQueue) or place.verb.wait_url is None or call.main is None:
        return
    url = resolve(place.verb.wait_url, call.main.url)
    if url is None:
        broken = Broken(11235, f"{place.verb.wait_url[:80]!r} is no address")
        fail(board, call, Kind.QUEUE, call.main.url, broken, rescue=False)
        return
    params = queueing.wait_params(board, call, board.queues[place.queue])
    fetch(board, call, Kind.QUEUE, url, place.verb.wait_method, params)


def _dial(board: Switchboard, call: Call, script: Script, verb: v.Dial) -> None:
    if not verb.answer_on_bridge or verb.conference:
        pick_up(board, call)
    if verb.conference is not None:
        noun = verb.conference
        enter_room(board, call, rooms.named(board, noun.name), noun, verb, script.url)
        return
    caller_id = verb.caller_id or call.from_
    if caller_id not in {*board.lines, call.from_, call.to}:
        broken = Broken(13214, f"the caller id {caller_id[:40]} is not ours to show")
        fail(board, call, script.kind, script.url, broken, script.rescue)
    elif not verb.numbers:
        board.then(GoOn(call.sid, verb.action, verb.method, {"DialCallStatus": "failed"}))
    else:
        dialling.start(board, call, verb, caller_id)


def enter_room(
    board: Switchboard,
    call: Call,
    room: Room,
    noun: v.Conference,
    dial: v.Dial | None,
    base: str,
) -> None:
    """Joins a conference; while it has not started, its wait document plays, once."""
    if noun.callback is not None:
        whole = resolve(noun.callback.url, base) or noun.callback.url
        noun = _with_callback(noun, whole)
    board.note("Enters a conference", room.name, "act")
    rooms.join(board, call, room, noun, dial)
    if room.status != "init":
        return
    if noun.wait_url is None:
        board.hear(call, "(the carrier's own hold music)", "sound")
    elif noun.wait_url:
        url = resolve(noun.wait_url, base)
        if url is None:
            broken = Broken(11235, f"{noun.wait_url[:80]!r} is no address")
            fail(board, call, Kind.ROOM, base, broken, rescue=False)
        else:
            fetch(board, call, Kind.ROOM, url, noun.wait_method)


def _with_callback(noun: v.Conference, url: str) -> v.Conference:
    assert noun.callback is not None
    return replace(noun, callback=replace(noun.callback, url=url))


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


def _sound(board: Switchboard, call: Call, verb: v.Sound) -> float:
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


def _rest(board: Switchboard, call: Call, seconds: float) -> None:
    if seconds > 0:
        call.asked_at_once = 0
    call.alarm = board.wake(call.sid, seconds)


def _title(verbs: tuple[v.Verb, ...]) -> str:
    """The first words said, so that a person can follow; else what is done first."""
    for verb in verbs:
        inside = verb.inside if isinstance(verb, v.Gather) else (verb,)
        for one in inside:
            if isinstance(one, v.Say):
                return f"“{one.words}”" if len(one.words) < 70 else f"“{one.words[:66]}…”"
    return "Told what to do" if verbs else "Told nothing: the call ends"
