"""What the browser is told about each visitor answer: opaque, never kept, framed only by its site.

Keeps S5. The sandbox makes the frame's origin opaque, so cookies and storage cannot exist;
its three last words keep the exit link, `tel:` links and "open in a new tab" alive. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

ORIGIN = re.compile(r"https?://[A-Za-z0-9.*:\[\]-]+")
SANDBOX = (
    "sandbox allow-scripts allow-forms allow-top-navigation-by-user-activation "
    "allow-popups allow-popups-to-escape-sandbox"
)
FEATURES = (
    "accelerometer", "autoplay", "camera", "clipboard-read",
    "clipboard-write", "display-capture", "encrypted-media", "fullscreen", "gamepad",
    "geolocation", "gyroscope", "hid", "identity-credentials-get", "idle-detection",
    "local-fonts", "magnetometer", "microphone", "midi", "payment", "picture-in-picture",
    "publickey-credentials-get", "screen-wake-lock", "serial", "storage-access", "usb",
    "xr-spatial-tracking",
)  # fmt: skip
NOTHING_ALLOWED = ", ".join(f"{feature}=()" for feature in FEATURES)

COMMON = {
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
}
NEVER_KEPT = {**COMMON, "Cache-Control": "no-store", "Permissions-Policy": NOTHING_ALLOWED}


def socket_origin(public_url: str) -> str:
    """The origin of the chat socket: wss, or ws on this machine."""
    parts = urlsplit(public_url)
    return f"{'wss' if parts.scheme == 'https' else 'ws'}://{parts.netloc}"


def page(public_url: str, framed_by: Iterable[str]) -> dict[str, str]:
    """Headers of the frame page. `framed_by` are origins; none means it stands on its own."""
    ancestors = " ".join(origin for origin in framed_by if ORIGIN.fullmatch(origin)) or "'none'"
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        f"font-src 'self'; connect-src 'self' {socket_origin(public_url)}; base-uri 'none'; "
        f"object-src 'none'; form-action 'none'; frame-ancestors {ancestors}; "
        f"require-trusted-types-for 'script'; {SANDBOX}"
    )
    return {**NEVER_KEPT, "Content-Security-Policy": policy}


def preview(public_url: str, site: str, by: str) -> dict[str, str]:
    """Headers of a preview, framed by the console alone (`by` is its origin).

    It may ask for its words in another language and for nothing else: no line can be opened.
    """
    ancestor = by if ORIGIN.fullmatch(by) else "'none'"
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        f"font-src 'self'; connect-src {public_url}/w/{site}/words/; base-uri 'none'; "
        f"object-src 'none'; form-action 'none'; frame-ancestors {ancestor}; "
        "require-trusted-types-for 'script'; sandbox allow-scripts"
    )
    return {**NEVER_KEPT, "Content-Security-Policy": policy}


def asset(kept: str) -> dict[str, str]:
    """Headers of a file the frame or the host page takes; the frame has no origin to match."""
    return {
        **COMMON,
        "Cache-Control": kept,
        "Access-Control-Allow-Origin": "*",
        "Cross-Origin-Resource-Policy": "cross-origin",
    }


def host(public_url: str) -> dict[str, str]:
    """Headers of the demo charity page: a strict policy, as a careful charity would send."""
    policy = (
        f"default-src 'none'; script-src {public_url}; style-src 'self'; "
        f"frame-src {public_url}; img-src 'self'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    )
    return {**COMMON, "Cache-Control": "no-store", "Content-Security-Policy": policy}
