"""A day in a second: theory agrees, and nobody falls through."""

from dataclasses import replace
from datetime import timedelta
from math import inf
from random import Random

import pytest

from app.definition.files import load_examples
from app.definition.model import Rung, Service
from routing.model import Rules, Waiting, rules_of
from routing.rota import Spell
from routing.simulated import Arrival, Present, Told, arrivals
from routing.simulation import simulate
from tests.routing import erlang
from tests.routing.desk import CUMBRIA, NOW, after, seat

POOLED = Rules("one", "central", (Rung("central", 86_400), Rung("numbers")), tell_again=86_400)
CALL = Waiting("", "voice", "", NOW)
CHAT = Waiting("", "chat", "penrith", NOW)
HANDLING = 420


def on_shift(
    name: str, hub: str = "central", frm: float = 0, to: float = 1e9, **more: int
) -> Present:
    return Present(
        seat(name, hub, capacity=more.get("capacity", 2)), (Spell(after(frm), after(to)),)
    )


def pooled(load: float, advisors: int, come: int, patience: float = inf) -> Told:
    rate = load / HANDLING * 3600
    people = [on_shift(f"a{at:02d}", capacity=1) for at in range(advisors)]
    hours = int(come / rate)
    coming = arrivals(Random(8), NOW, [rate], hours, [(1.0, CALL)], HANDLING, patience)
    return simulate(POOLED, people, coming)


def test_theory_is_the_one_of_the_reference() -> None:
    assert erlang.within(3.99, 8, HANDLING, 20) == pytest.approx(0.952, abs=0.0005)
    assert erlang.mean_wait(3.99, 8, HANDLING) == pytest.approx(6.2, abs=0.1)
    assert erlang.give_up(3.99, 8, HANDLING, 120) == pytest.approx(0.016, abs=0.0005)


def test_the_simulation_agrees_with_erlang_c() -> None:
    told = pooled(4.0, 8, 8_000)
    assert told.within(20) == pytest.approx(erlang.within(4, 8, HANDLING, 20), abs=0.01)
    assert told.mean_wait() == pytest.approx(erlang.mean_wait(4, 8, HANDLING), abs=1.5)
    assert set(told.counted()) == {"person"}


def test_the_simulation_agrees_with_erlang_a() -> None:
    told = pooled(2.0, 4, 6_000, patience=120)
    assert told.gave_up() == pytest.approx(erlang.give_up(2, 4, HANDLING, 120), abs=0.01)
    assert set(told.counted()) == {"person", "left"}


def comes(at: float, contact: str = "a", kind: Waiting = CHAT, **more: float) -> Arrival:
    return Arrival(contact, after(at), kind, more.get("handling", 600))


def one(told: Told) -> tuple[str, float, int]:
    (each,) = told.contacts
    return each.how, each.waited, each.rung


def test_who_comes_while_somebody_is_free_is_answered_at_once() -> None:
    told = simulate(CUMBRIA, [on_shift("Maya", "penrith")], [comes(60)])
    assert one(told) == ("person", 0.0, 0)
    assert told.local() == 1.0


def test_a_call_that_nobody_takes_is_put_through_to_a_number() -> None:
    busy = [comes(0, "b", CALL, handling=9000), comes(1, "a", CALL)]
    told = simulate(CUMBRIA, [on_shift("Marek")], busy)
    assert {each.contact: each.how for each in told.contacts} == {"b": "person", "a": "number"}
    assert told.contacts[1].waited == 180
    assert told.overflowed == {2: 1}


PROMISING = replace(CUMBRIA, ladder=(*CUMBRIA.ladder[:2], Rung("promise")))


def test_a_promise_is_kept_by_whoever_comes_first_or_is_broken() -> None:
    night = [comes(0)]
    morning = [on_shift("Maya", "penrith", frm=6 * 3600)]
    assert one(simulate(PROMISING, morning, night)) == ("promise", 6 * 3600.0, 2)
    assert one(simulate(PROMISING, [], night)) == ("broken", 24 * 3600.0, 2)


def test_with_neither_person_nor_promise_it_is_nobody_and_it_is_counted() -> None:
    silent = replace(comes(0), rings=False)
    told = simulate(CUMBRIA, [], [silent])
    assert told.counted() == {"nobody": 1}
    assert told.within(20) == 0.0


def test_an_offer_that_lapses_goes_to_the_next_and_comes_back_to_the_one_who_is_alone() -> None:
    def only_tom(contact: str, staff: str) -> float | None:
        return 3.0 if staff == "tom" else None

    two = [on_shift("Maya", "penrith"), on_shift("Tom", "penrith")]
    assert one(simulate(CUMBRIA, two, [comes(0)], answer=only_tom)) == ("person", 23.0, 0)

    def on_the_second(contact: str, staff: str) -> float | None:
        asked.append(staff)
        return 0.0 if len(asked) > 1 else None

    asked: list[str] = []
    alone = [on_shift("Maya", "penrith")]
    told = simulate(CUMBRIA, alone, [comes(0)], answer=on_the_second)
    assert (one(told)[1], asked) == (50.0, ["maya", "maya"])


def test_when_everyone_declines_a_caller_still_gets_a_number() -> None:
    two = [on_shift("Maya", "penrith"), on_shift("Marek")]
    told = simulate(CUMBRIA, two, [comes(0, kind=CALL)], answer=lambda *_: None)
    assert told.counted() == {"number": 1}


def test_at_five_four_chats_are_open_and_none_is_dropped() -> None:
    """The shift ends; the chats do not, and the next who comes is not put on who is leaving."""
    two = [on_shift("Maya", "penrith", to=3600), on_shift("Tom", "penrith", to=3600)]
    open_chats = [comes(at, f"c{at}", handling=7200) for at in range(4)]
    late = comes(1900, "late")
    told = simulate(PROMISING, two, [*open_chats, late])
    how = {each.contact: each.how for each in told.contacts}
    assert how == {"c0": "person", "c1": "person", "c2": "person", "c3": "person", "late": "broken"}


def test_three_hundred_come_in_one_minute_to_four_desks() -> None:
    desks = [on_shift(name, "penrith") for name in ("Maya", "Tom", "Ben", "Ola")]
    told = simulate(
        PROMISING, desks, [comes(at / 5, f"c{at:03d}", handling=1200) for at in range(300)]
    )
    assert set(told.counted()) == {"person", "promise"}
    assert len(told.contacts) == 300
    order = sorted(told.contacts, key=lambda each: each.arrived)
    answered = [each.waited + (each.arrived - NOW).total_seconds() for each in order]
    assert answered == sorted(answered)


@pytest.mark.parametrize("service", load_examples().values(), ids=lambda each: each.key)
def test_a_month_of_each_example_leaves_nobody(service: Service) -> None:
    """Two at the central hub and one at each other, by day alone; the numbers answer at night."""
    rules = rules_of(service)
    days = [
        Spell(NOW + timedelta(days=day, hours=5), NOW + timedelta(days=day, hours=17))
        for day in range(30)
    ]
    nights = [Spell(NOW, NOW + timedelta(days=30))]
    people = [
        Present(seat(hub.key, hub.key), tuple(nights if hub.central else days))
        for hub in service.hubs
    ]
    kinds = [
        (1.0, Waiting("", channel, hub.key, NOW, crime=crime.key))
        for hub in service.hubs
        for crime in service.crimes
        for channel in ("chat", "voice")
    ]
    per_hour = [1.0] * 4 + [3.0] * 16 + [2.0] * 4
    told = simulate(rules, people, arrivals(Random(3), NOW, per_hour, 24 * 30, kinds, 1200))
    assert len(told.contacts) > 1000
    counted = told.counted()
    assert not counted["nobody"]
    assert not counted["broken"]
    assert not counted["left"]
