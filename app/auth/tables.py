"""Rows of staff, their sessions and their one-use tickets. Names and numbers are sealed (S8)."""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from app.db import UTCDateTime, table_of


class StaffRow(SQLModel, table=True):
    __tablename__ = "staff"
    id: str = Field(primary_key=True, max_length=32)
    service: str = Field(max_length=40, index=True)
    hub: str = Field(max_length=40)
    role: str = Field(max_length=20)
    email_index: bytes = Field(unique=True)
    password: str = Field(max_length=200)
    key_id: str = Field(foreign_key="data_key.id", max_length=32)
    first_name: bytes
    name: bytes
    phone: bytes | None = None
    skills: str = Field(default="", max_length=400)
    languages: str = Field(default="en", max_length=100)
    lapses: str = Field(default="", max_length=600, sa_column_kwargs={"server_default": ""})
    """Skills that must be renewed, as in "young-people@2027-03-31"; the last day counts."""
    gender: str = Field(default="", max_length=10, sa_column_kwargs={"server_default": ""})
    supervisor: str = Field(default="", max_length=32, sa_column_kwargs={"server_default": ""})
    vetted_until: date | None = None
    """The last day of their vetting; None when it needs no renewal."""
    capacity: int = 2
    active: bool = True


class SessionRow(SQLModel, table=True):
    __tablename__ = "session"
    token_hash: bytes = Field(primary_key=True)
    staff: str = Field(foreign_key="staff.id", max_length=32, index=True)
    made_at: datetime = Field(sa_type=UTCDateTime)
    seen_at: datetime = Field(sa_type=UTCDateTime)


class TicketRow(SQLModel, table=True):
    __tablename__ = "ticket"
    token_hash: bytes = Field(primary_key=True)
    staff: str = Field(foreign_key="staff.id", max_length=32)
    session: bytes
    until: datetime = Field(sa_type=UTCDateTime)


staff = table_of(StaffRow)
sessions = table_of(SessionRow)
tickets = table_of(TicketRow)
