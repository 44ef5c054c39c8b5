"""What a desk shows, read in one look and put into the words of the service. No rule lives here."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from app.among import among
from app.auth.policy import Action, Actor
from app.cases import acts as contacts
from app.cases.model import Channel, Contact
from app.cases.safe_contact import Permit, Refusal
from app.db import Work
from app.definition.model import Service
from app.keyring import Keyring
from routing import desk as routing
from routing import handing
from routing.leading import leads
from routing.presence import closing_words
from routing.tables import offers
from widgets.console import around, frames, pages, phones, words
from widgets.console.names import Names
from widgets.console.phoning import CallFacts, OwnPhone
from widgets.console.telephone import Telephone

ANSWERS = {
    "": "rings now",
    "accepted": "accepted",
    "declined": "passed it on",
    "lapsed": "went by unanswered",
    "withdrawn": "taken back",
}


def look(
    work: Work, keyring: Keyring, telephone: Telephone, actor: Actor, service: Service
) -> frames.Desk:
    """The whole desk of one person, in one read."""
    names = Names(work, keyring)
    shown = routing.desk(work, actor, service, lambda who: names.of(who).first_name)
    mine = [contact.id for contact in (*shown.with_you, *shown.joined)]
    calls = phones.calls(work, keyring, telephone, names, actor, mine)
    replies = telephone.replies(work, mine)
    asked = asked_of(work, names, actor, mine)
    between = around.Betweens(work, names, actor, shown)
    return frames.Desk(
        now=work.now,
        service=_service(service),
        you=_you(shown, actor, service, phones.own(work, keyring, telephone, actor)),
        offers=tuple(_offer(offer, service, names) for offer in shown.offers),
        with_you=tuple(
            _with_you(
                work, keyring, service, contact,
                calls.get(contact.id), replies.get(contact.id), asked.get(contact.id, ()),
                between.of(contact.id, contact.owner), _lead_worker(contact, names),
            )
            for contact in (*shown.with_you, *shown.joined)
        ),
        waiting=tuple(_waiting(queued, actor, service, names) for queued in shown.waiting),
        last_contact_at=shown.last_contact_at,
        helpers=phones.helpers(service),
        **around.everything(work, actor, service, names),
    )  # fmt: skip


def offers_of(work: Work, names: Names, contact_id: str) -> list[pages.Offered]:
    """Every offer of one contact with its reason, for its page. Its door was passed already."""
    rows = work.run(
        sa.select(offers).where(offers.c.contact == contact_id).order_by(offers.c.number)
    )
    return [
        pages.Offered(row.at, names.of(row.staff).name, row.reason, ANSWERS[row.answer])
        for row in rows
    ]


def asked_of(
    work: Work, names: Names, actor: Actor, contact_ids: Sequence[str]
) -> dict[str, tuple[frames.Asked, ...]]:
    """Who was asked for each of these, and what became of it."""
    found: dict[str, tuple[frames.Asked, ...]] = {}
    if not contact_ids:
        return found
    rows = work.run(
        sa.select(offers.c.contact, offers.c.staff, offers.c.at, offers.c.answer)
        .where(among(offers.c.contact, contact_ids))
        .order_by(offers.c.contact, offers.c.number)
    )
    for row in rows:
        first = "You" if row.staff == actor.staff else names.of(row.staff).first_name
        one = frames.Asked(first, row.at, ANSWERS[row.answer])
        found[row.contact] = (*found.get(row.contact, ()), one)
    return found


def _service(service: Service) -> frames.ServiceFacts:
    line = service.lines[0]
    crimes = tuple(frames.Crime(crime.key, crime.label) for crime in service.crimes)
    number = service.number_to_call(line)
    return frames.ServiceFacts(service.key, service.name, number, service.zone, crimes)


def _you(shown: routing.Desk, actor: Actor, service: Service, phone: OwnPhone) -> frames.You:
    you, seat = shown.you, shown.facts
    return frames.You(
        staff=actor.staff,
        name=actor.name,
        first=actor.first_name,
        hub=actor.hub,
        hub_name=pages.hub_name(service, actor.hub),
        role=actor.role.value,
        on_duty=you.on_duty,
        state=you.state,
        because=tuple(frames.Because(one.ok, one.words) for one in you.because),
        load=you.load,
        capacity=you.capacity,
        checking=seat.on_duty and seat.checking,
        resting=you.state == "break" and not seat.checking,
        lead=actor.may(Action.LEAD),
        closing=closing_words(seat) if seat.on_duty and seat.closing else "",
        phone=phone,
    )


def _offer(offer: routing.OpenOffer, service: Service, names: Names) -> frames.OfferFacts:
    contact = offer.contact
    return frames.OfferFacts(
        contact=contact.id,
        offer_no=offer.offer_no,
        channel=contact.channel.value,
        hub_name=pages.hub_name(service, contact.hub),
        need_words=pages.need_words(contact, service),
        waited_from=contact.queued_at or contact.arrived_at,
        until=offer.until,
        reason=offer.reason,
        seconds=handing.SECONDS if offer.giver else service.timings.offer,
        giver=names.of(offer.giver).first_name if offer.giver else "",
        lead_worker=_lead_worker(contact, names),
    )


def _with_you(
    work: Work,
    keyring: Keyring,
    service: Service,
    contact: Contact,
    call: CallFacts | None,
    reply: Permit | Refusal | None,
    asked: tuple[frames.Asked, ...],
    between: around.Between,
    lead_worker: str,
) -> frames.WithYou:
    phoned = contact.channel is not Channel.CHAT
    number = contacts.number_of(work, keyring, contact.id) if phoned else None
    return frames.WithYou(
        contact=contact.id,
        assignment_no=contact.assignment_no,
        conversation=contact.conversation,
        channel=contact.channel.value,
        state=contact.state.value,
        label=label(contact, service),
        since=contact.answered_at or contact.arrived_at,
        need=_need(contact, service),
        need_words=pages.need_words(contact, service),
        area_found=words.word(words.FOUND, contact.area_found).capitalize(),
        hub_name=pages.hub_name(service, contact.hub),
        visitor=contact.visitor,
        call=call,
        reply=reply_of(reply),
        asked=asked,
        number=phones.masked(number) if number else "Withheld" if phoned else "",
        silent_since=None if phoned else contact.visitor_sign_at,
        ended_at=contact.ended_at,
        handing_to=between.handing_to,
        handing_until=between.handing_until,
        beside=between.beside,
        owner=between.owner,
        lead_worker=lead_worker,
    )


def _lead_worker(contact: Contact, names: Names) -> str:
    return names.of(contact.lead).first_name if contact.lead else ""


def label(contact: Contact, service: Service) -> str:
    """What to call somebody who has not said a name."""
    who = {Channel.CHAT: "Visitor", Channel.VOICE: "Caller", Channel.SMS: "Texter"}
    here = pages.hub_name(service, contact.hub)
    known = contact.area_found not in ("", "not said", "unknown")
    return f"{who[contact.channel]} from {here}" if known else who[contact.channel]


def _need(contact: Contact, service: Service) -> frames.NeedFacts:
    need, crime = contact.need, service.crime(contact.need.crime)
    return frames.NeedFacts(
        crime=crime.label if crime else need.crime,
        age=words.AGES.get(need.age, need.age),
        language=words.LANGUAGES.get(need.language, need.language),
        access=pages.access_words(need.access),
        area=need.area,
        urgency=words.URGENCIES.get(need.urgency, need.urgency),
        gender=words.GENDERS.get(need.gender, need.gender),
    )


def reply_of(reply: Permit | Refusal | None) -> frames.Reply | None:
    match reply:
        case Permit(until=until):
            return frames.Reply(True, "", until)
        case Refusal(why=why):
            return frames.Reply(False, why)
        case None:
            return None


def _waiting(
    queued: routing.Queued, actor: Actor, service: Service, names: Names
) -> frames.WaitingFacts:
    contact, rungs = queued.contact, len(service.ladder)
    said = {
        "numbers": "ringing the line's numbers",
        "message": "told: nobody is free",
    }
    return frames.WaitingFacts(
        contact=contact.id,
        channel=contact.channel.value,
        hub_name=pages.hub_name(service, contact.hub),
        need_words=pages.need_words(contact, service),
        since=contact.queued_at or contact.arrived_at,
        rung_words=f"Rung {min(queued.rung, rungs - 1) + 1} of {rungs}",
        next_words=said.get(queued.overflow, ""),
        next_at=None if queued.overflow else queued.rung_until,
        offered_to=names.of(queued.offered_to).first_name if queued.offered_to else None,
        front=queued.front,
        late=bool(queued.overflow),
        offer_no=contact.offer_no,
        lead=leads(actor, service, contact.hub),
        lead_worker=_lead_worker(contact, names),
    )
