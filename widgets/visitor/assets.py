"""The frame's own files: read once, comments dropped, pressed once, named by what is in them.

A changed file has a new address, so an answer may be kept and is never out of date.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from widgets.visitor.bundle import bundled

FOLDER = Path(__file__).parent / "assets"
TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}
LOADER = "embed.js"
ENTRY = "frame.js"
DEMO = "demo.css"
ALONE = ("alarm.js", ENTRY, LOADER)
"""The scripts that a page asks for by name. All others go inside the entry."""

COMMENT_LINES = re.compile(
    r"^[ \t]*(?:/\*(?:(?!\*/).)*\*/|//[^\n]*)[ \t]*\n", re.DOTALL | re.MULTILINE
)
INLINE_TYPES = re.compile(r"/\*\* @\w+ [^*\n]*\*/ ?")
INDENT = re.compile(r"^[ \t]+", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Asset:
    """`plain` and `pressed` (gzip) are the same words."""

    name: str
    type: str
    plain: bytes
    pressed: bytes


@dataclass(frozen=True, slots=True)
class Assets:
    files: dict[str, Asset]
    build: str


def press(plain: bytes) -> bytes:
    return gzip.compress(plain, 9, mtime=0)


def lighter(text: str) -> str:
    """Without indents and lines of comment. Our files have no text of many lines to spoil."""
    return INDENT.sub("", INLINE_TYPES.sub("", COMMENT_LINES.sub("", text)))


def asset(name: str, text: str) -> Asset:
    plain = text.encode()
    return Asset(name, TYPES[Path(name).suffix], plain, press(plain))


def load(folder: Path = FOLDER) -> Assets:
    """Every file of the folder. `build` is ten characters of the sum of them all."""
    paths = sorted(path for path in folder.iterdir() if path.suffix in TYPES)
    texts = {path.name: lighter(path.read_text(encoding="utf-8")) for path in paths}
    texts[ENTRY] = bundled(texts, ENTRY)
    served = {name for name in texts if name in ALONE or not name.endswith(".js")}
    files = {name: asset(name, texts[name]) for name in sorted(served)}
    total = hashlib.sha256()
    for each in files.values():
        total.update(each.name.encode() + b"\0" + each.plain)
    return Assets(files, total.hexdigest()[:10])
