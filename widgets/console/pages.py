"""What each page shows, made from the record. No rule lives here, only words and order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from app.auth.policy import Action, Actor
from app.cases.model import SYSTEM, VISITOR, Contact, Kind, Message, Note, State
from app.definition.model import Service
from widgets.console import words


@dataclass(frozen=True)
class Chrome:
    """What stands around every page of somebody signed in."""

    service: str
    name: str
    initials: str
    place: str
    lead: bool = False
    """They lead somebody: pages for leads are in their bar."""


@dataclass(frozen=True)
class How:
    """How a contact stands: a word, an icon and a tone, so never colour alone."""

    words: str
    icon: str
    tone: str


@dataclass(frozen=True)
class Row:
    """One line of the contact log."""

    id: str
    at: str
    iso: str
    channel: str
    icon: str
    hub: str
    need: str
    waited: str
    how: How
    who: str
    lasted: str


@dataclass(frozen=True)
class Offered:
    """One offer of a contact, as it was answered."""

    at: datetime
    name: str
    reason: str
    answer: str


@dataclass(frozen=True)
class Said:
    """One line of a conversation. `kind` is v (visitor), a (staff), ev (event) or pn (note)."""

    kind: str
    name: str
    at: str
    text: str


def chrome(actor: Actor, service: Service, place: str) -> Chrome:
    lead = actor.may(Action.LEAD)
    return Chrome(service.name, actor.name, initials(actor.name), place, lead)


def initials(name: str) -> str:
    return "".join(part[0].upper() for part in name.split()[:2]) or "?"


def row(contact: Contact, service: Service, names: Mapping[str, str], now: datetime) -> Row:
    channel, icon = words.CHANNELS[contact.channel]
    return Row(
        id=contact.id,
        at=clock(contact.arrived_at, service, now),
        iso=contact.arrived_at.isoformat(),
        channel=channel,
        icon=icon,
        hub=hub_name(service, contact.hub),
        need=need_words(contact, service),
        waited=waited(contact, now),
        how=how(contact),
        who=who(contact, names),
        lasted=lasted(contact, now),
    )


def how(contact: Contact) -> How:
    if contact.how_ended:
        if contact.state is State.WRAPPING and contact.how_ended == "advisor_ended":
            return How(*words.STATES[State.WRAPPING])
        return How(*words.ENDINGS.get(contact.how_ended, (contact.how_ended, "tick", "")))
    if contact.state is State.ACTIVE:
        return How("talking", words.CHANNELS[contact.channel][1], "")
    return How(*words.STATES.get(contact.state, (contact.state.value, "clock", "")))


def who(contact: Contact, names: Mapping[str, str]) -> str:
    """Who holds or held it, and what came of it. `names` is contact id to the last holder."""
    name = names.get(contact.id, "")
    parts = [name or "Nobody"]
    if contact.outcome:
        parts.append(words.word(words.OUTCOMES, contact.outcome))
    elif contact.type in ("wrong_number", "test"):
        parts.append(words.TYPES[contact.type])
    elif contact.how_ended == "quick_exit":
        parts.append("Do not contact")
    return ". ".join(parts)


def waited(contact: Contact, now: datetime) -> str:
    since = contact.queued_at or contact.arrived_at
    until = contact.answered_at or contact.ended_at or now
    return length(since, until)


def lasted(contact: Contact, now: datetime) -> str:
    if contact.answered_at is None:
        return "–"
    return length(contact.answered_at, contact.ended_at or now)


def need_words(contact: Contact, service: Service) -> str:
    need = contact.need
    crime = service.crime(need.crime)
    parts = [
        crime.label if crime else need.crime,
        words.AGES.get(need.age, need.age),
        "" if need.language in ("", "en") else words.word(words.LANGUAGES, need.language),
        access_words(need.access),
        words.GENDERS.get(need.gender, need.gender).lower(),
        words.URGENCIES.get(need.urgency, need.urgency).lower(),
    ]
    told = [part for part in parts if part]
    if len(told) > 1 and told[1] == words.AGES.get(need.age):
        told[1] = told[1].lower()
    return ", ".join(told) or words.NOT_ASKED


def access_words(access: str) -> str:
    """What they need to be understood, each in our words when we have one."""
    return ", ".join(words.ACCESS.get(each, each) for each in access.split(", "))


def facts(contact: Contact, service: Service) -> list[tuple[str, str]]:
    """The record, in the order of DOMAIN's list. An empty word is shown as not known."""
    need, crime = contact.need, service.crime(contact.need.crime)
    lot = next((each for each in service.lots if each.key == contact.lot), None)
    flags = [flag for flag, on in (("Silent", contact.silent), ("Abusive", contact.abusive)) if on]
    return [
        ("Type", words.word(words.TYPES, contact.type)),
        ("Outcome", words.word(words.OUTCOMES, contact.outcome)),
        ("About", crime.label if crime else words.word({}, need.crime)),
        ("Age", words.word(words.AGES, need.age)),
        ("Language", words.word(words.LANGUAGES, need.language)),
        ("Access", words.word({}, access_words(need.access), words.NOT_ASKED)),
        ("Speaking", words.word(words.SPEAKING, contact.speaking)),
        ("About whom", words.word({}, contact.about)),
        ("New or repeat", words.word({}, contact.new_or_repeat)),
        ("Heard of us", words.word({}, contact.source)),
        ("Reported", words.word(words.REPORTED, contact.reported)),
        ("Safe contact", words.word(words.SAFE_CONTACT, contact.safe_contact_asked, "Not asked")),
        ("Equality", words.word({}, contact.equality, words.NOT_ASKED)),
        ("Contract", lot.name if lot else "None"),
        ("Referred on", contact.onward or "No"),
        ("Case", contact.case or "None"),
        ("Flags", ", ".join(flags) or "None"),
    ]


def route(contact: Contact, service: Service) -> list[tuple[str, str]]:
    """Where it came in, and where it went."""
    line = next((each for each in service.lines if each.key == contact.line), None)
    site = service.site(contact.site)
    return [
        ("Hub", hub_name(service, contact.hub)),
        ("Area", words.word({}, contact.need.area)),
        ("Found by", words.word(words.FOUND, contact.area_found).capitalize()),
        *([("Line", line.shown)] if line else []),
        *([("Site", site.name)] if site else []),
    ]


def times(contact: Contact, service: Service, now: datetime) -> list[tuple[str, str]]:
    marks = (
        ("Arrived", contact.arrived_at),
        ("Queued", contact.queued_at),
        ("Offered", contact.offered_at),
        ("Answered", contact.answered_at),
        ("Ended", contact.ended_at),
        ("Wrapped up", contact.closed_at),
    )
    return [(word, clock(at, service, now, seconds=True) if at else "–") for word, at in marks]


def conversation(
    lines: Sequence[Message], notes: Sequence[Note], names: Mapping[str, str], service: Service
) -> list[Said]:
    """Lines and private notes in the order they were written. `names` is staff id to a name."""
    told: list[Said] = []
    by_place: dict[int, list[Note]] = {}
    for note in notes:
        by_place.setdefault(note.after_seq, []).append(note)

    def noted(after: int) -> None:
        for note in by_place.pop(after, ()):
            at = local(note.at, service).strftime("%H:%M")
            told.append(Said("pn", names.get(note.author, "Staff"), at, note.text))

    noted(0)
    for line in lines:
        at = local(line.at, service).strftime("%H:%M")
        if line.sender == SYSTEM or line.kind is Kind.EVENT:
            told.append(Said("ev", "", at, line.text))
        elif line.sender == VISITOR:
            told.append(Said("v", "", at, line.text))
        else:
            staff = line.sender.removeprefix("staff:")
            told.append(Said("a", names.get(staff, "Staff"), at, line.text))
        noted(line.seq)
    for after in sorted(by_place):
        noted(after)
    return told


def hub_name(service: Service, key: str) -> str:
    return next((hub.name for hub in service.hubs if hub.key == key), key)


def local(at: datetime, service: Service) -> datetime:
    return at.astimezone(ZoneInfo(service.zone))


def clock(at: datetime, service: Service, now: datetime, *, seconds: bool = False) -> str:
    """ "03:12" today, "21 Nov 03:12" before."""
    here = local(at, service)
    told = here.strftime("%H:%M:%S" if seconds else "%H:%M")
    if here.date() == local(now, service).date():
        return told
    return f"{here.day} {here.strftime('%b')} {told}"


def length(since: datetime, until: datetime) -> str:
    """ "0:42", "41 min", "2 h 05", as the desk says it."""
    whole = max(0, int((until - since).total_seconds()))
    if whole < 600:
        return f"{whole // 60}:{whole % 60:02d}"
    if whole < 5400:
        return f"{whole // 60} min"
    return f"{whole // 3600} h {whole % 3600 // 60:02d}"
