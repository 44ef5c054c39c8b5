"""A node that decides, is stopped, and goes on: its board is no more, nor is its decision (R3)."""

from __future__ import annotations

import pytest

from app.cases.model import State
from app.errors import Stale
from routing import acts
from routing.decide import decide
from routing.model import Decision
from routing.pulling import pull
from routing.reading import board_of
from tests.house import Home
from tests.people import CUMBRIA, MAYA


async def decided(home: Home) -> tuple[tuple[Decision, ...], dict[str, int]]:
    """What a node would do now, and the offer_no of each contact it saw."""
    board = await home.read(board_of, CUMBRIA)
    return decide(board, home.clock.now()), {one.contact: one.offer_no for one in board.waiting}


async def test_who_has_just_declined_is_not_asked_again_by_a_slow_node(home: Home) -> None:
    maya = await home.on_duty(MAYA)
    ella = await home.arrives()
    late, seen = await decided(home)
    assert await home.match() == 1
    await home.write(acts.decline, maya.staff, ella.id, 1)

    done = await home.write(acts.carry_out, late, seen, CUMBRIA.timings.offer)
    assert (done.made, done.missed) == (0, 1)
    ella = await home.contact(ella.id)
    assert (ella.state, ella.offer_no) == (State.WAITING, 1)


async def test_two_nodes_that_decide_the_same_offer_it_once(home: Home) -> None:
    await home.on_duty(MAYA)
    ella = await home.arrives()
    late, seen = await decided(home)
    assert await home.match() == 1
    done = await home.write(acts.carry_out, late, seen, CUMBRIA.timings.offer)
    assert (done.made, done.missed) == (0, 1)
    assert (await home.contact(ella.id)).offer_no == 1


async def test_a_pull_pressed_long_ago_takes_nothing_that_rings_now(home: Home) -> None:
    maya = await home.on_duty(MAYA)
    ella = await home.arrives()
    assert await home.match() == 1
    await home.write(acts.decline, maya.staff, ella.id, 1)
    home.clock.move(seconds=CUMBRIA.routing.ask_again + 1)
    await home.write(acts.beat, maya.staff, CUMBRIA.timings.lease)
    assert await home.match() == 1, "alone, she is asked again"

    with pytest.raises(Stale):
        await home.write(pull, maya, CUMBRIA, ella.id, 0)
    taken = await home.write(pull, maya, CUMBRIA, ella.id, 1)
    assert taken.assignment_no == 1, "pressed just as it began to ring"
