"""What an advisor may ask of the rooms below, each as one work. They decide (S3, S7)."""

from __future__ import annotations

from app.auth import staff
from app.auth.policy import Actor
from app.cases import acts as contacts
from app.cases.model import HowEnded, WrapUp
from app.db import Work
from app.definition.model import Service
from app.errors import Missing, Wrong
from routing import acts as routing
from widgets.console import frames, words

Ask = frames.Duty | frames.Accept | frames.Decline | frames.End | frames.Wrap


def do(
    work: Work,
    frame: Ask,
    actor: Actor,
    service: Service,
) -> None:
    match frame:
        case frames.Duty(on=True):
            routing.go_on_duty(work, actor.staff, service.timings.lease)
        case frames.Duty():
            routing.go_off_duty(work, actor.staff)
        case frames.Accept():
            routing.accept(work, actor.staff, frame.contact, frame.offer_no)
        case frames.Decline():
            routing.decline(work, actor.staff, frame.contact, frame.offer_no)
        case frames.End():
            _own(work, actor, frame.contact)
            routing.end(
                work, frame.contact, HowEnded.ADVISOR_ENDED, assignment_no=frame.assignment_no
            )
        case frames.Wrap():
            routing.wrap_up(
                work, actor, frame.contact, frame.assignment_no, wrap_up_of(frame, service)
            )


def _own(work: Work, actor: Actor, contact_id: str) -> None:
    """Absent and not-yours answer alike (S7)."""
    if contacts.load(work, contact_id).owner != actor.staff:
        raise Missing


def wrap_up_of(frame: frames.Wrap, service: Service) -> WrapUp:
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
