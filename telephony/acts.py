"""What happens to a call: one webhook, or one look, is one work (S2, S3).

The row's state and the facts of the moment go to the pure flow; its inner asks are answered here,
in the same transaction; its outer asks become rows of the outbox. The very same webhook gets its
stored answer again. Lock order: call, then contact, conversation, seat.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from app.cases import acts as contacts
from app.cases import promises, voicemails
from app.cases.due import When, due_at
from app.cases.model import Channel, HowEnded, Need, Opening, State
from app.cases.promised import CallBack
from app.cases.tables import contacts as contact_table
from app.db import Work
from app.definition.model import Line
from app.errors import Missing
from app.log import log
from routing import acts as routing
from routing.tables import places
from telephony import flow, keeping, numbers, parties, slowing
from telephony.asks import (
    Arrange,
    Ask,
    AskCallBack,
    EndContact,
    EndLeg,
    EndParty,
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
)
from telephony.errands import put_out
from telephony.events import (
    AdvisorStatus,
    CallArrived,
    LegEvent,
    Look,
    NumberEvent,
)
from telephony.house import Happening, House
from telephony.known import RELAY, facts_of
from telephony.states import Arrived, Ended, Turn
from telephony.states import State as CallState
from telephony.tables import calls, legs, webhooks
from telephony.talk_events import FINAL

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
    facts = facts_of(work, house, row, happening)
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
    turn = flow.step(state, happening.event, facts_of(work, house, row, happening))
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
        if flow.step(state, Look(), facts_of(work, house, row, looking)) != Turn(state):
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


def _language(house: House, row: Any, happening: Happening, turn: Turn) -> str:
    """The caller's own, from the very key that told it. Phones of staff hear the service's."""
    if isinstance(happening.event, LegEvent | NumberEvent):
        service = house.services.get(row.service)
        return service.languages[0] if service is not None else ""
    told = (ask.language for ask in turn.asks if isinstance(ask, RequestSeat) and ask.language)
    return next(told, str(row.language))


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
