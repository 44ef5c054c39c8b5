"""Rows of the phone line. Constraints hold the promises even when the code is wrong.

No row holds a number, a name or words in the clear (S8): a thread's number is sealed, with a
blind index to find it by; what is to be sent is looked up by its ids at the moment of sending.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from app.db import UTCDateTime, table_of


class CallRow(SQLModel, table=True):
    """One caller's call. `state` is what telephony.keeping wrote; `number` never falls.

    `reach`: "" for a number that is no number, "ring", or "ring text" for a mobile.
    `wants`: "text" when they asked for one, "texted" once it is written.
    """

    __tablename__ = "call"
    sid: str = Field(primary_key=True, max_length=64)
    contact: str = Field(foreign_key="contact.id", max_length=32, index=True)
    service: str = Field(max_length=40)
    line: str = Field(max_length=40)
    state: str = Field(sa_type=sa.Text)
    number: int = 0
    live: bool = True
    arrived_at: datetime = Field(sa_type=UTCDateTime)
    changed_at: datetime = Field(sa_type=UTCDateTime)
    reach: str = Field(default="", max_length=10, sa_column_kwargs={"server_default": ""})
    wants: str = Field(default="", max_length=10, sa_column_kwargs={"server_default": ""})
    __table_args__ = (
        sa.Index(
            "call_wants_text",
            "wants",
            sqlite_where=sa.text("wants = 'text'"),
            postgresql_where=sa.text("wants = 'text'"),
        ),
        sa.Index(
            "call_live", "live", sqlite_where=sa.text("live"), postgresql_where=sa.text("live")
        ),
    )


class SlowedRow(SQLModel, table=True):
    """A lead's decision about one number, by its blind index (S8). It ends by itself."""

    __tablename__ = "slowed_number"
    service: str = Field(primary_key=True, max_length=40)
    number_index: bytes = Field(primary_key=True)
    until: datetime = Field(sa_type=UTCDateTime)
    by: str = Field(max_length=32)
    at: datetime = Field(sa_type=UTCDateTime)


class LegRow(SQLModel, table=True):
    """The phone of the advisor who accepted: one for each assignment of a call (S3)."""

    __tablename__ = "call_leg"
    call: str = Field(primary_key=True, foreign_key="call.sid", max_length=64)
    assignment: int = Field(primary_key=True)
    staff: str = Field(max_length=32)
    sid: str | None = Field(default=None, max_length=64)
    status: str = Field(default="asked", max_length=20)
    made_at: datetime = Field(sa_type=UTCDateTime)
    by: str = Field(default="", max_length=10, sa_column_kwargs={"server_default": ""})
    """"browser" or "phone": what was rung."""


class PartyRow(SQLModel, table=True):
    """One more leg of a talk. `to` is a key of the definition; a number typed in is sealed (S8).

    `assignment` is set once this leg is the advisor's own. `state`: asked, ringing, talking, left
    or failed; it never goes back.
    """

    __tablename__ = "call_party"
    id: str = Field(primary_key=True, max_length=32)
    call: str = Field(foreign_key="call.sid", max_length=64, index=True)
    kind: str = Field(max_length=12)
    to: str = Field(default="", max_length=40)
    staff: str = Field(default="", max_length=32)
    number: bytes | None = None
    gender: str = Field(default="", max_length=10)
    leg: str = Field(default="", max_length=10)
    sid: str = Field(default="", max_length=64)
    state: str = Field(default="asked", max_length=10)
    coaching: bool = False
    assignment: int = 0
    by: str = Field(max_length=32)
    made_at: datetime = Field(sa_type=UTCDateTime)
    joined_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    left_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class WebhookRow(SQLModel, table=True):
    """A webhook that was answered, and how: the very same one gets the very same answer."""

    __tablename__ = "webhook"
    key: bytes = Field(primary_key=True)
    answer: str = Field(default="", sa_type=sa.Text)
    at: datetime = Field(sa_type=UTCDateTime, index=True)


class OutboxRow(SQLModel, table=True):
    """Something to ask of the carrier after the commit. The id says what, so it is there once.

    `state`: due, done, refused (the carrier said no), moot (nobody needs it any more).
    """

    __tablename__ = "outbox"
    id: str = Field(primary_key=True, max_length=120)
    kind: str = Field(max_length=10)
    call: str = Field(default="", max_length=64)
    number: int = 0
    step: str = Field(default="", max_length=20)
    assignment: int = 0
    staff: str = Field(default="", max_length=32)
    text: str = Field(default="", max_length=80)
    state: str = Field(default="due", max_length=10)
    outcome: str = Field(default="", max_length=40)
    tries: int = 0
    due_at: datetime = Field(sa_type=UTCDateTime)
    lease_until: datetime | None = Field(default=None, sa_type=UTCDateTime)
    made_at: datetime = Field(sa_type=UTCDateTime)
    __table_args__ = (
        sa.Index(
            "outbox_due",
            "due_at",
            sqlite_where=sa.text("state = 'due'"),
            postgresql_where=sa.text("state = 'due'"),
        ),
    )


class CallBackRow(SQLModel, table=True):
    """One try to keep a promised call back, dialled by the house. `id` names its room too.

    `at` and `came` are words of telephony.calling_back; `shows` is the number their phone shows.
    """

    __tablename__ = "call_back_try"
    id: str = Field(primary_key=True, max_length=32)
    promise: str = Field(foreign_key="promise.id", max_length=32)
    number: int
    staff: str = Field(foreign_key="staff.id", max_length=32)
    service: str = Field(max_length=40)
    shows: str = Field(max_length=20)
    at: str = Field(max_length=12)
    came: str = Field(default="", max_length=12)
    advisor_sid: str | None = Field(default=None, max_length=64)
    person_sid: str | None = Field(default=None, max_length=64)
    live: bool = True
    began_at: datetime = Field(sa_type=UTCDateTime)
    changed_at: datetime = Field(sa_type=UTCDateTime)
    __table_args__ = (
        sa.UniqueConstraint("promise", "number"),
        sa.Index(
            "call_back_live",
            "promise",
            unique=True,
            sqlite_where=sa.text("live"),
            postgresql_where=sa.text("live"),
        ),
    )


class BackErrandRow(SQLModel, table=True):
    """What a call back still asks of the carrier: once each, under a lease."""

    __tablename__ = "call_back_errand"
    id: str = Field(primary_key=True, max_length=60)
    try_id: str = Field(foreign_key="call_back_try.id", max_length=32)
    kind: str = Field(max_length=20)
    state: str = Field(default="due", max_length=10)
    tries: int = 0
    due_at: datetime = Field(sa_type=UTCDateTime)
    lease_until: datetime | None = Field(default=None, sa_type=UTCDateTime)
    made_at: datetime = Field(sa_type=UTCDateTime)
    __table_args__ = (
        sa.Index(
            "call_back_errand_due",
            "due_at",
            sqlite_where=sa.text("state = 'due'"),
            postgresql_where=sa.text("state = 'due'"),
        ),
    )


class ThreadRow(SQLModel, table=True):
    """Texts between one number and one line, for the length of one contact.

    The number is a routing hint, never an identity: the next contact is another thread (S6).
    `seen_seq`: how far the advisor's words were looked at.
    """

    __tablename__ = "text_thread"
    conversation: str = Field(primary_key=True, foreign_key="conversation.id", max_length=32)
    contact: str = Field(foreign_key="contact.id", max_length=32, index=True)
    service: str = Field(max_length=40)
    line: str = Field(max_length=40)
    number_index: bytes
    key_id: str = Field(foreign_key="data_key.id", max_length=32)
    number: bytes
    last_word_at: datetime = Field(sa_type=UTCDateTime)
    opted_out: bool = False
    seen_seq: int = 0
    made_at: datetime = Field(sa_type=UTCDateTime)
    __table_args__ = (sa.Index("text_thread_of", "service", "line", "number_index"),)


class TextRow(SQLModel, table=True):
    """One text, in or out. The words are in the transcript; `state` has a rank and never falls."""

    __tablename__ = "text"
    id: str = Field(primary_key=True, max_length=80)
    conversation: str = Field(foreign_key="conversation.id", max_length=32, index=True)
    way: str = Field(max_length=4)
    seq: int
    piece: int = 0
    message: str | None = Field(default=None, unique=True, max_length=64)
    state: str = Field(default="", max_length=20)
    error: str = Field(default="", max_length=40)
    at: datetime = Field(sa_type=UTCDateTime)


calls = table_of(CallRow)
legs = table_of(LegRow)
slowed_numbers = table_of(SlowedRow)
parties = table_of(PartyRow)
webhooks = table_of(WebhookRow)
outbox = table_of(OutboxRow)
call_backs = table_of(CallBackRow)
back_errands = table_of(BackErrandRow)
threads = table_of(ThreadRow)
texts = table_of(TextRow)
