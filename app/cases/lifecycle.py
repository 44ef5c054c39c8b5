"""Which step a contact may take, and from where. Pure; app.cases.acts asks before it writes.

waiting -> offered -> active -> wrapping -> closed, and back to waiting from offered or active.
"""

from __future__ import annotations

from app.cases.model import HowEnded, State

STEPS: dict[State, frozenset[State]] = {
    State.WAITING: frozenset({State.OFFERED, State.CLOSED}),
    State.OFFERED: frozenset({State.ACTIVE, State.WAITING, State.CLOSED}),
    State.ACTIVE: frozenset({State.WRAPPING, State.WAITING}),
    State.WRAPPING: frozenset({State.CLOSED}),
    State.CLOSED: frozenset(),
}

LIVE = frozenset({State.WAITING, State.OFFERED, State.ACTIVE})
"""The person may still be there: nothing but a person or a person's leaving ends these (S13)."""

OWNED = frozenset({State.ACTIVE, State.WRAPPING})


def may_step(here: State, there: State) -> bool:
    return there in STEPS[here]


def after_end(here: State) -> State:
    """Where an ending leads: whoever held it writes it up, else it closes at once."""
    return State.WRAPPING if here in OWNED else State.CLOSED


def told_apart(here: State, how: HowEnded) -> HowEnded:
    """A caller who hangs up unanswered hung up waiting; one who was answered ended it."""
    if how is HowEnded.PERSON_ENDED and here in (State.WAITING, State.OFFERED):
        return HowEnded.HUNG_UP_WAITING
    return how


WORDS: dict[str, str] = {
    HowEnded.WRAPPED_UP: "wrapped up",
    HowEnded.ADVISOR_ENDED: "wrapped up",
    HowEnded.PERSON_ENDED: "ended by the person",
    HowEnded.QUICK_EXIT: "left quickly",
    HowEnded.CLOSED_PAGE: "closed the page",
    HowEnded.LOST_SIGNAL: "lost signal",
    HowEnded.HUNG_UP_WAITING: "hung up waiting",
    HowEnded.HANDED_TO_NUMBER: "handed to a number",
    HowEnded.NUMBER_GIVEN: "given the number to call",
    HowEnded.CALL_BACK: "call back promised",
    HowEnded.VOICEMAIL: "voicemail",
    "": "not ended",
}
