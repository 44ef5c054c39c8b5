"""May we reach this person now, on this channel, for this purpose? A Permit or a Refusal (S4).

Blank means no. So far two purposes can be permitted, when nothing forbids: a *reply*, to who is on
the line or wrote on this very channel within 30 minutes; and what was *asked for* in a contact,
within the hours they chose. A Permit runs out; whoever sends checks it again at the moment of
sending.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.cases.due import Window
from app.cases.model import Channel

REPLY_WINDOW = timedelta(minutes=30)


class Purpose(StrEnum):
    REPLY = "reply"
    ASKED_FOR = "asked_for"
    """Agreed in this contact."""
    FIRST_CONTACT = "first_contact"
    """After a referral."""
    DANGER_TO_LIFE = "danger_to_life"


@dataclass(frozen=True)
class SafeContact:
    """What is known about reaching one person on one channel. Everything blank means no."""

    on_the_line: bool = False
    last_word_at: datetime | None = None
    """Their last word on this very channel; ours do not count."""
    number_known: bool = True
    """False when the number is withheld: a withheld number is no number (S6)."""
    opted_out: bool = False
    """They texted STOP, and the carrier would refuse us."""
    forbidden: str = ""
    """Why an advisor wrote that this channel is not safe."""
    asked_for: Window | None = None
    """The hours in which they asked to be reached: those open now, else the next."""


@dataclass(frozen=True)
class Permit:
    """Leave to reach them once more. It names what it is for and when it runs out."""

    purpose: Purpose
    channel: Channel
    until: datetime

    def holds(self, channel: Channel, now: datetime) -> bool:
        return channel is self.channel and now < self.until


@dataclass(frozen=True)
class Refusal:
    """`why` is a plain sentence for the advisor; `allowed_from` None when waiting will not help."""

    why: str
    allowed_from: datetime | None = None


def decide(
    purpose: Purpose, channel: Channel, facts: SafeContact, now: datetime
) -> Permit | Refusal:
    """What forbids comes first, whatever the purpose."""
    if not facts.number_known:
        return Refusal("Their number is withheld.")
    if facts.forbidden:
        return Refusal(f"Not safe on this channel: {facts.forbidden}")
    if facts.opted_out:
        return Refusal("They texted STOP. They must text START before we can answer.")
    match purpose:
        case Purpose.REPLY:
            return _reply(channel, facts, now)
        case Purpose.ASKED_FOR:
            return _asked_for(channel, facts, now)
        case Purpose.FIRST_CONTACT:
            return Refusal("No safe way to reach them is written down.")
        case Purpose.DANGER_TO_LIFE:
            return Refusal("Danger to life is decided by a person, not by this line.")


def _reply(channel: Channel, facts: SafeContact, now: datetime) -> Permit | Refusal:
    if facts.on_the_line:
        return Permit(Purpose.REPLY, channel, now + REPLY_WINDOW)
    if facts.last_word_at is None:
        return Refusal("They have not written here.")
    until = facts.last_word_at + REPLY_WINDOW
    if now >= until:
        return Refusal("Their last message is more than 30 minutes old. It may not be safe now.")
    return Permit(Purpose.REPLY, channel, until)


def _asked_for(channel: Channel, facts: SafeContact, now: datetime) -> Permit | Refusal:
    window = facts.asked_for
    if window is None:
        return Refusal("Nobody has written down that they asked for this.")
    if not window.opens <= now < window.closes:
        return Refusal(f"Not now. They asked for {window.words}.", window.opens)
    return Permit(Purpose.ASKED_FOR, channel, window.closes)
