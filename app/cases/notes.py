"""Private notes between workers. They are no messages, so nothing that reads messages finds them.

They stand beside a conversation, after the line that was last when they were written.
"""

from __future__ import annotations

import sqlalchemy as sa

from app.bus import Hint
from app.cases.joining import is_in
from app.cases.model import Note
from app.cases.tables import contacts, conversations, notes
from app.db import Work
from app.errors import Conflict, Missing, Refused
from app.keyring import Keyring


def keep(
    work: Work, keyring: Keyring, conversation: str, author: str, client_id: bytes, text: str
) -> Note:
    """Keep a note by whoever holds the contact or has joined it. The same id is one note."""
    chosen = (
        sa.select(conversations, contacts.c.owner)
        .join(contacts, contacts.c.id == conversations.c.contact)
        .where(conversations.c.id == conversation)
    )
    row = work.run(chosen.with_for_update(of=conversations) if work.locks_rows else chosen).first()
    if row is None:
        raise Missing
    if row.owner != author and not is_in(work, row.contact, author):
        raise Refused("This conversation is not with you any more.", code="not_yours")
    before = work.run(
        sa.select(notes).where(
            notes.c.conversation == row.number,
            notes.c.author == author,
            notes.c.client_id == client_id,
        )
    ).first()
    identity = f"{conversation}:{client_id.hex()}"
    if before is not None:
        if keyring.open(work, before.body, "note", "body", identity) != text:
            raise Conflict("This note came before with other words under the same id.")
        return Note(before.number, before.after_seq, author, text, before.at, client_id)
    last = work.run(
        sa.select(sa.func.coalesce(sa.func.max(notes.c.number), 0)).where(
            notes.c.conversation == row.number
        )
    ).scalar_one()
    note = Note(last + 1, row.head, author, text, work.now, client_id)
    work.run(
        notes.insert().values(
            conversation=row.number, number=note.number, after_seq=note.after_seq, author=author,
            client_id=client_id, at=note.at,
            body=keyring.seal(work, row.key_id, text, "note", "body", identity),
        )
    )  # fmt: skip
    work.announce(Hint("note", conversation, note.number))
    return note


def after(work: Work, keyring: Keyring, conversation: str, number: int) -> list[Note]:
    """The notes after a number, in order. For staff who may read the conversation."""
    rows = work.run(
        sa.select(notes)
        .join(conversations, conversations.c.number == notes.c.conversation)
        .where(conversations.c.id == conversation, notes.c.number > number)
        .order_by(notes.c.number)
    )
    return [
        Note(
            row.number,
            row.after_seq,
            row.author,
            keyring.open(work, row.body, "note", "body", f"{conversation}:{row.client_id.hex()}"),
            row.at,
            row.client_id,
        )
        for row in rows
    ]
