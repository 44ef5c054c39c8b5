"""How the phone stands at a desk: your own, who is on the line of a call, who could be added."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.auth.policy import Actor
from app.auth.staff import phone_of
from app.cases import marks
from app.db import Work
from app.definition.model import Service
from app.keyring import Keyring
from routing.device import device_of
from telephony.talking_shown import OnLine, Talk
from widgets.console import phoning
from widgets.console.names import Names
from widgets.console.telephone import Telephone


def own(work: Work, keyring: Keyring, telephone: Telephone, actor: Actor) -> phoning.OwnPhone:
    """By what this advisor's calls come."""
    device, number = device_of(work, actor.staff), phone_of(work, keyring, actor.staff)
    return phoning.OwnPhone(
        leg="browser" if device.chosen else "phone",
        ready=device.ready,
        browsers=telephone.browsers,
        rehearsed=telephone.rehearsed,
        number=masked(number) if number else "",
    )


def calls(
    work: Work,
    keyring: Keyring,
    telephone: Telephone,
    names: Names,
    actor: Actor,
    contact_ids: Sequence[str],
) -> dict[str, phoning.CallFacts]:
    """How the call of each contact stands, with everyone on its line by first name."""
    return {
        contact: phoning.CallFacts(
            state=state.state,
            since=state.since,
            answers=_answers(work, keyring, contact),
            **_talk(state.talk, names, actor),
        )
        for contact, state in telephone.calls(work, contact_ids).items()
    }


def _answers(work: Work, keyring: Keyring, contact: str) -> tuple[phoning.Answered, ...]:
    return tuple(
        phoning.Answered(mark.said, mark.about, mark.at)
        for mark in marks.of_contact(work, keyring, contact)
        if mark.kind == "answer"
    )


def helpers(service: Service) -> phoning.Helpers:
    """Who outside can be rung into a call of this service."""
    return phoning.Helpers(
        tuple(phoning.Helper(each.key, each.name) for each in service.interpreters),
        tuple(phoning.Helper(each.key, each.name) for each in service.police),
    )


def masked(number: str) -> str:
    """Enough to tell two callers apart, not enough to ring: 07700 900 ••1."""
    local = f"0{number[3:]}" if number.startswith("+44") else number
    if len(local) < 8:
        return "••••"
    return f"{local[:5]} {local[5:-3]} ••{local[-1]}".replace("  ", " ")


def _talk(talk: Talk | None, names: Names, actor: Actor) -> dict[str, Any]:
    if talk is None:
        return {}
    return {
        "legs": tuple(_leg(leg, names, actor) for leg in talk.legs),
        "hold": talk.hold,
        "muted": talk.muted,
        "keys": talk.keys,
        "leg": talk.leg,
        "transfer": talk.transfer,
    }


def _leg(leg: OnLine, names: Names, actor: Actor) -> phoning.OnLine:
    return phoning.OnLine(
        id=leg.id,
        kind=leg.kind,
        name=names.of(leg.staff).first_name if leg.staff else leg.name,
        state=leg.state,
        muted=leg.muted,
        coaching=leg.coaching,
        you=leg.staff == actor.staff,
    )
