"""Rows of routing: seats, places in the queue, offers, decisions with their reason, the rota.

The constraints hold the promises of S3 even when the code is wrong: one open offer a contact, and
0 <= load <= capacity.
"""

from __future__ import annotations

from datetime import date, datetime, time

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from app.db import UTCDateTime, table_of


class SeatRow(SQLModel, table=True):
    """A place an advisor takes work in. Presence is the lease: nobody is free by memory.

    `break_reason` is NULL when they are not on a break. `away_by` is the lead who set them away.
    `lapses` counts offers that went by since they last answered one; after two they are asked
    whether they are there (`checking`). `after_hard`: a break is due after a hard contact.
    `duty_at` is when they last went on duty. `browser_leg`: calls ring in their browser, while its
    phone was heard of within `device_until`; else their own phone rings.
    """

    __tablename__ = "seat"
    staff: str = Field(primary_key=True, foreign_key="staff.id", max_length=32)
    service: str = Field(max_length=40, index=True)
    hub: str = Field(max_length=40)
    on_duty: bool = False
    seen_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    lease_until: datetime | None = Field(default=None, sa_type=UTCDateTime)
    idle_since: datetime = Field(sa_type=UTCDateTime)
    capacity: int
    load: int = 0
    duty_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    break_reason: str | None = Field(default=None, max_length=20)
    break_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    away_by: str | None = Field(default=None, max_length=32)
    lapses: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    checking: bool = Field(default=False, sa_column_kwargs={"server_default": sa.text("false")})
    after_hard: bool = Field(default=False, sa_column_kwargs={"server_default": sa.text("false")})
    browser_leg: bool = Field(default=False, sa_column_kwargs={"server_default": sa.text("false")})
    device_until: datetime | None = Field(default=None, sa_type=UTCDateTime)
    __table_args__ = (sa.CheckConstraint("load >= 0 AND load <= capacity", name="seat_load"),)


class PlaceRow(SQLModel, table=True):
    """A contact's place in the queue, from its first wait to its end.

    `hub` is where a lead or an advisor sent it; "" is the hub it belongs to.
    """

    __tablename__ = "place"
    contact: str = Field(primary_key=True, foreign_key="contact.id", max_length=32)
    service: str = Field(max_length=40, index=True)
    waits: bool = True
    queued_at: datetime = Field(sa_type=UTCDateTime)
    front: bool = False
    weight: int = 1
    rung: int = 0
    rung_until: datetime | None = Field(default=None, sa_type=UTCDateTime)
    asked_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    overflow: str = Field(default="", max_length=10)
    overflow_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    hub: str = Field(default="", max_length=40, sa_column_kwargs={"server_default": ""})


class OfferRow(SQLModel, table=True):
    """A contact held out to one seat. `answer` is "" while it is open.

    `giver` hands it over and keeps it until it is accepted; `assignment_no` is theirs, and fences
    the handing over. `raised` is by how many places the seat grew to hold it.
    """

    __tablename__ = "offer"
    id: int | None = Field(default=None, primary_key=True)
    contact: str = Field(foreign_key="contact.id", max_length=32, index=True)
    number: int
    staff: str = Field(foreign_key="staff.id", max_length=32, index=True)
    weight: int
    rung: int
    reason: str = Field(max_length=300)
    runner_up: str | None = Field(default=None, max_length=32)
    at: datetime = Field(sa_type=UTCDateTime)
    until: datetime = Field(sa_type=UTCDateTime)
    answer: str = Field(default="", max_length=12)
    answered_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    giver: str | None = Field(default=None, max_length=32)
    assignment_no: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    raised: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    __table_args__ = (
        sa.UniqueConstraint("contact", "number"),
        sa.Index(
            "offer_open",
            "contact",
            unique=True,
            sqlite_where=sa.text("answer = ''"),
            postgresql_where=sa.text("answer = ''"),
        ),
    )


class PauseRow(SQLModel, table=True):
    """A hub's queue at rest, from `at` to `until` or `ended_at`. It ends by itself."""

    __tablename__ = "pause"
    id: str = Field(primary_key=True, max_length=32)
    service: str = Field(max_length=40, index=True)
    hub: str = Field(max_length=40)
    reason: str = Field(max_length=20)
    by: str = Field(foreign_key="staff.id", max_length=32)
    at: datetime = Field(sa_type=UTCDateTime)
    until: datetime = Field(sa_type=UTCDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    __table_args__ = (
        sa.Index(
            "pause_open",
            "service",
            "hub",
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
    )


class DecisionRow(SQLModel, table=True):
    """What the router decided, and why. Written when it differs from the last."""

    __tablename__ = "decision"
    id: int | None = Field(default=None, primary_key=True)
    contact: str = Field(foreign_key="contact.id", max_length=32, index=True)
    at: datetime = Field(sa_type=UTCDateTime)
    kind: str = Field(max_length=10)
    rung: int
    staff: str | None = Field(default=None, max_length=32)
    reason: str = Field(max_length=300)


class ShiftRow(SQLModel, table=True):
    """One weekday of a weekly rule: a shift, or with `tier` 1 and up a turn on call.

    `start` and `end` are local; an end that is not after its start is on the next day.
    """

    __tablename__ = "shift"
    id: str = Field(primary_key=True, max_length=32)
    staff: str = Field(foreign_key="staff.id", max_length=32, index=True)
    service: str = Field(max_length=40, index=True)
    hub: str = Field(max_length=40)
    tier: int = 0
    weekday: int
    start: time
    end: time
    first: date
    last: date | None = None
    every: int = 1
    bank: str = Field(default="works", max_length=6)
    __table_args__ = (sa.CheckConstraint("weekday BETWEEN 0 AND 6", name="shift_weekday"),)


class ShiftDayRow(SQLModel, table=True):
    """One date beside the weekly rule: off (no times) or an extra shift. Local times."""

    __tablename__ = "shift_day"
    id: str = Field(primary_key=True, max_length=32)
    staff: str = Field(foreign_key="staff.id", max_length=32, index=True)
    service: str = Field(max_length=40, index=True)
    hub: str = Field(max_length=40)
    day: date
    start: time | None = None
    end: time | None = None


class SwapRow(SQLModel, table=True):
    """A shift of one date that `giver` hands to `taker`: asked, accepted, declined, set, undone."""

    __tablename__ = "swap"
    id: str = Field(primary_key=True, max_length=32)
    service: str = Field(max_length=40, index=True)
    giver: str = Field(foreign_key="staff.id", max_length=32, index=True)
    taker: str = Field(foreign_key="staff.id", max_length=32, index=True)
    day: date
    start: time
    end: time
    state: str = Field(max_length=10)
    asked_by: str = Field(max_length=32)
    asked_at: datetime = Field(sa_type=UTCDateTime)
    answered_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class RotaRow(SQLModel, table=True):
    """The number of one person's rota. Every edit moves it on, so that none is lost."""

    __tablename__ = "rota"
    staff: str = Field(primary_key=True, foreign_key="staff.id", max_length=32)
    service: str = Field(max_length=40, index=True)
    version: int
    edited_at: datetime = Field(sa_type=UTCDateTime)


seats = table_of(SeatRow)
places = table_of(PlaceRow)
offers = table_of(OfferRow)
pauses = table_of(PauseRow)
decisions = table_of(DecisionRow)
shifts = table_of(ShiftRow)
shift_days = table_of(ShiftDayRow)
swaps = table_of(SwapRow)
rotas = table_of(RotaRow)
