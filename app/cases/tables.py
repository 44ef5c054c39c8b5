"""Rows of the record. Constraints hold the promises even when the code is wrong (S1, S3)."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from app.db import UTCDateTime, table_of


class ContactRow(SQLModel, table=True):
    __tablename__ = "contact"
    id: str = Field(primary_key=True, max_length=32)
    opening: str = Field(unique=True, max_length=80)
    service: str = Field(max_length=40)
    hub: str = Field(max_length=40)
    channel: str = Field(max_length=10)
    line: str = Field(default="", max_length=40)
    site: str = Field(default="", max_length=40)
    state: str = Field(max_length=10)
    owner: str | None = Field(default=None, max_length=32, index=True)
    offer_no: int = 0
    assignment_no: int = 0
    key_id: str = Field(foreign_key="data_key.id", max_length=32)
    number: bytes | None = None
    number_index: bytes | None = Field(default=None, index=True)
    crime: str = Field(default="", max_length=40)
    age: str = Field(default="", max_length=20)
    language: str = Field(default="", max_length=20)
    access: str = Field(default="", max_length=80)
    area: str = Field(default="", max_length=60)
    urgency: str = Field(default="", max_length=20)
    gender: str = Field(default="", max_length=10, sa_column_kwargs={"server_default": ""})
    """Of the worker, when they asked for a woman or a man."""
    lead: str = Field(default="", max_length=32, sa_column_kwargs={"server_default": ""})
    """Staff id of the named lead worker; "" when there is none."""
    area_found: str = Field(default="", max_length=20)
    arrived_at: datetime = Field(sa_type=UTCDateTime)
    queued_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    offered_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    answered_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    how_ended: str = Field(default="", max_length=20)
    type: str = Field(default="", max_length=20)
    outcome: str = Field(default="", max_length=40)
    speaking: str = Field(default="", max_length=20)
    about: str = Field(default="", max_length=20)
    new_or_repeat: str = Field(default="", max_length=20)
    source: str = Field(default="", max_length=40)
    reported: str = Field(default="", max_length=20)
    equality: str = Field(default="", max_length=200)
    safe_contact_asked: str = Field(default="", max_length=20)
    lot: str = Field(default="", max_length=40)
    onward: str = Field(default="", max_length=80)
    abusive: bool = False
    silent: bool = False
    case_id: str | None = Field(default=None, max_length=32)
    visitor: str = Field(default="here", max_length=20)
    visitor_seen_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    visitor_sign_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    __table_args__ = (
        sa.Index("contact_by_hub", "service", "hub", "arrived_at"),
        sa.Index("contact_open", "service", "state"),
        sa.CheckConstraint(
            "(owner IS NOT NULL) = (state IN ('active', 'wrapping'))", name="contact_owner"
        ),
    )


class AssignmentRow(SQLModel, table=True):
    """Who held a contact, from when to when. At most one is open for a contact (S3)."""

    __tablename__ = "assignment"
    id: int | None = Field(default=None, primary_key=True)
    contact: str = Field(foreign_key="contact.id", max_length=32)
    number: int
    staff: str = Field(foreign_key="staff.id", max_length=32, index=True)
    began_at: datetime = Field(sa_type=UTCDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    how: str = Field(default="", max_length=40)
    __table_args__ = (
        sa.UniqueConstraint("contact", "number"),
        sa.Index(
            "assignment_open",
            "contact",
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
    )


class JoiningRow(SQLModel, table=True):
    """Somebody beside the owner in a conversation: a supervisor who joined, in the open."""

    __tablename__ = "joining"
    id: int | None = Field(default=None, primary_key=True)
    contact: str = Field(foreign_key="contact.id", max_length=32)
    staff: str = Field(foreign_key="staff.id", max_length=32, index=True)
    at: datetime = Field(sa_type=UTCDateTime)
    left_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    __table_args__ = (
        sa.Index(
            "joining_open",
            "contact",
            "staff",
            unique=True,
            sqlite_where=sa.text("left_at IS NULL"),
            postgresql_where=sa.text("left_at IS NULL"),
        ),
    )


class ConflictRow(SQLModel, table=True):
    """Whom a person must not meet: one of the staff, or a whole hub. Ids only, no story.

    `reason` of a hub is sealed with the contact's key, and only whoever said it opens it (S8).
    Undone rows stay: they tell who was kept away, and till when.
    """

    __tablename__ = "conflict"
    id: str = Field(primary_key=True, max_length=32)
    contact: str = Field(foreign_key="contact.id", max_length=32, index=True)
    staff: str = Field(default="", max_length=32, index=True)
    hub: str = Field(default="", max_length=40)
    said_by: str = Field(foreign_key="staff.id", max_length=32)
    at: datetime = Field(sa_type=UTCDateTime)
    reason: bytes | None = None
    undone_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    undone_by: str | None = Field(default=None, foreign_key="staff.id", max_length=32)
    __table_args__ = (
        sa.Index(
            "conflict_open",
            "contact",
            "staff",
            "hub",
            unique=True,
            sqlite_where=sa.text("undone_at IS NULL"),
            postgresql_where=sa.text("undone_at IS NULL"),
        ),
        sa.CheckConstraint("(staff = '') <> (hub = '')", name="conflict_whom"),
    )


class ConversationRow(SQLModel, table=True):
    """The message stream of a contact. `number` is for rows, `id` for the world outside."""

    __tablename__ = "conversation"
    number: int | None = Field(default=None, primary_key=True)
    id: str = Field(unique=True, max_length=32)
    contact: str = Field(foreign_key="contact.id", max_length=32, index=True)
    key_id: str = Field(foreign_key="data_key.id", max_length=32)
    head: int = 0
    visitor_token: bytes | None = Field(default=None, unique=True)
    got: int = Field(default=0, sa_column_kwargs={"server_default": sa.text("0")})
    """Up to which line the visitor's device has it."""


class MessageRow(SQLModel, table=True):
    __tablename__ = "message"
    id: int | None = Field(default=None, primary_key=True)
    conversation: int = Field(foreign_key="conversation.number")
    seq: int
    sender: str = Field(max_length=40)
    kind: str = Field(max_length=10)
    client_id: bytes
    body: bytes
    at: datetime = Field(sa_type=UTCDateTime)
    __table_args__ = (
        sa.UniqueConstraint("conversation", "seq", name="message_seq"),
        sa.UniqueConstraint("conversation", "sender", "client_id", name="message_once"),
    )


class NoteRow(SQLModel, table=True):
    """Private notes. Another table, so that no reading of messages can ever return one."""

    __tablename__ = "note"
    id: int | None = Field(default=None, primary_key=True)
    conversation: int = Field(foreign_key="conversation.number")
    number: int
    after_seq: int
    author: str = Field(foreign_key="staff.id", max_length=32)
    client_id: bytes
    body: bytes
    at: datetime = Field(sa_type=UTCDateTime)
    __table_args__ = (
        sa.UniqueConstraint("conversation", "number"),
        sa.UniqueConstraint("conversation", "author", "client_id"),
    )


class TrackerRow(SQLModel, table=True):
    """A pixel on a website. One for each site and kind: a forged alarm adds nothing."""

    __tablename__ = "tracker"
    site: str = Field(primary_key=True, max_length=40)
    kind: str = Field(primary_key=True, max_length=20)
    service: str = Field(max_length=40, index=True)
    first_at: datetime = Field(sa_type=UTCDateTime)
    last_at: datetime = Field(sa_type=UTCDateTime)


class NoticeRow(SQLModel, table=True):
    """What a lead must see. Ids and a code, never words (S8). `once` keeps it from being told
    twice; it is freed when the same thing may be told again."""

    __tablename__ = "notice"
    id: str = Field(primary_key=True, max_length=32)
    once: str = Field(unique=True, max_length=200)
    service: str = Field(max_length=40)
    hub: str = Field(max_length=40)
    kind: str = Field(max_length=40)
    contact: str | None = Field(default=None, foreign_key="contact.id", max_length=32)
    staff: str | None = Field(default=None, foreign_key="staff.id", max_length=32)
    at: datetime = Field(sa_type=UTCDateTime)
    seen_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    seen_by: str | None = Field(default=None, foreign_key="staff.id", max_length=32)
    __table_args__ = (
        sa.Index(
            "notice_open",
            "service",
            "at",
            sqlite_where=sa.text("seen_at IS NULL"),
            postgresql_where=sa.text("seen_at IS NULL"),
        ),
    )


class PromiseRow(SQLModel, table=True):
    """A call-back somebody asked for. A contact has one open wish at most; earlier ones stay."""

    __tablename__ = "promise"
    id: str = Field(primary_key=True, max_length=32)
    contact: str = Field(foreign_key="contact.id", max_length=32, index=True)
    service: str = Field(max_length=40)
    hub: str = Field(max_length=40)
    number: bytes
    number_index: bytes
    part: str = Field(max_length=10)
    voicemail: bool = False
    say: bytes
    who: bytes
    agreed: bytes
    asked_at: datetime = Field(sa_type=UTCDateTime)
    due_at: datetime = Field(sa_type=UTCDateTime)
    owner: str | None = Field(default=None, foreign_key="staff.id", max_length=32, index=True)
    taken_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    told_late: bool = False
    done_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    how: str = Field(default="", max_length=20)
    replaced_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    __table_args__ = (
        sa.Index(
            "promise_open",
            "contact",
            unique=True,
            sqlite_where=sa.text("done_at IS NULL AND replaced_at IS NULL"),
            postgresql_where=sa.text("done_at IS NULL AND replaced_at IS NULL"),
        ),
        sa.Index(
            "promise_due",
            "due_at",
            sqlite_where=sa.text("done_at IS NULL AND replaced_at IS NULL"),
            postgresql_where=sa.text("done_at IS NULL AND replaced_at IS NULL"),
        ),
        sa.CheckConstraint("(owner IS NULL) = (taken_at IS NULL)", name="promise_owner"),
        sa.CheckConstraint("(done_at IS NULL) = (how = '')", name="promise_done"),
    )


class VoicemailRow(SQLModel, table=True):
    """A message somebody left, by the carrier's id of its recording. Its sound lies apart, so
    that no list loads one. `how` "silent": nothing was said, and nobody is asked to listen.

    `kept_at`: the sound is sealed here; `erased_at`: the carrier has nothing of it any more.
    """

    __tablename__ = "voicemail"
    id: str = Field(primary_key=True, max_length=32)
    recording: str = Field(unique=True, max_length=64)
    contact: str = Field(foreign_key="contact.id", max_length=32, index=True)
    service: str = Field(max_length=40)
    hub: str = Field(max_length=40)
    seconds: int
    call_safe: bool
    left_at: datetime = Field(sa_type=UTCDateTime)
    due_at: datetime = Field(sa_type=UTCDateTime)
    look_at: datetime = Field(sa_type=UTCDateTime)
    looks: int = 0
    kept_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    erased_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    owner: str | None = Field(default=None, foreign_key="staff.id", max_length=32, index=True)
    taken_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    told_late: bool = False
    done_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    how: str = Field(default="", max_length=20)
    __table_args__ = (
        sa.Index(
            "voicemail_due",
            "due_at",
            sqlite_where=sa.text("done_at IS NULL"),
            postgresql_where=sa.text("done_at IS NULL"),
        ),
        sa.Index(
            "voicemail_to_fetch",
            "look_at",
            sqlite_where=sa.text("erased_at IS NULL"),
            postgresql_where=sa.text("erased_at IS NULL"),
        ),
        sa.CheckConstraint("(owner IS NULL) = (taken_at IS NULL)", name="voicemail_owner"),
        sa.CheckConstraint("(done_at IS NULL) = (how = '')", name="voicemail_done"),
    )


class VoicemailSoundRow(SQLModel, table=True):
    """The sound of a message, sealed with its contact's key (S8)."""

    __tablename__ = "voicemail_sound"
    voicemail: str = Field(primary_key=True, foreign_key="voicemail.id", max_length=32)
    sound: bytes


class CallMarkRow(SQLModel, table=True):
    """What happened while somebody talked: who was on the line, and what a silent caller answered.

    A call has no transcript, so these are its record. `about` is a plain word of ours; `said` is
    what somebody typed, sealed with the contact's key (S8).
    """

    __tablename__ = "call_mark"
    contact: str = Field(primary_key=True, foreign_key="contact.id", max_length=32)
    number: int = Field(primary_key=True)
    at: datetime = Field(sa_type=UTCDateTime)
    by: str = Field(max_length=32)
    kind: str = Field(max_length=20)
    about: str = Field(default="", max_length=60)
    said: bytes | None = None


class UnsafeNumberRow(SQLModel, table=True):
    """A number that somebody else answered. Only its blind index is kept."""

    __tablename__ = "unsafe_number"
    service: str = Field(primary_key=True, max_length=40)
    number_index: bytes = Field(primary_key=True)
    at: datetime = Field(sa_type=UTCDateTime)


class EpochRow(SQLModel, table=True):
    """One row. It changes when a backup is restored; then every client starts again."""

    __tablename__ = "epoch"
    id: int = Field(primary_key=True)
    value: str = Field(max_length=32)


contacts = table_of(ContactRow)
assignments = table_of(AssignmentRow)
joinings = table_of(JoiningRow)
conflicts = table_of(ConflictRow)
conversations = table_of(ConversationRow)
messages = table_of(MessageRow)
notes = table_of(NoteRow)
notices = table_of(NoticeRow)
trackers = table_of(TrackerRow)
promises = table_of(PromiseRow)
voicemails = table_of(VoicemailRow)
voicemail_sounds = table_of(VoicemailSoundRow)
call_marks = table_of(CallMarkRow)
unsafe_numbers = table_of(UnsafeNumberRow)
epochs = table_of(EpochRow)
