"""The keys that lie in the database, wrapped: one a hub, and under it one a contact, person, case.

Opened keys are held in memory for a while; they never leave the process. Erasing a record is
deleting its data key (and its rows in the blind indexes).
"""

from __future__ import annotations

import threading
from collections import OrderedDict

import sqlalchemy as sa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlmodel import Field, SQLModel

from app import crypto, ids
from app.crypto import RootKeys, binding
from app.db import Work, table_of

MOST_OPEN = 20_000


class HubKeyRow(SQLModel, table=True):
    __tablename__ = "hub_key"
    id: str = Field(primary_key=True, max_length=32)
    service: str = Field(max_length=40)
    hub: str = Field(max_length=40)
    wrapped: bytes
    __table_args__ = (sa.UniqueConstraint("service", "hub"),)


class DataKeyRow(SQLModel, table=True):
    __tablename__ = "data_key"
    id: str = Field(primary_key=True, max_length=32)
    kind: str = Field(max_length=20)
    owner: str = Field(max_length=40, index=True)
    hub_key: str = Field(foreign_key="hub_key.id", max_length=32)
    wrapped: bytes


hub_keys = table_of(HubKeyRow)
data_keys = table_of(DataKeyRow)

# Built once: making a statement costs more than running it.
_HUB = sa.select(hub_keys).where(
    hub_keys.c.service == sa.bindparam("of"), hub_keys.c.hub == sa.bindparam("at")
)
_NEW = data_keys.insert()
_WRAPPED = (
    sa.select(data_keys.c.wrapped, hub_keys.c.id, hub_keys.c.wrapped.label("hub_wrapped"))
    .join(hub_keys, hub_keys.c.id == data_keys.c.hub_key)
    .where(data_keys.c.id == sa.bindparam("of"))
)


class Keyring:
    """Seals and opens fields. Safe to use from many threads."""

    def __init__(self, root: RootKeys) -> None:
        self.root = root
        self._open: OrderedDict[str, AESGCM] = OrderedDict()
        self._hubs: dict[str, AESGCM] = {}
        self._lock = threading.Lock()
        self._blind: dict[str, bytes] = {}

    def new_key(self, work: Work, kind: str, owner: str, service: str, hub: str) -> str:
        """Make a data key for one contact, person, case or member of staff; returns its id."""
        hub_id, hub_cipher = self._hub_key(work, service, hub)
        key_id, secret = ids.new(), crypto.new_secret()
        wrapped = crypto.seal(hub_cipher, bytes.fromhex(hub_id), secret, _bound("data_key", key_id))
        row = {"id": key_id, "kind": kind, "owner": owner, "hub_key": hub_id, "wrapped": wrapped}
        work.run(_NEW, row)
        self._keep(key_id, AESGCM(secret))
        return key_id

    def seal(
        self, work: Work, key_id: str, clear: str, table: str, column: str, identity: str
    ) -> bytes:
        return self.seal_bytes(work, key_id, clear.encode(), table, column, identity)

    def seal_bytes(
        self, work: Work, key_id: str, clear: bytes, table: str, column: str, identity: str
    ) -> bytes:
        cipher = self._data_key(work, key_id)
        return crypto.seal(cipher, bytes.fromhex(key_id), clear, binding(table, column, identity))

    def open(self, work: Work, sealed: bytes, table: str, column: str, identity: str) -> str:
        """Raises crypto.CannotOpen when the key is gone or the value is not this row's."""
        return self.open_bytes(work, sealed, table, column, identity).decode()

    def open_bytes(
        self, work: Work, sealed: bytes, table: str, column: str, identity: str
    ) -> bytes:
        cipher = self._data_key(work, crypto.key_of(sealed).hex())
        return crypto.unseal(cipher, sealed, binding(table, column, identity))

    def blind(self, service: str, value: str) -> bytes:
        """A blind index of a number in E.164, with a key of its own for each service."""
        if service not in self._blind:
            self._blind[service] = self.root.purpose(f"blind:{service}")
        return crypto.blind(self._blind[service], value)

    def _hub_key(self, work: Work, service: str, hub: str) -> tuple[str, AESGCM]:
        row = work.run(_HUB, {"of": service, "at": hub}).first()
        if row is not None:
            return row.id, self._unwrapped(row.id, row.wrapped)
        key_id, secret = ids.new(), crypto.new_secret()
        wrapped = self.root.wrap(secret, _bound("hub_key", key_id))
        if work.insert_once(hub_keys, id=key_id, service=service, hub=hub, wrapped=wrapped):
            return key_id, AESGCM(secret)
        return self._hub_key(work, service, hub)

    def _data_key(self, work: Work, key_id: str) -> AESGCM:
        with self._lock:
            cipher = self._open.get(key_id)
            if cipher is not None:
                self._open.move_to_end(key_id)
                return cipher
        row = work.run(_WRAPPED, {"of": key_id}).first()
        if row is None:
            raise crypto.CannotOpen
        hub = self._unwrapped(row.id, row.hub_wrapped)
        cipher = AESGCM(crypto.unseal(hub, row.wrapped, _bound("data_key", key_id)))
        self._keep(key_id, cipher)
        return cipher

    def _unwrapped(self, hub_id: str, wrapped: bytes) -> AESGCM:
        """By the row's own id, never by the hub's name: a row that is rolled back is no key."""
        cipher = self._hubs.get(hub_id)
        if cipher is None:
            cipher = AESGCM(self.root.unwrap(wrapped, _bound("hub_key", hub_id)))
            self._hubs[hub_id] = cipher
        return cipher

    def _keep(self, key_id: str, cipher: AESGCM) -> None:
        with self._lock:
            self._open[key_id] = cipher
            while len(self._open) > MOST_OPEN:
                self._open.popitem(last=False)


def _bound(table: str, key_id: str) -> bytes:
    return binding(table, "wrapped", key_id)
