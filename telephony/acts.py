"""What happens to a call: one webhook, or one look, is one work (S2, S3).

The row's state and the facts of the moment go to the pure flow; its inner asks are answered here,
in the same transaction; its outer asks become rows of the outbox. The very same webhook gets its
stored answer again. Lock order: call, then contact, conversation, seat.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from app.cases import acts as contacts
from app.cases import promises, voicemails
from app.cases.due import When, due_at
from app.cases.model import Channel, HowEnded, Need, Opening, State
from app.cases.promised import CallBack
from app.cases.tables import contacts as contact_table
from app.db import Work
from app.definition.model import Line, Menu, Service
from app.errors import Missing
from app.keyring import Keyring
from app.log import log
from routing import acts as routing
from routing import roster
from routing.tables import places
from telephony import flow, keeping, numbers, parties, slowing
from telephony.errands import put_out
from telephony.events import (
    FINAL,
    AdvisorStatus,
    Agreed,
    CallArrived,
    Chosen,
    Event,
    LegEvent,
    Look,
    NumberEvent,
)
from telephony.states import (
    Arrange,
    Arrived,
    Ask,
    AskCallBack,
    Choice,
    EndContact,
    Ended,
    EndLeg,
    EndParty,
    Facts,
    KeepMessage,
    MoveCaller,
    Noted,
    PartyIs,
    ReleaseSeat,
    RequestSeat,
    RingAdvisor,
    RingParty,
    TakeLeg,
    TextMe,
    Turn,
)
from telephony.states import State as CallState
from telephony.tables import calls, legs, webhooks
from telephony.twiml import Speaker
from telephony.verbs import Words

Services = Mapping[str, Service]
RELAY = "text relay"
"""How a contact's access needs name a call through the relay service."""
AGREED = "On the phone, by a key: it is safe to ring this phone then."
PROGRESS = {"queued": 1, "initiated": 1, "ringing": 2, "in-progress": 3} | dict.fromkeys(FINAL, 4)

# Built once: making a statement costs more than running it.
_CALL = (
    sa.select(
        calls,
        contact_table.c.state.label("contact_state"),
        contact_table.c.hub,
        contact_table.c.owner,
        contact_table.c.assignment_no,
        contact_table.c.language,
        contact_table.c.access,
        contact_table.c.abusive,
        contact_table.c.number_index,
        places.c.waits,
        places.c.overflow,
    )
    .join(contact_table, contact_table.c.id == calls.c.contact)
    .outerjoin(places, places.c.contact == calls.c.contact)
)
"""A call with what the flow may know of its contact and its place in the queue."""
_ONE = _CALL.where(calls.c.sid == sa.bindparam("call"))
_AT_REST = ('{"at":"Waiting",', '{"at":"Menu",')
_LIVE = _CALL.where(
    calls.c.live.is_(True),
    sa.not_(
        sa.and_(
            sa.or_(*(calls.c.state.startswith(each, autoescape=True) for each in _AT_REST)),
            contact_table.c.state.in_((State.WAITING.value, State.OFFERED.value)),
        )
    ),
).order_by(calls.c.sid)
"""The calls in which a look could change something: a caller in menu or queue, not yet taken,
is moved by their own hold sound alone, and there may be hundreds of them."""
_LOCK = sa.select(calls.c.sid).where(calls.c.sid == sa.bindparam("call")).with_for_update()
_KEEP = calls.update().where(calls.c.sid == sa.bindparam("call"))
_STORED = sa.select(webhooks.c.answer).where(webhooks.c.key == sa.bindparam("repeat"))
_STORE = webhooks.update().where(webhooks.c.key == sa.bindparam("repeat"))


@dataclass(frozen=True)
class House:
    """What a work needs beside its rows: keys, words, and the services in force."""

    keyring: Keyring
    speaker: Speaker
    services: Services
    pins: Mapping[str, str] = field(default_factory=dict)
    """What the machines of interpreters ask for, by the names that definitions give them."""

    def line(self, service: str, line: str) -> tuple[Service, Line] | None:
        """The line of a call; another line of the service when it was renamed meanwhile."""
        found = self.services.get(service)
        if found is None:
            return None
        same = next((each for each in found.lines if each.key == line), found.lines[0])
        return found, same


@dataclass(frozen=True)
class Happening:
    """An event of one call. `contact` and `room` are fresh ids, for when they are needed.

    `dialled` is the number that was rung, for a call we know nothing of. `by` is the carrier's
    id of the call that sent it: an advisor's phone, when the event is a phone's.
    """

    call: str
    event: Event
    contact: str
    room: str
    dialled: str = ""
    caller: str | None = None
    by: str = ""
    position: int | None = None
    minutes: tuple[int, int] | None = None
    relay: bool = False

    def at(self, position: int | None, minutes: tuple[int, int] | None = None) -> Happening:
        """With their place and the honest range, as they may be told."""
        return replace(self, position=position, minutes=minutes)


def answered(work: Work, house: House, key: bytes, happening: Happening) -> str:
    """The document for a webhook, made once: a repeat gets the stored one and changes nothing."""
    if not work.insert_once(webhooks, key=key, answer="", at=work.now):
        return str(work.run(_STORED, {"repeat": key}).scalar())
    document = happen(work, house, happening)
    work.run(_STORE, {"repeat": key, "answer": document})
    return document


def happen(work: Work, house: House, happening: Happening) -> str:
    """Take the event to the flow and carry out what it asks. Returns the document.

    Raises Missing for a call that is neither known nor to one of our lines.
    """
    row = _call(work, happening.call, lock=True)
    if row is None:
        row = _begin(work, house, happening)
    state = keeping.opened(row.state)
    facts = _facts(work, house, row, happening)
    _note_leg(work, happening)
    parties.note(work, happening.event, happening.by)
    turn = flow.step(state, happening.event, facts)
    if turn.state != state:
        _keep(work, row, turn.state)
        parties.let_go_after(work, row.sid, state, turn.state)
    for ask in turn.asks:
        _carry_out(work, house, row, ask, happening)
    return house.speaker.document(
        happening.call, turn.verbs, _language(house, row, happening, turn)
    )


def glance(work: Work, house: House, happening: Happening) -> str | None:
    """The document, if the event changes nothing; None when `happen` has work to do."""
    row = _call(work, happening.call)
    if row is None:
        return None
    state = keeping.opened(row.state)
    turn = flow.step(state, happening.event, _facts(work, house, row, happening))
    if turn != Turn(state, turn.verbs):
        return None
    return house.speaker.document(
        happening.call, turn.verbs, _language(house, row, happening, turn)
    )


def unsettled(work: Work, house: House) -> list[str]:
    """The live calls in which a look would change something: one query for all of them."""
    found = []
    for row in work.run(_LIVE).all():
        state = keeping.opened(row.state)
        looking = Happening(row.sid, Look(), "", "")
        if flow.step(state, Look(), _facts(work, house, row, looking)) != Turn(state):
            found.append(str(row.sid))
    return found


def whereabouts(work: Work, call: str) -> tuple[str, str] | None:
    """(service, contact) of a call we know."""
    row = _call(work, call)
    return (row.service, row.contact) if row is not None else None


def line_of(work: Work, house: House, call: str) -> Line | None:
    """The line that was rung."""
    row = _call(work, call)
    found = house.line(row.service, row.line) if row is not None else None
    return found[1] if found is not None else None


def state_of(work: Work, call: str) -> CallState | None:
    row = _call(work, call)
    return keeping.opened(row.state) if row is not None else None


def forget_webhooks(work: Work, hours: int) -> None:
    """Stored answers of long ended calls; an ended call answers by its state alone."""
    work.run(webhooks.delete().where(webhooks.c.at < work.now - timedelta(hours=hours)))


# -- within --------------------------------------------------------------------------------


def _call(work: Work, sid: str, lock: bool = False) -> Any:
    if lock and work.locks_rows:
        work.run(_LOCK, {"call": sid})
    return work.run(_ONE, {"call": sid}).first()


def _begin(work: Work, house: House, happening: Happening) -> Any:
    """A call we have not met: its row and its contact, before anything is said."""
    for service in house.services.values():
        line = service.line_for(happening.dialled)
        if line is not None:
            break
    else:
        raise Missing
    caller = happening.caller
    if isinstance(happening.event, CallArrived):
        caller = happening.event.caller
    contact = contacts.arrive(
        work,
        house.keyring,
        Opening(
            key=f"call:{happening.call}",
            id=happening.contact,
            service=service.key,
            hub=line.hub or service.central.key,
            channel=Channel.VOICE,
            line=line.key,
            need=Need(
                language=line.language or service.languages[0],
                access=RELAY if line.relay or happening.relay else "",
            ),
            area_found="line" if line.hub else "not said",
            number=caller,
        ),
    )
    work.insert_once(
        calls, sid=happening.call, contact=contact.id, service=service.key, line=line.key,
        state=keeping.kept(Arrived()), number=0, live=True,
        arrived_at=work.now, changed_at=work.now, reach=numbers.reach(caller), wants="",
    )  # fmt: skip
    if caller is not None:
        slowing.note_pace(work, contact, house.keyring.blind(service.key, caller))
    log.info("call.arrived", call=happening.call, service=service.key)
    return _call(work, happening.call, lock=True)


def _facts(work: Work, house: House, row: Any, happening: Happening) -> Facts:
    owned = row.contact_state == State.ACTIVE.value and row.owner is not None
    base = Facts(
        now=work.now,
        call=row.sid,
        queue=f"waiting-{row.service}",
        room=happening.room,
        position=happening.position,
        minutes=happening.minutes,
        language=row.language,
        relay=row.access == RELAY,
        abusive=bool(row.abusive),
        overflow=bool(row.waits and row.overflow),
        assignment=row.assignment_no if owned else None,
        staff=row.owner if owned else "",
        finished=row.contact_state in (State.WRAPPING.value, State.CLOSED.value),
        queued=row.contact_state in (State.WAITING.value, State.OFFERED.value),
    )
    base = parties.known(work, house, row, happening.event, base)
    found = house.line(row.service, row.line)
    if found is None:
        return base
    service, line = found
    menu = line.menu
    return replace(
        base,
        line=line.number,
        menu=_menu(line.menu),
        keys={key.digit: key.hub for key in menu.keys if key.hub} if menu else {},
        tongues={key.digit: key.language for key in menu.keys if key.language} if menu else {},
        hold_sound=f"{line.hold_sound}.wav",
        number_known=row.number_index is not None,
        choices=_choices(work, service, line, row, happening.event),
        by_when=_by_when(work, service, happening.event),
        slowed=_slowed(work, row),
        central=line.hub or service.central.key,
        numbers=_numbers(work, house, service, line) if base.overflow else tuple(line.fallback),
    )


def _menu(menu: Menu | None) -> tuple[Words, ...]:
    """Words of one language are said in one breath; a key in another language by its own voice."""
    if menu is None:
        return ()
    ours = " ".join([menu.say, *(key.label for key in menu.keys if not key.language)])
    theirs = (Words(key.label, key.language) for key in menu.keys if key.language)
    return (Words(ours), *theirs)


def _choices(
    work: Work, service: Service, line: Line, row: Any, event: Event
) -> tuple[Choice, ...]:
    """What this caller may ask for. The number is looked at once more when they do."""
    found = []
    if row.reach and not (
        isinstance(event, Chosen | Agreed)
        and promises.is_unsafe(work, service.key, row.number_index)
    ):
        found.append(Choice.CALL_BACK)
    if line.voicemail:
        found.append(Choice.VOICEMAIL)
    if line.text_me and row.reach == "ring text" and service.text_line is not None:
        found.append(Choice.TEXT)
    return tuple(found)


def _by_when(work: Work, service: Service, event: Event) -> dict[str, tuple[bool, str]]:
    if not isinstance(event, Agreed):
        return {}
    zone = ZoneInfo(service.zone)
    due = {when.value: due_at(when, work.now, service.zone).astimezone(zone) for when in When}
    today = work.now.astimezone(zone).date()
    return {part: (at.date() == today, f"{at:%H:%M}") for part, at in due.items()}


def _slowed(work: Work, row: Any) -> bool:
    """A lead's decision is asked for on arrival alone."""
    arriving = bool(row.number == 0 and row.number_index is not None)
    return arriving and slowing.until_of(work, row.service, row.number_index) is not None


def _language(house: House, row: Any, happening: Happening, turn: Turn) -> str:
    """The caller's own, from the very key that told it. Phones of staff hear the service's."""
    if isinstance(happening.event, LegEvent | NumberEvent):
        service = house.services.get(row.service)
        return service.languages[0] if service is not None else ""
    told = (ask.language for ask in turn.asks if isinstance(ask, RequestSeat) and ask.language)
    return next(told, str(row.language))


def _numbers(work: Work, house: House, service: Service, line: Line) -> tuple[str, ...]:
    """The phones on call now, in their order, then the line's fallback numbers; each once."""
    phones = roster.on_call(work, service, work.now, house.keyring)
    return tuple(dict.fromkeys([*(each.phone for each in phones if each.phone), *line.fallback]))


def _keep(work: Work, row: Any, state: CallState) -> None:
    kept = {
        "call": row.sid,
        "state": keeping.kept(state),
        "number": state.number,
        "live": not isinstance(state, Ended),
        "changed_at": work.now,
    }
    work.run(_KEEP, kept)
    log.info("call.state", call=row.sid, state=type(state).__name__, step=state.number)


def _note_leg(work: Work, happening: Happening) -> None:
    """What the advisor's phone told of itself. Its progress never goes back."""
    event = happening.event
    if not isinstance(event, LegEvent):
        return
    leg = work.run(
        sa.select(legs).where(legs.c.call == happening.call, legs.c.assignment == event.leg)
    ).first()
    status = event.status if isinstance(event, AdvisorStatus) else "in-progress"
    if leg is None or PROGRESS.get(status, 0) <= PROGRESS.get(leg.status, 0):
        return
    if isinstance(event, AdvisorStatus) and leg.sid and happening.by not in ("", leg.sid):
        return
    work.run(
        legs.update()
        .where(legs.c.call == happening.call, legs.c.assignment == event.leg)
        .values(status=status, sid=happening.by or leg.sid)
    )


def _carry_out(work: Work, house: House, row: Any, ask: Ask, happening: Happening) -> None:
    match ask:
        case RequestSeat(hub, language):
            if hub != row.hub or language:
                need = contacts.load(work, row.contact).need
                need = replace(need, language=language or need.language)
                contacts.set_need(work, row.contact, hub, need, "line")
            routing.request_seat(work, row.contact)
        case ReleaseSeat(assignment, why):
            routing.release(work, row.contact, assignment, why)
        case EndContact("hung_up_waiting") if promises.is_owed(work, row.contact):
            routing.end(work, row.contact, HowEnded.CALL_BACK)
        case EndContact(how):
            routing.end(work, row.contact, HowEnded(how))
        case AskCallBack(part):
            _promise(work, house, row, When(part), happening.contact)
        case KeepMessage(recording, seconds, call_safe):
            found = house.line(row.service, row.line)
            zone = found[0].zone if found else "Europe/London"
            voicemails.left(work, house.keyring, row.contact, recording, seconds, call_safe, zone)
        case TextMe():
            asked = calls.update().where(calls.c.sid == row.sid, calls.c.wants == "")
            work.run(asked.values(wants="text"))
        case RingAdvisor(assignment, staff):
            work.insert_once(
                legs, call=row.sid, assignment=assignment, staff=staff, status="asked",
                made_at=work.now,
            )  # fmt: skip
            put_out(work, f"{row.sid}:ring:{assignment}", "ring", call=row.sid,
                    assignment=assignment, staff=staff)  # fmt: skip
        case MoveCaller(step, number):
            put_out(work, f"{row.sid}:move:{number}:{step}", "move", call=row.sid,
                    number=number, step=step)  # fmt: skip
        case EndLeg(assignment):
            put_out(work, f"{row.sid}:drop:{assignment}", "drop", call=row.sid,
                    assignment=assignment)  # fmt: skip
        case PartyIs() | TakeLeg() | Noted() | RingParty() | EndParty() | Arrange():
            parties.carry_out(work, row, ask)


def _promise(work: Work, house: House, row: Any, when: When, promise_id: str) -> None:
    """Open work with an owner and a time, to the number on the line and no other (S4)."""
    number = contacts.number_of(work, house.keyring, row.contact)
    found = house.line(row.service, row.line)
    if number is None or found is None:
        return
    wish = CallBack(number, when, voicemail=False, agreed_words=AGREED)
    due = due_at(when, work.now, found[0].zone)
    promises.ask(work, house.keyring, promise_id, row.contact, wish, due)
