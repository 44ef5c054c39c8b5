"""The rows of whoever is on a line beside caller and advisor, and the words that name them.

No number and no name lies here in the clear (S8). A party's state never goes back, and a talk that
is over lets every party go: nobody is left in a room by themselves.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from app.auth import staff
from app.cases import marks
from app.db import Work
from app.definition.model import Service
from telephony import softphone
from telephony.asks import Arrange, EndParty, Noted, PartyIs, RingParty, TakeLeg
from telephony.errands import put_out
from telephony.events import Event
from telephony.house import House
from telephony.states import Asking, Away, Facts, Party, State, Talking
from telephony.tables import calls, legs, parties
from telephony.talk_events import (
    HandedInRoom,
    LeftToParty,
    PartyAnswered,
    PartyAsked,
    PartyDropped,
    PartyPressed,
    PartyStatus,
    PartyTold,
    PresentAsked,
)

OPEN = ("asked", "ringing", "talking")
RANKS = {"asked": 0, "ringing": 1, "talking": 2, "left": 3, "failed": 3}
AFTER_JOINING = 1.0
"""Seconds until somebody who joins is named: their own leg must be in the room first."""

BEFORE_PIN = "wwww"
"""Two seconds, for the machine that asks for the PIN to begin to listen."""

PartyAsk = PartyIs | TakeLeg | Noted | RingParty | EndParty | Arrange
_OF_CALL = sa.select(parties).where(parties.c.call == sa.bindparam("call")).order_by(parties.c.id)


def known(work: Work, house: House, row: Any, event: Event, facts: Facts) -> Facts:
    """What the flow may know of the room; nothing is read for a caller who waits."""
    about = _about(event)
    if not about and not any(f'"at":"{at}"' in row.state for at in ("Talking", "Asking", "Away")):
        return facts
    rows = of_call(work, row.sid)
    leg = work.run(
        sa.select(legs.c.sid).where(legs.c.call == row.sid, legs.c.assignment == row.assignment_no)
    ).scalar()
    leg = leg or ""
    one = next((each for each in rows if each.id == about), None)
    party = None
    if one is not None:
        party = Party(
            one.id, one.kind, one.sid, one.state, one.assignment,
            coach=leg if one.coaching else "", browser=one.leg == "browser",
        )  # fmt: skip
    return replace(
        facts,
        leg=leg,
        others=frozenset(each.sid for each in rows if each.sid and each.sid != leg),
        party=party,
        names=_names(work, house, row, facts, event, rows),
    )


def note(work: Work, event: Event, by: str) -> None:
    """What a party's phone told of itself: the carrier's id, and that it rings."""
    if not isinstance(event, PartyAnswered | PartyPressed | PartyStatus) or not by:
        return
    if isinstance(event, PartyStatus) and event.over:
        work.run(legs.update().where(legs.c.sid == by).values(status=event.status))
    of = parties.update().where(parties.c.id == event.party)
    work.run(of.where(parties.c.sid == "").values(sid=by))
    work.run(of.where(parties.c.state == "asked").values(state="ringing"))


def carry_out(work: Work, row: Any, ask: PartyAsk) -> None:
    match ask:
        case PartyIs(party, state):
            _is(work, row, party, state)
        case TakeLeg(party, assignment):
            _take_leg(work, row, party, assignment)
        case Noted(kind, about):
            marks.make(work, row.contact, "caller", kind, about)
        case RingParty(party):
            put_out(work, f"{row.sid}:party:{party}", "party", call=row.sid, text=party)
        case EndParty(party):
            end(work, row.sid, party)
        case Arrange(number, turn, tell, party):
            put_out(work, f"{row.sid}:room:{number}:{turn}", "room", call=row.sid, number=number,
                    assignment=turn, step=tell, text=party,
                    after=AFTER_JOINING if tell == "joined" else 0.0)  # fmt: skip


def end(work: Work, call: str, party: str) -> None:
    put_out(work, f"{call}:part:{party}", "part", call=call, text=party)


def let_go_after(work: Work, call: str, before: State, now: State) -> None:
    """The talk is over: whoever was asked onto the line is let go."""
    room = Talking | Asking | Away
    if not isinstance(before, room) or isinstance(now, room):
        return
    for row in of_call(work, call):
        if row.state in OPEN and row.assignment == 0:
            end(work, call, row.id)


def of_call(work: Work, call: str) -> list[Any]:
    return list(work.run(_OF_CALL, {"call": call}).all())


def one(work: Work, party: str) -> Any:
    return work.run(sa.select(parties).where(parties.c.id == party)).first()


def rung(work: Work, party: str, sid: str) -> None:
    """The carrier took it: its id, unless the phone told us first."""
    work.run(parties.update().where(parties.c.id == party, parties.c.sid == "").values(sid=sid))


def address(work: Work, house: House, party: Any) -> tuple[str, str]:
    """What to ring for a party, and what to press when it answers; "" when nothing would ring."""
    service, keyring = _service_of(work, house, party), house.keyring
    match party.kind:
        case "advisor":
            leg: softphone.Leg = "browser" if party.leg == "browser" else "phone"
            return softphone.address(work, keyring, party.staff, leg) or "", ""
        case "colleague" | "supervisor":
            return softphone.address(work, keyring, party.staff) or "", ""
        case "interpreter":
            for desk in service.interpreters:
                if desk.key == party.to:
                    pin = house.pins.get(desk.pin, "")
                    return desk.number, f"{BEFORE_PIN}{pin}#" if pin else ""
        case "police":
            for room in service.police:
                if room.key == party.to:
                    return room.number, ""
        case "hub":
            return next((hub.phone for hub in service.hubs if hub.key == party.to), ""), ""
        case "number" if party.number is not None:
            return keyring.open(work, party.number, "call_party", "number", party.id), ""
    return "", ""


# -- within --------------------------------------------------------------------------------


def _service_of(work: Work, house: House, party: Any) -> Service:
    key = work.run(sa.select(calls.c.service).where(calls.c.sid == party.call)).scalar_one()
    return house.services[key]


def _about(event: Event) -> str:
    match event:
        case (
            PartyAsked(party=party)
            | PartyDropped(party)
            | PartyAnswered(party)
            | PartyPressed(party=party)
            | PartyStatus(party=party)
            | PartyTold(party=party)
            | HandedInRoom(party=party)
            | LeftToParty(party)
        ):
            return party
        case _:
            return ""


def _is(work: Work, row: Any, party: str, state: str) -> None:
    before = one(work, party)
    if before is None or RANKS[state] <= RANKS[before.state]:
        return
    when = {"joined_at": work.now} if state == "talking" else {"left_at": work.now}
    work.run(parties.update().where(parties.c.id == party).values(state=state, **when))
    if before.kind == "advisor":
        return
    kind = {"talking": "joined", "left": "left", "failed": "not reached"}[state]
    marks.make(work, row.contact, before.staff or before.by, kind, about_of(before))


def _take_leg(work: Work, row: Any, party: str, assignment: int) -> None:
    """The leg's row speaks of this phone from now on; the phone before it is let go."""
    taken = one(work, party)
    of = (legs.c.call == row.sid, legs.c.assignment == assignment)
    before = work.run(sa.select(legs).where(*of)).first()
    work.run(parties.update().where(parties.c.id == party).values(assignment=assignment))
    if before is None:
        work.insert_once(
            legs, call=row.sid, assignment=assignment, staff=taken.staff, sid=taken.sid,
            status="in-progress", made_at=work.now,
        )  # fmt: skip
        return
    if before.sid == taken.sid:
        return
    work.run(legs.update().where(*of).values(sid=taken.sid, status="in-progress"))
    if before.sid:
        put_out(work, f"{row.sid}:unleg:{before.sid}", "unleg", call=row.sid,
                assignment=assignment, text=before.sid)  # fmt: skip
        marks.make(work, row.contact, taken.staff, "other phone", taken.leg)


def about_of(row: Any) -> str:
    """The kind of a party, and which of its kind: "interpreter polish"."""
    return f"{row.kind} {row.to}".strip()


def _names(
    work: Work, house: House, row: Any, facts: Facts, event: Event, rows: Iterable[Any]
) -> str:
    match event:
        case PartyTold(party=party):
            chosen = [each for each in rows if each.id == party]
            advisor = ""
        case PresentAsked():
            chosen = [each for each in rows if each.state == "talking" and each.assignment == 0]
            away = '"at":"Away"' in row.state
            advisor = "" if away else facts.staff
        case _:
            return ""
    words, keyring = house.speaker.words_in(facts.language), house.keyring
    service = house.services[row.service]
    named = [staff.colleague(work, keyring, advisor).first_name] if advisor else []
    for each in chosen:
        if each.staff:
            named.append(staff.colleague(work, keyring, each.staff).first_name)
        elif each.kind == "hub":
            hub = next((hub.name for hub in service.hubs if hub.key == each.to), service.name)
            named.append(words.say("from_hub", (("name", hub),)))
        elif each.kind == "number":
            named.append(words.say("another_person"))
        else:
            named.append(words.say(each.kind))
    if not named:
        return ""
    whole = ", ".join(named[:-1])
    joined = f"{whole} {words.say('and')} {named[-1]}" if whole else named[-1]
    return joined[0].upper() + joined[1:]
