"""The same few people on the same night: builders for routing tests. All of them are invented."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from app.definition.model import Rung
from routing.decide import decide
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
    Waiting,
)

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
LADDER = (Rung("home", 60), Rung("central", 120), Rung("numbers", 0))
CUMBRIA = Rules(
    service="cumbria",
    central="central",
    ladder=LADDER,
    hub_names={"penrith": "Penrith", "kendal": "Kendal", "central": "Carlisle"},
    skill_for_crime={"domestic": "domestic-abuse", "sexual": "sexual-violence"},
    skill_for_age={"under18": "young-people"},
    head_start={"danger": 600},
)


def ago(seconds: float) -> datetime:
    return NOW - timedelta(seconds=seconds)


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def seat(
    name: str,
    hub: str = "penrith",
    *,
    idle: float = 60,
    skills: Collection[str] = (),
    languages: Collection[str] = ("en",),
    capacity: int = 2,
    load: int = 0,
    channels: Collection[str] = ("chat", "voice", "sms"),
    state: Presence = "available",
    lease: float = 30,
    on_call: bool = False,
    role: str = "advisor",
    supervisor: str = "",
    gender: str = "",
    vetted: bool = True,
    closing: Collection[str] = (),
    checking: bool = False,
) -> Seat:
    return Seat(
        staff=name.lower(),
        first_name=name,
        hub=hub,
        idle_since=ago(idle),
        lease_until=after(lease),
        service="cumbria",
        skills=frozenset(skills),
        languages=frozenset(languages),
        capacity=capacity,
        load=load,
        channels=frozenset(channels),
        state=state,
        on_call=on_call,
        role=role,
        supervisor=supervisor,
        gender=gender,
        vetted=vetted,
        closing=frozenset(closing),
        checking=checking,
    )


def waiting(
    contact: str,
    channel: Channel = "chat",
    hub: str = "penrith",
    *,
    waited: float = 10,
    crime: str = "",
    age: str = "",
    language: str = "",
    urgency: str = "",
    front: bool = False,
    rung: int = 0,
    left: float | None = 50,
    asked: Collection[str] = (),
    asked_ago: float | None = None,
    barred: Collection[str] = (),
    weight: int = 1,
    returned: float | None = None,
    gender: str = "",
    lead: str = "",
    last: str = "",
    barred_hubs: Collection[str] = (),
) -> Waiting:
    """A contact with `left` seconds on its rung; None: it has just arrived there."""
    return Waiting(
        contact=contact,
        channel=channel,
        hub=hub,
        queued_at=ago(waited),
        service="cumbria",
        crime=crime,
        age=age,
        language=language,
        urgency=urgency,
        front=front,
        rung=rung,
        rung_until=None if left is None else after(left),
        asked=frozenset(asked),
        asked_at=None if asked_ago is None else ago(asked_ago),
        barred=frozenset(barred),
        weight=weight,
        returned_at=None if returned is None else ago(returned),
        gender=gender,
        lead=lead,
        last=last,
        barred_hubs=frozenset(barred_hubs),
    )


def board(*people: Seat | Waiting, rules: Rules = CUMBRIA, paused: Collection[str] = ()) -> Board:
    return Board(
        rules,
        tuple(each for each in people if isinstance(each, Waiting)),
        tuple(each for each in people if isinstance(each, Seat)),
        frozenset(paused),
    )


def decided(
    *people: Seat | Waiting, rules: Rules = CUMBRIA, paused: Collection[str] = ()
) -> dict[str, Decision]:
    """The decision for each contact, by contact."""
    return {each.contact: each for each in decide(board(*people, rules=rules, paused=paused), NOW)}


def offered(
    *people: Seat | Waiting, rules: Rules = CUMBRIA, paused: Collection[str] = ()
) -> dict[str, str | None]:
    """Who is asked for each contact, None when nobody is."""
    return {
        contact: each.staff if isinstance(each, Offer) else None
        for contact, each in decided(*people, rules=rules, paused=paused).items()
    }


def only(*people: Seat | Waiting, rules: Rules = CUMBRIA, paused: Collection[str] = ()) -> Decision:
    """The decision for the one contact who waits."""
    (each,) = decided(*people, rules=rules, paused=paused).values()
    return each


def only_offer(
    *people: Seat | Waiting, rules: Rules = CUMBRIA, paused: Collection[str] = ()
) -> Offer:
    each = only(*people, rules=rules, paused=paused)
    assert isinstance(each, Offer), each
    return each


def only_wait(
    *people: Seat | Waiting, rules: Rules = CUMBRIA, paused: Collection[str] = ()
) -> Wait:
    each = only(*people, rules=rules, paused=paused)
    assert isinstance(each, Wait), each
    return each


def only_climb(
    *people: Seat | Waiting, rules: Rules = CUMBRIA, paused: Collection[str] = ()
) -> Climb:
    each = only(*people, rules=rules, paused=paused)
    assert isinstance(each, Climb), each
    return each


def only_overflow(
    *people: Seat | Waiting, rules: Rules = CUMBRIA, paused: Collection[str] = ()
) -> Overflow:
    each = only(*people, rules=rules, paused=paused)
    assert isinstance(each, Overflow), each
    return each
