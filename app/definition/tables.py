"""Rows of definitions: each version of each service as canonical JSON, and what it claims.

A number or a site key belongs to one service: the claim's primary key holds that promise.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from app.db import UTCDateTime, table_of


class DefinitionRow(SQLModel, table=True):
    __tablename__ = "definition"
    __table_args__ = (sa.UniqueConstraint("service", "version"),)
    id: int | None = Field(default=None, primary_key=True)
    service: str = Field(max_length=40)
    version: int
    document: str = Field(sa_type=sa.Text)
    applied_at: datetime = Field(sa_type=UTCDateTime)
    applied_by: str = Field(max_length=40)


class ClaimRow(SQLModel, table=True):
    __tablename__ = "definition_claim"
    kind: str = Field(primary_key=True, max_length=10)
    value: str = Field(primary_key=True, max_length=40)
    service: str = Field(max_length=40, index=True)


definitions = table_of(DefinitionRow)
claims = table_of(ClaimRow)
