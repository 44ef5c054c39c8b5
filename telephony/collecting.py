"""What lies with the carrier for us: texts that came while we were away, sounds of messages.

Lists are looked at, never trusted to be complete; asking again changes nothing there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from app.log import log
from telephony.carrier import TIMEOUT, Carrier, Done, Outcome, moved_to

if TYPE_CHECKING:
    from twilio.rest import Client

PAGE: Final = 500
MOST_SOUND: Final = 16_000_000
"""Bytes of a sound that are taken: three minutes are three million."""


@dataclass(frozen=True)
class Letter:
    """A text that came, as the carrier's own list has it."""

    message: str
    sender: str
    line: str
    body: str
    at: datetime
    media: int = 0


@dataclass(frozen=True)
class Sound:
    wav: bytes


@dataclass(frozen=True)
class Recorded:
    """A recording that lies with the carrier. `seconds` of it, silence cut away."""

    recording: str
    call: str
    seconds: int


class _Looked:
    """What came of a request that has no name of its own."""

    sid = ""


async def inbox(carrier: Carrier, line: str, since: datetime) -> list[Letter] | None:
    """Every text to `line` that the carrier took since then, oldest first; None when it cannot
    tell."""
    found: list[Letter] = []

    def look(client: Client) -> Any:
        for each in client.messages.list(to=line, date_sent_after=since, page_size=PAGE):
            at = each.date_sent or each.date_created
            if each.direction == "inbound" and at is not None and at >= since:
                media = int(each.num_media or 0)
                found.append(Letter(each.sid, each.from_, each.to, each.body or "", at, media))
        return _Looked

    outcome = await carrier.ask(look)
    return sorted(found, key=lambda each: each.at) if isinstance(outcome, Done) else None


async def sound(carrier: Carrier, base: str, recording: str) -> Sound | Outcome:
    """The sound of a voicemail, a WAV file; Gone while it is not ready, or never was.

    `base` is TWILIO_API_BASE. The address is made from the recording's id alone: no callback
    names a host for us to go to.
    """
    wav = b""

    def fetch(client: Client) -> Any:
        nonlocal wav
        wav = _downloaded(client, base, recording)
        return _Looked if wav else None

    outcome = await carrier.ask(fetch)
    return Sound(wav) if isinstance(outcome, Done) else outcome


async def erase(carrier: Carrier, recording: str) -> Outcome:
    """The carrier keeps nothing of it. Gone: it had nothing any more."""

    def delete(client: Client) -> Any:
        client.recordings(recording).delete()
        return _Looked

    return await carrier.ask(delete)


async def recordings(carrier: Carrier, since: datetime) -> list[Recorded] | None:
    """Every recording the carrier still has of ours; None when it cannot tell."""
    found: list[Recorded] = []

    def look(client: Client) -> Any:
        for each in client.recordings.list(date_created_after=since, page_size=PAGE):
            if each.status == "completed":
                found.append(Recorded(each.sid, each.call_sid, int(each.duration or 0)))
        return _Looked

    outcome = await carrier.ask(look)
    return found if isinstance(outcome, Done) else None


def _downloaded(client: Client, base: str, recording: str) -> bytes:
    """The library reads every answer as text, so the bytes are asked for beside it."""
    import requests
    from twilio.base.exceptions import TwilioRestException

    url = f"https://api.twilio.com/2010-04-01/Accounts/{client.account_sid}/Recordings"
    there = moved_to(base, f"{url}/{recording}.wav") if base else f"{url}/{recording}.wav"
    login = (client.username, client.password)
    with requests.get(there, auth=login, timeout=TIMEOUT, stream=True) as answer:
        if answer.status_code != 200:
            raise TwilioRestException(answer.status_code, "Recordings")
        wav = bytearray()
        for piece in answer.iter_content(65536):
            wav += piece
            if len(wav) > MOST_SOUND:
                log.error("carrier.sound_too_long", recording=recording)
                return b""
        return bytes(wav)
