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
from app.auth.staff import colleague
from app.cases import acts as contacts
from app.cases import marks
from app.cases.model import HowEnded
from app.cases.tables import contacts as contact_rows
from app.cases.transcript import Transcript
from app.db import Work
from app.definition.number import why_not
from app.errors import Missing, Refused, Stale, Wrong
from routing import acts as routing
from routing import floor, handing
from routing.giving import give
from routing.taking import check_may_take
from telephony import softphone
from telephony.events import Look
from telephony.house import House
from telephony.on_line import (
    NO_LINE,
    NewParty,
    happens,
    held,
    mine_of,
    on_line,
    party_of,
    ring,
    service_of,
    tell_next,
    transferring,
)
from telephony.parties import of_call
from telephony.parties import one as one_leg
from telephony.states import Asking, Talking
from telephony.tables import parties
from telephony.talk_events import (
    HandedInRoom,
    HoldAsked,
    KeysAsked,
    LeftToParty,
    MuteAsked,
    PartyDropped,
    RoomAsked,
)

PartyKind = Literal["interpreter", "police", "hub", "number"]
Leg = Literal["phone", "browser"]
Answer = Literal["yes", "no", "nothing"]


def hold(work: Work, actor: Actor, contact_id: str, house: House, on: bool) -> None:
    """The caller hears calm music and nobody hears them; off: they are back with everyone named.

    Holding a held caller, and the other way round, changes nothing.
    """
    call = held(work, actor, contact_id)
    if isinstance(call.state, Talking) and call.state.transfer and not on:
        raise Refused("Your colleague is on the line. Press join, or take the transfer back.")
    if isinstance(call.state, Talking) and call.state.held != on:
        marks.make(work, contact_id, actor.staff, "on hold" if on else "off hold")
    happens(work, house, call, HoldAsked(on))


def mute(work: Work, actor: Actor, contact_id: str, house: House, on: bool) -> None:
    """The actor's own leg is heard by nobody, and hears everything. Twice is once."""
    happens(work, house, held(work, actor, contact_id), MuteAsked(on))


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
    call = held(work, actor, contact_id)
    if not said_to_caller:
        raise Refused("Tell the caller first, and ask if it is all right.", code="not_said")
    service = service_of(house, actor)
    known = {
        "interpreter": {each.key for each in service.interpreters},
        "police": {each.key for each in service.police},
        "hub": {each.key for each in service.hubs if each.phone},
    }
    if kind == "number":
        if why := why_not(to):
            raise Wrong(f"This number {why}.")
    elif to not in known[kind]:
        raise Wrong("This service has no number for that.")
    if gender not in ("", "woman", "man"):
        raise Wrong("Choose a woman, a man, or either.")
    number, key = (to, "") if kind == "number" else ("", to)
    party = NewParty(party_id, kind, to=key, number=number, gender=gender)
    if ring(work, house, actor, call, party):
        marks.make(work, contact_id, actor.staff, "rang", f"{kind} {party.to} {gender}".strip())


def drop_party(work: Work, actor: Actor, contact_id: str, house: House, party_id: str) -> None:
    """One who was added leaves, or stops ringing. The caller hears so. Twice is once."""
    call = held(work, actor, contact_id)
    party_of(work, call, party_id)
    happens(work, house, call, PartyDropped(party_id))


def transfer_cold(
    work: Work,
    actor: Actor,
    contact_id: str,
    house: House,
    *,
    hub: str = "",
    staff: str = "",
    staff_name: str = "",
    tell: str = "",
) -> None:
    """To the front of a hub's queue at once; or held out to one colleague, who must accept.

    All that was noted goes with it: nobody tells it twice. Until a colleague accepts, the call
    stays where it is. Exactly one of `hub` and `staff`. `tell` is what the next person should
    know, in the advisor's words: it stands in the record, sealed.
    """
    call = held(work, actor, contact_id)
    service, number = service_of(house, actor), call.assignment_no
    if bool(hub) == bool(staff):
        raise Wrong("Choose a colleague or a hub.")
    tell_next(work, house, actor, contact_id, tell)
    if staff:
        handing.ask(work, actor, service, contact_id, number, staff, staff_name)
        marks.make(work, contact_id, actor.staff, "asked", "colleague")
        return
    transcript = Transcript(house.keyring)
    handing.to_queue(work, transcript, actor, service, contact_id, number, hub, NO_LINE)
    marks.make(work, contact_id, actor.staff, "handed over", f"hub {hub}")
    happens(work, house, call, Look())


def transfer_begin(
    work: Work,
    actor: Actor,
    contact_id: str,
    house: House,
    party_id: str,
    *,
    hub: str = "",
    staff: str = "",
    tell: str = "",
) -> None:
    """A warm transfer: the caller is put on hold, the colleague's phone (or the hub's) rings.

    The colleague must press 1; then actor and colleague talk, and the caller hears music.
    """
    call = held(work, actor, contact_id)
    if isinstance(call.state, Talking) and call.state.transfer not in ("", party_id):
        raise Refused("You are passing this call on already.")
    service = service_of(house, actor)
    if staff:
        contact = contacts.load(work, contact_id)
        name = colleague(work, house.keyring, staff).first_name
        if staff == actor.staff:
            raise Wrong("It is with you already.")
        check_may_take(work, service, contact, staff, name)
        party = NewParty(party_id, "colleague", staff=staff)
    else:
        handing.check_hub(work, contact_id, hub)
        if not any(each.key == hub and each.phone for each in service.hubs):
            raise Wrong("This hub has no phone. Pass the call to its queue.")
        party = NewParty(party_id, "hub", to=hub)
    tell_next(work, house, actor, contact_id, tell)
    if ring(work, house, actor, call, party, transfer=True):
        marks.make(work, contact_id, actor.staff, "on hold")
        marks.make(work, contact_id, actor.staff, "rang", f"{party.kind} {party.to}".strip())


def transfer_join(work: Work, actor: Actor, contact_id: str, house: House) -> None:
    """The caller comes off hold and hears who is there: all three talk."""
    call = held(work, actor, contact_id)
    transferring(work, call)
    if isinstance(call.state, Talking) and call.state.held:
        marks.make(work, contact_id, actor.staff, "off hold")
    happens(work, house, call, HoldAsked(False))


def transfer_leave(work: Work, actor: Actor, contact_id: str, house: House) -> None:
    """The actor leaves; the colleague has the contact from now on, under a new assignment.

    A hub's phone that took it is "handed to a number": the contact ends for us, the talk does not.
    """
    call = held(work, actor, contact_id)
    party = transferring(work, call)
    if party.kind == "colleague":
        name = colleague(work, house.keyring, party.staff).first_name
        number = give(work, actor, service_of(house, actor), contact_id, party.staff, name)
        marks.make(work, contact_id, actor.staff, "handed over", "colleague")
        happens(work, house, call, HandedInRoom(party.id, number))
        return
    marks.make(work, contact_id, actor.staff, "handed over", f"{party.kind} {party.to}".strip())
    happens(work, house, call, LeftToParty(party.id))
    routing.end(work, contact_id, HowEnded.HANDED_TO_NUMBER, assignment_no=call.assignment_no)


def transfer_cancel(work: Work, actor: Actor, contact_id: str, house: House) -> None:
    """The colleague is let go, the caller comes off hold, and the actor keeps the call."""
    call = held(work, actor, contact_id)
    if isinstance(call.state, Talking) and call.state.transfer:
        happens(work, house, call, PartyDropped(call.state.transfer))
    elif isinstance(call.state, Talking) and call.state.held:
        happens(work, house, call, HoldAsked(False))


def join(work: Work, actor: Actor, contact_id: str, house: House, party_id: str) -> None:
    """A lead joins a colleague's call: their phone rings, the caller hears their name, and the
    record shows it."""
    call = on_line(work, actor, contact_id)
    service = service_of(house, actor)
    if call.owner == actor.staff or not isinstance(call.state, Talking | Asking):
        raise Stale("It has moved on. Look again.")
    floor.join(work, Transcript(house.keyring), actor, service, contact_id, NO_LINE)
    mine = mine_of(work, call, actor)
    if mine is None:
        party = NewParty(party_id, "supervisor", staff=actor.staff)
        if ring(work, house, actor, call, party):
            marks.make(work, contact_id, actor.staff, "rang", "supervisor")


def whisper(work: Work, actor: Actor, contact_id: str, house: House, on: bool) -> None:
    """A lead who joined is heard by the advisor alone, or by everyone again. They hear all."""
    call = on_line(work, actor, contact_id)
    mine = mine_of(work, call, actor)
    if mine is None:
        raise Missing
    if mine.coaching == on:
        return
    work.run(parties.update().where(parties.c.id == mine.id).values(coaching=on))
    marks.make(work, contact_id, actor.staff, "advises quietly" if on else "speaks to all")
    happens(work, house, call, RoomAsked())


def leave_line(work: Work, actor: Actor, contact_id: str, house: House) -> None:
    """A lead who joined leaves. Twice is once."""
    call = on_line(work, actor, contact_id)
    mine = mine_of(work, call, actor)
    floor.leave(work, Transcript(house.keyring), actor, contact_id, NO_LINE)
    if mine is not None:
        happens(work, house, call, PartyDropped(mine.id))


def change_leg(
    work: Work, actor: Actor, contact_id: str, house: House, party_id: str, to: Leg
) -> None:
    """The actor's other phone rings; once it is taken, the first lets go. The caller stays."""
    call = held(work, actor, contact_id)
    if softphone.address(work, house.keyring, actor.staff, to) is None:
        raise Refused("No phone of yours is known.", code="no_phone")
    if one_leg(work, party_id) is None and any(
        row.kind == "advisor" and row.state in ("asked", "ringing")
        for row in of_call(work, call.sid)
    ):
        raise Refused("Your other phone rings already.")
    ring(work, house, actor, call, NewParty(party_id, "advisor", staff=actor.staff, leg=to))


def silent_keys(work: Work, actor: Actor, contact_id: str, house: House) -> None:
    """The caller's leg leaves the room for 10 seconds and listens for keys; then it comes back.

    Meanwhile they cannot hear anybody: the desk says so (`keys` is "asking"). The digits come
    back as a fact of the call (`keys`).
    """
    call = held(work, actor, contact_id)
    if isinstance(call.state, Talking) and call.state.held:
        raise Refused("The caller is on hold. Take them back first.")
    if isinstance(call.state, Talking):
        marks.make(work, contact_id, actor.staff, "asked for keys")
    happens(work, house, call, KeysAsked())


def silent_answer(
    work: Work, actor: Actor, contact_id: str, house: House, question: str, answer: Answer
) -> None:
    """What a silent caller answered by tap, cough or key: timed in the record, sealed."""
    held(work, actor, contact_id)
    if answer not in ("yes", "no", "nothing"):
        raise Wrong("The answer is yes, no or nothing.")
    said = " ".join(question.split())[:200]
    marks.make(work, contact_id, actor.staff, "answer", answer, keyring=house.keyring, said=said)


def end_call(
    work: Work, actor: Actor, contact_id: str, house: House, words: Literal["", "abusive"] = ""
) -> None:
    """End it: the caller hears a goodbye. "abusive": they hear the set words, with 999 first, and
    the contact carries the flag beside its support."""
    call = held(work, actor, contact_id)
    if words:
        flagged = contact_rows.update().where(contact_rows.c.id == contact_id)
        work.run(flagged.values(abusive=True))
        marks.make(work, contact_id, actor.staff, "ended", "abusive")
    routing.end(work, contact_id, HowEnded.ADVISOR_ENDED, assignment_no=call.assignment_no)
    happens(work, house, call, Look())
