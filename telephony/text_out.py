"""An advisor's words become texts by looking, one text a piece, each with a Permit (S4).

A delivery state has a rank and never goes back; whoever answers reads why a text did not go out.
"""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from app.cases.model import VISITOR, Channel, Kind, Message
from app.cases.safe_contact import Permit, Purpose, Refusal, decide
from app.cases.tables import conversations
from app.cases.transcript import Transcript
from app.db import Work
from telephony.errands import put_out
from telephony.house import House
from telephony.tables import texts, threads
from telephony.texting import asked, event, thread_of
from telephony.texts import OPTED_OUT, TextStatus, later, pieces, why_not

NOT_TAKEN = "The phone network would not take it."
NOT_DELIVERED = "The last text was not delivered."


@dataclass(frozen=True)
class Outgoing:
    """One text that may go out now: its Permit, and what the carrier needs."""

    permit: Permit
    to: str
    from_: str
    body: str
    known: frozenset[str] = frozenset()
    """The carrier's ids of our other texts in this conversation."""


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
    thread = work.run(thread_of(row.conversation)).one()
    found = house.line(thread.service, thread.line)
    lines = transcript.after(work, row.conversation, row.seq - 1, limit=1)
    if found is None or not lines or lines[0].seq != row.seq:
        return None
    permit = decide(Purpose.REPLY, Channel.SMS, asked(work, house, thread), work.now)
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
    event(work, transcript, row.conversation, f"{text_id}:{state}", f"Not sent. {why}")


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
        event(work, transcript, row.conversation, f"{text_id}:failed", words)


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
