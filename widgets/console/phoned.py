"""What a desk asked of the phone, handed to the rooms that decide: each ask as one work."""

from __future__ import annotations

from typing import assert_never

from app.auth import staff
from app.auth.policy import Actor
from app.db import Work
from app.errors import Down, Missing
from routing import device
from telephony import talking_acts as talking
from telephony.house import House
from widgets.console import phoning


def do(work: Work, frame: phoning.PhoneAsk, actor: Actor, house: House | None, new_id: str) -> None:
    """`new_id` names the party that one press may ring. Raises Down where there is no line."""
    match frame:
        case phoning.Leg():
            device.choose(work, actor.staff, browser=frame.to == "browser")
        case _ if house is None:
            raise Down("The phone line is not there just now.")
        case phoning.Transfer():
            _transfer(work, frame, actor, house, new_id)
        case _:
            _on_the_line(work, frame, actor, house, new_id)


def _on_the_line(
    work: Work, frame: phoning.CallAsk, actor: Actor, house: House, new_id: str
) -> None:
    contact = frame.contact
    match frame:
        case phoning.Hold(on=on):
            talking.hold(work, actor, contact, house, on)
        case phoning.Mute(on=on):
            talking.mute(work, actor, contact, house, on)
        case phoning.AddParty(kind=kind, to=to, gender=gender, said=said):
            talking.add_party(
                work, actor, contact, house, new_id, kind, to, gender=gender, said_to_caller=said
            )
        case phoning.DropParty(party=party):
            talking.drop_party(work, actor, contact, house, party)
        case phoning.Listen(how="join"):
            talking.join(work, actor, contact, house, new_id)
        case phoning.Listen(how="leave"):
            talking.leave_line(work, actor, contact, house)
        case phoning.Listen(how=how):
            talking.whisper(work, actor, contact, house, how == "whisper")
        case phoning.ChangeLeg(to=to_leg):
            talking.change_leg(work, actor, contact, house, new_id, to_leg)
        case phoning.SilentKeys():
            talking.silent_keys(work, actor, contact, house)
        case phoning.SilentAnswer(question=question, answer=answer):
            talking.silent_answer(work, actor, contact, house, question, answer)
        case phoning.EndCall(words=words):
            talking.end_call(work, actor, contact, house, words)
        case phoning.Transfer():
            _transfer(work, frame, actor, house, new_id)
        case _:
            assert_never(frame)


def _transfer(work: Work, frame: phoning.Transfer, actor: Actor, house: House, new_id: str) -> None:
    contact = frame.contact
    match frame.how:
        case "cold":
            name = _name(work, house, frame.staff) if frame.staff else ""
            talking.transfer_cold(
                work, actor, contact, house, hub=frame.hub, staff=frame.staff, staff_name=name
            )
        case "begin":
            talking.transfer_begin(
                work, actor, contact, house, new_id, hub=frame.hub, staff=frame.staff
            )
        case "join":
            talking.transfer_join(work, actor, contact, house)
        case "leave":
            talking.transfer_leave(work, actor, contact, house)
        case "cancel":
            talking.transfer_cancel(work, actor, contact, house)
        case _:
            assert_never(frame.how)


def _name(work: Work, house: House, staff_id: str) -> str:
    try:
        return staff.colleague(work, house.keyring, staff_id).first_name
    except LookupError:
        raise Missing from None
