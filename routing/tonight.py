"""A gap of tonight in words: when, who, where they go, and what would close it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.definition.language import LANGUAGES
from app.definition.model import Service
from routing.cover import Gap
from routing.reasons import listed, skill_words

EVENING, MORNING = time(19), time(8)
WARNED = time(18)
"""The local time at which leads are warned of the night before them."""
ONE_DAY = timedelta(days=1)
PLACES = {"chat": "chat", "voice": "the phone", "sms": "texts"}
SPOKEN = {"chat": "chats", "voice": "calls", "sms": "texts"}


@dataclass(frozen=True, slots=True)
class Told:
    """One gap as a lead reads it, in sentences of at most 20 words."""

    when: str
    who: str
    goes: str
    needs: str
    start: datetime
    end: datetime
    nobody: bool


def night(now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Tonight, 19:00 to 08:00 local, in UTC: the one we are in, or else the next."""
    local = now.astimezone(zone)
    evening = local.date() - ONE_DAY if local.time() < MORNING else local.date()
    frm = datetime.combine(evening, EVENING, tzinfo=zone)
    to = datetime.combine(evening + ONE_DAY, MORNING, tzinfo=zone)
    return frm.astimezone(now.tzinfo), to.astimezone(now.tzinfo)


def warns(now: datetime, zone: ZoneInfo) -> bool:
    """Whether the night before us is to be warned of by now: from 18:00 until it ends."""
    local = now.astimezone(zone).time()
    return local >= WARNED or local < MORNING


def told(gap: Gap, service: Service) -> Told:
    zone = ZoneInfo(service.zone)
    start, end = gap.start.astimezone(zone), gap.end.astimezone(zone)
    hours = f"{start:%H:%M}–{end:%H:%M}"
    return Told(
        when=f"{start:%a} {start:%H:%M} to {end:%H:%M}",
        who=_who(gap, service),
        goes=_goes(gap, service),
        needs=_needs(gap, service, hours),
        start=gap.start,
        end=gap.end,
        nobody=gap.nobody,
    )


def _who(gap: Gap, service: Service) -> str:
    """ "Polish, chats", "Everyone", "Under 18, calls and texts, Kendal"."""
    by = [] if _every(gap, service) else [listed(tuple(SPOKEN[each] for each in gap.channels))]
    hubs = [_hubs(gap.hubs, service)] if gap.hubs else []
    return ", ".join([_asked_for(gap, service), *by, *hubs])


def _asked_for(gap: Gap, service: Service) -> str:
    match gap.what:
        case "anyone":
            return "Everyone"
        case "crime":
            return _crime(gap.key, service)
        case "skill":
            return skill_words(gap.key).capitalize()
        case "language":
            return LANGUAGES.get(gap.key, gap.key)
        case "under18":
            return "Under 18"


def _goes(gap: Gap, service: Service) -> str:
    if gap.nobody:
        ends = {rung.kind for rung in service.ladder}
        phone = "voice" in gap.channels and "numbers" in ends
        if len(gap.channels) == 1 and phone:
            return "Calls go to the on-call phone."
        if phone:
            return "Calls go to the on-call phone; who writes is told the number."
        if "promise" in ends:
            return "They are promised a call-back, and told the number."
        return "They get a message with the number."
    match gap.what:
        case "language":
            return "Somebody answers, with an interpreter."
        case "under18":
            return "An adult advisor answers, and the safeguarding lead is told."
        case "skill" | "crime" | "anyone":
            return "Somebody answers who is not trained for it."


def _needs(gap: Gap, service: Service, hours: str) -> str:
    """ "One Polish speaker on chat, or 03:00–05:00 goes to the on-call phone."."""
    one = _one(gap)
    if not _every(gap, service):
        one += f" on {listed(tuple(PLACES[each] for each in gap.channels))}"
    if not gap.nobody:
        return f"{one} closes it."
    answer = "goes to the on-call phone" if "voice" in gap.channels else "gets no person"
    return f"{one}, or {hours} {answer}."


def _one(gap: Gap) -> str:
    match gap.what:
        case "anyone":
            return "One advisor"
        case "crime":
            return "One employed advisor"
        case "skill":
            return f"One advisor for {skill_words(gap.key)}"
        case "language":
            return f"One {LANGUAGES.get(gap.key, gap.key)} speaker"
        case "under18":
            return "One advisor for young people"


def _every(gap: Gap, service: Service) -> bool:
    return len(gap.channels) == len(PLACES) or (
        set(gap.channels) >= {c for line in service.lines for c in line.channels}
        and ("chat" in gap.channels or not service.sites)
    )


def _crime(key: str, service: Service) -> str:
    crime = service.crime(key)
    return crime.label if crime else key


def _hubs(hubs: Sequence[str], service: Service) -> str:
    names = {hub.key: hub.name for hub in service.hubs}
    if len(hubs) > 3:
        return f"{len(hubs)} hubs"
    return listed(tuple(names.get(hub, hub) for hub in hubs))
