"""The words the script of the page puts together. The rest is in the template, in `t("...")`.

Neutral and short: a watcher reads none of what happened (S5); no sentence over 20 words. Pure.
"""

from __future__ import annotations

from typing import Final

from app.definition.model import HOURS, Crime, RungKind, Service
from app.words.catalogue import Catalogue
from app.words.message import Message, counted, phrase, phrase_in
from widgets.visitor.where import shared

WORDS: Final[dict[str, Message]] = {
    "leave": phrase("Leave now"),
    "close": phrase("Close"),
    "shift.2": phrase("Shift twice more"),
    "shift.1": phrase("Shift once more"),
    "escape.2": phrase("Escape twice more"),
    "escape.1": phrase("Escape once more"),
    "step": phrase("Question {at} of {of}. You can skip it."),
    "finding": phrase("We are finding someone"),
    "finding.range": phrase("This takes a moment. Stay here, or write first."),
    "place.1": phrase("You are next"),
    "place.2": phrase("You are second in line"),
    "place.3": phrase("You are third in line"),
    "place.4": phrase("You are fourth in line"),
    "place.5": phrase("You are fifth in line"),
    "place.6": phrase("You are sixth in line"),
    "place.7": phrase("You are seventh in line"),
    "place.8": phrase("You are eighth in line"),
    "place.9": phrase("You are ninth in line"),
    "place.10": phrase("You are tenth in line"),
    "place.many": counted("{n} person is before you", "{n} people are before you"),
    "you": phrase_in("a place in line", "you"),
    "range": counted("About {from} to {n} minute.", "About {from} to {n} minutes."),
    "range.same": counted("About a minute.", "About {n} minutes."),
    "range.none": phrase("We cannot say how long. Calling may be quicker."),
    "worked": phrase("Worked out now from who is on duty. Your place is kept if the signal drops."),
    "kept": phrase("Your place is kept if the signal drops."),
    "asking.home": phrase("Your local team is being asked now."),
    "asking.central": phrase("The central team is being asked now."),
    "asking.numbers": phrase("The phone line is being asked now."),
    "said.adult": phrase(
        "What you say stays with our team. "
        "Only if a life or a child is in danger must we tell others."
    ),
    "said.young": phrase(
        "You can talk about anything. We never ask your parents. "
        "If you are not safe, we may need to tell someone. We tell you first."
    ),
    "nobody": phrase("Your place is kept"),
    "nobody.waited": counted(
        "You have waited {n} minute. That is long.", "You have waited {n} minutes. That is long."
    ),
    "nobody.next": phrase(
        "Nobody is free yet, and we are sorry. If someone is free, they answer here."
    ),
    "nobody.short": phrase("Nobody is free yet. You can call."),
    "nobody.write": phrase("You can write now. Your words are kept, and read first."),
    "rung.home": phrase("Your local team"),
    "rung.central": phrase("Central team"),
    "rung.numbers": phrase("The phone line"),
    "rung.message": phrase("A word from us"),
    "rung.tried": phrase("Tried: nobody was free."),
    "rung.now": phrase("Being asked now."),
    "rung.next": phrase("Asked next."),
    "rung.end": phrase("Your place is kept, and you can call."),
    "here": phrase_in("under a name", "is here with you"),
    "here.news": phrase("{name} is here with you."),
    "here.event": phrase(
        "{name} is here. Your answers are there already. You need not say them again."
    ),
    "someone": phrase("Someone"),
    "line": phrase_in("who says it", "From the line"),
    "off": phrase_in("under a name", "will be back when the line is"),
    "away": phrase("{name} lost the connection"),
    "away.kept": phrase("Your place is kept. Someone else is asked if this lasts."),
    "away.next": phrase("You are now first. Someone else is being asked."),
    "away.event": phrase(
        "It is not you. Whoever comes next has read this. You need not start again."
    ),
    "which": phrase("Two teams share {code}. Which town is nearest? Or press Next."),
    "ended": phrase("The chat has ended."),
    "ended.keep": phrase("Read it as long as you like. Clear the screen when you are done."),
    "write": phrase("Write here"),
    "write.first": phrase("Write first, if you like"),
    "typing": phrase("{name} is writing"),
    "sending": phrase("Sending"),
    "offline": phrase("Waiting for the line"),
    "sent": phrase_in("a message", "Sent"),
    "not.sent": phrase_in("a message", "Not sent"),
    "try": phrase("Try again"),
    "call": phrase_in("a button", "Call"),
    "dropped": phrase("The line dropped. Trying again in {n} s."),
    "dropped.now": phrase("The line dropped. Trying again now."),
    "dropped.kept": phrase("Nothing you sent is lost. Go on writing: it is sent when we are back."),
    "back": phrase("The line is back."),
    "slow": phrase("That was a lot at once. Wait {n} s."),
    "slow.kept": phrase("We have it all, or it waits here. Or call."),
    "busy": phrase("Too many chats began from this network. Wait a little, or call."),
    "own": phrase_in("who says it", "You"),
    "all": phrase("Show all"),
    "number.wrong": phrase("Write the whole number, with its area code."),
    "number.kept": phrase("We could not keep that. Try again, or call."),
    "promised": phrase("A person rings the number that ends in {ends}, before {time} today."),
    "promised.1": phrase("A person rings the number that ends in {ends}, before {time} tomorrow."),
    "promised.2": phrase("A person rings the number that ends in {ends}, before {time} on {date}."),
}
"""By the name the script calls them. A counted phrase is chosen by its gap {n}."""

OWN: Final = ("nobody", "promise")
"""What a service may say in its own words while somebody waits."""

USUAL: Final = (
    phrase("Someone at home, or someone close to me"),
    phrase("Something sexual I did not want"),
    phrase("Someone who will not leave me alone"),
    phrase("Because of who I am"),
    phrase("Someone hurt me or threatened me"),
    phrase("Something was taken from me"),
    phrase("Trouble where I live"),
    phrase("Someone controls my work or keeps my papers"),
    phrase("Someone makes me do things, and I am under 18"),
    phrase("Meeting or writing to the person who did it"),
    phrase("Something else"),
    phrase("Day and night"),
)
"""What most services ask and say alike, so that a definition need not translate it."""

_USUAL: Final = {message.text: message for message in USUAL}


def asks(crime: Crime, catalogue: Catalogue) -> str:
    """What a visitor may choose, in the language; "" when only the service's first has words."""
    usual = _USUAL.get(crime.asks)
    own = crime.asks_in.get(catalogue.language)
    return own or (catalogue.say(usual) if usual else "")


def in_any(service: Service, name: str, language: str) -> str:
    """The service's words in this language, else in its first one."""
    return service.say(name, language) or service.say(name, service.languages[0])


def hours(site_hours: str, catalogue: Catalogue) -> str:
    """The hours of a site, in the language where the words are the usual ones."""
    return catalogue.say(_USUAL[HOURS]) if site_hours == HOURS else site_hours


def for_script(service: Service, catalogue: Catalogue) -> dict[str, object]:
    """What the page hands to its script: words, plurals, the ladder, the codes two hubs share."""
    said: dict[str, object] = {}
    for name, message in WORDS.items():
        every = catalogue.every_form(message)
        said[name] = list(every) if message.many else every[0]
    own = {f"own.{name}": service.say(name, catalogue.language) for name in OWN}
    own["own.code_phrase"] = in_any(service, "code_phrase", catalogue.language)
    kinds: list[RungKind] = [rung.kind for rung in service.ladder]
    lists = {"forms": catalogue.forms, "ladder": kinds, "shared": shared(service)}
    return {**said, **own, **lists}
