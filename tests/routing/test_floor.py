"""What a lead does on the floor, and that nobody else may."""

from __future__ import annotations

import pytest

from app import ids
from app.cases import access, joining, notes
from app.cases.model import HowEnded, State
from app.errors import Missing, Refused, Stale, Wrong
from routing import acts, floor, pausing
from tests.house import Home
from tests.people import CUMBRIA, ELLA, HANNAH, MAYA, TOM
from tests.routing.rows import asked, lines, place, places_used, verbs


async def test_a_paused_queue_asks_nobody_there_and_ends_by_itself(home: Home) -> None:
    maya, tom, hannah = [await home.actor(each) for each in (MAYA, TOM, HANNAH)]
    with pytest.raises(Refused):
        await home.write(pausing.pause, tom, CUMBRIA, ids.new(), "penrith", "staff", 30)
    with pytest.raises(Wrong):
        await home.write(pausing.pause, hannah, CUMBRIA, ids.new(), "penrith", "boredom", 30)
    with pytest.raises(Wrong):
        await home.write(pausing.pause, hannah, CUMBRIA, ids.new(), "nowhere", "staff", 30)
    await home.write(pausing.pause, hannah, CUMBRIA, ids.new(), "penrith", "staff", 30)
    [shown] = await home.read(pausing.paused, CUMBRIA.key)
    assert (shown.hub, shown.reason, shown.by) == ("penrith", "staff", hannah.staff)

    await home.on_duty(MAYA)
    ella = await home.arrives(ELLA)
    await home.match()
    assert await asked(home, ella) is None, "Maya works at Penrith, which rests"
    home.clock.move(minutes=30)
    await home.pages_are_there()
    await home.write(acts.beat, maya.staff, 60)
    assert await home.read(pausing.paused, CUMBRIA.key) == []
    await home.match()
    assert await asked(home, ella) == maya.staff


async def test_a_queue_paused_anew_or_opened_again(home: Home) -> None:
    hannah, first = await home.actor(HANNAH), ids.new()
    for _ in range(2):
        await home.write(pausing.pause, hannah, CUMBRIA, first, "penrith", "staff", 30)
    await home.write(pausing.pause, hannah, CUMBRIA, ids.new(), "penrith", "systems", 60)
    [shown] = await home.read(pausing.paused, CUMBRIA.key)
    assert shown.reason == "systems"
    for _ in range(2):
        await home.write(pausing.unpause, hannah, CUMBRIA, "penrith")
    assert await home.read(pausing.paused, CUMBRIA.key) == []


async def test_a_moved_contact_is_asked_for_elsewhere_with_its_place_kept(home: Home) -> None:
    hannah = await home.actor(HANNAH)
    ella = await home.arrives(ELLA)
    before = await place(home, ella)
    with pytest.raises(Stale):
        await home.write(floor.move, hannah, CUMBRIA, ella.id, 7, "carlisle")
    await home.write(floor.move, hannah, CUMBRIA, ella.id, 0, "central")
    tom = await home.on_duty(TOM)
    await home.match()
    after = await place(home, ella)
    assert (await asked(home, ella), after.queued_at) == (tom.staff, before.queued_at)
    assert "moved" in await verbs(home, ella)


async def test_moved_while_it_rings_it_stops_ringing(home: Home) -> None:
    hannah = await home.actor(HANNAH)
    await home.on_duty(MAYA)
    ella = await home.arrives(ELLA)
    await home.match()
    await home.write(floor.move, hannah, CUMBRIA, ella.id, 1, "central")
    assert await asked(home, ella) is None
    assert (await places_used(home, MAYA))[0] == 0


async def test_a_lead_takes_over_and_the_person_reads_it(home: Home) -> None:
    ella = await home.taken_by(MAYA)
    tom, hannah = await home.actor(TOM), await home.actor(HANNAH)
    transcript = home.house.transcript
    with pytest.raises(Refused):
        await home.write(floor.take_over, transcript, tom, CUMBRIA, ella.id, 1, ids.new())
    await home.write(acts.go_off_duty, hannah.staff)
    with pytest.raises(Refused, match="Go on duty"):
        await home.write(floor.take_over, transcript, hannah, CUMBRIA, ella.id, 1, ids.new())
    assert await lines(home, ella) == [], "what was refused left no line"
    await home.on_duty(HANNAH)
    line = ids.new()
    for _ in range(2):
        await home.write(floor.take_over, transcript, hannah, CUMBRIA, ella.id, 1, line)
    ella = await home.contact(ella.id)
    assert (ella.owner, ella.assignment_no, ella.state) == (hannah.staff, 2, State.ACTIVE)
    assert len(await lines(home, ella)) == 1
    assert (await places_used(home, MAYA))[0] == 0
    with pytest.raises(Stale):
        await home.write(acts.end, ella.id, HowEnded.ADVISOR_ENDED, assignment_no=1)


async def test_a_supervisor_joins_writes_and_leaves_in_the_open(home: Home) -> None:
    ella = await home.taken_by(MAYA)
    maya, tom, hannah = [await home.actor(each) for each in (MAYA, TOM, HANNAH)]
    first = hannah.first_name
    transcript = home.house.transcript
    with pytest.raises(Refused):
        await home.says(ella, f"staff:{hannah.staff}", "Too early.")
    with pytest.raises((Refused, Missing)):
        await home.write(floor.join, transcript, tom, CUMBRIA, ella.id, ids.new())
    with pytest.raises(Missing):
        await home.write(access.open_contact, hannah, ella.id)
    await home.write(floor.join, transcript, hannah, CUMBRIA, ella.id, ids.new())
    await home.write(access.open_contact, hannah, ella.id)
    await home.says(ella, f"staff:{hannah.staff}", "I work with Maya.")
    assert ella.conversation is not None
    await home.write(
        notes.keep, home.keyring, ella.conversation, hannah.staff, bytes(16), "Staff only."
    )
    assert (await home.contact(ella.id)).owner == maya.staff, "one owner, as before"
    await home.write(floor.leave, transcript, hannah, ella.id, ids.new())
    with pytest.raises(Refused):
        await home.says(ella, f"staff:{hannah.staff}", "Too late.")
    with pytest.raises(Missing):
        await home.write(access.open_contact, hannah, ella.id)
    assert await lines(home, ella) == [f"{first} joined.", "I work with Maya.", f"{first} left."]
    assert [verb for verb in await verbs(home, ella) if verb in ("joined", "left")] == [
        "joined", "left",
    ]  # fmt: skip


async def test_the_end_of_a_contact_ends_every_joining(home: Home) -> None:
    ella = await home.taken_by(MAYA)
    hannah = await home.actor(HANNAH)
    await home.write(joining.join, ella.id, hannah.staff)
    assert await home.read(joining.joined_by, hannah.staff) == [ella.id]
    await home.write(acts.end, ella.id, HowEnded.PERSON_ENDED)
    assert await home.read(joining.beside, [ella.id]) == {}


async def test_a_supervisor_whose_console_dies_stands_in_the_chat_no_longer(home: Home) -> None:
    ella = await home.taken_by(MAYA)
    maya, hannah = await home.actor(MAYA), await home.actor(HANNAH)
    await home.on_duty(HANNAH)
    await home.write(floor.join, home.house.transcript, hannah, CUMBRIA, ella.id, ids.new())
    sweep = home.house.matcher.sweep_once
    for _ in range(5):
        home.clock.move(seconds=30)
        await home.pages_are_there()
        for one in (maya, hannah):
            await home.write(acts.beat, one.staff, 60)
        await sweep()
    assert await home.read(joining.beside, [ella.id]) == {ella.id: [hannah.staff]}, "she is there"
    for _ in range(4):
        home.clock.move(seconds=30)
        await home.pages_are_there()
        await home.write(acts.beat, maya.staff, 60)
        await sweep()
    assert await home.read(joining.beside, [ella.id]) == {}
    said = [f"{hannah.first_name} joined.", f"{hannah.first_name} left."]
    assert await lines(home, ella) == said, "and the sweep says it once"
    assert (await home.contact(ella.id)).owner == maya.staff
