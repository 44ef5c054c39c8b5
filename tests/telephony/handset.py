"""A caller's phone as the carrier plays it: the last document, and what may happen next.

The next events are made from the document's own addresses, through the parser of the webhooks.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from telephony import events, forms
from telephony.events import Event
from telephony.verbs import (
    DialNumber,
    DialRoom,
    Enqueue,
    Gather,
    Hangup,
    Leave,
    Record,
    Redirect,
    Step,
    Verb,
)

KEYS = ("", "1", "2", "3", "4", "5", "7", "9", "*")
UNDISTURBED = {"Digits": "", "DialBridged": "false", "CallStatus": "in-progress"}


@dataclass
class Handset:
    """`queue` is the <Enqueue> the caller is in; `over` once a document hung up, or they did."""

    document: tuple[Verb, ...] = ()
    queue: Enqueue | None = None
    over: bool = False
    rung: list[Step] = field(default_factory=list)
    """Whispers of the fallback numbers that were rung: they may be answered late, and twice."""

    def hears(self, document: tuple[Verb, ...], event: Event) -> None:
        """The answer to `event`, that this phone itself brought."""
        if isinstance(event, events.QueueLeft):
            self.queue = None
        self.document = document
        for verb in document:
            match verb:
                case Enqueue():
                    self.queue = verb
                    return
                case DialNumber():
                    self.rung.append(verb.whisper)
                    return
                case Hangup():
                    self.over = True
                    return
                case Redirect() | Leave() | DialRoom() | Record():
                    return
                case _:
                    pass

    def moved(self) -> list[Event]:
        """Our own REST call takes it elsewhere: the queue, if there is one, says "redirected"."""
        left = [] if self.queue is None else [_event(self.queue.action, QueueResult="redirected")]
        self.queue = None
        return left

    def next(self, key: str = "") -> list[Event]:
        """What the carrier may ask now, the undisturbed course first. Empty: nothing ever comes."""
        found: list[Event] = []
        for verb in self.document:
            match verb:
                case Gather(action=action):
                    if key:
                        return [_event(action, Digits=key)]
                case Redirect(to):
                    return [*found, _event(to)]
                case Enqueue(wait=wait, action=action):
                    broken = [_event(action, QueueResult=each) for each in ("queue-full", "error")]
                    return [_event(wait, QueueTime="0"), *broken]
                case Leave() if self.queue is not None:
                    return [_event(self.queue.action, QueueResult="leave")]
                case Leave():
                    return []
                case DialNumber(action=action):
                    ends = [_event(action, DialBridged=each) for each in ("false", "", "true")]
                    return [*found, *ends]
                case DialRoom(action=action):
                    return [_event(action)]
                case Record(action=action):
                    times = ("1", "20", "")
                    return [_event(action, RecordingDuration=each) for each in times]
                case Hangup():
                    return []
                case _:
                    pass
        if self.queue is not None:
            return [_event(self.queue.wait, QueueTime="20")]
        return found

    @property
    def room(self) -> str:
        """The room it is in, "" for none."""
        last = self.document[-1] if self.document else None
        return last.room if isinstance(last, DialRoom) else ""


def _event(step: Step, **form: str) -> Event:
    event = forms.caller_event(step.name, step.number, UNDISTURBED | form)
    assert event is not None, f"no webhook of ours is called {step.name}"
    return event


def said_by(step: Step, **form: str) -> Event:
    """The event of whoever answered a fallback number."""
    return _event(step, **form)
