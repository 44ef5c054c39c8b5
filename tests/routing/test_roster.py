"""The rota in its rows: written, edited by two leads at once, asked a thousand times, swapped."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from app import ids
from app.audit import trail
from app.auth.policy import Actor, Role
from app.auth.staff import colleague
from app.definition.people import Person
from app.errors import Conflict, Missing, Refused, Stale, Wrong
from routing import duty, roster, swapping
from routing.model import Seat
from routing.planning import Edit, Hours, plans, write_day, write_on_call
from routing.reading import seats_of
from routing.roster import OnShift
from routing.rota import Spell
from routing.tables import rotas, shift_days, shifts
from tests.house import Home
from tests.people import CUMBRIA, HANNAH, MAREK, MAYA, SERVICES, TOM, person
from tests.routing.test_rota import rule

LONDON = ZoneInfo("Europe/London")
MONDAY = date(2027, 2, 1)
TUESDAY = date(2027, 2, 2)
NIGHT: Hours = (time(22), time(8))
EARLY: Hours = (time(7), time(15))
SUNIL = person("sunil@cumbria.example")
JEAN = person("jean@cumbria.example")


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=LONDON).astimezone(UTC)


async def writes(
    home: Home, lead: Person, whose: Person, day: date, *hours: Hours, every: int = 0,
    version: int = -1,
) -> int:  # fmt: skip
    actor, who = await home.actor(lead), await home.actor(whose)
    if version < 0:
        version = await number(home, whose)
    edit = Edit(who.staff, version, day, hours, every)
    return await home.write(write_day, actor, CUMBRIA, edit, [ids.new() for _ in range(4)])


async def number(home: Home, whose: Person) -> int:
    who = await home.actor(whose)
    (row,) = await home.rows(sa.select(rotas.c.version).where(rotas.c.staff == who.staff))
    return int(row.version)


async def on_shift(home: Home, whose: Person, now: datetime) -> bool:
    who = await home.actor(whose)
    return who.staff in await home.read(roster.on_shift, CUMBRIA, now)


async def says(home: Home, whose: Person, now: datetime) -> OnShift:
    who = await home.actor(whose)
    found = (await home.read(roster.says, CUMBRIA, now)).of(who.staff)
    return replace(found, spells=())


class TestWhoIsOnShift:
    @pytest.mark.parametrize("hour", [0, 3, 8, 12, 17, 23])
    async def test_whoever_looks_around_the_demo_is_on_shift(self, lodge: Home, hour: int) -> None:
        for service in SERVICES.values():
            there = await lodge.read(roster.on_shift, service, at(MONDAY, hour))
            assert len(there) >= 4, service.key

    async def test_a_night_is_kept_over_midnight(self, lodge: Home) -> None:
        assert not await on_shift(lodge, SUNIL, at(MONDAY, 21, 59))
        assert await on_shift(lodge, SUNIL, at(MONDAY, 22))
        assert await on_shift(lodge, SUNIL, at(TUESDAY, 7, 59))
        assert not await on_shift(lodge, SUNIL, at(TUESDAY, 8))

    async def test_the_rota_says_until_when_and_what_no_longer_begins(self, lodge: Home) -> None:
        assert await says(lodge, SUNIL, at(TUESDAY, 3)) == OnShift(True, "08:00", frozenset())
        late = await says(lodge, SUNIL, at(TUESDAY, 7, 40))
        assert late == OnShift(True, "08:00", frozenset({"chat"}))
        assert await says(lodge, SUNIL, at(TUESDAY, 9)) == OnShift(False, "08:00", frozenset())
        assert await says(lodge, MAYA, at(TUESDAY, 3)) == OnShift(True, "", frozenset())

    async def test_who_has_left_is_on_no_shift(self, lodge: Home) -> None:
        assert await on_shift(lodge, MAYA, at(MONDAY, 12))
        maya = await lodge.actor(MAYA)
        await lodge.write(
            lambda work: (
                work.run(
                    sa.text("UPDATE staff SET active = false WHERE id = :id"), {"id": maya.staff}
                ).rowcount
            )
        )
        await writes(lodge, HANNAH, SUNIL, MONDAY)
        assert not await on_shift(lodge, MAYA, at(MONDAY, 12))

    async def test_a_service_without_a_rota_keeps_none(self, lodge: Home) -> None:
        assert await lodge.read(roster.is_kept, "cumbria")
        assert not await lodge.read(roster.is_kept, "eden")
        assert await lodge.read(roster.on_shift, replace(CUMBRIA, key="eden"), at(MONDAY, 12)) == {}

    async def test_the_phones_on_call_are_in_order(self, lodge: Home) -> None:
        night = await lodge.read(roster.on_call, CUMBRIA, at(MONDAY, 3), lodge.keyring)
        assert [(turn.tier, turn.phone) for turn in night] == [(1, HANNAH.phone), (2, TOM.phone)]
        assert await lodge.read(roster.on_call, CUMBRIA, at(MONDAY, 12), lodge.keyring) == ()


class TestExtraDuty:
    """Duty beside the rota is allowed, is said, and is never forgotten for ever."""

    async def seat(self, home: Home, whose: Person) -> Seat | None:
        who = await home.actor(whose)
        seats = await home.read(seats_of, CUMBRIA)
        return next((seat for seat in seats if seat.staff == who.staff), None)

    async def stays(self, home: Home, whose: Person, **later: float) -> Seat | None:
        """They keep their console open so long."""
        home.clock.move(**later)
        await home.write(duty.beat, (await home.actor(whose)).staff, 60)
        return await self.seat(home, whose)

    async def test_who_goes_on_duty_beside_the_rota_is_asked(self, home: Home) -> None:
        await home.on_duty(SUNIL)
        seat = await self.seat(home, SUNIL)
        assert seat is not None
        assert (seat.state, seat.closing) == ("available", frozenset())

    def test_it_ends_after_ten_hours_and_with_the_next_shift(self) -> None:
        day = Spell(at(MONDAY, 9), at(MONDAY, 17))
        off = OnShift(False, "17:00", frozenset(), (day,))
        assert off.extra(at(MONDAY, 18), at(MONDAY, 23)), "taken on after the shift"
        assert not off.extra(at(MONDAY, 18), at(TUESDAY, 4, 1)), "ten hours are enough"
        assert not off.extra(at(MONDAY, 8), at(MONDAY, 17)), "begun before the shift, ends with it"
        assert OnShift().extra(at(MONDAY, 8), at(MONDAY, 17)), "no shift that day"
        assert not OnShift().extra(None, at(MONDAY, 17)), "never on duty"
        assert not OnShift(True).extra(at(MONDAY, 8), at(MONDAY, 9)), "a shift is no extra"

    async def test_who_forgets_to_sign_out_is_off_when_the_shift_ends(self, home: Home) -> None:
        """Noon, by the house's clock: Sunil's night runs from ten until eight."""
        await writes(home, HANNAH, SUNIL, home.clock.now().date(), (time(11), time(17)))
        await home.on_duty(SUNIL)
        near = await self.stays(home, SUNIL, hours=4, minutes=50)
        assert near is not None
        assert near.closing == {"chat", "voice", "sms"}
        assert near.state == "busy"
        over = await self.stays(home, SUNIL, minutes=11)
        assert over is not None
        assert over.state == "offline"
        assert over.because == "Your shift ended at 17:00. Go on duty again for extra duty."
        await home.on_duty(SUNIL)
        extra = await self.seat(home, SUNIL)
        assert extra is not None
        assert extra.state == "available"


class TestWritingIt:
    async def test_one_date_alone(self, home: Home) -> None:
        await writes(home, HANNAH, SUNIL, TUESDAY, EARLY)
        assert await on_shift(home, SUNIL, at(TUESDAY, 12))
        assert not await on_shift(home, SUNIL, at(TUESDAY, 23))
        assert await on_shift(home, SUNIL, at(TUESDAY + timedelta(7), 23))

    async def test_a_date_off(self, home: Home) -> None:
        await writes(home, HANNAH, SUNIL, TUESDAY)
        assert not await on_shift(home, SUNIL, at(TUESDAY, 23))

    async def test_writing_what_the_rule_says_leaves_nothing_beside_it(self, lodge: Home) -> None:
        await writes(lodge, HANNAH, SUNIL, TUESDAY)
        await writes(lodge, HANNAH, SUNIL, TUESDAY, NIGHT)
        assert await lodge.rows(sa.select(shift_days)) == []
        assert await on_shift(lodge, SUNIL, at(TUESDAY, 23))

    async def test_one_more_shift_beside_the_rule(self, lodge: Home) -> None:
        await writes(lodge, HANNAH, SUNIL, TUESDAY, (time(12), time(14)), NIGHT)
        (row,) = await lodge.rows(sa.select(shift_days))
        assert (row.start, row.end) == (time(12), time(14))

    async def test_each_week_from_a_date_on(self, home: Home) -> None:
        await writes(home, HANNAH, SUNIL, TUESDAY, EARLY, every=1)
        assert await on_shift(home, SUNIL, at(TUESDAY - timedelta(7), 23)), "before: as it was"
        for weeks in (0, 1, 2):
            assert await on_shift(home, SUNIL, at(TUESDAY + timedelta(7 * weeks), 12))
            assert not await on_shift(home, SUNIL, at(TUESDAY + timedelta(7 * weeks), 23))
        assert await on_shift(home, SUNIL, at(MONDAY, 23)), "other days: as they were"

    async def test_each_second_week_from_a_date_on(self, lodge: Home) -> None:
        await writes(lodge, HANNAH, SUNIL, TUESDAY, EARLY, every=2)
        found = [
            await on_shift(lodge, SUNIL, at(TUESDAY + timedelta(7 * weeks), 12))
            for weeks in range(4)
        ]
        assert found == [True, False, True, False]

    async def test_a_rule_taken_away(self, lodge: Home) -> None:
        await writes(lodge, HANNAH, SUNIL, TUESDAY, every=1)
        assert not await on_shift(lodge, SUNIL, at(TUESDAY + timedelta(7), 23))
        assert len(await lodge.rows(sa.select(shifts).where(shifts.c.last.is_not(None)))) == 1

    async def test_two_leads_edit_at_once_and_the_second_is_told(self, home: Home) -> None:
        seen = await number(home, SUNIL)
        await writes(home, HANNAH, SUNIL, TUESDAY, EARLY, version=seen)
        with pytest.raises(Conflict):
            await writes(home, HANNAH, SUNIL, TUESDAY, NIGHT, version=seen)
        assert await on_shift(home, SUNIL, at(TUESDAY, 12)), "the first edit stands"
        await writes(home, HANNAH, SUNIL, TUESDAY, NIGHT, version=seen + 1)

    async def test_edits_of_two_people_do_not_meet(self, lodge: Home) -> None:
        seen = await number(lodge, SUNIL)
        await writes(lodge, HANNAH, JEAN, TUESDAY)
        await writes(lodge, HANNAH, SUNIL, TUESDAY, version=seen)

    async def test_only_a_lead_of_the_service_writes(self, lodge: Home) -> None:
        with pytest.raises(Refused):
            await writes(lodge, MAYA, MAYA, TUESDAY)
        with pytest.raises(Missing):
            await writes(lodge, person("ruth@lancashire.example"), SUNIL, TUESDAY)
        assert await on_shift(lodge, SUNIL, at(TUESDAY, 23))

    def test_whose_rota_a_lead_writes(self) -> None:
        def lead(service: str, hub: str, role: Role = Role.HUB_LEAD) -> Actor:
            return Actor("1", "Hannah", "Hannah", role, service, hub)

        every = {hub.key for hub in CUMBRIA.hubs}
        assert plans(lead("cumbria", "central"), CUMBRIA) == every
        assert plans(lead("cumbria", "kendal"), CUMBRIA) == {"kendal"}
        assert plans(lead("cumbria", "kendal", Role.SUPERVISOR), CUMBRIA) == every
        assert plans(lead("cumbria", "kendal", Role.ADVISOR), CUMBRIA) == set()
        assert plans(lead("durham", "central"), CUMBRIA) == set()
        warwickshire = SERVICES["warwickshire"]
        county = plans(lead("warwickshire", warwickshire.central.key), warwickshire)
        assert "wmasn" not in county, "another provider's people are not theirs"

    @pytest.mark.parametrize(
        "hours",
        [
            [(time(9), time(12)), (time(11), time(14))],
            [(time(22), time(8)), (time(23), time(2))],
            [(time(1), time(2)), (time(3), time(4)), (time(5), time(6)), (time(7), time(8))],
        ],
    )
    async def test_hours_that_overlap_are_refused(self, lodge: Home, hours: list[Hours]) -> None:
        with pytest.raises(Wrong):
            await writes(lodge, HANNAH, SUNIL, TUESDAY, *hours)

    async def test_an_edit_is_in_the_trail(self, lodge: Home) -> None:
        await writes(lodge, HANNAH, SUNIL, TUESDAY)
        hannah, sunil = await lodge.actor(HANNAH), await lodge.actor(SUNIL)
        (row,) = await lodge.rows(sa.select(trail).where(trail.c.verb == "planned"))
        assert (row.actor, row.object_id, row.why) == (hannah.staff, sunil.staff, "2027-02-02")

    async def test_turns_on_call_are_written_by_tier(self, lodge: Home) -> None:
        hannah, maya = await lodge.actor(HANNAH), await lodge.actor(MAYA)
        rules = [rule("mon 20:00-08:00")]
        some = [ids.new() for _ in range(7)]
        seen = await number(lodge, MAYA)
        await lodge.write(write_on_call, hannah, CUMBRIA, maya.staff, seen, 3, rules, some)
        found = await lodge.read(roster.on_call, CUMBRIA, at(TUESDAY, 3), lodge.keyring)
        assert [turn.phone for turn in found] == [HANNAH.phone, TOM.phone, MAYA.phone]
        await lodge.write(write_on_call, hannah, CUMBRIA, maya.staff, seen + 1, 3, [], [])
        assert len(await lodge.read(roster.on_call, CUMBRIA, at(TUESDAY, 3), lodge.keyring)) == 2


class TestSwapping:
    async def asks(self, home: Home, swap: str = "") -> swapping.Asked:
        sunil, jean = await home.actor(SUNIL), await home.actor(JEAN)
        return await home.write(
            swapping.ask, sunil, CUMBRIA, swap or ids.new(), jean.staff, TUESDAY, time(22)
        )

    async def answers(self, home: Home, swap: str, who: Person, *, yes: bool) -> swapping.Asked:
        return await home.write(swapping.answer, await home.actor(who), CUMBRIA, swap, yes=yes)

    async def test_nothing_moves_until_the_other_agrees(self, home: Home) -> None:
        asked = await self.asks(home)
        assert asked.state == "asked"
        assert await on_shift(home, SUNIL, at(TUESDAY, 23))
        agreed = await self.answers(home, asked.id, JEAN, yes=True)
        assert agreed.state == "accepted"
        assert not await on_shift(home, SUNIL, at(TUESDAY, 23))
        assert await on_shift(home, JEAN, at(TUESDAY, 23))
        assert await on_shift(home, JEAN, at(TUESDAY + timedelta(1), 7, 59))

    async def test_a_no_leaves_all_as_it_was(self, home: Home) -> None:
        asked = await self.asks(home)
        assert (await self.answers(home, asked.id, JEAN, yes=False)).state == "declined"
        assert await on_shift(home, SUNIL, at(TUESDAY, 23))
        with pytest.raises(Stale):
            await self.answers(home, asked.id, JEAN, yes=True)

    async def test_asking_and_answering_twice_is_once(self, lodge: Home) -> None:
        asked = await self.asks(lodge)
        assert await self.asks(lodge, asked.id) == asked
        first = await self.answers(lodge, asked.id, JEAN, yes=True)
        assert await self.answers(lodge, asked.id, JEAN, yes=True) == first

    async def test_only_the_one_who_was_asked_answers(self, lodge: Home) -> None:
        asked = await self.asks(lodge)
        with pytest.raises(Missing):
            await self.answers(lodge, asked.id, MAYA, yes=True)

    async def test_a_shift_that_is_gone_cannot_be_given(self, lodge: Home) -> None:
        asked = await self.asks(lodge)
        await writes(lodge, HANNAH, SUNIL, TUESDAY)
        with pytest.raises(Stale):
            await self.answers(lodge, asked.id, JEAN, yes=True)

    async def test_nobody_takes_a_shift_while_on_shift(self, lodge: Home) -> None:
        sunil, maya = await lodge.actor(SUNIL), await lodge.actor(MAYA)
        with pytest.raises(Refused):
            await lodge.write(
                swapping.ask, sunil, CUMBRIA, ids.new(), maya.staff, TUESDAY, time(22)
            )

    async def test_a_lead_sets_it_and_undoes_it(self, home: Home) -> None:
        hannah, sunil, jean = [await home.actor(who) for who in (HANNAH, SUNIL, JEAN)]
        one = ids.new()
        asked = await home.write(
            swapping.cover, hannah, CUMBRIA, one, sunil.staff, jean.staff, TUESDAY, time(22)
        )
        assert asked.state == "set"
        assert await on_shift(home, JEAN, at(TUESDAY, 23))
        await home.write(swapping.undo, hannah, CUMBRIA, one)
        assert await on_shift(home, SUNIL, at(TUESDAY, 23))
        assert not await on_shift(home, JEAN, at(TUESDAY, 23))

    async def test_an_advisor_sets_nothing_and_undoes_only_what_they_asked(
        self, lodge: Home
    ) -> None:
        maya, sunil, jean = [await lodge.actor(who) for who in (MAYA, SUNIL, JEAN)]
        with pytest.raises(Refused):
            await self.covers(lodge, maya, sunil, jean)
        asked = await self.asks(lodge)
        with pytest.raises(Missing):
            await lodge.write(swapping.undo, maya, CUMBRIA, asked.id)
        undone = await lodge.write(swapping.undo, sunil, CUMBRIA, asked.id)
        assert undone.state == "undone"
        again = await self.asks(lodge)
        await self.answers(lodge, again.id, JEAN, yes=True)
        with pytest.raises(Refused):
            await lodge.write(swapping.undo, sunil, CUMBRIA, again.id)

    async def covers(self, home: Home, lead: Actor, giver: Actor, taker: Actor) -> None:
        await home.write(
            swapping.cover, lead, CUMBRIA, ids.new(), giver.staff, taker.staff, TUESDAY, time(22)
        )


async def test_a_volunteer_knows_their_supervisor(lodge: Home) -> None:
    marek, hannah = await lodge.actor(MAREK), await lodge.actor(HANNAH)
    found = await lodge.read(colleague, lodge.keyring, marek.staff)
    assert (found.supervisor, found.gender) == (hannah.staff, "man")
