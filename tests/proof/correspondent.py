"""One side of one conversation, keeping the rules of chat/PROTOCOL.md and writing down all it saw.

Frames go in and frames come out; `tests.proof.lines` carries them. Every text is unique.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from app import ids
from tests.proof.recording import (
    Acked,
    HandedOn,
    Heard,
    Recording,
    Refused,
    Resumed,
    Said,
    SaidAgain,
    Welcomed,
)

Frame = dict[str, Any]
IN_FLIGHT = 4
MOST_ON_A_LINE = 15
"""New words on one line, so that with those sent again the visitor's pace is kept."""
PASSING = frozenset({"unknown", "down", "slow_down", "not_open"})
"""Errors that say: the same id again, later."""


@dataclass
class Correspondent:
    recording: Recording
    chatty: bool = False
    """Says something new whenever there is room for it."""
    filler: str = ""
    cursor: Frame | None = None
    pending: dict[str, str] = field(default_factory=dict)
    welcomed: bool = False
    handed_on: bool = False
    acks: int = 0
    _said: int = 0
    _said_here: int = 0
    _dialled: float = 0.0
    _resuming: int | None = None

    @property
    def at(self) -> int:
        return self.cursor["seq"] if self.cursor else 0

    @property
    def behind(self) -> bool:
        """Whether the welcome promised lines that have not come yet."""
        return self._resuming is not None

    def hand_on(self) -> None:
        """Whoever wrote here was lost for too long: a colleague has the chat, or will have."""
        if not self.handed_on:
            self.handed_on = True
            self.pending.clear()
            self.recording.events.append(HandedOn())

    def dialled(self, now: float) -> None:
        """A new line is tried."""
        self.welcomed, self._dialled, self._resuming = False, now, None

    def says(self) -> Frame | None:
        """New words; the frame, once there is a line to send it on."""
        self._said += 1
        client_id = ids.new()
        text = f"{self.recording.who}, number {self._said}{self.filler}"
        self.pending[client_id] = text
        self.recording.events.append(Said(client_id, text))
        return self._say(client_id) if self.welcomed else None

    def goes_on(self) -> list[Frame]:
        """What a chatty side says now."""
        frames: list[Frame] = []
        while (
            self.chatty
            and self.welcomed
            and not self.handed_on
            and len(self.pending) < IN_FLIGHT
            and self._said_here < MOST_ON_A_LINE
        ):
            self._said_here += 1
            frame = self.says()
            if frame is not None:
                frames.append(frame)
        return frames

    def says_again(self, client_id: str) -> list[Frame]:
        """After a slow-down, or when nobody can tell. Nothing when it was kept meanwhile."""
        if client_id not in self.pending or not self.welcomed:
            return []
        self.recording.events.append(SaidAgain(client_id))
        return [self._say(client_id)]

    def takes(self, frame: Frame, now: float) -> list[Frame]:
        """One frame from the server; what to send for it."""
        record = self.recording.events
        answers: list[Frame] = []
        match frame["t"]:
            case "welcome":
                answers = self._welcome(frame)
            case "ack":
                client_id = frame["client_id"].replace("-", "")
                self.pending.pop(client_id, None)
                record.append(Acked(client_id, frame["seq"]))
                self.acks += 1
                self._place(frame["seq"])
            case "message":
                record.append(Heard(frame["seq"], frame["text"], frame["conversation"]))
                if "client_id" in frame:
                    self.pending.pop(frame["client_id"].replace("-", ""), None)
                if not self._place(frame["seq"]) and frame["seq"] > self.at:
                    answers = [self._frame("since", cursor=self.cursor)]
            case "error" if frame.get("client_id"):
                record.append(Refused(frame["client_id"].replace("-", ""), frame["code"]))
            case _:
                pass
        if self._resuming is not None and self.at >= self._resuming:
            self._resuming = None
            record.append(Resumed(now - self._dialled))
        return answers

    def _welcome(self, frame: Frame) -> list[Frame]:
        events = self.recording.events
        events.append(Welcomed(frame["epoch"], frame["seq"], self.at, frame["reset"]))
        if frame["reset"] or self.cursor is None:
            self.cursor = {"epoch": frame["epoch"], "seq": 0}
        self.recording.conversation = frame["conversation"]
        self.welcomed, self._said_here, self._resuming = True, 0, frame["seq"]
        events += [SaidAgain(client_id) for client_id in self.pending]
        return [self._say(client_id) for client_id in self.pending]

    def _place(self, seq: int) -> bool:
        if self.cursor is None or seq != self.at + 1:
            return False
        self.cursor = {**self.cursor, "seq": seq}
        return True

    def _say(self, client_id: str) -> Frame:
        return self._frame("say", client_id=client_id, text=self.pending[client_id])

    def _frame(self, kind: str, **more: Any) -> Frame:
        return {"t": kind, "conversation": self.recording.conversation, **more}
