"""The line's fallback numbers: only a person who pressed 1 counts as reached (S2)."""

from dataclasses import replace

from telephony import caller, endings
from telephony import documents as say
from telephony.asks import EndContact
from telephony.states import Facts, Overflow, State, Turn


def answered(state: State, number: int) -> Turn:
    if isinstance(state, Overflow) and number == state.number and not state.accepted:
        return Turn(state, say.number_whisper(number))
    return Turn(state, say.let_go("already_taken"))


def pressed(state: State, number: int, digits: str) -> Turn:
    """Pressing 1 connects them: an empty document goes on to the bridge."""
    if not isinstance(state, Overflow) or number != state.number:
        return Turn(state, say.let_go("already_taken"))
    if digits != "1":
        return Turn(state, say.let_go("not_taken"))
    if state.accepted:
        return Turn(state)
    return Turn(replace(state, accepted=True), (), (EndContact("handed_to_number"),))


def dial_ended(state: State, number: int, bridged: bool | None, up: bool, facts: Facts) -> Turn:
    """Ringing, busy, refused and answered by a machine are all the same: nobody reached."""
    if not isinstance(state, Overflow) or number != state.number or not state.dialling:
        return caller.onward(state, facts) if up else endings.gone(state)
    if state.accepted or bridged is True:
        return endings.handed_over(state, up, facts)
    if not up:
        return endings.gone(state)
    following = replace(state, number=number + 1, index=state.index + 1, since=facts.now)
    if following.index < len(facts.numbers):
        return Turn(following, say.ring_number(following, facts))
    return endings.round_failed(state, facts)
