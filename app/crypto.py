"""Keys and sealing. A root key outside the database wraps hub keys, which wrap data keys.

Sealed bytes are `version(1) | key id(16) | nonce(12) | AES-256-GCM ciphertext and tag`, bound to
table, column and an identity that never changes, so that a value moved to another row does not
open (S8). Linking and merging move rows; they never touch ciphertext.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.errors import Misconfigured

VERSION = b"\x01"
NONCE = 12


class CannotOpen(Exception):
    """The seal does not fit this key, table, column or identity. Says nothing more."""


def binding(table: str, column: str, identity: str) -> bytes:
    return f"{table}\0{column}\0{identity}".encode()


def seal(cipher: AESGCM, key_id: bytes, clear: bytes, bound_to: bytes) -> bytes:
    """`key_id` is 16 bytes."""
    nonce = os.urandom(NONCE)
    return VERSION + key_id + nonce + cipher.encrypt(nonce, clear, bound_to)


def key_of(sealed: bytes) -> bytes:
    if len(sealed) < 1 + 16 + NONCE + 16 or sealed[:1] != VERSION:
        raise CannotOpen
    return sealed[1:17]


def unseal(cipher: AESGCM, sealed: bytes, bound_to: bytes) -> bytes:
    key_of(sealed)
    try:
        return cipher.decrypt(sealed[17 : 17 + NONCE], sealed[17 + NONCE :], bound_to)
    except InvalidTag:
        raise CannotOpen from None


def new_secret() -> bytes:
    return AESGCM.generate_key(256)


def derive(secret: bytes, purpose: str) -> bytes:
    """32 bytes for one purpose. HKDF-SHA256, RFC 5869."""
    return HKDF(SHA256(), 32, salt=None, info=purpose.encode()).derive(secret)


def blind(secret: bytes, value: str) -> bytes:
    """A blind index: 16 bytes of HMAC-SHA256, equal for equal values, opaque without the key."""
    return hmac.new(secret, value.encode(), hashlib.sha256).digest()[:16]


@dataclass(frozen=True)
class RootKeys:
    """The first key wraps; all of them unwrap, so that a root can be rotated."""

    keys: tuple[tuple[bytes, bytes], ...]
    """(id of 16 bytes, secret of 32 bytes), newest first."""

    def wrap(self, secret: bytes, bound_to: bytes) -> bytes:
        key_id, root = self.keys[0]
        return seal(AESGCM(derive(root, "wrap")), key_id, secret, bound_to)

    def unwrap(self, wrapped: bytes, bound_to: bytes) -> bytes:
        wanted = key_of(wrapped)
        for key_id, root in self.keys:
            if key_id == wanted:
                return unseal(AESGCM(derive(root, "wrap")), wrapped, bound_to)
        raise CannotOpen

    def purpose(self, name: str) -> bytes:
        """A key for one purpose that must outlive rotation: derived from the oldest root."""
        return derive(self.keys[-1][1], name)


def make_root_keys() -> str:
    """The text of a new key file: one line a key, id and secret."""
    return (
        "# Frontdoor root keys. Whoever has this file and the database can read everything.\n"
        "# Keep a copy somewhere else. Without it the records cannot be opened again.\n"
        f"{secrets.token_hex(16)} {base64.b64encode(new_secret()).decode()}\n"
    )


def read_root_keys(path: Path) -> RootKeys:
    """Raises Misconfigured with what to do when the file is absent, open to others, or damaged."""
    try:
        if path.stat().st_mode & 0o077:
            raise Misconfigured(f"The key file {path} can be read by others. Run: chmod 600 {path}")
        lines = path.read_text("ascii").splitlines()
    except (OSError, UnicodeDecodeError):
        raise Misconfigured(
            f"The key file {path} cannot be read. Make one with: frontdoor keys new {path}"
        ) from None
    keys = []
    for line in lines:
        if not line.strip() or line.startswith("#"):
            continue
        try:
            key_id, secret = line.split()
            pair = (bytes.fromhex(key_id), base64.b64decode(secret, validate=True))
        except ValueError:
            pair = (b"", b"")
        if len(pair[0]) != 16 or len(pair[1]) != 32:
            raise Misconfigured(f"The key file {path} is damaged. Put back your copy of it.")
        keys.append(pair)
    if not keys:
        raise Misconfigured(f"The key file {path} holds no key. Put back your copy of it.")
    return RootKeys(tuple(keys))


def write_root_keys(path: Path) -> None:
    """Make a key file that only its owner can read. Never overwrites one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(make_root_keys())
        file.flush()
        os.fsync(file.fileno())
