"""What an advisor, or who joined them, does with a call that is talking: one act, one work.

Each checks that the actor holds the call or stands beside it, writes a mark into the record, and
puts what the carrier must do into the outbox. Nobody is on a line unnamed (S3, S7, S12).

Every act takes (work, actor, contact_id, house, ...). Raises Missing when the contact is no call
of the actor's service, or not theirs; Stale when the call has moved on; Refused with words for
the screen when it cannot be done now; Wrong when an argument makes no sense.
"""

from __future__ import annotations

from typing import Literal

from app.auth.policy import Actor
from app.db import Work
from telephony.acts import House

PartyKind = Literal["interpreter", "police", "hub", "number"]
Leg = Literal["phone", "browser"]
Answer = Literal["yes", "no", "nothing"]


def hold(work: Work, actor: Actor, contact_id: str, house: House, on: bool) -> None:
    """The caller hears calm music and nobody hears them; off: they are back with everyone named.

    Holding a held caller, and the other way round, changes nothing.
    """
    raise NotImplementedError


def mute(work: Work, actor: Actor, contact_id: str, house: House, on: bool) -> None:
    """The actor's own leg is heard by nobody, and hears everything. Twice is once."""
    raise NotImplementedError


def add_party(
    work: Work,
    actor: Actor,
    contact_id: str,
    house: House,
    party_id: str,
    kind: PartyKind,
    to: str,
    *,
    gender: str = "",
    said_to_caller: bool = False,
) -> None:
    """Ring one more into the call. `party_id` is a fresh id; the same id is the same party.

    `to` is the key of an interpreter, of a police force or of a hub in the definition, or a
    number in E.164. `gender` of the interpreter asked for: "", "woman" or "man".
    `said_to_caller`: the advisor told the caller; without it nothing is rung (Refused).
    """
    raise NotImplementedError


def drop_party(work: Work, actor: Actor, contact_id: str, house: House, party_id: str) -> None:
    """One who was added leaves, or stops ringing. The caller hears so. Twice is once."""
    raise NotImplementedError


def transfer_cold(
    work: Work,
    actor: Actor,
    contact_id: str,
    house: House,
    *,
    hub: str = "",
    staff: str = "",
    staff_name: str = "",
) -> None:
    """To the front of a hub's queue at once; or held out to one colleague, who must accept.

    All that was noted goes with it: nobody tells it twice. Until a colleague accepts, the call
    stays where it is. Exactly one of `hub` and `staff`.
    """
    raise NotImplementedError


def transfer_begin(
    work: Work,
    actor: Actor,
    contact_id: str,
    house: House,
    party_id: str,
    *,
    hub: str = "",
    staff: str = "",
) -> None:
    """A warm transfer: the caller is put on hold, the colleague's phone (or the hub's) rings.

    The colleague must press 1; then actor and colleague talk, and the caller hears music.
    """
    raise NotImplementedError


def transfer_join(work: Work, actor: Actor, contact_id: str, house: House) -> None:
    """The caller comes off hold and hears who is there: all three talk."""
    raise NotImplementedError


def transfer_leave(work: Work, actor: Actor, contact_id: str, house: House) -> None:
    """The actor leaves; the colleague has the contact from now on, under a new assignment.

    A hub's phone that took it is "handed to a number": the contact ends for us, the talk does not.
    """
    raise NotImplementedError


def transfer_cancel(work: Work, actor: Actor, contact_id: str, house: House) -> None:
    """The colleague is let go, the caller comes off hold, and the actor keeps the call."""
    raise NotImplementedError


def join(work: Work, actor: Actor, contact_id: str, house: House, party_id: str) -> None:
    """A lead joins a colleague's call: their phone rings, the caller hears their name, and the
    record shows it."""
    raise NotImplementedError


def whisper(work: Work, actor: Actor, contact_id: str, house: House, on: bool) -> None:
    """A lead who joined is heard by the advisor alone, or by everyone again. They hear all."""
    raise NotImplementedError


def leave_line(work: Work, actor: Actor, contact_id: str, house: House) -> None:
    """A lead who joined leaves. Twice is once."""
    raise NotImplementedError


def change_leg(
    work: Work, actor: Actor, contact_id: str, house: House, party_id: str, to: Leg
) -> None:
    """The actor's other phone rings; once it is taken, the first lets go. The caller stays."""
    raise NotImplementedError


def silent_keys(work: Work, actor: Actor, contact_id: str, house: House) -> None:
    """The caller's leg leaves the room for 10 seconds and listens for keys; then it comes back.

    Meanwhile they cannot hear anybody: the desk says so (`keys` is "asking"). The digits come
    back as a fact of the call (`keys`).
    """
    raise NotImplementedError


def silent_answer(
    work: Work, actor: Actor, contact_id: str, house: House, question: str, answer: Answer
) -> None:
    """What a silent caller answered by tap, cough or key: timed in the record, sealed."""
    raise NotImplementedError


def end_call(
    work: Work, actor: Actor, contact_id: str, house: House, words: Literal["", "abusive"] = ""
) -> None:
    """End it: the caller hears a goodbye. "abusive": they hear the set words, with 999 first, and
    the contact carries the flag beside its support."""
    raise NotImplementedError
