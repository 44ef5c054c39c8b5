"""A talk at the line: Ruth with Maya, and what Maya, Tom or a lead do with the call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app import ids
from app.auth.policy import Actor, Role
from app.auth.staff import Joining, join
from app.cases import marks
from app.db import Work
from telephony import acts
from telephony.states import State
from telephony.tables import calls, parties
from telephony.talking_shown import Talk, talks_of
from tests.telephony.night import LINE, MAYA, RUTH, Night

PRIYA = "+447700900186"
INTERPRETER = "+441632960251"
POLICE = "+441632960252"
KENDAL = "+441632960253"


def actor(night: Night, name: str, role: Role = Role.ADVISOR) -> Actor:
    return Actor(night.staff[name], name, name, role, "cumbria", "central")


async def a_lead(night: Night) -> Actor:
    """Priya leads the hub, and has a phone."""
    night.staff["Priya"] = ids.new()
    who = Joining(
        night.staff["Priya"], "cumbria", "central", Role.HUB_LEAD, "priya@cumbria.example",
        "Priya", "Priya", PRIYA, (), ("en",), 2,
    )  # fmt: skip
    await night.ground.db.write(join, night.ground.keyring, who, "no password")
    return actor(night, "Priya", Role.HUB_LEAD)


async def talking(night: Night) -> str:
    """Ruth rings, stays on the line, and Maya takes her call. Returns the contact."""
    await night.on_duty("Maya")
    await night.rehearsal.ring(RUTH, LINE)
    taken = await night.accepts("Maya")
    await picks_up(night, MAYA)
    await night.until(lambda work: at(work, "Talking"))
    await night.rehearsal.hears(RUTH, "you can talk now")
    return taken.contact


async def picks_up(night: Night, phone: str) -> None:
    """Whoever rang rings now; the words of an earlier call do not count."""
    await night.rehearsal.rings(phone)
    before = len(night.rehearsal.heard(phone))
    await night.rehearsal.answer(phone)
    await night.rehearsal.until(
        lambda: "Press 1 to take it." in " ".join(night.rehearsal.heard(phone)[before:])
    )
    await night.rehearsal.press(phone, "1")


def at(work: Work, state: str) -> bool | None:
    found = work.run(calls.select()).all()
    return any(f'"at":"{state}"' in row.state for row in found) or None


def nobody_came(work: Work) -> bool | None:
    return any(row.state == "failed" for row in work.run(parties.select())) or None


async def does(
    night: Night, act: Callable[..., Any], who: Actor, contact: str, *more: Any, **by: Any
) -> None:
    await night.ground.db.write(act, who, contact, night.line.house(), *more, **by)


async def talk(night: Night, contact: str) -> Talk:
    return (await night.ground.db.read(talks_of, [contact]))[contact]


async def legs(night: Night, contact: str) -> dict[str, str]:
    """Each leg by its kind, and how it stands."""
    return {leg.kind: leg.state for leg in (await talk(night, contact)).legs}


async def record(night: Night, contact: str) -> list[str]:
    found = await night.ground.db.read(marks.of_contact, night.ground.keyring, contact)
    return [" ".join(filter(None, (mark.kind, mark.about, mark.said))) for mark in found]


async def state_of(night: Night) -> State:
    call = (await night.rows(calls))[0]
    state = await night.ground.db.read(acts.state_of, call.sid)
    assert state is not None
    return state
