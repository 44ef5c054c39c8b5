"""Every minute the carrier is asked which texts came: an outage of a day loses none of them.

A webhook that failed has no second chance with the carrier, so its list is the second chance. A
text found late is a line like any other, marked with its own time; only one that is still fresh
gets the automatic answer (S4).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import sqlalchemy as sa

from app import ids
from app.cases.transcript import Transcript
from app.db import Work
from app.definition.acts import Definitions
from app.errors import FrontdoorError
from app.ground import Ground
from app.log import log
from telephony import collecting, texting
from telephony.carrier import Carrier
from telephony.collecting import Letter
from telephony.house import House
from telephony.numbers import number_of
from telephony.tables import webhooks
from telephony.texting import Arrival
from telephony.texts import TextArrived

EVERY = 60.0
AWAY = timedelta(hours=24)
"""How far back the list is read at the start, and after it could not be read."""
OVERLAP = timedelta(minutes=5)
STILL_COMING = timedelta(seconds=30)
"""A text this young may still come by its own webhook."""


class CatchingUp:
    def __init__(
        self,
        ground: Ground,
        definitions: Definitions,
        transcript: Transcript,
        house: Callable[[], House],
        carrier: Carrier,
    ) -> None:
        self._ground = ground
        self._definitions = definitions
        self._transcript = transcript
        self._house = house
        self._carrier = carrier
        self._read_until: dict[str, datetime] = {}
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="texts-catching-up")

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def pass_once(self) -> int:
        """Takes in what no webhook brought. Returns how many texts that were."""
        taken = 0
        for service in self._definitions:
            for line in service.lines:
                if "sms" in line.channels:
                    taken += await self._line(line.number)
        return taken

    async def _line(self, number: str) -> int:
        now = self._ground.clock.now()
        since = self._read_until.get(number, now - AWAY)
        letters = await collecting.inbox(self._carrier, number, since)
        if letters is None:
            return 0
        late = [each for each in letters if each.at <= now - STILL_COMING]
        unknown = await self._ground.db.read(not_taken, [each.message for each in late])
        taken = 0
        for letter in late:
            if letter.message in unknown:
                taken += await self._take(letter)
        self._read_until[number] = max(since, now - OVERLAP)
        return taken

    async def _take(self, letter: Letter) -> int:
        service, line = self._definitions.line_for(letter.line)
        text = TextArrived(
            letter.message, number_of(letter.sender), letter.line, letter.body, letter.media
        )
        arrival = Arrival(text, service, line, ids.new(), ids.new(), letter.at)
        await self._ground.db.write(texting.text_came, self._house(), self._transcript, arrival)
        log.warning("text.found_late", message=letter.message)
        return 1

    async def _run(self) -> None:
        while True:
            try:
                await self.pass_once()
            except FrontdoorError as problem:
                log.warning("texts.not_caught_up", code=problem.code)
            except Exception:
                log.exception("texts.not_caught_up")
            await asyncio.sleep(EVERY)


def not_taken(work: Work, messages: list[str]) -> set[str]:
    """Those of these texts that no webhook and no earlier look has brought."""
    return {message for message in messages if not _taken(work, message)}


def _taken(work: Work, message: str) -> bool:
    key = texting.webhook_key(f"text:{message}")
    return work.run(sa.select(webhooks.c.at).where(webhooks.c.key == key)).first() is not None
