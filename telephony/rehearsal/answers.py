"""Answers of the carrier's API: refusals with their numbers, pages, and how forms are read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NoReturn, TypeVar
from urllib.parse import urlencode

from telephony.rehearsal.board import Switchboard
from telephony.rehearsal.resources import Json
from telephony.rehearsal.values import Asked

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Answer:
    """`body` None is an empty answer (204)."""

    status: int
    body: Json | None
    media: bytes | None = None
    """The bytes of a recording, instead of JSON."""


class Refused(Exception):
    def __init__(self, status: int, code: int, message: str) -> None:
        self.answer = refusal(status, code, message)


def refusal(status: int, code: int, message: str) -> Answer:
    """An error as the carrier writes it."""
    more = f"https://www.twilio.com/docs/errors/{code}"
    return Answer(status, {"code": code, "message": message, "more_info": more, "status": status})


def page(asked: Asked, key: str, found: Iterable[T], show: Callable[[T], Json]) -> Answer:
    """One page of a list, newest first, with the address of the next."""
    everything = list(found)
    number, size = natural(asked.one("Page"), 0), min(1000, natural(asked.one("PageSize"), 50))
    size = size or 50
    here = everything[number * size : (number + 1) * size]
    more = len(everything) > (number + 1) * size
    kept = {name: values[-1] for name, values in asked.form.items()}

    def uri(page: int) -> str:
        query = urlencode(kept | {"Page": str(page), "PageSize": str(size)})
        return f"/2010-04-01/{asked.path.strip('/')}?{query}"

    return Answer(
        200,
        {
            key: [show(one) for one in here],
            "page": number,
            "page_size": size,
            "start": number * size,
            "end": max(0, number * size + len(here) - 1),
            "uri": uri(number),
            "first_page_uri": uri(0),
            "next_page_uri": uri(number + 1) if more else None,
            "previous_page_uri": uri(number - 1) if number else None,
        },
    )


def events_of(
    board: Switchboard, asked: Asked, name: str, known: frozenset[str], default: str
) -> frozenset[str]:
    """One parameter per event. Words joined into one value are no event, and are shown."""
    given = asked.form.get(name)
    if not given:
        return frozenset(default.split())
    for unknown in sorted(set(given) - known):
        board.note(f"{name}={unknown[:60]!r} is no event", "one parameter for each", "error")
    return frozenset(given) & known


def natural(text: str | None, default: int) -> int:
    plain = text is not None and text.isascii() and text.isdigit() and len(text) < 7
    return int(text or "0") if plain else default


def method_of(asked: Asked, name: str, default: str = "POST") -> str:
    method = (asked.one(name) or default).upper()
    return method if method in ("GET", "POST") else default


def gone(what: str) -> Refused:
    return Refused(404, 20404, f"The requested resource {what} was not found")


def none(what: str) -> NoReturn:
    raise gone(what)
