"""The words the script of the page puts together, in English. The rest is in the template.

Neutral and short: a watcher reads none of what happened (S5); no sentence over 20 words. Pure.
"""

from __future__ import annotations

from typing import Final

from app.definition.model import RungKind, Service
from widgets.visitor.where import shared

ENGLISH: Final[dict[str, str]] = {
    "leave": "Leave now",
    "close": "Close",
    "shift.2": "Shift twice more",
    "shift.1": "Shift once more",
    "escape.2": "Escape twice more",
    "escape.1": "Escape once more",
    "step": "Question {at} of {of}. You can skip it.",
    "finding": "We are finding someone",
    "finding.range": "This takes a moment. Stay here, or write first.",
    "place.1": "You are next",
    "place": "You are {nth} in line",
    "place.now": "You are {nth} now",
    "place.many": "{n} people are before you",
    "you": "you",
    "range": "About {from} to {to} minutes.",
    "range.one": "About a minute.",
    "range.same": "About {to} minutes.",
    "range.none": "We cannot say how long. Calling may be quicker.",
    "worked": "Worked out now from who is on duty. Your place is kept if the signal drops.",
    "kept": "Your place is kept if the signal drops.",
    "asking": "Asking now: {who}.",
    "said.adult": (
        "What you say stays with our team. Only if a life is in danger must we tell others."
    ),
    "said.young": (
        "You can talk about anything. We never ask your parents. "
        "If you are not safe, we may need to tell someone. We tell you first."
    ),
    "nobody": "Your place is kept",
    "nobody.waited": "You have waited {waited}. That is long.",
    "nobody.next": "Nobody is free yet, and we are sorry. If someone is free, they answer here.",
    "nobody.short": "Nobody is free yet. You can call.",
    "nobody.write": "You can write now. Your words are kept, and read first.",
    "minute": "a minute",
    "minutes": "{n} minutes",
    "moment": "a moment",
    "rung.home": "Your local team",
    "rung.central": "Central team",
    "rung.numbers": "The phone line",
    "rung.message": "A word from us",
    "rung.tried": "Tried: nobody was free.",
    "rung.now": "Being asked now.",
    "rung.next": "Asked next.",
    "rung.end": "Your place is kept, and you can call.",
    "here": "is here with you",
    "here.event": "{name} is here. Your answers are there already. You need not say them again.",
    "someone": "Someone",
    "line": "From the line",
    "off": "will be back when the line is",
    "away": "{name} lost the connection",
    "away.kept": "Your place is kept. Someone else is asked if this lasts.",
    "away.next": "You are now first. Someone else is being asked.",
    "which": "Two teams share {code}. Which town is nearest? Or press Next.",
    "away.event": "It is not you. Whoever comes next has read this. You need not start again.",
    "ended": "The chat has ended.",
    "ended.keep": "Read it as long as you like. Clear the screen when you are done.",
    "message": "Your message",
    "write": "Write here",
    "write.first": "Write first, if you like",
    "typing": "{name} is writing",
    "sending": "Sending",
    "offline": "Waiting for the line",
    "sent": "Sent",
    "not.sent": "Not sent",
    "try": "Try again",
    "call": "Call",
    "call.number": "Call {number}",
    "call.instead": "Call {number} instead",
    "dropped": "The line dropped. Trying again in {n} s.",
    "dropped.now": "The line dropped. Trying again now.",
    "dropped.kept": "Nothing you sent is lost. Go on writing: it is sent when we are back.",
    "back": "The line is back.",
    "slow": "That was a lot at once. Wait {n} s.",
    "slow.kept": "We have it all, or it waits here. Or call.",
    "own": "You",
    "all": "Show all",
    "covered": "Paused",
}

OWN: Final = ("nobody", "promise")
"""What a service may say in its own words while somebody waits."""

ORDINALS: Final = ("", "1st", "2nd", "3rd", "4th", "5th", "6th", "7th", "8th", "9th", "10th")
SPOKEN: Final = (
    "", "first", "second", "third", "fourth", "fifth",
    "sixth", "seventh", "eighth", "ninth", "tenth",
)  # fmt: skip


def for_script(service: Service) -> dict[str, object]:
    """What the page hands to its script: words, ordinals, the ladder, the codes two hubs share."""
    kinds: list[RungKind] = [rung.kind for rung in service.ladder]
    own = {f"own.{name}": text for name, text in service.words.items() if name in OWN}
    lists = {"nth": SPOKEN, "short": ORDINALS, "ladder": kinds, "shared": shared(service)}
    return {**ENGLISH, **own, **lists}
