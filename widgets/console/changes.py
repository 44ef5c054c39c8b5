"""What changed on a desk since it was last told: is it worth a frame, and who went where."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from msgspec.structs import replace

from app.cases import acts as contacts
from app.db import Work
from app.keyring import Keyring
from widgets.console import frames
from widgets.console.names import Names

STILL = datetime(2000, 1, 1, tzinfo=UTC)
DIGITS = str.maketrans("", "", "0123456789")


def same(before: frames.Desk | None, after: frames.Desk) -> bool:
    """Whether nothing changed that is worth a frame: the seconds since a beat are not."""
    return before is not None and _still(before) == _still(after)


def _still(desk: frames.Desk) -> frames.Desk:
    """The desk without what runs by itself: the time, and the seconds in why somebody is free."""
    because = tuple(replace(one, words=_still_words(one.words)) for one in desk.you.because)
    others = tuple(replace(one, words=_still_words(one.words)) for one in desk.colleagues)
    return replace(desk, now=STILL, you=replace(desk.you, because=because), colleagues=others)


def _still_words(words: str) -> str:
    return words.translate(DIGITS)


def gone(before: frames.Desk | None, after: frames.Desk) -> list[str]:
    """Contacts that were this advisor's own and live, and are with them no more."""
    here = {one.contact for one in after.with_you}
    return [
        one.contact
        for one in (before.with_you if before else ())
        if one.state == "active" and not one.owner and one.contact not in here
    ]


def went(work: Work, keyring: Keyring, contact_ids: Sequence[str]) -> tuple[frames.Went, ...]:
    """Who has each of these now. Only for whoever held them a moment ago."""
    names = Names(work, keyring)
    owners = [(id_, contacts.load(work, id_).owner) for id_ in contact_ids]
    return tuple(
        frames.Went(id_, names.of(owner).first_name if owner else "") for id_, owner in owners
    )
