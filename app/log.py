"""Lines for operators: event codes and ids, never words, numbers or names (S8).

Redaction is the last step before a line is written: a key that may hold personal data is
dropped whatever its value, and anything that looks like a phone number or an e-mail is masked.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

_FORBIDDEN = {
    "text", "body", "words", "name", "email", "number", "phone", "from_", "to", "address",
    "password", "token", "authorization", "cookie", "form", "query", "ip", "client",
}  # fmt: skip
_NUMBER = re.compile(r"(?<![\w-])\+?\d(?:[ ()-]?\d){8,}(?![\w-])")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")

log: structlog.stdlib.BoundLogger = structlog.get_logger("frontdoor")


def redact(_: object, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key, value in list(event.items()):
        if key != "timestamp" and not key.startswith("_"):
            event[key] = _masked(key, value)
    return event


def _masked(key: str, value: Any) -> Any:
    if key.lower() in _FORBIDDEN:
        return "[kept out]"
    match value:
        case str():
            return _EMAIL.sub("[e-mail]", _NUMBER.sub("[number]", value))
        case dict():
            return {str(inner): _masked(str(inner), each) for inner, each in value.items()}
        case list() | tuple() | set() | frozenset():
            return [_masked("", each) for each in value]
        case _:
            return value


def _cause(_: object, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """An exception becomes its type and the places it passed, without its message or locals."""
    problem = event.pop("exc_info", None)
    if problem is True:
        problem = sys.exc_info()[1]
    elif isinstance(problem, tuple):
        problem = problem[1]
    if isinstance(problem, BaseException):
        event["error"] = type(problem).__name__
        places = []
        trace = problem.__traceback__
        while trace is not None:
            code = trace.tb_frame.f_code
            places.append(f"{code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}")
            trace = trace.tb_next
        event["at"] = " ".join(places[-6:])
    return event


NO_UTF8 = "Invalid UTF-8 sequence received from client."


def peers_fault(record: logging.LogRecord) -> bool:
    """A filter for the web server's own log: what a peer did wrong is no error of ours (S9).

    Text that is no UTF-8 closes a socket with 1007 and is a line of level info, as a bad frame is;
    else a stranger could fill the night with alarms.
    """
    if record.msg != NO_UTF8:
        return True
    record.levelno, record.levelname, record.exc_info = logging.INFO, "INFO", None
    return logging.getLogger().isEnabledFor(logging.INFO)


def configure(level: str = "INFO", shape: str = "auto") -> None:
    """`shape` is json, text, or auto (text on a terminal). Standard logging goes the same way."""
    text = shape == "text" or (shape == "auto" and sys.stderr.isatty())
    final: Any = (
        structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
        if text
        else structlog.processors.JSONRenderer()
    )
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _cause,
        redact,
    ]
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared,
                    structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )  # fmt: skip
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, final],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for chatty in ("uvicorn.access", "uvicorn.error", "httpx", "urllib3", "twilio", "alembic"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    logging.getLogger("uvicorn.error").addFilter(peers_fault)
