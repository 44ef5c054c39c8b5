"""Who would find nobody tonight, and what each gap needs: asked of the router's own rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.auth.skills import with_levels
from app.definition.model import Routing, Service
from routing.cover import gaps
from routing.model import Seat
from routing.rota import Turn, span
from routing.tonight import night, told, warns
from tests.people import CUMBRIA, SERVICES

LONDON = ZoneInfo("Europe/London")
TUESDAY = date(2027, 2, 2)
FRM = datetime(2027, 2, 2, 19, tzinfo=UTC)
TO = datetime(2027, 2, 3, 8, tzinfo=UTC)
TRAINING = {"young-people", *(crime.training for crime in CUMBRIA.crimes if crime.skill)}
ALL_NIGHT = "19:00-09:00"


def seat(who: str, hub: str = "central") -> Seat:
    return Seat(
        staff=who, first_name=who.title(), hub=hub, idle_since=FRM, lease_until=FRM,
        service="cumbria", role="advisor", skills=frozenset(with_levels(TRAINING)),
        languages=frozenset({"en"}),
    )  # fmt: skip


ANNA, BEN = seat("anna"), seat("ben")


def tonight(
    *on_shift: tuple[Seat, str], speak: tuple[str, ...] = (), service: Service = CUMBRIA
) -> list[str]:
    """Each gap in words, when these people work on Tuesday night."""
    people = {one.staff: one for one, _ in on_shift}
    spells = {}
    for one, text in on_shift:
        start, end = (time.fromisoformat(at) for at in text.split("-"))
        day = TUESDAY if start.hour >= 12 else TUESDAY + timedelta(days=1)
        spells[one.staff] = (span(Turn(day, start, end, one.hub), LONDON),)
    lines = [told(gap, service) for gap in gaps(service, people, spells, speak, FRM, TO)]
    return [f"{line.when}: {line.who}. {line.goes} {line.needs}" for line in lines]


def test_one_advisor_all_night_is_enough() -> None:
    assert tonight((ANNA, ALL_NIGHT)) == []


def test_an_empty_rota_leaves_everyone_to_the_phone() -> None:
    assert tonight() == [
        "Tue 19:00 to 08:00: Everyone. Calls go to the on-call phone; who writes is told the"
        " number. One advisor, or 19:00–08:00 goes to the on-call phone."
    ]


def test_a_hole_in_the_rota_begins_when_the_one_before_takes_nothing_new() -> None:
    found = tonight((ANNA, "19:00-03:00"), (BEN, "05:00-09:00"))
    assert [line.partition(".")[0] for line in found] == [
        "Wed 02:30 to 05:00: Everyone, chats",
        "Wed 02:45 to 05:00: Everyone, calls and texts",
    ]


def test_a_night_that_is_handed_over_in_time_has_no_hole() -> None:
    assert tonight((ANNA, "19:00-03:30"), (BEN, "03:00-09:00")) == []


def test_what_nobody_is_trained_for_is_said() -> None:
    anna = replace(ANNA, skills=frozenset({"domestic-abuse"}))
    assert tonight((anna, ALL_NIGHT)) == [
        "Tue 19:00 to 08:00: Sexual violence (level 2). Somebody answers who is not trained for it."
        " One advisor for sexual violence (level 2) closes it.",
        "Tue 19:00 to 08:00: Under 18. An adult advisor answers, and the safeguarding lead is"
        " told. One advisor for young people closes it.",
    ]


def test_a_language_that_nobody_speaks_for_a_while() -> None:
    marek = replace(BEN, languages=frozenset({"en", "pl"}))
    found = tonight((ANNA, ALL_NIGHT), (marek, "19:00-23:00"), speak=("pl",))
    assert found[-1] == (
        "Tue 22:45 to 08:00: Polish, calls and texts. Somebody answers, with an interpreter."
        " One Polish speaker on the phone and texts closes it."
    )


def test_who_has_no_phone_leaves_the_calls_open() -> None:
    anna = replace(ANNA, channels=frozenset({"chat", "sms"}))
    assert tonight((anna, ALL_NIGHT)) == [
        "Tue 19:00 to 08:00: Everyone, calls. Calls go to the on-call phone."
        " One advisor on the phone, or 19:00–08:00 goes to the on-call phone."
    ]


def test_somebody_at_one_hub_is_no_cover_for_the_others() -> None:
    found = tonight((seat("cleo", "kendal"), ALL_NIGHT))
    assert [line.partition(".")[0] for line in found] == ["Tue 19:00 to 08:00: Everyone, 5 hubs"]


class TestVolunteers:
    JEAN = replace(ANNA, staff="jean", role="volunteer", supervisor="ben")

    def test_a_volunteer_alone_is_no_cover(self) -> None:
        (line,) = tonight((self.JEAN, ALL_NIGHT))
        assert line.startswith("Tue 19:00 to 08:00: Everyone.")

    def test_with_a_supervisor_on_shift_there_is_cover(self) -> None:
        assert tonight((self.JEAN, ALL_NIGHT), (BEN, ALL_NIGHT)) == []

    def test_what_no_volunteer_takes_needs_somebody_employed(self) -> None:
        never = replace(CUMBRIA, routing=Routing(volunteers_never=("sexual",)))
        ben = replace(BEN, channels=frozenset({"voice", "sms"}))
        found = tonight((self.JEAN, ALL_NIGHT), (ben, ALL_NIGHT), service=never)
        label = next(crime.label for crime in CUMBRIA.crimes if crime.key == "sexual")
        (line,) = [each for each in found if each.startswith(f"Tue 19:00 to 08:00: {label}, chats")]
        assert "One employed advisor on chat" in line


@pytest.mark.parametrize("service", SERVICES.values(), ids=SERVICES)
def test_every_service_knows_what_an_empty_night_means(service: Service) -> None:
    (line,) = tonight(service=service)
    assert line.startswith("Tue 19:00 to 08:00: Everyone. ")


@pytest.mark.parametrize(
    ("now", "evening", "warned"),
    [
        (datetime(2027, 2, 2, 12, tzinfo=UTC), 2, False),
        (datetime(2027, 2, 2, 17, 59, tzinfo=UTC), 2, False),
        (datetime(2027, 2, 2, 18, tzinfo=UTC), 2, True),
        (datetime(2027, 2, 3, 3, tzinfo=UTC), 2, True),
        (datetime(2027, 2, 3, 8, tzinfo=UTC), 3, False),
    ],
)
def test_tonight_is_the_night_we_are_in_or_the_next(
    now: datetime, evening: int, warned: bool
) -> None:
    frm, to = night(now, LONDON)
    assert (frm.day, frm.hour, to.hour) == (evening, 19, 8)
    assert warns(now, LONDON) is warned


def test_the_night_of_march_is_an_hour_shorter() -> None:
    frm, to = night(datetime(2027, 3, 27, 20, tzinfo=UTC), LONDON)
    assert (to - frm).total_seconds() == 12 * 3600


def test_no_sentence_is_long() -> None:
    for line in tonight() + tonight((ANNA, "19:00-03:00"), speak=("pl", "ur")):
        for sentence in line.replace(";", ".").split("."):
            assert len(sentence.split()) <= 20, sentence
