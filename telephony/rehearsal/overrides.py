"""Connection overrides: the `#ct=..&rt=..&tt=..&rc=..&rp=..` fragment of a webhook's URL.

Source: "Webhooks (HTTP callbacks): Connection Overrides". The fragment is never sent nor signed.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

HARD_LIMIT = 15.0


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds to wait, how often to try again, and after which failures.

    The carrier's defaults: connect 5 s, read and total 15 s, one retry, on connect failure only.
    """

    connect: float = 5.0
    read: float = HARD_LIMIT
    total: float = HARD_LIMIT
    retries: int = 1
    retry_on: frozenset[str] = frozenset({"ct"})

    def tries_again(self, failure: str) -> bool:
        """`failure` is `ct`, `rt`, `4xx` or `5xx`."""
        return failure in self.retry_on or "all" in self.retry_on


def split(url: str) -> tuple[str, Patience]:
    """The URL as it is sent and signed, and the patience its fragment asks for."""
    address, _, fragment = url.partition("#")
    asked = {name: values[-1] for name, values in parse_qs(fragment).items()}
    policy = frozenset(asked.get("rp", "ct").split(","))
    return address, Patience(
        connect=_seconds(asked.get("ct"), 5.0, 10.0),
        read=_seconds(asked.get("rt"), HARD_LIMIT, HARD_LIMIT),
        total=_seconds(asked.get("tt"), HARD_LIMIT, HARD_LIMIT),
        retries=min(5, int(asked["rc"]))
        if asked.get("rc", "").isascii() and asked.get("rc", "").isdigit()
        else 1,
        retry_on=policy & {"4xx", "5xx", "ct", "rt", "all"} or frozenset({"ct"}),
    )


def is_absolute(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _seconds(text: str | None, default: float, most: float) -> float:
    if not text or not (text.isascii() and text.isdigit()):
        return default
    return min(most, max(0.1, int(text) / 1000))
