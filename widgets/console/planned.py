"""One week of the rota read from the rows, for whoever looks: a lead's people, or one's own."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from app.auth.policy import Action, Actor
from app.auth.tables import staff
from app.db import Work
from app.definition.model import Service
from app.errors import Refused
from app.ground import Ground
from routing import planning, roster, swapping
from routing.cover import Gap
from routing.tables import rotas
from routing.tonight import night, told
from routing.warning import gaps_between
from widgets.console import week
from widgets.console.names import Names
from widgets.console.week import Planned

ONE_DAY = timedelta(days=1)


def week_of(
    work: Work, ground: Ground, actor: Actor, service: Service, monday: date
) -> dict[str, Any]:
    zone, last = ZoneInfo(service.zone), monday + 6 * ONE_DAY
    bank = roster.holidays_of(service, monday)
    stands = roster.written(work, service.key)
    everybody = _people(work, ground, actor, service)
    lead = actor.may(Action.LEAD)
    seen = [one for one in everybody if one.mine or one.id == actor.staff]
    names = {one.id: one.name for one in everybody}
    asked = swapping.open_swaps(work, service.key, monday, last)
    today = work.now.astimezone(zone).date()
    spoken = {code for one in everybody for code in one.languages}
    start = datetime.combine(monday, time(), tzinfo=zone).astimezone(work.now.tzinfo)
    holes = gaps_between(work, service, start, start + 7 * ONE_DAY, spoken) if lead else ()
    return {
        "monday": monday.isoformat(),
        "title": _title(monday, last),
        "before": (monday - 7 * ONE_DAY).isoformat(),
        "after": (monday + 7 * ONE_DAY).isoformat(),
        "lead": lead,
        "you": actor.staff,
        "days": [asdict(day) for day in week.days(monday, bank, today)],
        "hubs": [asdict(hub) for hub in week.hubs(service, seen, stands, monday, bank)],
        "tiers": [asdict(tier) for tier in week.tiers(everybody, stands, monday, bank)],
        "swaps": [asdict(one) for one in week.swaps(asked, names, actor.staff, lead=lead)],
        "colleagues": [{"id": one.id, "name": one.name} for one in everybody],
        "tonight": _tonight(work, service, spoken) if lead else [],
        "holes": [_gap(gap, service) for gap in holes],
    }


def tonight_of(work: Work, ground: Ground, actor: Actor, service: Service) -> list[dict[str, Any]]:
    """The gaps of tonight, for a lead; none is good news. Raises Refused for anybody else."""
    if not actor.may(Action.LEAD):
        raise Refused("Tonight's cover is for leads.", code="not_lead")
    spoken = {code for one in _people(work, ground, actor, service) for code in one.languages}
    return _tonight(work, service, spoken)


def _tonight(work: Work, service: Service, spoken: Collection[str]) -> list[dict[str, Any]]:
    frm, to = night(work.now, ZoneInfo(service.zone))
    gaps = gaps_between(work, service, max(frm, work.now), to, spoken)
    return [_gap(gap, service) for gap in gaps]


def _gap(gap: Gap, service: Service) -> dict[str, Any]:
    shown = told(gap, service)
    zone = ZoneInfo(service.zone)
    return {
        "when": shown.when, "who": shown.who, "goes": shown.goes, "needs": shown.needs,
        "nobody": shown.nobody,
        "start": shown.start.astimezone(zone).replace(tzinfo=None).isoformat(timespec="minutes"),
        "end": shown.end.astimezone(zone).replace(tzinfo=None).isoformat(timespec="minutes"),
    }  # fmt: skip


def _people(work: Work, ground: Ground, actor: Actor, service: Service) -> list[Planned]:
    mine = planning.plans(actor, service)
    names = Names(work, ground.keyring)
    rows = work.run(
        sa.select(staff.c.id, staff.c.hub, staff.c.role, rotas.c.version)
        .outerjoin(rotas, rotas.c.staff == staff.c.id)
        .where(staff.c.service == service.key, staff.c.active.is_(True))
    )
    found = []
    for row in rows:
        who = names.of(row.id)
        found.append(
            Planned(
                row.id, who.name, row.hub, row.role, tuple(sorted(who.languages)),
                tuple(sorted(who.skills)), row.version or 0, row.hub in mine,
            )
        )  # fmt: skip
    return sorted(found, key=lambda one: one.name)


def _title(monday: date, sunday: date) -> str:
    """ "23 to 29 November", "30 November to 6 December"."""
    if monday.month == sunday.month:
        return f"{monday.day} to {sunday.day} {sunday:%B}"
    return f"{monday.day} {monday:%B} to {sunday.day} {sunday:%B}"
