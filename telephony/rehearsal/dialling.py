"""`<Dial>` to numbers: rings them together, the first to pick up is joined, the rest stop.

A Number's `url` plays to the called person before they are joined (a whisper).
Source: TwiML Voice `<Dial>`, `<Number>`.
"""

from __future__ import annotations

from dataclasses import replace

from telephony.rehearsal import verbs as v
from telephony.rehearsal.board import Switchboard, resolve
from telephony.rehearsal.ringing import pick_up, ring
from telephony.rehearsal.state import Call, Dialling, End, GoOn, Told, ToParent
from telephony.rehearsal.values import Params


def start(board: Switchboard, call: Call, verb: v.Dial, caller_id: str) -> None:
    """Rings every number of the verb for its timeout."""
    base = call.main.url if call.main else ""
    children = []
    for number in verb.numbers:
        callback = number.callback
        if callback is not None:
            callback = replace(callback, url=resolve(callback.url, base) or callback.url)
        url = resolve(number.url, base) if number.url else None
        child = Call(
            sid=board.mint("CA"),
            phone=number.number,
            from_=caller_id,
            to=number.number,
            direction="outbound-dial",
            created=board.now,
            parent=call.sid,
            then=ToParent(replace(number, url=url)),
            callback=callback,
        )
        children.append(board.add(child))
    call.place = Dialling(verb, tuple(child.sid for child in children))
    board.hear(call, "(it rings)", "sound")
    for child in children:
        ring(board, child, verb.timeout)


def picked_up(board: Switchboard, child: Call) -> None:
    """The first to pick up wins; the other phones stop ringing."""
    parent, place = _parent(board, child)
    if parent is None or place is None:
        return
    parent.place = replace(place, winner=child.sid)
    for other in place.children:
        if other != child.sid:
            board.then(End(other, "canceled"))


def join(board: Switchboard, child: Call) -> None:
    """The whisper is over: both hear each other."""
    parent, place = _parent(board, child)
    if parent is None or place is None:
        board.then(End(child.sid, "completed"))
        return
    child.aside = None
    parent.place = replace(place, bridged=board.now)
    pick_up(board, parent)
    parent.limit_alarm = board.wake(parent.sid, place.verb.time_limit)
    for one in (parent, child):
        board.hear(one, "(connected: you can talk now)", "told")
    board.note("Two people are joined", f"{parent.phone} and {child.phone}", "act")


def child_ended(board: Switchboard, child: Call) -> None:
    """The called leg is over or elsewhere: the `<Dial>` is over with its last leg."""
    parent, place = _parent(board, child)
    if parent is None or place is None:
        return
    others = [board.calls[one] for one in place.children if one != child.sid]
    if place.winner != child.sid and (place.winner or any(one.live for one in others)):
        return
    params = _outcome(board, place, child)
    parent.place, parent.limit_alarm = None, 0
    board.then(GoOn(parent.sid, place.verb.action, place.verb.method, params))


def parent_left(board: Switchboard, call: Call, place: Dialling, told: bool) -> None:
    """The caller hung up or was moved: the called legs end.

    After a hang-up the action is asked too (observed), but its answer plays to nobody.
    """
    call.place, call.limit_alarm = None, 0
    last = board.calls[place.winner or place.children[-1]] if place.children else None
    params = _outcome(board, place, last)
    for one in place.children:
        board.then(End(one, "completed" if board.calls[one].answered is not None else "canceled"))
    base = call.main.url if call.main else ""
    url = resolve(place.verb.action, base) if place.verb.action is not None else None
    if told and url is not None:
        if place.bridged is None:
            params["DialCallStatus"] = "canceled"
        said = Told("Dial action: the caller hung up")
        board.send(said, url, place.verb.method, board.voice_params(call) | params)


def _outcome(board: Switchboard, place: Dialling, child: Call | None) -> Params:
    answered = child is not None and child.answered is not None
    status = "completed" if answered else (child.status if child else "failed")
    params: Params = {
        "DialCallStatus": status,
        "DialBridged": str(place.bridged is not None).lower(),
    }
    if child is not None:
        params["DialCallSid"] = child.sid
        if child.answered is not None:
            params["DialCallDuration"] = str(round(board.now - child.answered))
    return params


def _parent(board: Switchboard, child: Call) -> tuple[Call | None, Dialling | None]:
    parent = board.calls.get(child.parent or "")
    place = parent.place if parent is not None else None
    if isinstance(place, Dialling) and child.sid in place.children:
        return parent, place
    return None, None
