"""One caller's story: events go in, and what the caller hears comes out as short lines."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree

from telephony import flow, prompts
from telephony.asks import Ask
from telephony.events import CallArrived, Event, Look
from telephony.rehearsal.schema import ATTRIBUTES, NESTING
from telephony.states import Arrived, Facts, State, Turn
from telephony.twiml import Speaker
from telephony.verbs import Verb, Words

MIDNIGHT = datetime(2026, 11, 22, 0, 10, tzinfo=UTC)
HERE = Path(prompts.__file__).parent
WORDS = {path.stem: prompts.read(path.read_text("utf-8")) for path in sorted(HERE.glob("*.toml"))}
ENGLISH, WELSH = WORDS["en"], WORDS["cy"]
SPEAKER = Speaker(ENGLISH, "https://front.example", WORDS)
CALL = "CA00000000000000000000000000000001"
LINE = "+448081570142"
FALLBACK = ("+441632960201", "+441632960202")

NIGHT = Facts(
    now=MIDNIGHT,
    call=CALL,
    line=LINE,
    room="room-7f3a",
    central="central",
    numbers=FALLBACK,
    position=1,
)
MENU = replace(
    NIGHT,
    menu=(Words("For Carlisle, press 1. For Kendal, press 2."),),
    keys={"1": "carlisle", "2": "kendal"},
)


@dataclass
class Story:
    """Ruth rings the line; what happens is told event by event."""

    facts: Facts = NIGHT
    state: State = field(default_factory=Arrived)
    heard: tuple[str, ...] = ()
    asked: tuple[Ask, ...] = ()
    language: str = "en"
    documents: list[str] = field(default_factory=list)

    def rings(self) -> tuple[str, ...]:
        return self.happens(CallArrived("+447700900123", LINE))

    def happens(self, event: Event) -> tuple[str, ...]:
        turn: Turn = flow.step(self.state, event, self.facts)
        self.state, self.asked = turn.state, turn.asks
        self.heard = lines(turn.verbs, self.language)
        self.documents.append(SPEAKER.document(CALL, turn.verbs, self.language))
        return self.heard

    def looks(self) -> tuple[Ask, ...]:
        self.happens(Look())
        return self.asked

    def later(self, seconds: float) -> None:
        self.facts = replace(self.facts, now=self.facts.now + timedelta(seconds=seconds))

    def taken_by(self, staff: str, assignment: int) -> tuple[Ask, ...]:
        """An advisor accepts on the console, and we look."""
        self.facts = replace(self.facts, assignment=assignment, staff=staff)
        return self.looks()

    def untaken(self) -> None:
        self.facts = replace(self.facts, assignment=None, staff="")


def lines(verbs: tuple[Verb, ...], language: str = "en") -> tuple[str, ...]:
    """The carrier's document, checked against its rules and told in short lines."""
    root = ElementTree.fromstring(SPEAKER.document(CALL, verbs, language))
    check(root, "Response")
    return tuple(line for element in root for line in _told(element))


def check(element: ElementTree.Element, name: str) -> None:
    """What the carrier would ignore or refuse is a failure here (its 12100 and 12200)."""
    assert element.tag == name
    assert set(element.attrib) <= ATTRIBUTES[name], f"{name}: {element.attrib}"
    for child in element:
        assert child.tag in NESTING.get(name, frozenset()), f"{child.tag} in {name}"
        check(child, child.tag)
    for key, value in element.attrib.items():
        if "record" in key.lower() and element.tag != "Record":
            assert (key, value) == ("record", "do-not-record")


def _told(element: ElementTree.Element, inside: str = "") -> list[str]:
    match element.tag:
        case "Say":
            tongue = element.get("language")
            how = "says" if tongue == ENGLISH.language else f"says in {tongue}"
            return [f"{inside}{how}: {element.text}"]
        case "Play":
            return [f"{inside}plays {(element.text or '').rsplit('/', 1)[-1]}"]
        case "Pause":
            return [f"{inside}pauses"]
        case "Gather":
            held = [line for child in element for line in _told(child, "  ")]
            return [
                f"one key within {element.get('timeout')} s, to {_path(element, 'action')}",
                *held,
            ]
        case "Record":
            ready = _path(element, "recordingStatusCallback")
            then = _path(element, "action")
            return [f"records at most {element.get('maxLength')} s for {ready}, then {then}"]
        case "Redirect":
            return [f"goes to {_path(element)}"]
        case "Enqueue":
            wait, left = _path(element, "waitUrl"), _path(element, "action")
            return [f"queues in {element.text}, hearing {wait}, then {left}"]
        case "Dial":
            noun = element[0]
            then = _path(element, "action")
            if noun.tag == "Number":
                return [f"rings {noun.text}, who hears {_path(noun, 'url')}, then {then}"]
            return [f"joins {noun.text}, then {then}"]
        case _:
            return [element.tag.lower() + "s" if element.tag == "Leave" else "hangs up"]


def _path(element: ElementTree.Element, attribute: str = "") -> str:
    url = urlsplit((element.get(attribute) if attribute else element.text) or "")
    prefix = f"/telephony/voice/{CALL}/"
    assert url.path.startswith(prefix), url
    query = f"?{url.query}" if url.query else ""
    return url.path.removeprefix(prefix) + query
