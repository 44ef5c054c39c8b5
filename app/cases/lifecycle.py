"""Where the ending of a contact leads, and what it is called. Pure; app.cases.acts asks it.

waiting -> offered -> active -> wrapping -> closed, and back to waiting from offered or active.
"""

from __future__ import annotations

from app.cases.model import HowEnded, State

OWNED = frozenset({State.ACTIVE, State.WRAPPING})


def after_end(here: State) -> State:
    """Where an ending leads: whoever held it writes it up, else it closes at once."""
    return State.WRAPPING if here in OWNED else State.CLOSED


def told_apart(here: State, how: HowEnded) -> HowEnded:
    """A caller who hangs up unanswered hung up waiting; one who was answered ended it."""
    if how is HowEnded.PERSON_ENDED and here in (State.WAITING, State.OFFERED):
        return HowEnded.HUNG_UP_WAITING
    return how
