"""Names for rows and secrets for people. Ids sort by time; tokens cannot be guessed."""

from __future__ import annotations

import secrets

from uuid_utils import uuid7


def new() -> str:
    """A UUIDv7 as 32 hex characters: unique, ordered by time, says nothing about its row."""
    return uuid7().hex


def token() -> str:
    """A secret of 192 random bits, safe in a header or a frame, never put in an address."""
    return secrets.token_urlsafe(24)
