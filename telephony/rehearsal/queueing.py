"""The queue: `<Enqueue>` parks a call, its wait document plays over and over.

Source: TwiML Voice `<Enqueue>`, `<Leave>`; REST Queue and Member.
"""

from __future__ import annotations

from telephony.rehearsal import verbs as v
from telephony.rehearsal.board import Switchboard, resolve
from telephony.rehearsal.state import Call, GoOn, InQueue, Queue, Told
from telephony.rehearsal.values import Params


def enter(board: Switchboard, call: Call, verb: v.Enqueue) -> bool:
    """Parks the call. A full queue sends it on at once with `queue-full`, and answers False."""
    queue = named(board, verb.name)
    if len(queue.members) >= min(queue.max_size, verb.max_size):
        board.note("The queue is full", queue.name, "error")
        params = {"QueueResult": "queue-full", "QueueSid": queue.sid, "QueueTime": "0"}
        board.then(GoOn(call.sid, verb.action, verb.method, params))
        return False
    queue.members[call.sid] = board.now
    call.place = InQueue(queue.sid, verb)
    return True


def wait_params(board: Switchboard, call: Call, queue: Queue) -> Params:
    """What each request for the wait document carries; the position counts from 1."""
    return {
        "QueueSid": queue.sid,
        "QueuePosition": str(list(queue.members).index(call.sid) + 1),
        "QueueTime": str(round(board.now - queue.members[call.sid])),
        "AvgQueueTime": str(queue.average()),
        "CurrentQueueSize": str(len(queue.members)),
        "MaxQueueSize": str(queue.max_size),
    }


def leave(board: Switchboard, call: Call, place: InQueue, result: str) -> None:
    """Takes the call out and asks the action with the QueueResult, at once.

    After `hangup` and `redirected` the action is told, but its answer plays to nobody.
    """
    queue = board.queues[place.queue]
    waited = board.now - queue.members.pop(call.sid)
    queue.waits.append(waited)
    call.place, call.aside = None, None
    params = {"QueueResult": result, "QueueSid": queue.sid, "QueueTime": str(round(waited))}
    if result not in ("hangup", "redirected"):
        board.then(GoOn(call.sid, place.verb.action, place.verb.method, params))
        return
    base = call.main.url if call.main else ""
    url = resolve(place.verb.action, base) if place.verb.action is not None else None
    if url is not None:
        said = Told(f"Queue action: {result}")
        board.send(said, url, place.verb.method, board.voice_params(call) | params)


def named(board: Switchboard, name: str) -> Queue:
    """The queue of that name, made on demand."""
    for queue in board.queues.values():
        if queue.name == name:
            return queue
    queue = Queue(board.mint("QU"), name, board.now)
    board.queues[queue.sid] = queue
    return queue
