"""What is asked of the carrier: once, looked up when unclear, not at all when it is moot."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa

from app import ids
from app.auth.tables import staff
from app.cases.model import Channel
from app.cases.safe_contact import Permit, Purpose
from app.db import Work
from telephony import acts, outbox
from telephony.carrier import Busy, Carrier, Denied, Done, Gone, Outcome, Unclear, moved_to
from telephony.events import AdvisorPressed, CallArrived, CallStatus, Look, NoDigits
from telephony.house import Happening
from telephony.outbox import Outbox
from telephony.requests import MOST_TRIES
from telephony.states import Bridging, Ended, Ringing, Talking, Waiting
from telephony.tables import calls, legs
from telephony.tables import outbox as rows
from tests.telephony.night import LINE, MAYA, RUTH, Night, a_night

CALL = "CA" + "2" * 32


@dataclass
class Scripted:
    """Answers each request with the next outcome of the script, and keeps what was asked."""

    script: list[Outcome] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def next(self, what: str) -> Outcome:
        self.asked.append(what)
        return self.script.pop(0) if self.script else Done("CAleg")

    async def ring(self, to: str, from_: str, *_: Any) -> Outcome:
        return self.next(f"ring {to} from {from_}")

    async def ringing(self, to: str, from_: str, since: datetime) -> Outcome:
        return self.next(f"was {to} rung?")

    async def move(self, call: str, url: str) -> Outcome:
        return self.next(f"move {call[:2]} to {url.rsplit('/', 1)[1]}")

    async def end(self, call: str) -> Outcome:
        return self.next(f"end {call}")

    async def text(self, permit: Permit, *_: Any) -> Outcome:
        return self.next("text")


@dataclass
class Desk:
    """Ruth's call in the rows, without any carrier but the script."""

    night: Night
    carrier: Scripted
    outbox: Outbox

    async def happens(self, event: Any, by: str = "") -> None:
        happening = Happening(CALL, event, ids.new(), ids.new(), LINE, RUTH, by)
        await self.night.ground.db.write(acts.happen, self.night.line.house(), happening)

    async def maya_accepts(self) -> None:
        await self.night.on_duty("Maya")
        await self.night.matcher.pass_once(self.night.cumbria)
        await self.night.accepts("Maya")
        await self.happens(Look())

    async def sends(self) -> list[str]:
        """One pass, after everything that waits has become due. What the carrier was asked."""
        self.night.ground.clock.move(seconds=40)
        self.carrier.asked.clear()
        await self.outbox.pass_once()
        return self.carrier.asked

    async def state(self) -> Any:
        return await self.night.ground.db.read(acts.state_of, CALL)

    async def outcomes(self) -> list[tuple[str, str]]:
        return [(row.kind, row.state) for row in await self.night.rows(rows)]


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """Nothing looks or sends by itself here."""
    async with a_night(tmp_path, matching=False, running=False) as night:
        carrier = Scripted()
        sending: Any = carrier
        box = Outbox(night.ground, sending, night.transcript, night.line.house)
        desk = Desk(night, carrier, box)
        await desk.happens(CallArrived(RUTH, LINE))
        await desk.happens(NoDigits(1))
        yield desk


async def test_an_accepted_call_rings_the_advisor_once(desk: Desk) -> None:
    await desk.maya_accepts()
    assert await desk.sends() == [f"ring {MAYA} from {LINE}"]
    assert await desk.sends() == []
    assert [(row.sid, row.status) for row in await desk.night.rows(legs)] == [("CAleg", "asked")]


async def test_an_unclear_ring_is_looked_up_and_adopted(desk: Desk) -> None:
    await desk.maya_accepts()
    desk.carrier.script = [Unclear(), Done("CAfound")]
    assert await desk.sends() == [f"ring {MAYA} from {LINE}"]
    desk.night.ground.clock.move(seconds=-30)
    assert await desk.sends() == [f"was {MAYA} rung?"]
    assert [row.sid for row in await desk.night.rows(legs)] == ["CAfound"]


async def test_an_unclear_ring_that_was_never_made_is_made(desk: Desk) -> None:
    await desk.maya_accepts()
    desk.carrier.script = [Unclear(), Gone(), Done("CAsecond")]
    await desk.sends()
    assert await desk.sends() == [f"was {MAYA} rung?", f"ring {MAYA} from {LINE}"]


async def test_a_ring_the_carrier_denies_gives_the_caller_back(desk: Desk) -> None:
    await desk.maya_accepts()
    assert isinstance(await desk.state(), Ringing)
    desk.carrier.script = [Denied(21211)]
    await desk.sends()
    assert isinstance(await desk.state(), Waiting)
    assert (await desk.night.contact()).owner is None


async def test_an_advisor_whose_phone_is_gone_gives_the_caller_back(desk: Desk) -> None:
    await desk.maya_accepts()
    await desk.night.ground.db.write(_no_phones)
    assert await desk.sends() == []
    assert isinstance(await desk.state(), Waiting)


async def test_a_call_is_not_offered_to_an_advisor_without_a_phone(desk: Desk) -> None:
    await desk.night.ground.db.write(_no_phones)
    await desk.night.on_duty("Maya", "Tom")
    assert await desk.night.matcher.pass_once(desk.night.cumbria) == 0


def _no_phones(work: Work) -> None:
    work.run(staff.update().values(phone=None))


async def test_a_busy_carrier_is_asked_again_but_not_for_ever(desk: Desk) -> None:
    await desk.maya_accepts()
    for _ in range(MOST_TRIES):
        await desk.night.ground.db.write(_due_again)
        desk.carrier.script = [Busy(), Busy()]
        await desk.outbox.pass_once()
    assert (await desk.outcomes())[0] == ("ring", "refused")
    assert isinstance(await desk.state(), Waiting)


def _due_again(work: Work) -> None:
    work.run(rows.update().values(due_at=work.now))


async def test_the_caller_left_before_the_ring_was_sent(desk: Desk) -> None:
    await desk.maya_accepts()
    await desk.happens(CallStatus("completed"))
    assert await desk.sends() == []
    assert await desk.outcomes() == [("ring", "moot"), ("drop", "moot")]


async def test_the_caller_left_while_the_phone_rang(desk: Desk) -> None:
    await desk.maya_accepts()
    await desk.sends()
    await desk.happens(CallStatus("completed"))
    assert await desk.sends() == ["end CAleg"]


async def test_an_advisor_who_listens_is_told_that_the_caller_left(desk: Desk) -> None:
    await desk.maya_accepts()
    await desk.sends()
    await desk.happens(AdvisorPressed(1, "1"), by="CAleg")
    assert isinstance(await desk.state(), Bridging)
    desk.carrier.script = [Gone()]
    assert await desk.sends() == ["move CA to join"]
    assert isinstance(await desk.state(), Ended), "21220: the caller is gone"
    assert await desk.sends() == ["move CA to gone"]
    assert (await desk.night.contact()).how_ended == "hung_up_waiting"


async def test_a_move_that_came_through_unheard_is_not_repeated(desk: Desk) -> None:
    await desk.maya_accepts()
    await desk.sends()
    await desk.happens(AdvisorPressed(1, "1"), by="CAleg")
    desk.carrier.script = [Unclear()]
    assert await desk.sends() == ["move CA to join"]
    moved = Happening(CALL, _join(3), ids.new(), ids.new())
    await desk.night.ground.db.write(acts.happen, desk.night.line.house(), moved)
    assert isinstance(await desk.state(), Talking)
    assert await desk.sends() == [], "the join document was fetched: it went through"


def _join(number: int) -> Any:
    from telephony.events import Moved

    return Moved(number)


async def test_two_processes_claim_a_row_once(desk: Desk) -> None:
    await desk.maya_accepts()
    house, transcript = desk.night.line.house(), desk.night.transcript
    (due,) = await desk.night.ground.db.read(outbox.due_rows, 5)
    first = await desk.night.ground.db.write(outbox.claim, house, transcript, due)
    second = await desk.night.ground.db.write(outbox.claim, house, transcript, due)
    assert first is not None
    assert second is None
    desk.night.ground.clock.move(seconds=21)
    third = await desk.night.ground.db.write(outbox.claim, house, transcript, due)
    assert third is not None, "the first one died: its lease ran out"
    assert third.tries == 2, "so that it is looked up first"


async def test_a_lost_last_callback_is_reconciled_with_the_carrier(desk: Desk) -> None:
    asked: list[str] = []

    async def over(call: str) -> str:
        asked.append(call)
        return "completed"

    desk.night.line.carrier.over = over  # type: ignore[method-assign]  # scripted
    await desk.night.line.watch.reconcile_once()
    assert asked == [], "a minute of silence first"
    desk.night.ground.clock.move(seconds=61)
    await desk.night.line.watch.reconcile_once()
    assert asked == [CALL]
    assert [row.live for row in await desk.night.rows(calls)] == [False]


async def test_a_permit_that_ran_out_stops_the_carrier_client_itself(desk: Desk) -> None:
    now = desk.night.ground.clock.now()
    permit = Permit(Purpose.REPLY, Channel.SMS, now)
    carrier = Carrier(desk.night.ground.settings)
    assert await carrier.text(permit, RUTH, LINE, "late", "", 10, now) == Denied(0)
    carrier.close()


async def test_the_same_words_sent_twice_are_two_texts(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An unclear text is looked up; an earlier one with the same words is not taken for it."""
    now = desk.night.ground.clock.now()
    sent = [SimpleNamespace(sid=sid, body="Yes", date_created=now) for sid in ("SM1", "SM2")]
    carrier = Carrier(desk.night.ground.settings)
    messages = SimpleNamespace(list=lambda **_: sent)
    monkeypatch.setattr(carrier, "_client", SimpleNamespace(messages=messages))
    assert await carrier.texted(RUTH, LINE, "Yes", now) == Done("SM1")
    assert await carrier.texted(RUTH, LINE, "Yes", now, frozenset({"SM1"})) == Done("SM2")
    assert await carrier.texted(RUTH, LINE, "Yes", now, frozenset({"SM1", "SM2"})) == Gone()
    carrier.close()


@pytest.mark.parametrize(
    ("base", "url", "moved"),
    [
        (
            "http://127.0.0.1:8099",
            "https://api.twilio.com/2010-04-01/Accounts/AC1/Calls.json?To=%2B44",
            "http://127.0.0.1:8099/2010-04-01/Accounts/AC1/Calls.json?To=%2B44",
        ),
        ("https://[::1]:9", "https://api.dublin.ie1.twilio.com/x/", "https://[::1]:9/x/"),
    ],
)
def test_only_scheme_host_and_port_change(base: str, url: str, moved: str) -> None:
    assert moved_to(base, url) == moved


async def test_a_look_finds_only_what_it_would_change(desk: Desk) -> None:
    house = desk.night.line.house()
    assert await desk.night.ground.db.read(acts.unsettled, house) == []
    await desk.night.on_duty("Maya")
    await desk.night.matcher.pass_once(desk.night.cumbria)
    await desk.night.accepts("Maya")
    assert await desk.night.ground.db.read(acts.unsettled, house) == [CALL]
    await desk.happens(Look())
    assert await desk.night.ground.db.read(acts.unsettled, house) == []


async def test_old_answers_are_forgotten_and_an_ended_call_still_answers(desk: Desk) -> None:
    await desk.happens(CallStatus("completed"))
    desk.night.ground.clock.move(hours=49)
    await desk.night.ground.db.write(acts.forget_webhooks, 48)
    await desk.happens(CallArrived(RUTH, LINE))
    assert len(await desk.night.rows(calls)) == 1
    assert isinstance(await desk.state(), Ended)
    left = await desk.night.ground.db.read(
        lambda work: work.run(sa.select(sa.func.count()).select_from(calls)).scalar_one()
    )
    assert left == 1
