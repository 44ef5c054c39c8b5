"""Reads TwiML elements into verbs; what the schema does not know is a fault, in words."""

from __future__ import annotations

from collections.abc import Iterator

from telephony.rehearsal import schema
from telephony.rehearsal import verbs as v
from telephony.rehearsal.markup import Element
from telephony.rehearsal.values import Callback

MOST_SPOKEN = 4096


class Reader:
    def __init__(self, messaging: bool) -> None:
        self.place = "Messaging" if messaging else "Response"
        self.faults: list[str] = []

    def verbs(self, root: Element) -> Iterator[v.Verb]:
        self._check(root)
        for element in self._allowed(root, self.place):
            if element.name in schema.NOT_PLAYED[self.place]:
                yield v.NotPlayed(element.name)
            else:
                yield self._verb(element)

    def _verb(self, element: Element) -> v.Verb:
        self._check(element)
        match element.name:
            case "Say" | "Play" | "Pause":
                return self._sound(element)
            case "Gather":
                return self._gather(element)
            case "Record":
                return self._record(element)
            case "Redirect":
                return v.Redirect(element.text.strip(), self._method(element))
            case "Enqueue":
                return self._enqueue(element)
            case "Leave":
                return v.Leave()
            case "Hangup":
                return v.Hangup()
            case "Reject":
                return v.Reject(self._choice(element, "reason", "rejected", "busy"))
            case "Dial":
                return self._dial(element)
            case "Message":
                return self._message(element)
            case name:
                return v.NotPlayed(name)

    def _sound(self, element: Element) -> v.Sound:
        match element.name:
            case "Say":
                words = " ".join(element.text.split())
                if not words:
                    self._fault(element, "has no words")
                if len(words) > MOST_SPOKEN:
                    self._fault(element, f"has more than {MOST_SPOKEN} characters")
                return v.Say(words[:MOST_SPOKEN], self._whole(element, "loop", 1, 0, 1000))
            case "Play":
                url, digits = element.text.strip(), element.attributes.get("digits", "")
                if not url and not digits:
                    self._fault(element, "has nothing to play")
                return v.Play(url, self._whole(element, "loop", 1, 0, 1000), digits)
            case _:
                return v.Pause(self._whole(element, "length", 1, 0, 3600))

    def _gather(self, element: Element) -> v.Gather:
        inside: list[v.Sound] = []
        for child in self._allowed(element, "Gather"):
            self._check(child)
            inside.append(self._sound(child))
        wanted = element.attributes.get("input", "dtmf").split()
        if "speech" in wanted:
            self._fault(element, "asks for speech, which the rehearsal cannot hear", 0)
        most = self._whole(element, "numDigits", 0, 1, 1000)
        return v.Gather(
            inside=tuple(inside),
            action=element.attributes.get("action"),
            method=self._method(element),
            timeout=self._whole(element, "timeout", 5, 1, 3600, also="auto"),
            finish_on_key=element.attributes.get("finishOnKey", "#"),
            num_digits=most or None,
            on_empty=self._flag(element, "actionOnEmptyResult", False),
        )

    def _record(self, element: Element) -> v.Record:
        url = element.attributes.get("recordingStatusCallback")
        if element.attributes.get("transcribe", "false") != "false":
            self._fault(element, "asks for a transcription, which the rehearsal does not make", 0)
        return v.Record(
            action=element.attributes.get("action"),
            method=self._method(element),
            timeout=self._whole(element, "timeout", 5, 0, 3600),
            finish_on_key=element.attributes.get("finishOnKey", "1234567890*#"),
            max_length=self._whole(element, "maxLength", 3600, 1, 14400),
            play_beep=self._flag(element, "playBeep", True),
            callback=Callback(url, self._method(element, "recordingStatusCallbackMethod"))
            if url
            else None,
        )

    def _enqueue(self, element: Element) -> v.Enqueue:
        name = element.text.strip()
        if not name or len(name) > 64:
            self._fault(element, "needs a queue name of 1 to 64 characters")
        if "workflowSid" in element.attributes:
            self._fault(element, "uses workflowSid, which the rehearsal does not play", 0)
        return v.Enqueue(
            name=name[:64],
            action=element.attributes.get("action"),
            method=self._method(element),
            wait_url=element.attributes.get("waitUrl"),
            wait_method=self._method(element, "waitUrlMethod"),
            max_size=self._whole(element, "maxQueueSize", 1000, 1, 5000),
        )

    def _dial(self, element: Element) -> v.Verb:
        numbers: list[v.Number] = []
        conference: v.Conference | None = None
        for child in self._allowed(element, "Dial"):
            if child.name in schema.NOT_PLAYED["Dial"]:
                return v.NotPlayed(f"Dial {child.name}")
            self._check(child)
            if child.name == "Conference":
                conference = self._conference(child)
            else:
                number = child.text.strip()
                numbers.append(
                    v.Number(
                        number,
                        child.attributes.get("url"),
                        self._method(child),
                        self._progress(child),
                    )
                )
        if not element.children and element.text.strip():
            numbers.append(v.Number(element.text.strip()))
        if conference and numbers:
            self._fault(element, "holds a Conference beside numbers")
        if not conference and not numbers:
            self._fault(element, "has nobody to dial")
        if len(numbers) > 10:
            self._fault(element, "has more than ten numbers")
        if element.attributes.get("record", "do-not-record") not in ("do-not-record", "false"):
            self._fault(element, "would record the call")
        return v.Dial(
            numbers=() if conference else tuple(numbers[:10]),
            conference=conference,
            action=element.attributes.get("action"),
            method=self._method(element),
            timeout=self._whole(element, "timeout", 30, 1, 600),
            time_limit=self._whole(element, "timeLimit", 14400, 1, 86400),
            caller_id=element.attributes.get("callerId"),
            answer_on_bridge=self._flag(element, "answerOnBridge", False),
            hangup_on_star=self._flag(element, "hangupOnStar", False),
        )

    def _conference(self, element: Element) -> v.Conference:
        if not element.text.strip():
            self._fault(element, "has no name")
        if element.attributes.get("record", "do-not-record") != "do-not-record":
            self._fault(element, "would record the call")
        url = element.attributes.get("statusCallback")
        events = self._events(element, schema.CONFERENCE)
        return v.Conference(
            name=element.text.strip()[:128],
            muted=self._flag(element, "muted", False),
            beep=self._choice(element, "beep", "true", "false", "onEnter", "onExit") != "false",
            start_on_enter=self._flag(element, "startConferenceOnEnter", True),
            end_on_exit=self._flag(element, "endConferenceOnExit", False),
            wait_url=element.attributes.get("waitUrl"),
            wait_method=self._method(element, "waitMethod"),
            callback=Callback(url, self._method(element, "statusCallbackMethod"), events)
            if url
            else None,
            label=element.attributes.get("participantLabel", ""),
            coach=element.attributes.get("coach", ""),
        )

    def _progress(self, element: Element) -> Callback | None:
        events = self._events(element, schema.PROGRESS) or frozenset({"completed"})
        url = element.attributes.get("statusCallback")
        return Callback(url, self._method(element, "statusCallbackMethod"), events) if url else None

    def _message(self, element: Element) -> v.Message:
        bodies = [child.text for child in self._allowed(element, "Message") if child.name == "Body"]
        words = "".join(bodies) if element.children else element.text
        if not words.strip():
            self._fault(element, "has no words")
        return v.Message(
            words,
            element.attributes.get("to"),
            element.attributes.get("from"),
            element.attributes.get("action"),
            self._method(element),
            element.attributes.get("statusCallback"),
        )

    def _allowed(self, element: Element, place: str) -> Iterator[Element]:
        known = schema.NESTING.get(place, frozenset()) | schema.NOT_PLAYED.get(place, frozenset())
        for child in element.children:
            if child.name in known:
                yield child
            else:
                self._fault(
                    child, f"is not known inside <{element.name}>{_meant(child.name, known)}"
                )

    def _check(self, element: Element) -> None:
        known = schema.ATTRIBUTES.get(element.name, frozenset())
        for name in element.attributes:
            if name not in known:
                self._fault(element, f"has no attribute {name}{_meant(name, known)}")
        if element.name not in ("Response", "Gather", "Dial", "Message"):
            list(self._allowed(element, element.name))

    def _whole(
        self, element: Element, name: str, default: int, low: int, high: int, also: str = ""
    ) -> int:
        text = element.attributes.get(name)
        if text is None or (also and text == also):
            return default
        if text.isascii() and text.isdigit() and len(text) < 7 and low <= int(text) <= high:
            return int(text)
        self._fault(element, f"has {name}={text[:40]!r}, not a number from {low} to {high}")
        return default

    def _flag(self, element: Element, name: str, default: bool) -> bool:
        words = ("true", "false") if default else ("false", "true")
        return self._choice(element, name, *words) == "true"

    def _method(self, element: Element, name: str = "method") -> str:
        return self._choice(element, name, "POST", "GET").upper()

    def _choice(self, element: Element, name: str, default: str, *others: str) -> str:
        text = element.attributes.get(name, default)
        for word in (default, *others):
            if text.lower() == word.lower():
                return word
        self._fault(
            element, f"has {name}={text[:40]!r}, not one of {', '.join((default, *others))}"
        )
        return default

    def _events(self, element: Element, known: frozenset[str]) -> frozenset[str]:
        asked = frozenset(element.attributes.get("statusCallbackEvent", "").split())
        for unknown in sorted(asked - known):
            self._fault(element, f"has no event {unknown[:40]!r}")
        return asked & known

    def _fault(self, element: Element, what: str, code: int = 12200) -> None:
        number = f"{code}: " if code else ""
        self.faults.append(f"{number}line {element.line}: <{element.name}> {what}")


def _meant(name: str, known: frozenset[str]) -> str:
    close = [word for word in known if word.lower() == name.lower()]
    return f"; did you mean {close[0]}?" if close else ""
