"""What a text message is, coming in and going out: forms to events, delivery ranks, segments.

A delivery state has a rank and never goes back, whatever order the carrier reports in.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from telephony.numbers import number_of

LONGEST: Final = 1600  # characters the carrier takes in one message (its error 21617)
VALID_MINUTES: Final = 10  # a late text may reach the wrong eyes

RANK: Final = {
    "accepted": 1,
    "scheduled": 1,
    "queued": 2,
    "sending": 3,
    "sent": 4,
    "delivered": 6,
    "undelivered": 6,
    "failed": 6,
    "canceled": 6,
    "read": 7,
}

OPTED_OUT: Final = 21610
LANDLINE: Final = frozenset({"21614", "21635", "30006"})
"""The carrier's errors for a number that is no mobile."""
LANDLINE_WORDS: Final = "it is a landline, which may read a text aloud."
WHY: Final = {
    "21211": "The number is not right.",
    "21408": "Texts to that country are not allowed.",
    "21610": "They texted STOP. We cannot answer until they text START.",
    "21612": "The phone network has no way to that number.",
    "21614": "That number is no mobile. A landline may read a text aloud.",
    "21617": "The text was too long.",
    "21635": "That number is no mobile. A landline may read a text aloud.",
    "30003": "Their phone is off, or out of reach.",
    "30005": "That number is not in use.",
    "30006": "That number is no mobile. A landline may read a text aloud.",
    "30007": "The phone network held the text back.",
    "30008": "The text was lost on its way.",
    "30036": "It could not be delivered in time, and was thrown away.",
}
"""What the carrier's error numbers mean for the advisor."""

# The carrier itself answers these single words, and blocks our answers after the first group.
STOP_WORDS: Final = frozenset(
    ["STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"]
)
START_WORDS: Final = frozenset({"START", "YES", "UNSTOP"})
HELP_WORDS: Final = frozenset({"HELP", "INFO"})

_GSM = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ ÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_DOUBLE = set("^{}\\[~]|€\f")


@dataclass(frozen=True, slots=True)
class TextArrived:
    """`sender` is None when it is no number that we may answer."""

    message: str
    sender: str | None
    line: str
    body: str
    media: int = 0

    @property
    def keyword(self) -> str:
        """ "stop", "start", "help" when the carrier acts on this very word, else ""."""
        word = self.body.strip().upper()
        if word in STOP_WORDS:
            return "stop"
        if word in START_WORDS:
            return "start"
        return "help" if word in HELP_WORDS else ""


@dataclass(frozen=True, slots=True)
class TextStatus:
    message: str
    status: str
    error: str = ""

    @property
    def rank(self) -> int:
        """Higher is later; 0 for a word we do not know, which changes nothing."""
        return RANK.get(self.status, 0)


def text_arrived(form: Mapping[str, str]) -> TextArrived | None:
    """The text in the carrier's form, or None without a message id."""
    message = form.get("MessageSid") or form.get("SmsSid") or form.get("SmsMessageSid")
    if not message:
        return None
    media = form.get("NumMedia", "0")
    return TextArrived(
        message=message[:64],
        sender=number_of(form.get("From")),
        line=form.get("To", "").strip(),
        body=form.get("Body", ""),
        media=int(media) if media.isascii() and media.isdigit() and len(media) < 3 else 0,
    )


def text_status(form: Mapping[str, str]) -> TextStatus | None:
    message = form.get("MessageSid") or form.get("SmsSid")
    if not message:
        return None
    status = form.get("MessageStatus") or form.get("SmsStatus") or ""
    return TextStatus(message[:64], status, form.get("ErrorCode", "")[:8])


def why_not(error: str, otherwise: str) -> str:
    """Why a text did not arrive, in words; `otherwise` for an error that tells nobody anything."""
    said = WHY.get(error)
    return f"{otherwise} {said}" if said else otherwise


def is_landline(number: str) -> bool:
    """A UK number of a house or a business: a text there may be read aloud to whoever is near."""
    return number.startswith(("+441", "+442", "+443"))


def later(old: str, new: str) -> str:
    """The delivery state after `new` was reported: the higher rank, the first among equals."""
    return new if RANK.get(new, 0) > RANK.get(old, 0) else old


def segments(body: str) -> int:
    """How many messages of the network `body` takes: GSM-7 160/153, else UCS-2 70/67."""
    if all(letter in _GSM or letter in _GSM_DOUBLE for letter in body):
        length = sum(2 if letter in _GSM_DOUBLE else 1 for letter in body)
        single, joined = 160, 153
    else:
        length = len(body.encode("utf-16-le")) // 2
        single, joined = 70, 67
    return 1 if length <= single else -(-length // joined)


def pieces(body: str, longest: int = LONGEST) -> tuple[str, ...]:
    """`body` cut into messages the carrier takes, at a blank where there is one."""
    rest = body.strip()
    cut: list[str] = []
    while len(rest) > longest:
        at = rest.rfind(" ", longest // 2, longest + 1)
        at = at if at > 0 else longest
        cut.append(rest[:at].rstrip())
        rest = rest[at:].lstrip()
    return (*cut, rest) if rest else tuple(cut)
