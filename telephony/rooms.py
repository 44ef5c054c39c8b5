"""The carrier's room of one talk, brought to what our rows say; and the leaving of it.

What a room should be is read at the moment of asking, so an older wish never undoes a newer one.
Flags first, hold second: the carrier takes no change of a flag from whoever is on hold.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.db import Work
from telephony import acts, parties
from telephony.house import House
from telephony.states import Asking, Away, State, Talking
from telephony.tables import legs
from telephony.twiml import Addresses
from telephony.verbs import Step

if TYPE_CHECKING:
    from twilio.rest import Client

Request = Callable[["Client"], Any]
"""One or more requests to the carrier; None or an exception when what it is about is gone."""


@dataclass(frozen=True)
class Wish:
    """How one leg should be in the room. `ends`: the room ends when it leaves."""

    sid: str
    ends: bool = False
    muted: bool = False
    held: bool = False
    coach: str = ""


@dataclass(frozen=True)
class Plan:
    room: str
    wishes: tuple[Wish, ...]
    hold_url: str
    announce_url: str = ""


def room_of(state: State | None) -> str:
    match state:
        case Talking(room=room) | Away(room=room) | Asking(talk=Talking(room=room)):
            return room
        case _:
            return ""


def plan(work: Work, house: House, row: Any) -> Plan | None:
    """What this errand asks of the room; None when it has become pointless."""
    state = acts.state_of(work, row.call)
    if not isinstance(state, Talking | Away):
        return None
    if not row.step and row.assignment < state.turn:
        return None  # a newer errand brings the same room to where it is now
    addresses = Addresses(house.speaker.base, row.call)
    held = isinstance(state, Talking) and state.held
    wishes = [Wish(row.call, ends=True, held=held)]
    leg = ""
    if isinstance(state, Talking):
        leg = leg_sid(work, row.call, state.assignment)
        wishes.append(Wish(leg, ends=True, muted=state.muted))
    for each in parties.of_call(work, row.call):
        if each.state == "talking" and each.sid != leg:
            ends = isinstance(state, Away) and state.party == each.id
            wishes.append(Wish(each.sid, ends=ends, coach=leg if each.coaching else ""))
    step = Step(row.step, row.number) if row.step == "present" else Step(row.step, party=row.text)
    return Plan(
        state.room,
        tuple(wish for wish in wishes if wish.sid),
        hold_url=addresses.of(Step("held", state.number)),
        announce_url=addresses.of(step) if row.step and not held else "",
    )


def leg_sid(work: Work, call: str, assignment: int) -> str:
    """The carrier's id of the leg the advisor talks by, "" when not known."""
    found = work.run(
        sa.select(legs.c.sid).where(legs.c.call == call, legs.c.assignment == assignment)
    ).scalar()
    return found or ""


def arranging(plan: Plan) -> Request:
    def ask(client: Client) -> Any:
        room = _room(client, plan.room)
        if room is None:
            return None
        there = {each.call_sid: each for each in client.conferences(room.sid).participants.list()}
        for wish in plan.wishes:
            if wish.sid in there:
                _bring(there[wish.sid], wish, plan.hold_url)
        if plan.announce_url:
            room.update(announce_url=plan.announce_url, announce_method="POST")
        return room

    return ask


def leaving(room: str, sid: str, url: str | None) -> Request:
    """Out of a room that goes on without them; `url` None: the leg ends."""

    def ask(client: Client) -> Any:
        if room:
            loosen(client, room, sid)
        call = client.calls(sid)
        return (
            call.update(status="completed") if url is None else call.update(url=url, method="POST")
        )

    return ask


def loosen(client: Client, name: str, sid: str) -> None:
    """From now on the room does not end when this one leaves it."""
    from twilio.base.exceptions import TwilioRestException

    room = _room(client, name)
    if room is None:
        return
    one = client.conferences(room.sid).participants(sid)
    try:
        if one.fetch().hold:
            one.update(hold=False)
        one.update(end_conference_on_exit=False)
    except TwilioRestException as refused:
        if refused.status != 404:
            raise


def present(client: Client, name: str) -> frozenset[str] | None:
    """Who is in the room now; None when there is no such room any more."""
    room = _room(client, name)
    if room is None:
        return None
    there = client.conferences(room.sid).participants.list()
    return frozenset(each.call_sid for each in there if each.status in ("connected", "complete"))


def _room(client: Client, name: str) -> Any:
    found = client.conferences.list(friendly_name=name, limit=5)
    return next((each for each in found if each.status in ("init", "in-progress")), None)


def _bring(there: Any, wish: Wish, hold_url: str) -> None:
    changes: dict[str, Any] = {}
    if there.end_conference_on_exit != wish.ends:
        changes["end_conference_on_exit"] = wish.ends
    if there.muted != wish.muted:
        changes["muted"] = wish.muted
    if there.coaching != bool(wish.coach):
        changes |= {"coaching": bool(wish.coach), "call_sid_to_coach": wish.coach or None}
        changes = {key: value for key, value in changes.items() if value is not None}
    if changes and there.hold:
        there.update(hold=False)
        there.update(**changes)
    elif changes:
        there.update(**changes)
    if wish.held and (changes or not there.hold):
        there.update(hold=True, hold_url=hold_url, hold_method="POST")
    elif there.hold and not wish.held and not changes:
        there.update(hold=False)
