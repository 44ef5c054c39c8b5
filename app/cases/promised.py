"""What a call-back is: the wish, the promise, and what came of it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.cases.due import When
from app.cases.model import Channel


class How(StrEnum):
    """What came of a call-back."""

    SPOKE = "spoke"
    NO_ANSWER = "no_answer"
    NO_MESSAGE = "no_message"
    """A voicemail answered, and nothing was said to it."""
    LEFT_MESSAGE = "left_message"
    """Only where a voicemail was agreed to."""
    SOMEONE_ELSE = "someone_else"
    """Somebody else answered: the number is not safe, and is never offered again."""


@dataclass(frozen=True)
class CallBack:
    """What somebody asked for. `number` in E.164; `when` a word of due.When; the rest their own
    words: what to say if someone else answers, who to ask for, and the sentence they agreed to."""

    number: str
    when: str
    voicemail: bool
    say: str = ""
    who: str = ""
    agreed_words: str = ""


@dataclass(frozen=True)
class Promise:
    """A call-back as everyone who may see it sees it: without its number."""

    id: str
    contact: str
    service: str
    hub: str
    channel: Channel
    """How they came, and asked."""
    when: When
    voicemail: bool
    asked_at: datetime
    due_at: datetime
    owner: str | None
    """Staff id of who took it; until then the hub owns it."""
    taken_at: datetime | None
    done_at: datetime | None
    how: How | None
    replaced_at: datetime | None
    visitor: str
    """Where the person is since: here, left quickly, ..."""
    changed: bool
    """It replaced an earlier wish of the same contact."""
    number_ends: str = ""
    """The last three digits, in the answer to who asked and nowhere else."""

    def late(self, now: datetime) -> bool:
        return self.done_at is None and self.replaced_at is None and self.due_at <= now
