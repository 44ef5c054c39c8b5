"""Our verbs as the carrier's documents, through the carrier's own library.

No call is ever recorded (S10): <Dial> says do-not-record aloud. A voicemail is the one
message that is.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import quote

from twilio.twiml.messaging_response import MessagingResponse
from twilio.twiml.voice_response import Dial, VoiceResponse
from twilio.twiml.voice_response import Gather as GatherVerb

from app.cases.model import Channel
from app.cases.safe_contact import Permit
from telephony.prompts import LONGEST_SAY, Prompts
from telephony.verbs import (
    DialNumber,
    DialRoom,
    Enqueue,
    Gather,
    Hangup,
    Leave,
    Pause,
    Play,
    Record,
    Redirect,
    Say,
    Spoken,
    Step,
    Verb,
    Words,
)

ROOM_EVENTS = "start end join leave"
EMPTY = '<?xml version="1.0" encoding="UTF-8"?><Response />'


@dataclass(frozen=True, slots=True)
class Addresses:
    """Our own webhook addresses of one call, on the URL that the carrier signs."""

    base: str
    call: str

    def of(self, step: Step) -> str:
        """The address of `step`: of the caller's document, or of an advisor's phone."""
        root = f"{self.base}/telephony/voice/{quote(self.call, safe='')}"
        tries = f"?tries={step.tries}" if step.tries else ""
        if step.party:
            return f"{root}/party/{step.party}/{step.name}{tries}"
        if step.leg is None:
            return f"{root}/{step.number}/{step.name}{tries}"
        return f"{root}/leg/{step.leg}/{step.name}{tries}"

    def sound(self, name: str) -> str:
        return f"{self.base}/telephony/sounds/{name}"


@dataclass(frozen=True, slots=True)
class Speaker:
    """Turns verbs into documents: with the words of a language, and our addresses.

    `prompts` are the words of the house; `others` those of more languages, by their codes.
    """

    prompts: Prompts
    base: str
    others: Mapping[str, Prompts] = field(default_factory=dict)

    def document(self, call: str, verbs: tuple[Verb, ...], language: str = "") -> str:
        """In the house's own language where there is no file for `language`."""
        return Telling(self, Addresses(self.base, call), self.words_in(language)).document(verbs)

    def words_in(self, language: str) -> Prompts:
        return self.others.get(language, self.prompts)

    def answer(self, permit: Permit, key: str, now: datetime) -> str:
        """One automatic text back, or none when the Permit has run out (S4)."""
        response = MessagingResponse()
        if permit.holds(Channel.SMS, now):
            response.message(self.prompts.text(key))
        return str(response)


@dataclass(frozen=True, slots=True)
class Telling:
    """One document, in the words of one language. Words of a definition may name another's."""

    speaker: Speaker
    addresses: Addresses
    prompts: Prompts

    def document(self, verbs: tuple[Verb, ...]) -> str:
        response = VoiceResponse()
        for verb in verbs:
            self._add(response, verb, self.addresses)
        return str(response)

    def _add(self, response: VoiceResponse, verb: Verb, addresses: Addresses) -> None:
        match verb:
            case Say() | Words() | Play() | Pause():
                self._speak(response, verb, addresses)
            case Gather(inside, action, seconds):
                gather = response.gather(
                    input="dtmf",
                    num_digits=1,
                    timeout=seconds,
                    action=addresses.of(action),
                    method="POST",
                )
                for spoken in inside:
                    self._speak(gather, spoken, addresses)
            case Record(action, ready, longest, silence):
                response.record(
                    action=addresses.of(action),
                    method="POST",
                    max_length=longest,
                    timeout=silence,
                    finish_on_key="#",
                    play_beep=True,
                    recording_status_callback=addresses.of(ready),
                    recording_status_callback_method="POST",
                )
            case Redirect(to):
                response.redirect(addresses.of(to), method="POST")
            case Enqueue(queue, wait, action):
                response.enqueue(
                    queue,
                    wait_url=addresses.of(wait),
                    wait_url_method="POST",
                    action=addresses.of(action),
                    method="POST",
                )
            case Leave():
                response.leave()
            case Hangup():
                response.hangup()
            case DialNumber(number, caller_id, whisper, action, seconds):
                dial = self._dial(response, addresses.of(action), timeout=seconds, caller=caller_id)
                dial.number(number, url=addresses.of(whisper), method="POST")
            case DialRoom(room, action, events, ends, coach):
                dial = self._dial(response, addresses.of(action))
                dial.conference(
                    room,
                    beep="false",
                    start_conference_on_enter=True,
                    end_conference_on_exit=ends,
                    coach=coach or None,
                    wait_url="",
                    record="do-not-record",
                    status_callback=addresses.of(events),
                    status_callback_method="POST",
                    status_callback_event=ROOM_EVENTS,
                )

    def _dial(
        self,
        response: VoiceResponse,
        action: str,
        timeout: int | None = None,
        caller: str | None = None,
    ) -> Dial:
        return response.dial(
            action=action,
            method="POST",
            timeout=timeout,
            caller_id=caller,
            record="do-not-record",
        )

    def _speak(
        self, where: VoiceResponse | GatherVerb, spoken: Spoken, addresses: Addresses
    ) -> None:
        match spoken:
            case Say(key) if key in self.prompts.recorded:
                where.play(addresses.sound(self.prompts.recorded[key]))
            case Say(key, values):
                self._say(where, self.prompts.say(key, values), self.prompts)
            case Words(text, language):
                self._say(
                    where, text, self.speaker.words_in(language) if language else self.prompts
                )
            case Play(sound):
                where.play(addresses.sound(sound))
            case Pause(seconds):
                where.pause(length=seconds)

    def _say(self, where: VoiceResponse | GatherVerb, text: str, prompts: Prompts) -> None:
        where.say(text[:LONGEST_SAY], voice=prompts.voice, language=prompts.language)
