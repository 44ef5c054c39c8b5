"""Documents that need no server of ours: what a caller hears when all of this is gone (S2, S11).

Plain files, to be put on any web host that has nothing to do with us, and set as the carrier's
fallback address of each number. Emergency words, an apology, then the line's fallback numbers one
after the other, over and over. Whoever answers must press a key: a machine never takes the call.
The carrier asks for them with GET, because plain files answer nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from twilio.twiml.voice_response import VoiceResponse

from app.definition.model import Line, Service
from telephony.prompts import Prompts

RING_SECONDS = 18  # below the 15 to 20 s after which a mobile's own voicemail answers
PRESS_SECONDS = 6
BREATH = 5
"""Seconds between two rounds, so that nothing goes round without a pause."""


@dataclass(frozen=True, slots=True)
class Document:
    """One file to host. `number` is the line it belongs to, "" for one that others point to."""

    path: str
    number: str
    text: str


def documents(
    services: Iterable[Service], words: Mapping[str, Prompts], ours: str, base: str
) -> list[Document]:
    """Every file, for all lines that can be rung. `base` is where they will lie, without a slash.

    `words` are the prompts by language, `ours` the language of those who have none.
    """
    made = []
    for service in services:
        for line in service.lines:
            if "voice" not in line.channels:
                continue
            spoken = words.get(line.language or service.languages[0], words[ours])
            name = f"{service.key}/{line.key}"
            made += [
                Document(f"{name}.xml", line.number, _ring(line, spoken, base, name)),
                Document(f"{name}-whisper.xml", "", _whisper(words[ours], base, name)),
                Document(f"{name}-accepted.xml", "", str(VoiceResponse())),
            ]
    return made


def addresses(made: Iterable[Document], base: str) -> list[tuple[str, str]]:
    """(number, the fallback address to set for it with the carrier)."""
    return [(each.number, f"{base}/{each.path}") for each in made if each.number]


def _ring(line: Line, words: Prompts, base: str, name: str) -> str:
    """Number after number. After each: a file cannot know whether they talked, so it asks none."""
    response = VoiceResponse()
    _say(response, words, "emergency", "sorry_fault")
    for number in line.fallback:
        dial = response.dial(timeout=RING_SECONDS, caller_id=line.number, record="do-not-record")
        dial.number(number, url=f"{base}/{name}-whisper.xml", method="GET")
        _say(response, words, "emergency_short", "spoken_or_not")
    response.pause(length=BREATH)
    response.redirect(f"{base}/{name}.xml", method="GET")
    return str(response)


def _whisper(words: Prompts, base: str, name: str) -> str:
    """For staff: any key takes the call, since a file cannot read which one. No key: let go."""
    response = VoiceResponse()
    for _ in range(2):
        gather = response.gather(
            input="dtmf",
            num_digits=1,
            timeout=PRESS_SECONDS,
            action=f"{base}/{name}-accepted.xml",
            method="GET",
        )
        gather.say(words.say("whisper"), voice=words.voice, language=words.language)
    _say(response, words, "not_taken")
    response.hangup()
    return str(response)


def _say(response: VoiceResponse, words: Prompts, *keys: str) -> None:
    for key in keys:
        response.say(words.say(key), voice=words.voice, language=words.language)
