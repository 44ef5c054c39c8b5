"""What a caller may choose while they wait, without losing their place.

A call back or a text is asked for by a key, asked again whether it is safe, and kept only by a
person's own key (S4). Nothing pressed is an answer too: they stay in the line. Pure.
"""

from dataclasses import replace

from telephony import caller
from telephony import documents as say
from telephony.asks import AskCallBack, TextMe
from telephony.states import Choice, Facts, State, Turn, Voicemail, Waiting

KEYS = {"1": Choice.CALL_BACK, "2": Choice.VOICEMAIL, "3": Choice.TEXT}
PARTS = {"1": "any", "2": "morning", "3": "afternoon", "4": "evening"}
"""The parts of a day, as app.cases.due names them."""
DANGER_KEY = "5"
"""Whoever presses 55 here must hear that it works only inside a 999 call."""


def chosen(state: State, digits: str, facts: Facts) -> Turn:
    """A key pressed over the hold sound."""
    if not isinstance(state, Waiting):
        return caller.tick(state, None, facts)
    if digits == DANGER_KEY:
        return Turn(state, say.danger_again(state.number, facts))
    choice = KEYS.get(digits)
    if choice is None or choice not in say.open_to(state, facts):
        return Turn(state, say.stay(state.number))
    if choice is Choice.VOICEMAIL:
        return Turn(Voicemail(state.number + 1), say.LEAVE)
    return Turn(state, say.ask_if_safe(choice, state.number))


def agreed(state: State, choice: Choice, digits: str, facts: Facts) -> Turn:
    """The answer to "is it safe?". Only a key that says yes is a yes, and once is enough."""
    if not isinstance(state, Waiting):
        return caller.tick(state, None, facts)
    if choice.value in state.chosen:
        return Turn(state, say.stay(state.number))
    kept = replace(state, chosen=(*state.chosen, choice.value))
    match choice:
        case Choice.CALL_BACK if digits in PARTS:
            part = PARTS[digits]
            if choice not in facts.choices or part not in facts.by_when:
                return Turn(state, say.cannot(choice, state.number))
            return Turn(kept, say.call_back_noted(part, kept.number, facts), (AskCallBack(part),))
        case Choice.TEXT if digits == "1":
            if choice not in facts.choices:
                return Turn(state, say.cannot(choice, state.number))
            return Turn(kept, say.text_noted(kept.number), (TextMe(),))
        case _:
            return Turn(state, say.stay(state.number))
