"""A night's webhooks forged and replayed. `make forged` takes 20,000 and 2,000 of them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from itertools import islice
from pathlib import Path

import pytest
import sqlalchemy as sa

from telephony.tables import calls
from tests.proof.forged import digest, forge, forgeries, played, replay, run
from tests.telephony.night import LINE, RUTH, Night, a_night


async def test_no_forged_and_no_replayed_webhook_changes_a_row(tmp_path: Path) -> None:
    told = await run(tmp_path, 400, 120)
    assert "0 rows changed" in told[1]
    assert "forged 400" in told[1]


@pytest.fixture
async def night(tmp_path: Path) -> AsyncIterator[Night]:
    async with a_night(tmp_path) as night:
        yield night


async def test_the_proof_sees_a_row_that_changes(night: Night) -> None:
    kept = await played(night)
    assert any("leg/1/pressed" in one.path for one in kept)
    assert any(one.path == "/telephony/sms" for one in kept)
    before = await digest(night)
    assert await digest(night) == before
    call = await night.rehearsal.ring(RUTH, LINE)
    await night.until(lambda work: work.run(sa.select(calls).where(calls.c.sid == call)).first())
    assert await digest(night) != before


async def test_every_way_of_forging_is_tried_and_every_replay_was_genuine(night: Night) -> None:
    kept = await played(night)
    ways = {what for what, _ in islice(forgeries(kept, night.base, 1), 400)}
    assert len(ways) == 13
    told = await replay(night, kept, len(kept))
    assert 403 not in told, "a replay carries the carrier's own signature"
    assert {status for _, status in await forge(night, kept, 60)} <= {403, 404, 307}
