"""Leaving a message: asked first whether it is safe, and whether a call back is (S4, S10).

Whoever leaves one keeps their place until it is left: an advisor who is free is put through, and
a message in which nothing was said leads back to the line. Pure.
"""

from telephony import caller, endings
from telephony import documents as say
from telephony.asks import EndContact, KeepMessage
from telephony.events import MessageReady
from telephony.states import Ended, Facts, Goodbye, Part, State, Turn, Voicemail, Waiting, Why

HEARD = 2
"""Seconds: in a shorter one nothing was said."""


def begin(state: State) -> Voicemail:
    """From wherever the caller is. What is next is what `documents.what_next` says."""
    return Voicemail(state.number + 1)


def pressed(state: State, number: int, digits: str, facts: Facts) -> Turn:
    if not isinstance(state, Voicemail) or number != state.number:
        return caller.onward(state, facts)
    match state.part:
        case Part.SAFE if digits == "1" and facts.number_known:
            return _to(Voicemail(number + 1, Part.CALL), facts)
        case Part.SAFE if digits == "1":
            return _to(Voicemail(number + 1, Part.RECORD), facts)
        case Part.SAFE:
            return _back(number, facts)
        case Part.CALL:
            return _to(Voicemail(number + 1, Part.RECORD, digits == "1"), facts)
        case Part.RECORD:
            return caller.onward(state, facts)


def ended(state: State, number: int, seconds: int | None, up: bool, facts: Facts) -> Turn:
    """The message is over, by silence, a key, its longest time or a hang-up."""
    speaking = isinstance(state, Voicemail) and state.part is Part.RECORD
    if not speaking or number != state.number:
        return caller.onward(state, facts) if up else endings.gone(state)
    heard = seconds is not None and seconds >= HEARD
    if not heard:
        return _back(number, facts) if up else endings.gone(state)
    asks = (EndContact("voicemail"),)
    if not up:
        return Turn(Ended(number, "voicemail"), (), asks)
    goodbye = Goodbye(number + 1, facts.now, "voicemail")
    return Turn(goodbye, say.goodbye(goodbye), asks)


def ready(state: State, event: MessageReady) -> Turn:
    """Kept wherever the call has gone meanwhile; a silent one is only erased at the carrier."""
    keep = KeepMessage(event.recording, event.seconds, event.call_safe)
    return Turn(state, (), (keep,))


def _to(state: Voicemail, facts: Facts) -> Turn:
    return Turn(state, say.message(state, facts))


def _back(number: int, facts: Facts) -> Turn:
    waiting = Waiting(number + 1, Why.BACK)
    return Turn(waiting, say.waiting(waiting, facts))
