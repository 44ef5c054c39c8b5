"""Words that staff read for the values of the record. Unknown is a word too, never a gap."""

from __future__ import annotations

from app.cases.model import Channel, HowEnded, State

NOT_ASKED = "Not asked yet"
NOT_KNOWN = "Not known"

CHANNELS: dict[str, tuple[str, str]] = {
    Channel.CHAT: ("Chat", "chat"),
    Channel.VOICE: ("Call", "call"),
    Channel.SMS: ("Text", "text"),
}
"""The word, and the icon that goes with it."""

STATES: dict[str, tuple[str, str, str]] = {
    State.WAITING: ("waiting", "clock", ""),
    State.OFFERED: ("offered", "bell", "amber"),
    State.ACTIVE: ("talking", "chat", ""),
    State.WRAPPING: ("wrap-up", "message", ""),
}
"""The word, its icon, its tone."""

ENDINGS: dict[str, tuple[str, str, str]] = {
    HowEnded.WRAPPED_UP: ("wrapped up", "tick", "good"),
    HowEnded.ADVISOR_ENDED: ("wrapped up", "tick", "good"),
    HowEnded.PERSON_ENDED: ("ended by the person", "tick", "good"),
    HowEnded.QUICK_EXIT: ("left quickly", "left", "amber"),
    HowEnded.CLOSED_PAGE: ("closed the page", "left", "amber"),
    HowEnded.LOST_SIGNAL: ("lost signal", "gone", "amber"),
    HowEnded.HUNG_UP_WAITING: ("hung up waiting", "hang-up", "bad"),
    HowEnded.HANDED_TO_NUMBER: ("handed to a number", "call", "amber"),
    HowEnded.NUMBER_GIVEN: ("given the number", "message", "amber"),
    HowEnded.CALL_BACK: ("call back promised", "call", "good"),
    HowEnded.VOICEMAIL: ("voicemail", "message", "amber"),
}

TYPES = {
    "support": "Support",
    "information": "Information",
    "wrong_number": "Wrong number",
    "test": "Test",
}
OUTCOMES = {
    "support_given": "Support given",
    "information_given": "Information given",
    "signposted": "Pointed to another service",
    "emergency": "Emergency services called",
    "ended_early": "Ended before help was given",
    "no_words": "No words, or silent",
}
SPEAKING = {
    "person": "The person themselves",
    "family": "Family or friend",
    "professional": "A professional",
    "witness": "A witness",
    "harmed": "A person who harmed",
}
REPORTED = {"yes": "Reported to police", "no": "Not reported to police"}
SAFE_CONTACT = {"yes": "Asked", "no": "Not asked"}
AGES = {"adult": "Adult", "under18": "Under 18"}
GENDERS = {"woman": "A woman, please", "man": "A man, please"}
"""Of the worker, when they asked."""
URGENCIES = {"danger": "In danger", "today": "Needs help today"}
ACCESS = {"interpreter": "Interpreter needed"}
FOUND = {
    "exact": "outward code",
    "range": "outward code",
    "area": "area",
    "town": "town",
    "line": "the line called",
    "menu": "a key pressed",
    "not said": "rather not say",
    "unknown": "not known",
}
LANGUAGES = {"en": "English", "cy": "Welsh", "pl": "Polish", "ur": "Urdu", "ro": "Romanian"}


def word(table: dict[str, str], value: str, unknown: str = NOT_KNOWN) -> str:
    """The word for a value; a value we have no word for is shown as it is."""
    return table.get(value, value) if value else unknown
