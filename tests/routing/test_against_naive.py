"""The fast router and the plain one agree on every night that can be thought of."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.definition.model import Rung
from routing.decide import decide
from routing.explain import explain
from routing.model import (
    Board,
    Channel,
    Climb,
    Decision,
    Offer,
    Overflow,
    Presence,
    Rules,
    Seat,
    Wait,
)
from routing.model import Waiting as Contact
from tests.routing.desk import CUMBRIA, NOW, board, seat, waiting
from tests.routing.naive import Plain, Plainly

HUBS = st.sampled_from(["penrith", "kendal", "central"])
NAMES = ["Aisha", "Ben", "Cleo", "Dan", "Eve", "Finn", "Gus", "Hana"]
LANGUAGES = st.sampled_from(["en", "pl", "ur"])
SKILLS = st.sampled_from(["domestic-abuse", "domestic-abuse.2", "sexual-violence", "young-people"])
CHANNELS = st.sampled_from(["chat", "voice", "sms"])
GENDERS = st.sampled_from(["", "woman", "man"])
WHO = st.sampled_from([each.lower() for each in NAMES])
STATES: list[Presence] = ["available", "available", "available", "busy", "wrap", "break", "offline"]


@st.composite
def seats(draw: st.DrawFn, name: str) -> Seat:
    capacity = draw(st.integers(1, 3))
    return seat(
        name,
        draw(HUBS),
        idle=draw(st.integers(0, 4)) * 60,
        skills=draw(st.frozensets(SKILLS, max_size=2)),
        languages=draw(st.frozensets(LANGUAGES, max_size=2)),
        capacity=capacity,
        load=draw(st.integers(0, capacity)),
        channels=draw(st.frozensets(CHANNELS, min_size=1)),
        state=draw(st.sampled_from(STATES)),
        lease=draw(st.sampled_from([30, 30, 30, 0])),
        on_call=draw(st.sampled_from([False, False, False, True])),
        role=draw(st.sampled_from(["advisor", "advisor", "hub_lead", "volunteer"])),
        supervisor=draw(WHO),
        gender=draw(GENDERS),
        vetted=draw(st.sampled_from([True, True, True, True, False])),
        closing=draw(st.frozensets(CHANNELS, max_size=1)),
        checking=draw(st.sampled_from([False, False, False, True])),
    )


@st.composite
def contacts(draw: st.DrawFn, name: str) -> Contact:
    channel: Channel = draw(st.sampled_from(["chat", "voice", "sms"]))
    return waiting(
        name,
        channel,
        draw(st.sampled_from(["penrith", "kendal", "central", ""])),
        waited=draw(st.sampled_from([0, 10, 29, 30, 45, 700])),
        crime=draw(st.sampled_from(["", "domestic", "sexual", "theft"])),
        age=draw(st.sampled_from(["", "adult", "under18"])),
        language=draw(st.sampled_from(["", "en", "pl", "ur", "ro"])),
        urgency=draw(st.sampled_from(["", "", "danger"])),
        front=draw(st.sampled_from([False, False, True])),
        rung=draw(st.integers(0, 3)),
        left=draw(st.sampled_from([None, -5, 0, 20, 60])),
        asked=draw(st.frozensets(st.sampled_from(NAMES).map(str.lower), max_size=4)),
        asked_ago=draw(st.sampled_from([None, 5, 30, 90])),
        barred=draw(st.frozensets(st.sampled_from(NAMES).map(str.lower), max_size=1)),
        weight=draw(st.integers(0, 3)),
        returned=draw(st.sampled_from([None, 5, 20, 90])),
        gender=draw(GENDERS),
        lead=draw(st.sampled_from(["", "aisha", "ben", "cleo"])),
        last=draw(st.sampled_from(["", "aisha", "ben", "dan"])),
        barred_hubs=draw(st.frozensets(HUBS, max_size=1)),
    )


@st.composite
def services(draw: st.DrawFn) -> Rules:
    ends: list[Rung] = [Rung("numbers"), Rung("promise"), Rung("message")]
    climbing = [Rung("home", 60), Rung("neighbours", 30), Rung("central", 120)]
    ladder = [rung for rung in climbing if draw(st.booleans())]
    return replace(
        CUMBRIA,
        ladder=(*ladder, draw(st.sampled_from(ends))),
        skill_for_crime={"domestic": "domestic-abuse.2", "sexual": "sexual-violence"},
        skill_for_age=draw(st.sampled_from([{}, {"under18": "young-people"}])),
        volunteers_never=draw(st.frozensets(st.sampled_from(["domestic", "sexual"]))),
        neighbours={"penrith": ("kendal",), "kendal": ("penrith", "central")},
        queue_most=draw(st.sampled_from([0, 0, 1, 2])),
    )


@st.composite
def boards(draw: st.DrawFn) -> Board:
    people = NAMES[: draw(st.integers(0, 5))]
    line = range(draw(st.integers(0, 4)))
    return Board(
        draw(services()),
        tuple(draw(contacts(f"c{at:02d}")) for at in line),
        tuple(draw(seats(name)) for name in people),
        draw(st.sampled_from([frozenset(), frozenset({"penrith"}), frozenset({"central"})])),
    )


def plain(decision: Decision) -> Plain:
    contact, rung, until = decision.contact, decision.rung, decision.until
    match decision:
        case Offer():
            why = decision.reason
            return Plain(contact, "offer", decision.staff, rung, until, why.own, why.tell_lead)
        case Wait():
            return Plain(contact, "wait", None, rung, until)
        case Climb():
            return Plain(contact, "climb", None, rung, until)
        case Overflow():
            return Plain(contact, "overflow", None, rung, until)


@settings(max_examples=300, deadline=None)
@given(boards())
def test_the_masks_say_what_a_plain_scan_says(night: Board) -> None:
    assert [plain(each) for each in decide(night, NOW)] == Plainly(night, NOW).decide()


@settings(max_examples=50, deadline=None)
@given(boards())
def test_every_decision_has_a_reason_in_words_and_a_later_look(night: Board) -> None:
    decisions = decide(night, NOW)
    assert sorted(each.contact for each in decisions) == sorted(
        each.contact for each in night.waiting
    )
    for each in decisions:
        assert each.until > NOW
        assert each.reason.code
        assert each.reason.words().endswith(".")
        assert all(len(part.split()) <= 20 for part in each.reason.words().split(". "))


@settings(max_examples=50, deadline=None)
@given(boards())
def test_every_seat_that_was_not_asked_has_something_against_it(night: Board) -> None:
    decisions = decide(night, NOW)
    for each in decisions:
        told = explain(night, each.contact, NOW, decisions)
        asked = {each.staff} if isinstance(each, Offer) else set()
        assert {why.staff for why in told} | asked == {seat.staff for seat in night.seats}
        assert all(why.reasons for why in told)


@settings(max_examples=50, deadline=None)
@given(boards())
def test_the_order_of_the_rows_changes_nothing(night: Board) -> None:
    turned = replace(night, waiting=night.waiting[::-1], seats=night.seats[::-1])
    assert decide(turned, NOW) == decide(night, NOW)


@pytest.mark.parametrize("night", range(60))
def test_on_a_crowded_night_they_still_agree(night: int) -> None:
    """Forty seats and a line of eighty: as busy as a night gets."""
    dice = Random(night)
    people = [
        seat(
            f"s{at:02d}",
            dice.choice(["penrith", "central"]),
            idle=dice.randrange(900),
            skills=dice.sample(["domestic-abuse", "sexual-violence", "young-people"], 1),
            languages=dice.choice([[], ["en"], ["en", "pl"]]),
            capacity=dice.randint(2, 12),
        )
        for at in range(dice.randint(2, 40))
    ]
    line = [
        waiting(
            f"c{at:02d}",
            "voice" if dice.random() < 0.1 else "chat",
            dice.choice(["penrith", ""]),
            waited=dice.randrange(100),
            crime=dice.choice(["", "domestic", "sexual"]),
            age=dice.choice(["", "under18"]),
            language=dice.choice(["", "en", "pl"]),
            rung=dice.randrange(3),
            weight=dice.randint(1, 2),
        )
        for at in range(80)
    ]
    crowded = board(*people, *line)
    assert [plain(each) for each in decide(crowded, NOW)] == Plainly(crowded, NOW).decide()
