"""The one tree of things that go wrong, each with a public code and a plain sentence.

FrontdoorError
├── Wrong      400  close 4002   the other side sent something we cannot use (S9)
├── Refused    403  close 4003   known, and not allowed
├── Missing    404  close 4003   absent and not-yours answer alike (S7)
├── Conflict   409  close 4002   the same id came with another body
├── Stale      409  close 4002   a claim came too late; the number in the row has moved on (S3)
├── TooLarge   413  close 4009   longer than we take
├── TooMuch    429  close 4029   slow down, with `after` seconds
├── Unknown    503  close 1013   the outcome of the commit is not known; send the same id again
└── Down       503  close 1013   something we stand on does not answer

Codes are mapped at three edges only: HTTP, websocket close codes, TwiML.
"""

from __future__ import annotations

from typing import ClassVar


class FrontdoorError(Exception):
    """`code` is stable and public, `words` one plain sentence for a person."""

    code: str = "error"
    status: ClassVar[int] = 500
    close: ClassVar[int] = 1011

    def __init__(self, words: str, *, code: str | None = None, after: float | None = None) -> None:
        super().__init__(words)
        self.words = words
        self.after = after
        if code is not None:
            self.code = code


class Wrong(FrontdoorError):
    code = "wrong"
    status = 400
    close = 4002


class Refused(FrontdoorError):
    code = "refused"
    status = 403
    close = 4003


class Missing(FrontdoorError):
    code = "missing"
    status = 404
    close = 4003

    def __init__(self, words: str = "Nothing here under that reference.") -> None:
        super().__init__(words)


class Conflict(FrontdoorError):
    code = "conflict"
    status = 409
    close = 4002


class Stale(FrontdoorError):
    code = "stale"
    status = 409
    close = 4002


class TooLarge(FrontdoorError):
    code = "too_long"
    status = 413
    close = 4009


class TooMuch(FrontdoorError):
    code = "slow_down"
    status = 429
    close = 4029


class Unknown(FrontdoorError):
    code = "unknown"
    status = 503
    close = 1013


class Down(FrontdoorError):
    code = "down"
    status = 503
    close = 1013


class Misconfigured(Exception):
    """The operator must change something before we can start. The message says what to do."""
