"""The last lines of a conversation, kept in memory for whoever reads along in this process.

Only committed lines come in (S1), so that a reader never sees what may yet be lost; a gap, or a
place further back, is answered with None: read the transcript. It dies with its last reader.
"""

from __future__ import annotations

from app.cases.model import Message

MOST_KEPT = 32


class Tail:
    """Lines without a gap, newest last."""

    __slots__ = ("__weakref__", "_lines")

    def __init__(self) -> None:
        self._lines: list[Message] = []

    def add(self, line: Message) -> None:
        """One more committed line. One that came before is not taken twice."""
        lines = self._lines
        if lines:
            last = lines[-1].seq
            if line.seq <= last:
                return
            if line.seq > last + 1:
                lines.clear()
            elif len(lines) == 2 * MOST_KEPT:
                del lines[:MOST_KEPT]
        lines.append(line)

    def after(self, seq: int) -> list[Message] | None:
        """All lines after a place, or None when they are not all here or none is."""
        lines = self._lines
        ahead = lines[-1].seq - seq if lines else 0
        return lines[-ahead:] if 0 < ahead <= len(lines) else None
