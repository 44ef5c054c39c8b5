"""The rota: a week of people and shifts, tonight's gaps, swaps and the phones on call.

Leads write it, each edit upon a number, so that two at once lose nothing; everybody else sees
their own shifts and may ask for a swap. Without script the week can be read.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from http import HTTPStatus
from typing import Any
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from app import ids
from app.auth.policy import Actor
from app.definition.model import Service
from app.definition.weekly import HOW, Weekly, read_weekly
from app.errors import FrontdoorError, Wrong
from app.ground import Ground
from routing import planning, swapping
from routing.planning import Edit, Hours
from widgets.console import pages
from widgets.console.planned import tonight_of, week_of
from widgets.console.web import Console

PLACE = "/console/rota"
ONE_DAY = timedelta(days=1)
_ID = re.compile(r"[0-9a-f]{32}")


def routes(console: Console, ground: Ground) -> list[BaseRoute]:
    shown = Rota(console, ground)
    return [
        Route(PLACE, shown.page),
        Route(f"{PLACE}/week", shown.week),
        Route(f"{PLACE}/tonight", shown.tonight),
        Route(f"{PLACE}/day", shown.day, methods=["POST"]),
        Route(f"{PLACE}/on-call", shown.on_call, methods=["POST"]),
        Route(f"{PLACE}/swaps", shown.ask, methods=["POST"]),
        Route(f"{PLACE}/swaps/{{id}}", shown.answer, methods=["POST"]),
    ]


@dataclass(frozen=True)
class Rota:
    """Each method is the page, the week as data, or one thing that a press does."""

    console: Console
    ground: Ground

    async def page(self, request: Request) -> Response:
        actor = await self.console.actor(request)
        if actor is None:
            return self.console.to_sign_in()
        service = self.console.doors.service(actor.service)
        shown = await self._shown(actor, service, request)
        return self.console.page(
            "rota.html", chrome=pages.chrome(actor, service, "rota"), week=shown
        )

    async def week(self, request: Request) -> Response:
        return await self._answered(request, self._look)

    async def tonight(self, request: Request) -> Response:
        """Tonight's gaps alone, for the desk of a lead."""

        async def act(actor: Actor, service: Service, _: Request) -> dict[str, Any]:
            return {"gaps": await self.ground.db.read(tonight_of, self.ground, actor, service)}

        return await self._answered(request, act)

    async def day(self, request: Request) -> Response:
        async def act(actor: Actor, service: Service, _: Request) -> dict[str, Any]:
            edit = edit_of(await request.json())
            new = [ids.new() for _ in range(planning.MOST + 1)]
            version = await self.ground.db.write(planning.write_day, actor, service, edit, new)
            return {"version": version}

        return await self._answered(request, act)

    async def on_call(self, request: Request) -> Response:
        async def act(actor: Actor, service: Service, _: Request) -> dict[str, Any]:
            told = await request.json()
            rules = rules_of(_text(told, "rules"))
            new = [ids.new() for _ in range(7 * len(rules))]
            version = await self.ground.db.write(
                planning.write_on_call, actor, service, _text(told, "staff"),
                _whole(told, "version"), _whole(told, "tier"), rules, new,
            )  # fmt: skip
            return {"version": version}

        return await self._answered(request, act)

    async def ask(self, request: Request) -> Response:
        """Ask somebody to take the own shift; a lead sets it for others."""

        async def act(actor: Actor, service: Service, _: Request) -> dict[str, Any]:
            asked = await request.json()
            id_, giver, taker = (_text(asked, key) for key in ("id", "giver", "taker"))
            day, start = _day(asked), _time(_text(asked, "start"))
            if not _ID.fullmatch(id_):
                raise Wrong("A swap needs an id of 32 hexadecimal letters.")
            if giver == actor.staff:
                made = await self.ground.db.write(
                    swapping.ask, actor, service, id_, taker, day, start
                )
            else:
                made = await self.ground.db.write(
                    swapping.cover, actor, service, id_, giver, taker, day, start
                )
            return {"state": made.state}

        return await self._answered(request, act)

    async def answer(self, request: Request) -> Response:
        async def act(actor: Actor, service: Service, _: Request) -> dict[str, Any]:
            said, id_ = _text(await request.json(), "answer"), request.path_params["id"][:32]
            if said == "undo":
                made = await self.ground.db.write(swapping.undo, actor, service, id_)
            elif said in ("yes", "no"):
                made = await self.ground.db.write(
                    swapping.answer, actor, service, id_, yes=said == "yes"
                )
            else:
                raise Wrong("Answer yes, no or undo.")
            return {"state": made.state}

        return await self._answered(request, act)

    # -- within --------------------------------------------------------------------------------

    async def _look(self, actor: Actor, service: Service, request: Request) -> dict[str, Any]:
        return await self._shown(actor, service, request)

    async def _shown(self, actor: Actor, service: Service, request: Request) -> dict[str, Any]:
        now = self.ground.clock.now()
        monday = monday_of(request.query_params.get("week", ""), now, ZoneInfo(service.zone))
        return await self.ground.db.read(week_of, self.ground, actor, service, monday)

    async def _answered(
        self,
        request: Request,
        act: Callable[[Actor, Service, Request], Awaitable[dict[str, Any]]],
    ) -> Response:
        actor = await self.console.actor(request)
        if actor is None:
            return JSONResponse({"code": "signed_out"}, HTTPStatus.UNAUTHORIZED)
        try:
            service = self.console.doors.service(actor.service)
            return JSONResponse(await act(actor, service, request))
        except FrontdoorError as problem:
            return JSONResponse({"code": problem.code, "words": problem.words}, problem.status)
        except ValueError:
            told = {"code": "wrong", "words": "We could not read that. Load the page again."}
            return JSONResponse(told, HTTPStatus.BAD_REQUEST)


# -- what a page sends -----------------------------------------------------------------------------


def edit_of(told: Any) -> Edit:
    """The edit of one cell. Wrong, with what to do."""
    hours = told.get("hours") if isinstance(told, dict) else None
    if not isinstance(hours, list):
        raise Wrong("Write the hours as in 22:00-08:00.")
    every = _whole(told, "every")
    if every not in (0, 1, 2):
        raise Wrong("Choose this day, each week or every second week.")
    return Edit(
        _text(told, "staff"), _whole(told, "version"), _day(told),
        tuple(_hours(each) for each in hours), every,
    )  # fmt: skip


def rules_of(text: str) -> list[Weekly]:
    """Weekly rules parted by semicolons; none when the text is blank."""
    found = []
    for part in filter(None, (each.strip() for each in text.split(";"))):
        rule = read_weekly(part)
        if rule is None:
            raise Wrong(f"{part[:60]} cannot be read. {HOW}")
        found.append(rule)
    return found


def monday_of(text: str, now: datetime, zone: ZoneInfo) -> date:
    """The Monday of the week that is asked for, or of this one."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = now.astimezone(zone).date()
    if not 2020 <= day.year <= 2100:
        day = now.astimezone(zone).date()
    return day - day.weekday() * ONE_DAY


def _hours(told: Any) -> Hours:
    if not isinstance(told, list) or len(told) != 2:
        raise Wrong("Write the hours as in 22:00-08:00.")
    return _time(told[0]), _time(told[1])


def _time(told: Any) -> time:
    if not isinstance(told, str) or not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", told):
        raise Wrong("Write the hours as in 22:00-08:00.")
    return time.fromisoformat(told)


def _day(told: Any) -> date:
    try:
        return date.fromisoformat(_text(told, "day"))
    except ValueError:
        raise Wrong("That is not a date.") from None


def _text(told: Any, key: str) -> str:
    value = told.get(key) if isinstance(told, dict) else None
    if not isinstance(value, str) or len(value) > 1000:
        raise Wrong("We could not read that. Load the page again.")
    return value


def _whole(told: Any, key: str) -> int:
    value = told.get(key) if isinstance(told, dict) else None
    if not isinstance(value, int) or isinstance(value, bool):
        raise Wrong("We could not read that. Load the page again.")
    return value
