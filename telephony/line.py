"""The phone line of one process: webhooks, the second's look, the outbox. Wired once."""

from __future__ import annotations

from pathlib import Path

from starlette.routing import BaseRoute

from app.cases.transcript import Transcript
from app.definition.acts import Definitions
from app.ground import Ground
from telephony import prompts
from telephony.acts import House
from telephony.carrier import Carrier
from telephony.outbox import Outbox
from telephony.twiml import Speaker
from telephony.watch import Watch
from telephony.web import Hooks


class PhoneLine:
    """`start` and `stop` on the running loop. Without carrier credentials nothing is sent."""

    def __init__(self, ground: Ground, definitions: Definitions, transcript: Transcript) -> None:
        source = Path(prompts.__file__).with_name("en.toml").read_text("utf-8")
        self._ground = ground
        self._definitions = definitions
        self._speaker = Speaker(prompts.read(source), ground.settings.hooks_url)
        self.carrier = Carrier(ground.settings)
        self.watch = Watch(ground, transcript, self.house, self.carrier)
        self.outbox = Outbox(ground, self.carrier, transcript, self.house)
        self._hooks = Hooks(ground, definitions, transcript, self.house, self.carrier.warm)

    def house(self) -> House:
        """Keys, words and the services in force at this moment."""
        pins = self._ground.settings.pins
        return House(self._ground.keyring, self._speaker, self._definitions.services(), pins)

    def routes(self) -> list[BaseRoute]:
        return self._hooks.routes()

    async def start(self) -> None:
        await self.watch.start()
        if self.carrier.there:
            await self.outbox.start()

    async def stop(self) -> None:
        await self.outbox.stop()
        await self.watch.stop()
        self.carrier.close()
