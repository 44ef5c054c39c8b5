"""How a call ends, and what that asks for. A person reached ends the contact at once (S2)."""

from telephony import documents as say
from telephony.asks import Ask, EndContact, EndLeg
from telephony.states import (
    Asking,
    Away,
    Bridging,
    Ended,
    Facts,
    Goodbye,
    Overflow,
    Ringing,
    State,
    Talking,
    Turn,
    Waiting,
    Why,
)


def gone(state: State) -> Turn:
    """The caller's call is over."""
    match state:
        case Ended():
            return Turn(state)
        case Goodbye(number, _, how):
            return Turn(Ended(number, how))
        case Overflow(number=number, accepted=True) | Away(number=number):
            return Turn(Ended(number, "handed_to_number"))
        case Talking() | Asking():
            how = "person_ended"
        case _:
            how = "hung_up_waiting"
    return Turn(Ended(state.number, how), (), close(state, how))


def close(state: State, how: str) -> tuple[Ask, ...]:
    match state:
        case Ringing(assignment=leg) | Bridging(assignment=leg) | Talking(assignment=leg):
            return (EndContact(how, leg), EndLeg(leg))
        case Asking(talk=talk):
            return (EndContact(how, talk.assignment), EndLeg(talk.assignment))
        case Overflow(accepted=True) | Away():
            return ()
        case _:
            return (EndContact(how),)


def handed_over(state: State, up: bool, facts: Facts) -> Turn:
    """A person at a fallback number talked with the caller, and that talk is over."""
    if isinstance(state, Ended):
        return Turn(state, say.what_next(state, facts))
    if isinstance(state, Goodbye):
        return Turn(state, say.goodbye(state)) if up else gone(state)
    asks = close(state, "handed_to_number")
    if not up:
        return Turn(Ended(state.number, "handed_to_number"), (), asks)
    ended = Goodbye(state.number + 1, facts.now, "handed_to_number")
    return Turn(ended, say.goodbye(ended), asks)


def round_failed(state: Overflow, facts: Facts) -> Turn:
    waiting = Waiting(state.number + 1, Why.NOBODY, rung_at=facts.now)
    return Turn(waiting, say.waiting(waiting, facts))
