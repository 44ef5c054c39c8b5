"""Alembic's entry. The connection and the metadata come from app.migrate, not from a file."""

from typing import Any, Literal

from alembic import context
from sqlmodel.sql.sqltypes import AutoString

from app.db import UTCDateTime


def spelled(kind: str, item: Any, _: Any) -> str | Literal[False]:
    """Steps name plain types, so that they stay true when the tables' classes move on."""
    if kind == "type" and isinstance(item, AutoString):
        return f"sa.String({item.length or ''})"
    if kind == "type" and isinstance(item, UTCDateTime):
        return "app.db.UTCDateTime()"
    return False


config = context.config
connection = config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=config.attributes["metadata"],
    render_as_batch=connection.dialect.name == "sqlite",
    render_item=spelled,
    compare_type=True,
)
context.run_migrations()
