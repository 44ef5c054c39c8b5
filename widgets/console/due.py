"""What the pages of promises show, made from the record. Only words and order, no rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from math import ceil

from app.auth.policy import Actor
from app.cases.calling import Calling
from app.cases.due import HOURS, When, window
from app.cases.notices import Kind, Notice
from app.cases.promised import How, Promise
from app.definition.model import Service
from app.definition.number import shown
from widgets.console import pages, words

PARTS = {
    When.ANY: "Any time of day",
    When.MORNING: "Morning",
    When.AFTERNOON: "Afternoon",
    When.EVENING: "Evening",
}
GONE = {
    "left quickly": "They left quickly after asking",
    "closed the page": "They closed the page",
    "lost signal": "Their signal was lost",
    "ended": "They ended the chat",
}
"""Where the person is since. A promise stands all the same."""
ENDS: dict[How, tuple[str, str]] = {
    How.SPOKE: ("We spoke", "tick"),
    How.NO_ANSWER: ("No answer", "hang-up"),
    How.NO_MESSAGE: ("Voicemail, left no message", "message"),
    How.LEFT_MESSAGE: ("Left the agreed message", "message"),
    How.SOMEONE_ELSE: ("Somebody else answered", "warn"),
}
TOLD: dict[Kind, tuple[str, str]] = {
    Kind.CHILD_ANSWERED: ("Someone under 18 went to an adult seat", "person"),
    Kind.UNACCEPTED_AT_CLOSING: ("Nobody has accepted a contact at closing", "clock"),
    Kind.PROMISE_LATE: ("A call-back is past its time", "call"),
    Kind.VOICEMAIL_LATE: ("A voicemail is past its time", "message"),
    Kind.NO_COVER: ("Some contacts would find nobody tonight", "warn"),
    Kind.HARD_CONTACT: ("A hard contact has just ended", "shield"),
    Kind.CALLS_OFTEN: ("One phone rings us again and again", "call"),
    Kind.TRACKER: ("A tracker runs on a page with the chat", "warn"),
}
"""The words of a notice, and its icon."""
OPENS: dict[str, tuple[str, str]] = {
    Kind.NO_COVER: ("/console/rota", "the rota"),
    Kind.TRACKER: ("/console/sites", "the websites"),
}
"""Where a notice without a contact leads, and what that is called."""


@dataclass(frozen=True)
class Row:
    """One promise of the list."""

    id: str
    contact: str
    due: str
    iso: str
    late: str
    """How long it is late; "" when it is not."""
    hub: str
    channel: str
    icon: str
    asked: str
    part: str
    hours: str
    voicemail: str
    gone: str
    changed: bool
    holder: str
    """"You", a first name, or "" when nobody has taken it."""
    mine: bool
    now: bool
    """Their hours are open: whoever has it may call."""


@dataclass(frozen=True)
class Call:
    """What its holder needs for the call, for as long as the permit holds."""

    number: str
    dial: str
    until: str
    seconds: int
    """How long the number may stay on the screen."""
    say: str
    who: str
    agreed: str


@dataclass(frozen=True)
class Told:
    """One notice. `link` leads to what it is about, "" when there is nothing to open."""

    id: str
    words: str
    icon: str
    hub: str
    who: str
    at: str
    iso: str
    link: str
    opens: str
    """What stands behind the link: "the contact", "the rota"."""


def row(
    promise: Promise, service: Service, actor: Actor, names: Mapping[str, str], now: datetime
) -> Row:
    channel, icon = words.CHANNELS[promise.channel]
    opens, closes = HOURS[promise.when]
    mine = promise.owner == actor.staff
    return Row(
        id=promise.id,
        contact=promise.contact,
        due=when(promise.due_at, service, now),
        iso=promise.due_at.isoformat(),
        late=pages.length(promise.due_at, now) if promise.late(now) else "",
        hub=pages.hub_name(service, promise.hub),
        channel=channel,
        icon=icon,
        asked=pages.clock(promise.asked_at, service, now),
        part=PARTS[promise.when],
        hours=f"{opens:%H:%M} to {closes:%H:%M}",
        voicemail="A message may be left" if promise.voicemail else "No message",
        gone=GONE.get(promise.visitor, ""),
        changed=promise.changed,
        holder="You" if mine else names.get(promise.owner or "", ""),
        mine=mine,
        now=window(promise.when, now, service.zone).opens <= now,
    )


@dataclass(frozen=True)
class Wish:
    """One call-back on the page of its contact: what was asked for, and what came of it."""

    asked: str
    words: str
    came: str
    open: bool


def wish(
    promise: Promise, service: Service, actor: Actor, names: Mapping[str, str], now: datetime
) -> Wish:
    shown = row(promise, service, actor, names, now)
    if promise.replaced_at is not None:
        came = f"They changed it, {pages.clock(promise.replaced_at, service, now)}."
    elif promise.done_at is not None and promise.how is not None:
        came = f"{ENDS[promise.how][0]}, {pages.clock(promise.done_at, service, now)}."
    elif shown.late:
        came = f"Late {shown.late}."
    else:
        came = f"Due by {shown.due}."
    held = f" {shown.holder}." if shown.holder else ""
    still = promise.done_at is None and promise.replaced_at is None
    return Wish(shown.asked, f"{shown.part}. {shown.voicemail}.", f"{came}{held}", still)


def when(at: datetime | None, service: Service, now: datetime) -> str:
    """A time still to come as staff say it: today, tomorrow, or the day."""
    if at is None:
        return ""
    there, here = pages.local(at, service), pages.local(now, service)
    days = (there.date() - here.date()).days
    day = {0: "", 1: "tomorrow "}.get(days, f"{there:%a} {there.day} {there:%b} ")
    return f"{day}{there:%H:%M}"


def call(opened: Calling, service: Service, now: datetime) -> Call:
    return Call(
        number=shown(opened.number),
        dial=opened.number,
        until=when(opened.permit.until, service, now),
        seconds=max(0, ceil((opened.permit.until - now).total_seconds())),
        say=opened.say,
        who=opened.who,
        agreed=opened.agreed,
    )


def ends(promise: Promise) -> list[tuple[str, str, str]]:
    """(value, words, icon) of what may be said of the call, the unsafe one apart."""
    left_out = {How.SOMEONE_ELSE} | (set() if promise.voicemail else {How.LEFT_MESSAGE})
    return [(how.value, *said) for how, said in ENDS.items() if how not in left_out]


def told(notice: Notice, service: Service, names: Mapping[str, str], now: datetime) -> Told:
    said, icon = TOLD[notice.kind]
    return Told(
        id=notice.id,
        words=said,
        icon=icon,
        hub=pages.hub_name(service, notice.hub),
        who=names.get(notice.staff or "", ""),
        at=pages.clock(notice.at, service, now),
        iso=notice.at.isoformat(),
        link=_link(notice),
        opens="the contact" if notice.contact else OPENS.get(notice.kind, ("", ""))[1],
    )


def _link(notice: Notice) -> str:
    """Where a lead sees to it."""
    if notice.contact:
        return f"/console/contacts/{notice.contact}"
    return OPENS.get(notice.kind, ("", ""))[0]
