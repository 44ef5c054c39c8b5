"""First names of colleagues, each unsealed once in a look (S8)."""

from __future__ import annotations

from app.auth import staff
from app.db import Work
from app.keyring import Keyring


class Names:
    def __init__(self, work: Work, keyring: Keyring) -> None:
        self._work = work
        self._keyring = keyring
        self._known: dict[str, staff.Colleague] = {}

    def of(self, staff_id: str) -> staff.Colleague:
        if staff_id not in self._known:
            self._known[staff_id] = staff.colleague(self._work, self._keyring, staff_id)
        return self._known[staff_id]
