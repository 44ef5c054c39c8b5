"""What is to be asked of the carrier after the commit: a row of the outbox, there once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from app.bus import Hint
from app.db import Work
from telephony.tables import outbox


def put_out(work: Work, id_: str, kind: str, *, after: float = 0.0, **values: Any) -> None:
    """The same id is the same errand. `after`: seconds from now before it is sent."""
    blank = {"call": "", "number": 0, "step": "", "assignment": 0, "staff": "", "text": ""}
    work.insert_once(
        outbox, id=id_, kind=kind, state="due", outcome="", tries=0,
        due_at=work.now + timedelta(seconds=after), made_at=work.now, **(blank | values),
    )  # fmt: skip
    work.announce(Hint("outbox", ""))
