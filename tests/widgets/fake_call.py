"""A call that plays its part at the fake desk: what each ask of the phone changes in a night."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace as changed

from widgets.console import frames, phoning

if TYPE_CHECKING:
    from tests.widgets.fake_desk import Night

CALLER = phoning.OnLine("caller", "caller", "", "talking")
MAYA = phoning.OnLine("advisor", "advisor", "Maya", "talking", you=True)
TOM = phoning.OnLine("p-tom", "colleague", "Tom", "ringing")
HELEN = phoning.OnLine("p-helen", "supervisor", "Helen", "talking")
POLISH = phoning.OnLine("p-1", "interpreter", "Polish", "talking")
HELPERS = phoning.Helpers(
    interpreters=(
        phoning.Helper("pl", "Polish interpreters"),
        phoning.Helper("ur", "Urdu interpreters"),
    ),
    forces=(phoning.Helper("cumbria", "Cumbria police"),),
)
BROWSER = phoning.OwnPhone("browser", ready=True, browsers=True, number="07700 900 ••4")
OWN = phoning.OwnPhone("phone", browsers=True, number="07700 900 ••4")


def phoned(night: Night, frame: phoning.PhoneAsk) -> None:
    """As the phone line would change it."""
    match frame:
        case phoning.Leg(to=to):
            night.you = changed(night.you, phone=changed(night.you.phone, leg=to))
        case phoning.Hold(on=on):
            _held(night, frame.contact, on=on)
        case phoning.Mute(on=on):
            _call(night, frame.contact, muted=on)
        case phoning.AddParty(kind=kind, to=to):
            known = {"pl": "Polish", "ur": "Urdu", "cumbria": "Cumbria"}
            _join(night, frame.contact, phoning.OnLine("p-1", kind, known.get(to, ""), "ringing"))
        case phoning.DropParty(party=party):
            _leg(night, frame.contact, party, state="left")
        case phoning.Transfer():
            _transfer(night, frame)
        case phoning.Listen():
            _listen(night, frame)
        case phoning.ChangeLeg(to=to):
            _call(night, frame.contact, leg=to)
        case phoning.SilentKeys():
            _call(night, frame.contact, keys="asking")
        case phoning.SilentAnswer(question=question, answer=answer):
            answers = call_of(night, frame.contact).answers
            said = phoning.Answered(question, answer, datetime.now(UTC))
            _call(night, frame.contact, answers=(*answers, said))
        case phoning.EndCall():
            for one in night.with_you:
                if one.contact == frame.contact:
                    _with(night, one, state="wrapping", visitor="ended", call=None)


def _transfer(night: Night, frame: phoning.Transfer) -> None:
    contact = frame.contact
    match frame.how:
        case "begin":
            _held(night, contact, on=True)
            _join(night, contact, TOM)
            _call(night, contact, transfer=TOM.id)
        case "join":
            _held(night, contact, on=False)
        case "cancel":
            _held(night, contact, on=False)
            _leg(night, contact, TOM.id, state="left")
            _call(night, contact, transfer="")
        case "cold" | "leave":
            night.with_you = [one for one in night.with_you if one.contact != contact]


def _listen(night: Night, frame: phoning.Listen) -> None:
    match frame.how:
        case "join":
            held = next(one for one in night.floor if one.contact == frame.contact)
            night.floor = [one for one in night.floor if one is not held]
            night.with_you.append(joined(held.contact, held.owner))
        case "whisper" | "speak":
            _leg(night, frame.contact, "p-maya", coaching=frame.how == "whisper")
        case "leave":
            night.with_you = [one for one in night.with_you if one.contact != frame.contact]


def joined(contact: str, owner: str) -> frames.WithYou:
    """A colleague's call that you stand beside."""
    from tests.widgets.fake_desk import caller

    you = phoning.OnLine("p-maya", "supervisor", "Maya", "talking", you=True)
    legs = (CALLER, phoning.OnLine("advisor", "advisor", owner, "talking"), you)
    one = caller(contact=contact, owner=owner)
    assert one.call is not None
    return changed(one, call=changed(one.call, legs=legs))


def call_of(night: Night, contact: str) -> phoning.CallFacts:
    return next(one.call for one in night.with_you if one.contact == contact and one.call)


def _held(night: Night, contact: str, *, on: bool) -> None:
    _leg(night, contact, "caller", state="held" if on else "talking")
    _call(night, contact, hold=on)


def _join(night: Night, contact: str, leg: phoning.OnLine) -> None:
    _call(night, contact, legs=(*call_of(night, contact).legs, leg))


def _leg(night: Night, contact: str, leg: str, **changes: Any) -> None:
    legs = call_of(night, contact).legs
    changed_legs = tuple(changed(one, **changes) if one.id == leg else one for one in legs)
    _call(night, contact, legs=changed_legs)


def _call(night: Night, contact: str, **changes: Any) -> None:
    for one in night.with_you:
        if one.contact == contact and one.call:
            _with(night, one, call=changed(one.call, **changes))


def _with(night: Night, old: frames.WithYou, **changes: Any) -> None:
    night.with_you = [changed(one, **changes) if one is old else one for one in night.with_you]
