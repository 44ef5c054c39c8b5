"""Held against the carrier: calls that ended unheard, callers nobody knows, somebody left alone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.db import Work
from telephony.reconciling import (
    SETTLED,
    Known,
    Reconciler,
    Seen,
    forsaken,
    over,
    strangers,
    survey,
)
from telephony.rehearsal.values import Line
from telephony.states import Waiting
from telephony.tables import calls
from tests.telephony.night import LINE, RUTH, Night, a_night

NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)
NAMES = st.frozensets(st.sampled_from("ruth tom maya ivy".split()))


def known(call: str, age: timedelta = SETTLED) -> Known:
    return Known(call, Waiting(1), NOW - age)


@given(going_on=NAMES, queued=NAMES, ours=NAMES)
def test_a_stranger_waits_in_our_queue_lives_and_has_no_row(
    going_on: frozenset[str], queued: frozenset[str], ours: frozenset[str]
) -> None:
    found = strangers(Seen(going_on, queued, {}), ours)
    assert set(found) == {each for each in queued if each in going_on and each not in ours}


@given(going_on=NAMES, ours=NAMES)
def test_only_calls_the_carrier_does_not_name_are_asked_about(
    going_on: frozenset[str], ours: frozenset[str]
) -> None:
    live = [known(each) for each in ours]
    assert set(over(Seen(going_on, frozenset(), {}), live, NOW)) == ours - going_on


def test_a_call_that_changed_a_moment_ago_is_left_in_peace() -> None:
    nothing = Seen(frozenset(), frozenset(), {})
    assert over(nothing, [known("ruth")], NOW) == ["ruth"]
    assert over(nothing, [known("ruth", SETTLED - timedelta(seconds=1))], NOW) == []


def test_alone_in_a_room_of_no_call_is_forsaken_and_in_ours_is_the_flow_s() -> None:
    rooms = {"a": frozenset({"ruth"}), "b": frozenset({"tom", "maya"}), "c": frozenset[str]()}
    seen = Seen(frozenset({"ruth", "tom", "maya"}), frozenset(), rooms)
    assert forsaken(seen, frozenset()) == ["ruth"]
    assert forsaken(seen, frozenset({"a"})) == []


@pytest.fixture
async def night(tmp_path: Path) -> AsyncIterator[Night]:
    """Nothing looks by itself: the callbacks that are lost here stay lost."""
    async with a_night(tmp_path, running=False, matching=False) as night:
        yield night


def reconciler(night: Night) -> Reconciler:
    return Reconciler(night.ground, night.line.carrier, night.line.house)


async def waits(night: Night, *, told: bool = True) -> str:
    """Ruth waits in the queue. Not `told`: the carrier has nowhere to tell that her call ends."""
    lines = night.rehearsal.exchange.board.lines
    if not told:
        line = lines[LINE]
        lines[LINE] = Line(line.number, line.label, line.voice_url)
    call = await night.rehearsal.ring(RUTH, LINE)
    await night.rehearsal.hears(RUTH, "in the line")
    return call


async def test_a_call_that_ended_unheard_is_ended_here_too(night: Night) -> None:
    call = await waits(night, told=False)
    night.rehearsal.exchange.board.calls[call].place = None  # the queue's own news is lost too
    await night.rehearsal.hang_up(RUTH)
    assert "Ended" not in (await night.rows(calls))[0].state
    await reconciler(night).once()
    assert "Waiting" in (await night.rows(calls))[0].state, "it changed a moment ago"
    night.ground.clock.move(seconds=40)
    await reconciler(night).once()
    assert (await night.rows(calls))[0].live is False
    assert (await night.contact()).how_ended == "hung_up_waiting"
    await reconciler(night).once()


async def test_a_live_call_is_left_as_it_is(night: Night) -> None:
    await waits(night)
    before = await night.rows(calls)
    night.ground.clock.move(seconds=40)
    await reconciler(night).once()
    assert await night.rows(calls) == before


async def test_a_caller_in_the_queue_whom_we_do_not_know_is_welcomed(night: Night) -> None:
    call = await waits(night)

    def forget(work: Work) -> None:
        work.run(calls.delete())

    await night.ground.db.write(forget)
    await reconciler(night).once()
    await night.until(lambda work: work.run(calls.select()).first())
    (row,) = await night.rows(calls)
    assert row.sid == call
    assert row.live


async def test_when_the_carrier_cannot_tell_nothing_changes(night: Night) -> None:
    call = await waits(night, told=False)
    night.rehearsal.exchange.board.calls[call].place = None
    await night.rehearsal.hang_up(RUTH)
    night.ground.clock.move(seconds=40)
    await night.rehearsal.carrier_refuses(503)
    assert await survey(night.line.carrier) is None
    await night.rehearsal.carrier_refuses(429)
    await reconciler(night).once()
    assert (await night.rows(calls))[0].live is True
