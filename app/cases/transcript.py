"""The conversations of every channel: append at the end, read after a place (S1).

`append` is the hot door: it takes many posts at once, locks their conversations in one order,
inserts them with one statement and moves the heads with another. A post that was stored before
(its client_id is known) sends the batch through the careful path, one by one: the same words get
the first answer again, other words are a conflict.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from weakref import WeakValueDictionary

import sqlalchemy as sa

from app import ids
from app.among import among, many
from app.bus import Hint
from app.cases.joining import is_in
from app.cases.model import PAGE, SYSTEM, VISITOR, Kind, Message, State
from app.cases.tables import contacts, conversations, epochs, messages
from app.cases.tail import Tail
from app.db import Work
from app.errors import Conflict, FrontdoorError, Missing, Refused
from app.keyring import Keyring


@dataclass(frozen=True)
class Post:
    """Words to be kept. `sender` is visitor, system, or staff:ID; `client_id` is 16 bytes."""

    conversation: str
    sender: str
    client_id: bytes
    text: str
    kind: Kind = Kind.SAID


@dataclass(frozen=True)
class Posted:
    """Kept, at this place. `again` when it had been kept before."""

    conversation: str
    client_id: bytes
    epoch: str
    seq: int
    at: datetime
    again: bool = False


Answer = Posted | FrontdoorError


@dataclass(slots=True)
class _Head:
    number: int
    id: str
    key_id: str
    state: str
    owner: str | None
    epoch: str
    head: int


# Written once: to build a statement anew costs more than to run it.
_HEADS = (
    sa.select(
        conversations.c.number,
        conversations.c.id,
        conversations.c.key_id,
        conversations.c.head,
        contacts.c.state,
        contacts.c.owner,
        sa.select(epochs.c.value).where(epochs.c.id == 1).scalar_subquery().label("epoch"),
    )
    .join(contacts, contacts.c.id == conversations.c.contact)
    .where(among(conversations.c.id, many("wanted")))
    .order_by(conversations.c.number)
)
_HEADS_LOCKED = _HEADS.with_for_update(of=conversations)
_KEEP = messages.insert()
_MOVE = (
    conversations.update()
    .where(conversations.c.number == sa.bindparam("wanted"))
    .values(head=sa.bindparam("place"))
)


class Transcript:
    """The doors, with the keys they seal with."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring
        self._tails: WeakValueDictionary[str, Tail] = WeakValueDictionary()

    def tail(self, conversation: str) -> Tail:
        """The one tail of this conversation in this process; it lives while somebody holds it."""
        found = self._tails.get(conversation)
        if found is None:
            found = self._tails[conversation] = Tail()
        return found

    def append(self, work: Work, batch: Sequence[Post]) -> Sequence[Answer]:
        """The hot door, for Database.append: an answer for each post, in their order."""
        heads = _lock(work, {post.conversation for post in batch})
        answers: dict[int, Answer] = {}
        rows: list[dict[str, Any]] = []
        places: dict[str, int] = {id_: head.head for id_, head in heads.items()}
        for index, post in enumerate(batch):
            head = heads.get(post.conversation)
            refusal = _may_post(head, post)
            if refusal is not None or head is None:
                answers[index] = self._careful(work, heads, post)
                continue
            places[head.id] += 1
            rows.append(self._row(work, head, places[head.id], post))
            answers[index] = Posted(
                head.id, post.client_id, head.epoch, places[head.id], rows[-1]["at"]
            )
        if rows:
            if not work.insert_all(_KEEP, rows):
                return [self._careful(work, heads, post) for post in batch]
            _move_heads(work, heads, places)
        return [answers[index] for index in range(len(batch))]

    def _careful(self, work: Work, heads: dict[str, _Head], post: Post) -> Answer:
        head = heads.get(post.conversation)
        if head is None:
            return Missing()
        before = work.run(
            sa.select(messages).where(
                messages.c.conversation == head.number,
                messages.c.sender == post.sender,
                messages.c.client_id == post.client_id,
            )
        ).first()
        if before is not None:
            same = self._text(work, head.id, before) == post.text and before.kind == post.kind
            if not same:
                return Conflict("These words came before with other words under the same id.")
            return Posted(head.id, post.client_id, head.epoch, before.seq, before.at, again=True)
        refusal = _may_post(head, post)
        if refusal is not None and not _beside(work, head, post):
            return refusal
        row = self._row(work, head, head.head + 1, post)
        work.run(messages.insert().values(**row))
        _move_heads(work, {head.id: head}, {head.id: head.head + 1})
        return Posted(head.id, post.client_id, head.epoch, head.head, row["at"])

    def _row(self, work: Work, head: _Head, seq: int, post: Post) -> dict[str, Any]:
        return {
            "conversation": head.number,
            "seq": seq,
            "sender": post.sender,
            "kind": post.kind.value,
            "client_id": post.client_id,
            "at": work.now,
            "body": self._keyring.seal(
                work, head.key_id, post.text, "message", "body", _identity(head.id, post.client_id)
            ),
        }

    def after(self, work: Work, conversation: str, seq: int, limit: int = PAGE) -> list[Message]:
        """The lines after a place, in order. Private notes are not lines: see app.cases.notes."""
        chosen = (
            sa.select(messages)
            .join(conversations, conversations.c.number == messages.c.conversation)
            .where(conversations.c.id == conversation, messages.c.seq > seq)
            .order_by(messages.c.seq)
            .limit(limit)
        )
        return [
            Message(
                row.seq,
                row.sender,
                Kind(row.kind),
                self._text(work, conversation, row),
                row.at,
                row.client_id,
            )
            for row in work.run(chosen)
        ]

    def _text(self, work: Work, conversation: str, row: Any) -> str:
        identity = _identity(conversation, row.client_id)
        return self._keyring.open(work, row.body, "message", "body", identity)


def heads_of(work: Work, conversation_ids: Sequence[str]) -> dict[str, int]:
    """How far each conversation has come: one query for everything a process holds."""
    if not conversation_ids:
        return {}
    rows = work.run(
        sa.select(conversations.c.id, conversations.c.head).where(
            among(conversations.c.id, conversation_ids)
        )
    )
    return {row.id: row.head for row in rows}


def epoch_of(work: Work) -> str:
    row = work.run(sa.select(epochs.c.value).where(epochs.c.id == 1)).first()
    return str(row.value) if row else "0"


def begin_epoch(work: Work) -> None:
    """At first migration, and after every restore."""
    value = ids.new()
    if not work.insert_once(epochs, id=1, value=value):
        work.run(epochs.update().where(epochs.c.id == 1).values(value=value))


def _lock(work: Work, conversation_ids: set[str]) -> dict[str, _Head]:
    chosen = _HEADS_LOCKED if work.locks_rows else _HEADS
    return {
        row.id: _Head(
            row.number, row.id, row.key_id, row.state, row.owner, row.epoch or "0", row.head
        )
        for row in work.run(chosen, {"wanted": list(conversation_ids)})
    }


def _may_post(head: _Head | None, post: Post) -> FrontdoorError | None:
    """Each frame is authorised: the visitor while it lives, the owner while it is theirs."""
    if head is None:
        return Missing()
    if post.sender == SYSTEM:
        return None
    if post.sender == VISITOR:
        if head.state in (State.WRAPPING, State.CLOSED):
            return Refused("This chat has ended.", code="ended")
        return None
    if head.owner is None or post.sender != f"staff:{head.owner}":
        return Refused("This conversation is not with you any more.", code="not_yours")
    if head.state != State.ACTIVE:
        return Refused("This conversation has ended.", code="ended")
    return None


def _beside(work: Work, head: _Head, post: Post) -> bool:
    """A supervisor who joined may write while the owner holds it. Rare, so asked only here."""
    if head.state != State.ACTIVE or not post.sender.startswith("staff:"):
        return False
    contact = sa.select(conversations.c.contact).where(conversations.c.number == head.number)
    return is_in(work, str(work.run(contact).scalar()), post.sender.removeprefix("staff:"))


def _move_heads(work: Work, heads: dict[str, _Head], places: dict[str, int]) -> None:
    moved = [
        {"wanted": head.number, "place": places[id_]}
        for id_, head in heads.items()
        if places[id_] != head.head
    ]
    if not moved:
        return
    work.run(_MOVE, moved)
    for id_, head in heads.items():
        if places[id_] != head.head:
            head.head = places[id_]
            work.announce(Hint("conversation", id_, places[id_]))


def _identity(conversation: str, client_id: bytes) -> str:
    return f"{conversation}:{client_id.hex()}"
