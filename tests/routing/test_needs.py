"""What a person needs is set by whoever holds them or leads there, and routed anew."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa

from app import ids
from app.audit import trail
from app.auth.tables import staff as staff_table
from app.cases import conflicts, notices
from app.cases.model import HowEnded, Need, State
from app.errors import Missing, Refused, Stale, Wrong
from routing import acts, handing, pulling, wishes
from routing.reading import waiting_of
from routing.wishes import Wish
from tests.house import Home
from tests.people import AISHA, CUMBRIA, ELLA, HANNAH, MAREK, MAYA, TOM
from tests.routing.rows import asked


async def test_the_holder_asks_for_a_woman_before_handing_over(home: Home) -> None:
    """Tom holds Ella; at the front of the queue a man waits two minutes for his turn."""
    ella = await home.taken_by(TOM, ELLA.near("central"))
    tom, transcript = await home.actor(TOM), home.house.transcript
    assert await home.write(wishes.change, tom, CUMBRIA, ella.id, Wish(gender="woman")) == {
        "gender"
    }
    assert (await home.contact(ella.id)).need == replace(ella.need, gender="woman")
    await home.write(handing.to_queue, transcript, tom, CUMBRIA, ella.id, 1, "central", ids.new())
    [waits] = await home.read(lambda work: waiting_of(work, CUMBRIA, central_staffed=True))
    assert (waits.gender, waits.hub) == ("woman", "central")


async def test_each_part_changes_alone_and_the_trail_keeps_no_words(home: Home) -> None:
    ella = await home.taken_by(MAYA)
    maya = await home.actor(MAYA)

    async def change(wish: Wish) -> set[str]:
        return await home.write(wishes.change, maya, CUMBRIA, ella.id, wish)

    assert await change(Wish()) == set()
    assert await change(Wish(language="pl", interpreter=True)) == {"language", "access"}
    assert await change(Wish(language="pl", interpreter=True)) == set(), "twice is once"
    assert await change(Wish(urgency="danger")) == {"urgency"}
    assert await change(Wish(crime="")) == {"crime"}
    need = (await home.contact(ella.id)).need
    assert need == Need("", "adult", "pl", "interpreter", ella.need.area, "danger", "")
    assert await change(Wish(interpreter=False)) == {"access"}
    assert (await home.contact(ella.id)).need.access == ""
    rows = await home.rows(
        sa.select(trail.c.why).where(trail.c.verb == "changed need").order_by(trail.c.id)
    )
    assert [row.why for row in rows] == ["access, language", "urgency", "crime", "access"]


@pytest.mark.parametrize(
    "wish",
    [
        Wish(crime="no such"), Wish(age="12"), Wish(language="Polish!"), Wish(gender="any"),
        Wish(urgency="now"), Wish(lead="0" * 32),
    ],
)  # fmt: skip
async def test_what_the_service_does_not_have_is_refused(lodge: Home, wish: Wish) -> None:
    ella = await lodge.taken_by(MAYA)
    with pytest.raises(Wrong):
        await lodge.write(wishes.change, await lodge.actor(MAYA), CUMBRIA, ella.id, wish)
    assert (await lodge.contact(ella.id)).need == ella.need


async def test_only_who_holds_it_or_leads_there_and_only_while_it_lives(home: Home) -> None:
    ella = await home.taken_by(MAYA)
    maya, tom, hannah = [await home.actor(each) for each in (MAYA, TOM, HANNAH)]
    with pytest.raises(Refused):
        await home.write(wishes.change, tom, CUMBRIA, ella.id, Wish(urgency="today"))
    stranger = replace(hannah, service="durham")
    for actor, id_ in ((stranger, ella.id), (hannah, ids.new())):
        with pytest.raises(Missing):
            await home.write(wishes.change, actor, CUMBRIA, id_, Wish(urgency="today"))
    await home.write(wishes.change, hannah, CUMBRIA, ella.id, Wish(urgency="today"))
    await home.write(conflicts.bar_staff, hannah, ella.id, ids.new(), hannah.staff)
    with pytest.raises(Refused, match="must not meet"):
        await home.write(wishes.change, hannah, CUMBRIA, ella.id, Wish(urgency=""))
    await home.write(acts.end, ella.id, HowEnded.PERSON_ENDED)
    with pytest.raises(Stale):
        await home.write(wishes.change, maya, CUMBRIA, ella.id, Wish(urgency=""))


async def test_who_rings_for_it_stops_ringing_when_the_need_is_another(home: Home) -> None:
    await home.on_duty(MAYA)
    ella = await home.arrives(ELLA)
    await home.match()
    hannah = await home.actor(HANNAH)
    await home.write(wishes.change, hannah, CUMBRIA, ella.id, Wish(urgency="danger"))
    assert (await home.contact(ella.id)).state is State.OFFERED, "in danger it rings on"
    await home.write(wishes.change, hannah, CUMBRIA, ella.id, Wish(gender="man"))
    assert await asked(home, ella) is None
    assert (await home.contact(ella.id)).state is State.WAITING


async def test_the_named_lead_worker_is_asked_first_wherever_they_sit(home: Home) -> None:
    hannah, aisha = await home.actor(HANNAH), await home.on_duty(AISHA, MAYA)
    ella = await home.arrives(ELLA)
    await home.write(wishes.change, hannah, CUMBRIA, ella.id, Wish(lead=aisha.staff))
    assert (await home.contact(ella.id)).lead == aisha.staff
    await home.match()
    assert await asked(home, ella) == aisha.staff
    await home.write(wishes.change, hannah, CUMBRIA, ella.id, Wish(lead=""))
    assert (await home.contact(ella.id)).lead == ""


async def test_a_lead_worker_is_of_the_service_and_may_meet_them(home: Home) -> None:
    ella = await home.taken_by(MAYA)
    maya, tom = await home.actor(MAYA), await home.actor(TOM)
    [durham, *_] = await home.rows(
        sa.select(staff_table.c.id).where(staff_table.c.service == "durham")
    )
    with pytest.raises(Wrong):
        await home.write(wishes.change, maya, CUMBRIA, ella.id, Wish(lead=durham.id))
    await home.write(conflicts.bar_staff, tom, ella.id, ids.new(), tom.staff)
    with pytest.raises(Refused, match="must not meet"):
        await home.write(wishes.change, maya, CUMBRIA, ella.id, Wish(lead=tom.staff))


async def test_a_child_found_out_later_is_told_to_the_safeguarding_lead(home: Home) -> None:
    ella = await home.taken_by(MAYA)
    maya, hannah = await home.actor(MAYA), await home.actor(HANNAH)
    [row] = await home.rows(sa.select(staff_table.c.skills).where(staff_table.c.id == maya.staff))
    assert CUMBRIA.under18_skill not in row.skills.split()
    await home.write(wishes.change, maya, CUMBRIA, ella.id, Wish(age="under18"))
    [told] = await home.read(notices.open_notices, hannah)
    assert (told.kind, told.contact, told.staff) == ("child_answered", ella.id, maya.staff)


async def test_no_volunteer_pulls_or_is_handed_a_child_or_is_alone(home: Home) -> None:
    """Marek volunteers, and works while Hannah is at her desk."""
    marek = await home.on_duty(MAREK)
    child = await home.arrives(replace(ELLA, need=Need(age="under18")).near(marek.hub))
    adult = await home.arrives(ELLA.near(marek.hub))
    with pytest.raises(Refused, match="supervisor is not at a desk"):
        await home.write(pulling.pull, marek, CUMBRIA, adult.id, 0)
    await home.on_duty(HANNAH)
    with pytest.raises(Refused, match="Volunteers do not take this need"):
        await home.write(pulling.pull, marek, CUMBRIA, child.id, 0)
    tom = await home.on_duty(TOM)
    await home.write(pulling.pull, tom, CUMBRIA, child.id, 0)
    with pytest.raises(Refused, match="Volunteers do not take this need"):
        await home.write(handing.ask, tom, CUMBRIA, child.id, 1, marek.staff, "Marek")
    await home.write(pulling.pull, marek, CUMBRIA, adult.id, 0)
    assert (await home.contact(adult.id)).owner == marek.staff


async def test_nobody_whose_vetting_ran_out_is_handed_anyone(home: Home) -> None:
    ella = await home.taken_by(MAYA)
    maya, tom = await home.actor(MAYA), await home.on_duty(TOM)
    yesterday = home.clock.now().date().replace(year=2020)
    await home.write(
        lambda work: (
            work.run(
                staff_table.update()
                .where(staff_table.c.id == tom.staff)
                .values(vetted_until=yesterday)
            ).rowcount
        )
    )
    with pytest.raises(Refused, match="Tom’s vetting has run out"):
        await home.write(handing.ask, maya, CUMBRIA, ella.id, 1, tom.staff, "Tom")
