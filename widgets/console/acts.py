"""What a desk may ask of the rooms below, each as one work. They decide (S3, S7)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

from app.auth import staff
from app.auth.policy import Actor
from app.cases import acts as contacts
from app.cases.model import HowEnded, WrapUp
from app.cases.transcript import Transcript
from app.db import Work
from app.definition.model import Service
from app.errors import Missing, Wrong
from app.keyring import Keyring
from routing import acts as routing
from routing import breaks, floor, handing, pausing, pulling
from telephony.house import House
from widgets.console import asking, phoned, wished, wishing, words


@dataclass(frozen=True)
class Means:
    """What an act stands on. `new_id` names the line, or the row, that one press may make."""

    keyring: Keyring
    transcript: Transcript
    service: Service
    new_id: str
    house: House | None = None
    """The phone line's; None where there is no line."""


def do(work: Work, frame: asking.Ask, actor: Actor, means: Means) -> None:
    match frame:
        case asking.Duty(on=True):
            routing.go_on_duty(work, actor.staff, means.service.timings.lease)
        case asking.Duty():
            routing.go_off_duty(work, actor.staff)
        case asking.Accept():
            _accept(work, frame, actor, means)
        case asking.Decline():
            routing.decline(work, actor.staff, frame.contact, frame.offer_no)
        case asking.End():
            _own(work, actor, frame.contact)
            routing.end(
                work, frame.contact, HowEnded.ADVISOR_ENDED, assignment_no=frame.assignment_no
            )
        case asking.Wrap():
            wrap = wrap_up_of(frame, means.service)
            routing.wrap_up(work, actor, frame.contact, frame.assignment_no, wrap, hard=frame.hard)
        case asking.Pull():
            pulling.pull(work, actor, means.service, frame.contact, frame.offer_no)
        case asking.Rest():
            breaks.start(work, actor.staff, frame.reason)
        case asking.Back():
            breaks.back(work, actor.staff, actor.staff)
        case asking.Hand():
            _hand(work, frame, actor, means)
        case asking.HoldOn():
            handing.withdraw(work, actor, frame.contact, frame.assignment_no)
        case wishing.Wish() | wishing.Apart() | wishing.ApartHub() | wishing.Together():
            wished.do(
                work, frame, actor, means.service, means.transcript, means.keyring, means.new_id
            )
        case _ if isinstance(frame, asking.LeadAsk):
            _lead(work, frame, actor, means)
        case _:
            phoned.do(work, frame, actor, means.house, means.new_id)


def _lead(work: Work, frame: asking.LeadAsk, actor: Actor, means: Means) -> None:
    transcript, service, new_id = means.transcript, means.service, means.new_id
    match frame:
        case asking.Join():
            floor.join(work, transcript, actor, service, frame.contact, new_id)
        case asking.Part():
            floor.leave(work, transcript, actor, frame.contact, new_id)
        case asking.TakeOver():
            number = frame.assignment_no
            floor.take_over(work, transcript, actor, service, frame.contact, number, new_id)
        case asking.Move():
            floor.move(work, actor, service, frame.contact, frame.offer_no, frame.hub)
        case asking.Pause():
            pausing.pause(work, actor, service, new_id, frame.hub, frame.reason, frame.minutes)
        case asking.Unpause():
            pausing.unpause(work, actor, service, frame.hub)
        case asking.Away(away=True):
            floor.set_away(work, actor, service, frame.staff)
        case asking.Away():
            floor.set_back(work, actor, service, frame.staff)
        case _:
            assert_never(frame)


def _accept(work: Work, frame: asking.Accept, actor: Actor, means: Means) -> None:
    contact, number = frame.contact, frame.offer_no
    if handing.is_handing(work, contact, number):
        handing.accept(work, means.transcript, actor, means.service, contact, number, means.new_id)
    else:
        routing.accept(work, actor.staff, contact, number)


def _hand(work: Work, frame: asking.Hand, actor: Actor, means: Means) -> None:
    contact, number, service = frame.contact, frame.assignment_no, means.service
    if frame.staff:
        try:
            name = staff.colleague(work, means.keyring, frame.staff).first_name
        except LookupError:
            raise Missing from None
        handing.ask(work, actor, service, contact, number, frame.staff, name)
    else:
        handing.to_queue(
            work, means.transcript, actor, service, contact, number, frame.hub, means.new_id
        )


def _own(work: Work, actor: Actor, contact_id: str) -> None:
    """Absent and not-yours answer alike (S7)."""
    if contacts.load(work, contact_id).owner != actor.staff:
        raise Missing


def wrap_up_of(frame: asking.Wrap, service: Service) -> WrapUp:
    if frame.type not in words.TYPES:
        raise Wrong("Choose what it was: support, information, wrong number or test.")
    if frame.crime and service.crime(frame.crime) is None:
        raise Wrong("This service has no such kind of need.")
    return WrapUp(
        type=frame.type,
        outcome=frame.outcome[:40],
        crime=frame.crime or None,
        speaking=frame.speaking[:20],
        about=frame.about[:20],
        reported=frame.reported[:20],
        safe_contact_asked=frame.safe_contact_asked[:20],
        abusive=frame.abusive,
        silent=frame.silent,
    )


def beat(work: Work, staff_id: str, lease: int, token: str) -> bool:
    """An open desk is a desk in use: the lease and the session both run on (S13).

    False when whoever sat here has signed out or left.
    """
    if token and not staff.touch(work, token):
        return False
    routing.beat(work, staff_id, lease)
    return True
