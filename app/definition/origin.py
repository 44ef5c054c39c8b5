"""Web addresses a site may name: the origins that embed it, and where "Leave now" goes. Pure."""

from __future__ import annotations

import re
from ipaddress import ip_address
from urllib.parse import urlsplit

_HOST = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))*")


def origin_of(text: str) -> str | None:
    """`https://host[:port]`, or http for this machine alone, as a browser writes it.

    A path, a name, a wildcard or a default port is dropped; None when no safe origin is left.
    """
    try:
        parts = urlsplit(text.strip())
        host, port = (parts.hostname or ""), parts.port
    except ValueError:
        return None
    if not _is_host(host) or not (parts.scheme == "https" or _plain_here(parts.scheme, host)):
        return None
    shown = f"[{host}]" if ":" in host else host
    default = {"https": 443, "http": 80}[parts.scheme]
    return f"{parts.scheme}://{shown}" + (f":{port}" if port and port != default else "")


def is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def is_https(text: str) -> bool:
    """A whole https address, without a name or a password in it."""
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        return False
    plain = re.fullmatch(r"[!-~]+", text) is not None
    return plain and parts.scheme == "https" and _is_host(parts.hostname or "") and "@" not in text


def _plain_here(scheme: str, host: str) -> bool:
    return scheme == "http" and is_loopback(host)


def _is_host(host: str) -> bool:
    if ":" in host:
        try:
            ip_address(host)
        except ValueError:
            return False
        return True
    return _HOST.fullmatch(host) is not None
