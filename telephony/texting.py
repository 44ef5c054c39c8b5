"""Texts that come in, each one work: a text becomes a line of a conversation.

The number opens nothing (S6). Nothing is answered by itself but one neutral line, with a Permit
(S4); what an advisor writes goes out by telephony.text_out.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from app.cases import acts as contacts
from app.cases.model import SYSTEM, VISITOR, Channel, Kind, Need, Opening, State
from app.cases.safe_contact import Purpose, Refusal, SafeContact, decide
from app.cases.tables import contacts as contact_table
from app.cases.tables import conversations
from app.cases.transcript import Post, Transcript
from app.db import Work
from app.definition.model import Line, Service
from app.errors import FrontdoorError
from app.log import log
from routing import acts as routing
from routing.tables import places
from telephony import twiml
from telephony.house import House
from telephony.tables import texts, threads, webhooks
from telephony.texts import (
    LANDLINE,
    LANDLINE_WORDS,
    TextArrived,
    is_landline,
)

OPEN = (State.WAITING.value, State.OFFERED.value, State.ACTIVE.value)
STOPPED = "They texted STOP. We cannot answer until they text START."
STARTED = "They texted START. We can answer again."
HELPED = "They texted HELP. The phone network may have answered them in its own words."
LATE = "This text was sent at {time}. We found it later, while catching up."
PICTURE = "They sent a picture or a file. It cannot be shown here."


@dataclass(frozen=True)
class Arrival:
    """A text to one of our lines. The ids are fresh, for when a new contact is opened.

    `sent_at` is None for a text that comes by webhook, this moment; else when the carrier took a
    text that we found in its list.
    """

    text: TextArrived
    service: Service
    line: Line
    contact: str
    conversation: str
    sent_at: datetime | None = None


# -- in ------------------------------------------------------------------------------------


def text_came(work: Work, house: House, transcript: Transcript, arrival: Arrival) -> str:
    """The carrier's answer document. The same message again gets the same answer."""
    text = arrival.text
    key = webhook_key(f"text:{text.message}")
    if not work.insert_once(webhooks, key=key, answer="", at=work.now):
        return str(work.run(sa.select(webhooks.c.answer).where(webhooks.c.key == key)).scalar())
    if text.sender is None:
        log.warning("text.no_sender", message=text.message)
        answer: str | None = None
    else:
        thread, new = _thread(work, house, arrival, text.sender)
        _take_in(work, transcript, thread, arrival)
        answer = _first_answer(work, house, transcript, thread, arrival) if new else None
    document = answer or twiml.EMPTY
    work.run(webhooks.update().where(webhooks.c.key == key).values(answer=document))
    return document


def webhook_key(what: str) -> bytes:
    return hashlib.sha256(what.encode()).digest()


def _thread(work: Work, house: House, arrival: Arrival, sender: str) -> tuple[Any, bool]:
    """The open thread of this number on this line, else a new contact's."""
    service, line = arrival.service, arrival.line
    index = house.keyring.blind(service.key, sender)
    chosen = (
        sa.select(threads)
        .join(contact_table, contact_table.c.id == threads.c.contact)
        .where(
            *_pair(service.key, line.key, index),
            contact_table.c.state.in_(OPEN),
        )
        .order_by(threads.c.made_at.desc())
        .limit(1)
    )
    open_one = work.run(chosen).first()
    if open_one is not None:
        return open_one, False
    contact = contacts.arrive(
        work,
        house.keyring,
        Opening(
            key=f"text:{arrival.text.message}",
            id=arrival.contact,
            service=service.key,
            hub=line.hub or service.central.key,
            channel=Channel.SMS,
            line=line.key,
            need=Need(language=service.languages[0]),
            area_found="line" if line.hub else "not said",
            number=sender,
            conversation=arrival.conversation,
        ),
    )
    routing.request_seat(work, contact.id)
    key_id = work.run(
        sa.select(conversations.c.key_id).where(conversations.c.id == arrival.conversation)
    ).scalar_one()
    stopped = work.run(
        sa.select(threads.c.opted_out)
        .where(*_pair(service.key, line.key, index))
        .order_by(threads.c.made_at.desc())
        .limit(1)
    ).scalar()
    work.run(
        threads.insert().values(
            conversation=arrival.conversation, contact=contact.id, service=service.key,
            line=line.key, number_index=index, key_id=key_id,
            number=house.keyring.seal(
                work, key_id, sender, "text_thread", "number", arrival.conversation
            ),
            last_word_at=arrival.sent_at or work.now, opted_out=bool(stopped), seen_seq=0,
            made_at=work.now,
        )
    )  # fmt: skip
    return work.run(thread_of(arrival.conversation)).one(), True


def _pair(service: str, line: str, index: bytes) -> tuple[sa.ColumnElement[bool], ...]:
    """The threads of one number with one line: what the carrier's STOP is about."""
    return (
        threads.c.service == service,
        threads.c.line == line,
        threads.c.number_index == index,
    )


def thread_of(conversation: str) -> sa.Select[Any]:
    return sa.select(threads).where(threads.c.conversation == conversation)


def _take_in(work: Work, transcript: Transcript, thread: Any, arrival: Arrival) -> None:
    text, sent_at = arrival.text, arrival.sent_at or work.now
    values: dict[str, Any] = {"last_word_at": max(sent_at, thread.last_word_at)}
    if text.keyword in ("stop", "start"):
        values["opted_out"] = text.keyword == "stop"
    work.run(threads.update().where(threads.c.conversation == thread.conversation).values(**values))
    if arrival.sent_at is not None:
        local = arrival.sent_at.astimezone(ZoneInfo(arrival.service.zone))
        told = LATE.format(time=f"{local:%H:%M}")
        event(work, transcript, thread.conversation, f"{text.message}:late", told)
    seq = 0
    if text.body.strip():
        seq = post(work, transcript, thread, text.message, text.body, VISITOR)
    if text.media:
        seq = event(work, transcript, thread.conversation, f"{text.message}:media", PICTURE)
    words = {"stop": STOPPED, "start": STARTED, "help": HELPED}.get(text.keyword)
    if words is not None:
        event(work, transcript, thread.conversation, f"{text.message}:{text.keyword}", words)
    work.insert_once(
        texts, id=f"in:{text.message}", conversation=thread.conversation, way="in", seq=seq,
        piece=0, message=text.message, state="received", error="", at=work.now,
    )  # fmt: skip
    contacts.visitor_is(work, thread.contact, "here")


def post(
    work: Work, transcript: Transcript, thread: Any, what: str, words: str, sender: str
) -> int:
    line = Post(thread.conversation, sender, webhook_key(what)[:16], words)
    (kept,) = transcript.append(work, [line])
    if isinstance(kept, FrontdoorError):
        raise kept
    return kept.seq


def event(work: Work, transcript: Transcript, conversation: str, what: str, words: str) -> int:
    """A line for the advisor about the texts themselves; it is never sent."""
    line = Post(conversation, SYSTEM, webhook_key(what)[:16], words, Kind.EVENT)
    (kept,) = transcript.append(work, [line])
    return 0 if isinstance(kept, FrontdoorError) else kept.seq


def _first_answer(
    work: Work, house: House, transcript: Transcript, thread: Any, arrival: Arrival
) -> str | None:
    """One neutral line, once a contact. A STOP gets nothing: never a marketing answer. To a text
    that we found late there is no answer to give back: the line goes out by itself, if it may."""
    now = work.run(thread_of(thread.conversation)).one()
    permit = decide(Purpose.REPLY, Channel.SMS, asked(work, house, now), work.now)
    if isinstance(permit, Refusal):
        return None
    if arrival.sent_at is None:
        return house.speaker.answer(permit, "first_answer", work.now)
    words = house.speaker.prompts.text("first_answer")
    post(work, transcript, thread, f"{arrival.text.message}:first", words, SYSTEM)
    return None


def asked(work: Work, house: House, thread: Any) -> SafeContact:
    """What is known about texting this number now."""
    number = house.keyring.open(work, thread.number, "text_thread", "number", thread.conversation)
    read_aloud = sa.select(texts.c.id).where(
        texts.c.conversation == thread.conversation, texts.c.error.in_(sorted(LANDLINE))
    )
    aloud = is_landline(number) or work.run(read_aloud.limit(1)).first() is not None
    return SafeContact(
        last_word_at=thread.last_word_at,
        opted_out=thread.opted_out,
        forbidden=LANDLINE_WORDS if aloud else "",
    )


# -- nobody ---------------------------------------------------------------------------------


def overflowed(work: Work) -> list[str]:
    """Conversations at the end of their ladder that were not told so yet."""
    waits = (State.WAITING.value, State.OFFERED.value)
    rows = work.run(
        sa.select(threads.c.conversation)
        .join(contact_table, contact_table.c.id == threads.c.contact)
        .join(places, places.c.contact == threads.c.contact)
        .where(contact_table.c.state.in_(waits), places.c.waits.is_(True), places.c.overflow != "")
        .order_by(threads.c.conversation)
    ).all()
    return [
        row.conversation
        for row in rows
        if work.run(
            sa.select(webhooks.c.at).where(webhooks.c.key == _told_nobody(row.conversation))
        ).first()
        is None
    ]


def tell_nobody(work: Work, house: House, transcript: Transcript, conversation: str) -> None:
    """The ladder ended: an honest line with the number to ring; the place is kept (S2)."""
    if not work.insert_once(webhooks, key=_told_nobody(conversation), answer="", at=work.now):
        return
    thread = work.run(thread_of(conversation)).one()
    found = house.line(thread.service, thread.line)
    if found is None:
        return
    number = found[0].number_to_call(found[1])
    words = house.speaker.prompts.text("nobody", number=number)
    post(work, transcript, thread, f"{conversation}:nobody", words, SYSTEM)


def _told_nobody(conversation: str) -> bytes:
    return webhook_key(f"nobody:{conversation}")
