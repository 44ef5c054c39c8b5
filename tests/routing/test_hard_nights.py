"""Nights that rotas and queues are afraid of, through the real rota, ladder and `decide`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from app.cases import acts as contacts
from app.cases import signs
from app.cases.model import Channel, Opening
from app.definition.model import Service
from app.definition.weekly import read_weekly
from routing import acts
from routing.decide import decide
from routing.model import Channel as Door
from routing.model import Seat, Wait, Waiting, rules_of
from routing.reading import board_of
from routing.rota import Shift, spells
from routing.simulated import Arrival, Ended, Present
from routing.simulation import at_once, simulate
from routing.tables import offers, places
from tests.people import SERVICES
from tests.routing.scratch import SERVICE, Scratch

CUMBRIA, DURHAM = SERVICES["cumbria"], SERVICES["durham"]
LONDON = ZoneInfo("Europe/London")


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(UTC)


def on_rota(service: Service, who: str, hours: str, around: datetime, capacity: int = 2) -> Present:
    """Somebody of the central hub with this weekly rule, some days around."""
    weekly = read_weekly(hours)
    assert weekly is not None
    hub = service.central.key
    frm, to = around - timedelta(days=2), around + timedelta(days=3)
    theirs = spells(who, [Shift(who, hub, weekly)], (), LONDON, frm, to)
    skills = frozenset(service.skills)
    return Present(Seat(who, who, hub, frm, frm, skills=skills, capacity=capacity), theirs)


def comes(at: datetime, channel: Door = "voice", urgency: str = "", hub: str = "") -> Arrival:
    kind = Waiting("", channel, hub, at, urgency=urgency)
    return Arrival(f"{channel} {urgency} {at:%d %H:%M:%S}", at, kind, handling=300)


def every_half_hour(frm: datetime, to: datetime) -> list[Arrival]:
    steps = int((to - frm) / timedelta(minutes=30))
    return [comes(frm + timedelta(minutes=30 * step)) for step in range(steps)]


@pytest.mark.parametrize(
    ("evening", "morning", "hours"),
    [
        ("2027-03-27 22:00", "2027-03-28 06:00", 7),
        ("2027-10-30 22:00", "2027-10-31 06:00", 9),
        ("2028-02-28 22:00", "2028-02-29 06:00", 8),
        ("2028-02-29 22:00", "2028-03-01 06:00", 8),
    ],
)
def test_a_night_shift_answers_from_its_first_minute_to_its_last(
    evening: str, morning: str, hours: int
) -> None:
    """Seven hours long when the clocks go on, nine when they go back, and whole on a leap day."""
    begins, ends = local(evening), local(morning)
    assert ends - begins == timedelta(hours=hours)
    maya = on_rota(CUMBRIA, "maya", "daily 22:00-06:00", begins)
    line = every_half_hour(begins - timedelta(hours=1), ends + timedelta(hours=1))
    told = simulate(rules_of(CUMBRIA), [maya], line)
    closing = ends - timedelta(minutes=15)  # no new calls in the last quarter of an hour
    for one in told.contacts:
        there = begins <= one.arrived < closing
        assert one.how == ("person" if there else "number"), one.arrived
        assert not there or one.waited == 0


def test_in_a_hole_of_the_rota_callers_get_a_number_and_who_writes_is_called_back() -> None:
    night = local("2027-06-16 04:30")
    people = [
        on_rota(DURHAM, "maya", "daily 07:00-19:00", night),
        on_rota(DURHAM, "tom", "daily 19:00-04:00", night),
    ]
    doors: tuple[Door, ...] = ("voice", "chat", "sms")
    told = simulate(rules_of(DURHAM), people, [comes(night, door) for door in doors])
    call, chat, text = told.contacts
    assert (call.how, call.waited) == ("number", 0)
    for one in (chat, text):
        assert (one.how, one.staff) == ("promise", "maya")
        assert one.arrived + timedelta(seconds=one.waited) == local("2027-06-16 07:00")


@pytest.mark.parametrize("key", sorted(SERVICES))
def test_when_everyone_passes_everything_on_nobody_is_left_without(key: str) -> None:
    """Every offer lapses, all night: at the end of the ladder there is an answer all the same."""
    service, night = SERVICES[key], local("2027-06-16 22:00")
    people = [on_rota(service, who, "daily 20:00-08:00", night) for who in ("maya", "tom")]
    line = [comes(night), comes(night + timedelta(seconds=1), "chat")]
    told = simulate(
        rules_of(service), people, line, answer=lambda contact, staff: None,
        promise=timedelta(hours=30), afterwards=timedelta(hours=3),
    )  # fmt: skip
    assert all(one.offers > 0 for one in told.contacts)
    call, chat = told.contacts
    ends_on_promise = service.ladder[-1].kind == "promise"
    assert call.how == "number"
    # A call back that is owed and not yet due is no answer yet: it still stands in line.
    assert chat.how == ("nobody" if ends_on_promise else "number")
    assert chat.rung == len(service.ladder) - 1


def test_one_advisor_for_the_whole_county_at_three() -> None:
    """Who is in danger goes first, then who came first; the others know where they stand."""
    three = local("2027-06-16 03:00")
    maya = on_rota(CUMBRIA, "maya", "daily 22:00-06:00", three, capacity=1)
    hubs = [hub.key for hub in CUMBRIA.hubs]
    line = [comes(three + timedelta(seconds=at), "chat", hub=hub) for at, hub in enumerate(hubs)]
    line.append(comes(three + timedelta(seconds=10), "chat", "danger", "kendal"))
    # Nobody rings the number instead: all of them stay.
    stays = [Arrival(one.contact, one.at, one.kind, one.handling, rings=False) for one in line]
    told = simulate(rules_of(CUMBRIA), [maya], stays, answer=at_once)

    def answered(one: Ended) -> datetime:
        return one.arrived + timedelta(seconds=one.waited)

    order = [one.contact for one in sorted(told.contacts, key=answered)]
    names = [one.contact for one in line]
    assert order == [names[0], names[-1], *names[1:-1]]
    assert {one.how for one in told.contacts} == {"person"}
    assert told.longest_wait() <= len(line) * 300


def test_three_hundred_in_a_minute_after_a_broadcast_each_have_a_next_step() -> None:
    """Through the real acts and rows: somebody rings, a place is kept, or they have an answer."""
    floor = Scratch()
    try:
        for who in ("maya", "tom", "hannah"):
            floor.act(acts.go_on_duty, who, 3600)
        for at in range(300):
            name = f"c{at:03d}"
            channel = Channel.VOICE if at % 10 == 0 else Channel.CHAT
            conversation = None if channel is Channel.VOICE else f"v{name}"
            opening = Opening(
                name, name, SERVICE.key, "penrith", channel, conversation=conversation
            )
            floor.act(contacts.arrive, floor.keyring, opening)
            floor.act(acts.request_seat, name)
            floor.clock.move(seconds=0.2)
        looks(floor)
        asked = floor.rows(sa.select(offers).where(offers.c.answer == ""))
        assert [row.staff for row in asked] == ["maya"], "their own hub first; a call fills it"
        waits = floor.rows(sa.select(places))
        assert len(waits) == 300
        assert all(row.rung_until > floor.now for row in waits)

        for _ in range(4):
            floor.clock.move(seconds=60)
            floor.act(signs.here, [f"vc{at:03d}" for at in range(300)])
            floor.act(acts.lapse)
            looks(floor)
        assert all(row.rung_until > floor.now for row in floor.rows(sa.select(places)))
        told = floor.rows(sa.select(places.c.contact).where(places.c.overflow != ""))
        ringing = floor.rows(sa.select(offers.c.contact).where(offers.c.answer == ""))
        everyone = {row.contact for row in told} | {row.contact for row in ringing}
        assert len(everyone) == 300, "after three minutes everyone has an answer"
    finally:
        floor.closes()


def looks(floor: Scratch) -> None:
    board = floor.act(board_of, SERVICE)
    decided = decide(board, floor.now)
    new = {each.contact for each in board.waiting if each.rung_until is None}
    news = [one for one in decided if not isinstance(one, Wait) or one.contact in new]
    seen = {each.contact: each.offer_no for each in board.waiting}
    floor.act(acts.carry_out, news, seen, SERVICE.timings.offer)
