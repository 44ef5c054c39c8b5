"""The phone line of one process: webhooks, the second's look, the outbox. Wired once."""

from __future__ import annotations

from pathlib import Path

from starlette.routing import BaseRoute

from app.cases.transcript import Transcript
from app.definition.acts import Definitions
from app.ground import Ground
from telephony import prompts
from telephony.calling_back_post import CallBackPost
from telephony.calling_back_web import CallBackHooks
from telephony.carrier import Carrier
from telephony.catching_up import CatchingUp
from telephony.house import House
from telephony.outbox import Outbox
from telephony.twiml import Speaker
from telephony.voicemail_post import VoicemailPost
from telephony.watch import Watch
from telephony.web import SOUNDS, Hooks

OURS = "en"
"""The language of the house: where a caller's has no file of its own."""


def read_prompts() -> dict[str, prompts.Prompts]:
    """Every language that has a file. Raises ValueError naming the file and what is wrong."""
    found = {}
    for path in sorted(Path(prompts.__file__).parent.glob("*.toml")):
        try:
            found[path.stem] = prompts.read(path.read_text("utf-8"))
        except (KeyError, ValueError) as wrong:
            raise ValueError(f"{path.name}: {wrong}") from wrong
        for sound in found[path.stem].recorded.values():
            if not (SOUNDS / sound).is_file():
                raise ValueError(f"{path.name}: there is no sound {sound}")
    return found


class PhoneLine:
    """`start` and `stop` on the running loop. Without carrier credentials nothing is sent."""

    def __init__(self, ground: Ground, definitions: Definitions, transcript: Transcript) -> None:
        words = read_prompts()
        self._ground = ground
        self._definitions = definitions
        self._speaker = Speaker(words[OURS], ground.settings.hooks_url, words)
        self.carrier = Carrier(ground.settings)
        self.watch = Watch(ground, transcript, self.house, self.carrier)
        self.outbox = Outbox(ground, self.carrier, transcript, self.house)
        self.catching_up = CatchingUp(ground, definitions, transcript, self.house, self.carrier)
        self.voicemail_post = VoicemailPost(ground, self.carrier, self.house)
        self.call_backs = CallBackPost(ground, self.carrier, self.house)
        self._call_back_hooks = CallBackHooks(ground, self.house)
        self._hooks = Hooks(ground, definitions, transcript, self.house, self.carrier.warm)

    def house(self) -> House:
        """Keys, words and the services in force at this moment."""
        pins = self._ground.settings.pins
        return House(self._ground.keyring, self._speaker, self._definitions.services(), pins)

    def routes(self) -> list[BaseRoute]:
        return [*self._call_back_hooks.routes(), *self._hooks.routes()]

    async def start(self) -> None:
        await self.watch.start()
        if self.carrier.there:
            await self.outbox.start()
            await self.catching_up.start()
            await self.voicemail_post.start()
            await self.call_backs.start()

    async def stop(self) -> None:
        await self.call_backs.stop()
        await self.voicemail_post.stop()
        await self.catching_up.stop()
        await self.outbox.stop()
        await self.watch.stop()
        self.carrier.close()
