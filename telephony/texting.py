"""Texts in and out, each one work. A text becomes a line of a conversation; an advisor's words
become texts by looking. Nothing goes out without a Permit (S4); the number opens nothing (S6).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from app.cases import acts as contacts
from app.cases.model import SYSTEM, VISITOR, Channel, Kind, Message, Need, Opening, State
from app.cases.safe_contact import Permit, Purpose, Refusal, SafeContact, decide
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
from telephony.acts import House
from telephony.errands import put_out
from telephony.tables import texts, threads, webhooks
from telephony.texts import (
    LANDLINE,
    LANDLINE_WORDS,
    OPTED_OUT,
    TextArrived,
    TextStatus,
    is_landline,
    later,
    pieces,
    why_not,
)

OPEN = (State.WAITING.value, State.OFFERED.value, State.ACTIVE.value)
STOPPED = "They texted STOP. We cannot answer until they text START."
STARTED = "They texted START. We can answer again."
HELPED = "They texted HELP. The phone network may have answered them in its own words."
LATE = "This text was sent at {time}. We found it later, while catching up."
PICTURE = "They sent a picture or a file. It cannot be shown here."
NOT_TAKEN = "The phone network would not take it."
NOT_DELIVERED = "The last text was not delivered."


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


@dataclass(frozen=True)
class Outgoing:
    """One text that may go out now: its Permit, and what the carrier needs."""

    permit: Permit
    to: str
    from_: str
    body: str
    known: frozenset[str] = frozenset()
    """The carrier's ids of our other texts in this conversation."""


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
    return work.run(_thread_of(arrival.conversation)).one(), True


def _pair(service: str, line: str, index: bytes) -> tuple[sa.ColumnElement[bool], ...]:
    """The threads of one number with one line: what the carrier's STOP is about."""
    return (
        threads.c.service == service,
        threads.c.line == line,
        threads.c.number_index == index,
    )


def _thread_of(conversation: str) -> sa.Select[Any]:
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
        _event(work, transcript, thread.conversation, f"{text.message}:late", told)
    seq = 0
    if text.body.strip():
        seq = _post(work, transcript, thread, text.message, text.body, VISITOR)
    if text.media:
        seq = _event(work, transcript, thread.conversation, f"{text.message}:media", PICTURE)
    words = {"stop": STOPPED, "start": STARTED, "help": HELPED}.get(text.keyword)
    if words is not None:
        _event(work, transcript, thread.conversation, f"{text.message}:{text.keyword}", words)
    work.insert_once(
        texts, id=f"in:{text.message}", conversation=thread.conversation, way="in", seq=seq,
        piece=0, message=text.message, state="received", error="", at=work.now,
    )  # fmt: skip
    contacts.visitor_is(work, thread.contact, "here")


def _post(
    work: Work, transcript: Transcript, thread: Any, what: str, words: str, sender: str
) -> int:
    post = Post(thread.conversation, sender, webhook_key(what)[:16], words)
    (kept,) = transcript.append(work, [post])
    if isinstance(kept, FrontdoorError):
        raise kept
    return kept.seq


def _event(work: Work, transcript: Transcript, conversation: str, what: str, words: str) -> int:
    """A line for the advisor about the texts themselves; it is never sent."""
    post = Post(conversation, SYSTEM, webhook_key(what)[:16], words, Kind.EVENT)
    (kept,) = transcript.append(work, [post])
    return 0 if isinstance(kept, FrontdoorError) else kept.seq


def _first_answer(
    work: Work, house: House, transcript: Transcript, thread: Any, arrival: Arrival
) -> str | None:
    """One neutral line, once a contact. A STOP gets nothing: never a marketing answer. To a text
    that we found late there is no answer to give back: the line goes out by itself, if it may."""
    now = work.run(_thread_of(thread.conversation)).one()
    permit = decide(Purpose.REPLY, Channel.SMS, _asked(work, house, now), work.now)
    if isinstance(permit, Refusal):
        return None
    if arrival.sent_at is None:
        return house.speaker.answer(permit, "first_answer", work.now)
    words = house.speaker.prompts.text("first_answer")
    _post(work, transcript, thread, f"{arrival.text.message}:first", words, SYSTEM)
    return None


def _asked(work: Work, house: House, thread: Any) -> SafeContact:
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


# -- out -----------------------------------------------------------------------------------


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
    thread = work.run(_thread_of(conversation)).one()
    found = house.line(thread.service, thread.line)
    if found is None:
        return
    number = found[0].number_to_call(found[1])
    words = house.speaker.prompts.text("nobody", number=number)
    _post(work, transcript, thread, f"{conversation}:nobody", words, SYSTEM)


def _told_nobody(conversation: str) -> bytes:
    return webhook_key(f"nobody:{conversation}")


def look_for_words(work: Work, house: House, transcript: Transcript) -> int:
    """Our words that no text was made of yet: one text a piece, in the outbox. An event is a line
    for the advisor alone."""
    behind = work.run(
        sa.select(threads, conversations.c.head)
        .join(conversations, conversations.c.id == threads.c.conversation)
        .where(conversations.c.head > threads.c.seen_seq)
        .order_by(threads.c.conversation)
    ).all()
    made = 0
    for thread in behind:
        lines = transcript.after(work, thread.conversation, thread.seen_seq)
        for line in lines:
            if line.kind is Kind.SAID and line.sender != VISITOR:
                made += _put_out(work, thread.conversation, line)
        if lines:
            work.run(
                threads.update()
                .where(threads.c.conversation == thread.conversation)
                .values(seen_seq=lines[-1].seq)
            )
    return made


def anything_to_say(work: Work) -> bool:
    """Whether `look_for_words` would find something: one query, no lock."""
    return (
        work.run(
            sa.select(threads.c.conversation)
            .join(conversations, conversations.c.id == threads.c.conversation)
            .where(conversations.c.head > threads.c.seen_seq)
            .limit(1)
        ).first()
        is not None
    )


def _put_out(work: Work, conversation: str, line: Message) -> int:
    cut = pieces(line.text)
    for piece in range(len(cut)):
        id_ = f"{conversation}:{line.seq}:{piece}"
        work.insert_once(
            texts, id=id_, conversation=conversation, way="out", seq=line.seq, piece=piece,
            message=None, state="due", error="", at=work.now,
        )  # fmt: skip
        put_out(work, f"text:{id_}", "text", text=id_)
    return len(cut)


def after_another(work: Work, text_id: str) -> bool:
    """Whether an earlier text of the same conversation is still to be sent: they go in order."""
    row = work.run(sa.select(texts).where(texts.c.id == text_id)).first()
    if row is None:
        return False
    earlier = sa.or_(
        texts.c.seq < row.seq, sa.and_(texts.c.seq == row.seq, texts.c.piece < row.piece)
    )
    waits = sa.select(texts.c.id).where(
        texts.c.conversation == row.conversation,
        texts.c.way == "out",
        texts.c.state == "due",
        texts.c.message.is_(None),
        earlier,
    )
    return work.run(waits.limit(1)).first() is not None


def ready(
    work: Work, house: House, transcript: Transcript, text_id: str
) -> Outgoing | Refusal | None:
    """What may be sent now, at the moment of sending (S4); None when there is nothing to send."""
    row = work.run(sa.select(texts).where(texts.c.id == text_id)).first()
    if row is None or row.state != "due":
        return None
    thread = work.run(_thread_of(row.conversation)).one()
    found = house.line(thread.service, thread.line)
    lines = transcript.after(work, row.conversation, row.seq - 1, limit=1)
    if found is None or not lines or lines[0].seq != row.seq:
        return None
    permit = decide(Purpose.REPLY, Channel.SMS, _asked(work, house, thread), work.now)
    if isinstance(permit, Refusal):
        return permit
    number = house.keyring.open(work, thread.number, "text_thread", "number", thread.conversation)
    body = pieces(lines[0].text)[row.piece]
    sent = sa.select(texts.c.message).where(
        texts.c.conversation == row.conversation, texts.c.message.is_not(None)
    )
    known = frozenset(work.run(sent).scalars())
    return Outgoing(permit, number, found[1].number, body, known)


def text_sent(work: Work, text_id: str, message: str) -> None:
    """The carrier took it. A status that came first stays."""
    row = work.run(sa.select(texts.c.state).where(texts.c.id == text_id)).first()
    if row is None:
        return
    state = later("" if row.state == "due" else row.state, "accepted")
    work.run(texts.update().where(texts.c.id == text_id).values(message=message, state=state))


def text_refused(
    work: Work, transcript: Transcript, text_id: str, state: str, error: str, why: str
) -> None:
    """It did not go out, and never will; the advisor reads why in the conversation."""
    row = work.run(sa.select(texts).where(texts.c.id == text_id)).first()
    if row is None:
        return
    work.run(texts.update().where(texts.c.id == text_id).values(state=state, error=error))
    _event(work, transcript, row.conversation, f"{text_id}:{state}", f"Not sent. {why}")


def opted_out(work: Work, text_id: str) -> None:
    """The carrier's error 21610: they texted STOP to this number before."""
    conversation = sa.select(texts.c.conversation).where(texts.c.id == text_id).scalar_subquery()
    work.run(threads.update().where(threads.c.conversation == conversation).values(opted_out=True))


def status_came(work: Work, transcript: Transcript, text_id: str, told: TextStatus) -> None:
    """Delivery news, in any order and as often as the carrier likes: the state never goes back."""
    row = work.run(sa.select(texts).where(texts.c.id == text_id)).first()
    if row is None or row.way != "out":
        return
    state = later("" if row.state == "due" else row.state, told.status)
    if state == row.state:
        return
    work.run(
        texts.update()
        .where(texts.c.id == text_id)
        .values(state=state, error=told.error or row.error, message=row.message or told.message)
    )
    if told.error == str(OPTED_OUT):
        opted_out(work, text_id)
    if state in ("failed", "undelivered"):
        words = why_not(told.error, NOT_DELIVERED)
        _event(work, transcript, row.conversation, f"{text_id}:failed", words)


def deliveries(work: Work, conversation: str) -> dict[int, str]:
    """For each line of ours: the delivery state of its slowest piece, by the line's seq."""
    told: dict[int, str] = {}
    rows = work.run(
        sa.select(texts.c.seq, texts.c.state)
        .where(texts.c.conversation == conversation, texts.c.way == "out")
        .order_by(texts.c.seq, texts.c.piece)
    )
    for row in rows:
        told[row.seq] = row.state if row.seq not in told else _slower(told[row.seq], row.state)
    return told


def _slower(one: str, other: str) -> str:
    bad = {"failed", "undelivered", "refused"}
    if one in bad:
        return one
    return other if other in bad or later(other, one) == one else one
