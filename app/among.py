"""`among(column, ids)`: a row's id is one of many, as one statement for any number of them.

An IN list is another statement for each length, and every connection keeps what it has prepared.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class Ids(sa.types.TypeDecorator[Sequence[str]]):
    """A JSON text on SQLite, an array on PostgreSQL."""

    impl = sa.Text
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(ARRAY(sa.Text()))
        return dialect.type_descriptor(sa.Text())

    def process_bind_param(self, value: Sequence[str] | None, dialect: sa.Dialect) -> Any:
        ids = list(value or ())
        return ids if dialect.name == "postgresql" else msgspec.json.encode(ids).decode()


class _Among(FunctionElement[bool]):
    name = "among"
    inherit_cache = True
    type = sa.Boolean()


def among(
    column: sa.ColumnElement[Any], ids: Sequence[str] | sa.BindParameter[Any]
) -> sa.ColumnElement[bool]:
    """`ids`, or the `many` under whose name they will be given."""
    given = ids if isinstance(ids, sa.BindParameter) else sa.bindparam(None, list(ids), type_=Ids())
    return _Among(column, given)


def many(name: str) -> sa.BindParameter[Any]:
    """A place for ids in a statement that is written once."""
    return sa.bindparam(name, type_=Ids())


@compiles(_Among, "sqlite")
def _in_json(element: _Among, compiler: SQLCompiler, **how: Any) -> str:
    column, ids = (compiler.process(each, **how) for each in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({ids}))"


@compiles(_Among, "postgresql")
def _in_array(element: _Among, compiler: SQLCompiler, **how: Any) -> str:
    column, ids = (compiler.process(each, **how) for each in element.clauses)
    return f"{column} = ANY({ids})"
