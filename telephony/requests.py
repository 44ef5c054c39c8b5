"""What is sent for a row of the outbox, as the rows stand now: or that it has become pointless."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias

import sqlalchemy as sa

from app import ids
from app.cases.safe_contact import Refusal
from app.cases.transcript import Transcript
from app.db import Work
from telephony import acts, parties, rooms, softphone, text_out, texting
from telephony.carrier import OPTED_OUT
from telephony.events import AdvisorStatus, CallerGone
from telephony.house import Happening, House
from telephony.states import Bridging, Ended, Ringing
from telephony.tables import legs, outbox
from telephony.talk_events import FINAL, PartyStatus
from telephony.text_out import Outgoing
from telephony.twiml import Addresses
from telephony.verbs import Step

MOST_TRIES = 8
A_MOMENT = timedelta(seconds=1)


@dataclass(frozen=True)
class Ring:
    to: str
    from_: str
    url: str
    status_url: str
    digits: str = ""


@dataclass(frozen=True)
class Move:
    call: str
    url: str


@dataclass(frozen=True)
class Drop:
    """`url` is None while the phone still rings: there is nobody to speak to."""

    sid: str
    url: str | None


@dataclass(frozen=True)
class Several:
    """Requests about one room, which may be asked again: they look before they change."""

    request: rooms.Request


@dataclass(frozen=True)
class Text:
    out: Outgoing
    status_url: str


Request: TypeAlias = Ring | Move | Drop | Several | Text


@dataclass(frozen=True)
class Errand:
    id: str
    what: Request
    tries: int
    since: datetime


def what_of(work: Work, house: House, transcript: Transcript, row: Any) -> Request | None:
    """None when there is nothing to send any more; the row is settled then."""
    match row.kind:
        case "ring":
            return _ring(work, house, transcript, row)
        case "move":
            return _move(work, house, row)
        case "drop":
            return _drop(work, house, row)
        case "party":
            return _party(work, house, row)
        case "part" | "unleg":
            return _part(work, house, row)
        case "room":
            return _room(work, house, row)
        case _:
            return _text(work, house, transcript, row)


def _ring(work: Work, house: House, transcript: Transcript, row: Any) -> Ring | None:
    state = acts.state_of(work, row.call)
    line = acts.line_of(work, house, row.call)
    if not isinstance(state, Ringing) or state.assignment != row.assignment or line is None:
        mark(work, row.id, "moot", "not ringing any more")
        return None
    phone = softphone.address(work, house.keyring, row.staff)
    if phone is None:
        mark(work, row.id, "refused", "no phone")
        lost(work, house, transcript, row, None, "no phone")
        return None
    work.run(
        legs.update()
        .where(legs.c.call == row.call, legs.c.assignment == row.assignment)
        .values(by="browser" if phone.startswith("client:") else "phone")
    )
    addresses = Addresses(house.speaker.base, row.call)
    return Ring(
        to=phone,
        from_=line.number,
        url=addresses.of(Step("answered", leg=row.assignment)),
        status_url=addresses.of(Step("status", leg=row.assignment)),
    )


def _party(work: Work, house: House, row: Any) -> Ring | None:
    party, line = parties.one(work, row.text), acts.line_of(work, house, row.call)
    if party is None or party.state not in parties.OPEN or line is None:
        mark(work, row.id, "moot", "not wanted any more")
        return None
    to, digits = parties.address(work, house, party)
    if not to:
        mark(work, row.id, "refused", "no phone")
        lost_party(work, house, row)
        return None
    addresses = Addresses(house.speaker.base, row.call)
    return Ring(
        to=to,
        from_=line.number,
        url=addresses.of(Step("answered", party=row.text)),
        status_url=addresses.of(Step("status", party=row.text)),
        digits=digits,
    )


def _part(work: Work, house: House, row: Any) -> Several | None:
    """A party, or a leg the advisor no longer talks by, goes; the room goes on."""
    sid, talks = row.text, True
    if row.kind == "part":
        party = parties.one(work, row.text)
        if party is None or party.state not in parties.OPEN:
            mark(work, row.id, "moot", "gone already")
            return None
        sid, talks = party.sid, party.state == "talking"
    if not sid:
        rung = work.run(sa.select(outbox).where(outbox.c.id == f"{row.call}:party:{row.text}"))
        ring = rung.first()
        if ring is None or ring.tries == 0 or row.tries >= MOST_TRIES:
            if ring is not None and ring.tries == 0:
                mark(work, ring.id, "moot", "not wanted any more")
            mark(work, row.id, "moot", "never rung")
            lost_party(work, house, row)
        else:
            later = work.now + A_MOMENT
            mark(work, row.id, "due", "", due_at=later, lease_until=None)
        return None
    addresses = Addresses(house.speaker.base, row.call)
    gone = Step("gone", leg=row.assignment)
    after = addresses.of(Step("after-room", party=row.text) if row.kind == "part" else gone)
    room = rooms.room_of(acts.state_of(work, row.call)) if talks else ""
    return Several(rooms.leaving(room, sid, after if talks else None))


def _room(work: Work, house: House, row: Any) -> Several | None:
    """One at a time for one room: two that cross could leave it in neither's wish."""
    other = work.run(
        sa.select(outbox.c.id).where(
            outbox.c.kind == "room", outbox.c.call == row.call, outbox.c.id != row.id,
            outbox.c.state == "due", outbox.c.lease_until > work.now,
        )
    ).first()  # fmt: skip
    if other is not None:
        later = work.now + timedelta(seconds=0.3)
        mark(work, row.id, "due", "", due_at=later, lease_until=None, tries=row.tries - 1)
        return None
    wanted = rooms.plan(work, house, row)
    if wanted is None:
        mark(work, row.id, "moot", "the call went on")
        return None
    return Several(rooms.arranging(wanted))


def lost_party(work: Work, house: House, row: Any) -> None:
    event = PartyStatus(row.text, "failed")
    acts.happen(work, house, Happening(row.call, event, ids.new(), ids.new()))


def _move(work: Work, house: House, row: Any) -> Move | Several | None:
    state = acts.state_of(work, row.call)
    wanted = (
        state is not None
        and state.number == row.number
        and not isinstance(state, Ended)
        and (row.step != "join" or isinstance(state, Bridging))
    )
    if not wanted:
        mark(work, row.id, "moot", "the call went on")
        return None
    url = Addresses(house.speaker.base, row.call).of(Step(row.step, row.number))
    room = rooms.room_of(state)
    if row.step == "listen" and room:
        return Several(rooms.leaving(room, row.call, url))
    return Move(row.call, url)


def _drop(work: Work, house: House, row: Any) -> Drop | Several | None:
    leg = work.run(
        sa.select(legs).where(legs.c.call == row.call, legs.c.assignment == row.assignment)
    ).first()
    if leg is None or leg.status in FINAL:
        mark(work, row.id, "moot", "the phone is free")
        return None
    if leg.sid is not None:
        talks = leg.status == "in-progress"
        addresses = Addresses(house.speaker.base, row.call)
        url = addresses.of(Step("gone", leg=row.assignment)) if talks else None
        room = rooms.room_of(acts.state_of(work, row.call))
        return Several(rooms.leaving(room, leg.sid, url)) if talks and room else Drop(leg.sid, url)
    ring = work.run(
        sa.select(outbox).where(outbox.c.id == f"{row.call}:ring:{row.assignment}")
    ).first()
    if ring is None or ring.state in ("moot", "refused") or row.tries >= MOST_TRIES:
        mark(work, row.id, "moot", "never rung")
    elif ring.tries == 0:
        mark(work, ring.id, "moot", "not ringing any more")
        mark(work, row.id, "moot", "never rung")
    else:
        mark(work, row.id, "due", "", due_at=work.now + A_MOMENT, lease_until=None)
    return None


def _text(work: Work, house: House, transcript: Transcript, row: Any) -> Text | None:
    if text_out.after_another(work, row.text):
        later = work.now + A_MOMENT
        mark(work, row.id, "due", "", due_at=later, lease_until=None, tries=row.tries - 1)
        return None
    out = text_out.ready(work, house, transcript, row.text)
    if out is None:
        mark(work, row.id, "moot", "nothing to send")
        return None
    if isinstance(out, Refusal):
        mark(work, row.id, "refused", "no permit")
        text_out.text_refused(work, transcript, row.text, "refused", "no permit", out.why)
        return None
    return Text(out, f"{house.speaker.base}/telephony/sms/status?text={row.text}")


def mark(work: Work, id_: str, state: str, outcome: str, **more: Any) -> None:
    work.run(outbox.update().where(outbox.c.id == id_).values(state=state, outcome=outcome, **more))


def lost(
    work: Work,
    house: House,
    transcript: Transcript,
    row: Any,
    news: CallerGone | None,
    why: str,
) -> None:
    """It did not happen: the flow hears of it, or the advisor reads of it."""
    if row.kind == "party":
        lost_party(work, house, row)
        return
    event = AdvisorStatus(row.assignment, "failed") if row.kind == "ring" else news
    if row.kind == "text":
        words = texting.STOPPED if why == str(OPTED_OUT) else text_out.NOT_TAKEN
        text_out.text_refused(work, transcript, row.text, "failed", why, words)
    elif event is not None:
        acts.happen(work, house, Happening(row.call, event, ids.new(), ids.new()))
