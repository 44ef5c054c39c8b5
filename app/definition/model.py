"""A service as frozen values: what a checked definition says, and nothing else.

Every key is a lower-case slug. Numbers are E.164. Seconds are whole seconds. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, time
from typing import Literal

Channel = Literal["voice", "sms"]
HoldSound = Literal["hold", "sea"]
Trackers = Literal["tell", "own-page"]
Position = Literal["right", "left"]
RungKind = Literal["home", "neighbours", "central", "numbers", "promise", "message"]

ACCENT = "#1d5b57"
HOURS = "Day and night"
WEATHER = "https://www.bbc.co.uk/weather"
"""Where "Leave now" goes unless a site says otherwise: a page nobody asks about."""


@dataclass(frozen=True, slots=True)
class District:
    """A council district of a hub. It is kept with a contact in place of the outward code."""

    name: str
    areas: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hub:
    """A local team and its area. `areas` are outward codes: `CA10-CA12`, `LA9` or `BN*`.

    `hours` are local opening and closing times, None for day and night. They choose who is
    asked first; they never end a live contact (S13). `neighbours` help, the nearest first.
    `phone` is rung when a call is passed to people there, "" when they have none.
    """

    key: str
    name: str
    central: bool = False
    areas: tuple[str, ...] = ()
    towns: tuple[str, ...] = ()
    districts: tuple[District, ...] = ()
    hours: tuple[time, time] | None = None
    provider: str = ""
    neighbours: tuple[str, ...] = ()
    phone: str = ""

    def open_at(self, local: time) -> bool:
        """Whether the hub's day runs at this local time; a day may run past midnight."""
        if self.hours is None:
            return True
        opens, closes = self.hours
        if opens < closes:
            return opens <= local < closes
        return local >= opens or local < closes


@dataclass(frozen=True, slots=True)
class MenuKey:
    """One digit but 5, the hub or the language it leads to, and the words read out for it.

    The words of a language are said in it. 5 is kept free: whoever presses 55 is in danger.
    """

    digit: str
    hub: str
    label: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Menu:
    say: str
    keys: tuple[MenuKey, ...]

    def hub_for(self, digit: str) -> str | None:
        return next((key.hub for key in self.keys if key.digit == digit), None)


@dataclass(frozen=True, slots=True)
class Interpreter:
    """A desk of interpreters, by `language`, an ISO code. `pin` names the secret that its machine
    asks for, "" for none: the secret itself stands in no definition (S8)."""

    key: str
    name: str
    language: str
    number: str
    pin: str = ""


@dataclass(frozen=True, slots=True)
class Police:
    """A control room, for who asks us to bring the police onto the line. 999 is the caller's own
    to dial: through us it would show our address, not theirs."""

    key: str
    name: str
    number: str


@dataclass(frozen=True, slots=True)
class Line:
    """A phone number of the service. `fallback`: two or more human numbers, in order (S2).

    `hub` is set when every contact on this line belongs to one hub, `language` when they are all
    greeted in one. `relay`: published for the text relay alone. `hold_sound`: what waiting sounds
    like. `voicemail`, `text_me`: whether a caller may choose that while they wait.
    """

    key: str
    number: str
    shown: str
    channels: tuple[Channel, ...]
    fallback: tuple[str, ...]
    menu: Menu | None = None
    hub: str = ""
    language: str = ""
    relay: bool = False
    hold_sound: HoldSound = "hold"
    voicemail: bool = False
    text_me: bool = False
    calls_from: str = ""
    """What a phone shows when we call back: a number that names nobody when it is looked up."""


@dataclass(frozen=True, slots=True)
class Site:
    """A website that may embed the chat. `line` is the line whose number it shows.

    `trackers`: when pixels or replay scripts run on it, the line is told of them; with
    "own-page" the chat then opens on a page of its own alone. `position`: the lower corner of
    the window that the chat stands in; a page written right to left mirrors it.
    """

    key: str
    name: str
    origins: tuple[str, ...]
    line: str
    accent: str = ACCENT
    exit_url: str = WEATHER
    hours: str = HOURS
    trackers: Trackers = "tell"
    position: Position = "right"


@dataclass(frozen=True, slots=True)
class Rung:
    """A step a waiting contact climbs. The last rung has no `seconds` (0): it is the end."""

    kind: RungKind
    seconds: int = 0


@dataclass(frozen=True, slots=True)
class Crime:
    """A kind of need: `label` for staff, `asks` as the visitor reads it.

    `skill` is what an advisor must have to be the first choice, "" when anyone may answer.
    `level` is how far that training should go: 1 is the first.
    `asks_in` is the same as `asks` in other languages, by their codes.
    """

    key: str
    label: str
    asks: str
    skill: str = ""
    level: int = 1
    asks_in: Mapping[str, str] = field(default_factory=dict)

    @property
    def training(self) -> str:
        """The skill with its level, as seats hold it: "domestic-abuse.2". "" for none."""
        return f"{self.skill}.{self.level}" if self.skill and self.level > 1 else self.skill


@dataclass(frozen=True, slots=True)
class Provider:
    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Lot:
    """A contract: crimes x ages x hubs x dates, won by one provider. Both dates are included.

    `ages` are included at both ends, None for all. `hubs` take the work: each for its own area,
    or for the whole service when it has none. No hubs: the home hub takes it, everywhere.
    """

    key: str
    name: str
    provider: str
    crimes: tuple[str, ...]
    starts: date
    ends: date
    ages: tuple[int, int] | None = None
    hubs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Timings:
    """Seconds. `silent`: how long a visitor may be gone before we call it a lost signal."""

    offer: int = 20
    heartbeat: int = 15
    lease: int = 35
    wrap: int = 0
    silent: int = 300


@dataclass(frozen=True, slots=True)
class Routing:
    """Who goes first, who is waited for, who is never asked. Seconds, but for the last two.

    `danger` and `today` are head starts in line, by urgency: nobody overtakes for ever. `own` is
    how long somebody is held for their own advisor, `interpreter` for a speaker of the language,
    `gender` for a worker of the gender asked for. `queue_most`: how many may wait before the next
    is answered by the end of the ladder at once, 0 for any number. `volunteers_never` are crimes.
    """

    danger: int = 600
    today: int = 120
    own: int = 20
    interpreter: int = 30
    gender: int = 120
    ask_again: int = 30
    queue_most: int = 0
    volunteers_never: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Service:
    """A commissioned victim service for one police force area.

    `under18_skill` is what an advisor must have to be the first choice for a child, "" for none.
    `nation` is whose bank holidays the rota keeps.
    `words` are in the first of `languages`, `words_in` in others, by their codes.
    `video_relay` is where a person is reached in British Sign Language, "" for nowhere.
    """

    key: str
    name: str
    force: str
    hubs: tuple[Hub, ...]
    lines: tuple[Line, ...]
    sites: tuple[Site, ...]
    ladder: tuple[Rung, ...]
    crimes: tuple[Crime, ...]
    zone: str = "Europe/London"
    nation: str = "england"
    languages: tuple[str, ...] = ("en",)
    under18_skill: str = ""
    providers: tuple[Provider, ...] = ()
    lots: tuple[Lot, ...] = ()
    timings: Timings = Timings()
    routing: Routing = Routing()
    words: Mapping[str, str] = field(default_factory=dict)
    words_in: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    video_relay: str = ""
    interpreters: tuple[Interpreter, ...] = ()
    police: tuple[Police, ...] = ()

    def say(self, name: str, language: str) -> str:
        """The service's own words in this language, "" where it has none: never another's."""
        said = self.words if language == self.languages[0] else self.words_in.get(language, {})
        return said.get(name, "")

    @property
    def central(self) -> Hub:
        """The staffed overflow. A checked definition has exactly one."""
        return next(hub for hub in self.hubs if hub.central)

    def hub(self, key: str) -> Hub:
        """The hub with this key. KeyError when there is none."""
        for hub in self.hubs:
            if hub.key == key:
                return hub
        raise KeyError(key)

    def line(self, key: str) -> Line:
        """The line with this key. KeyError when there is none."""
        for line in self.lines:
            if line.key == key:
                return line
        raise KeyError(key)

    @property
    def skills(self) -> frozenset[str]:
        """Every skill that some need of this service asks for."""
        asked = {crime.skill for crime in self.crimes} | {self.under18_skill}
        return frozenset(asked - {""})

    def crime(self, key: str) -> Crime | None:
        return next((crime for crime in self.crimes if crime.key == key), None)

    def site(self, key: str) -> Site | None:
        return next((site for site in self.sites if site.key == key), None)

    def line_for(self, number: str) -> Line | None:
        """The line that has this E.164 number."""
        return next((line for line in self.lines if line.number == number), None)

    @property
    def text_line(self) -> Line | None:
        """The first line that can send a text."""
        return next((line for line in self.lines if "sms" in line.channels), None)

    def number_to_call(self, line: Line) -> str:
        """The number to tell someone who cannot be answered on `line`, as it is shown (S2).

        A line that rings is its own answer; for a text line it is the first line that rings.
        """
        ringing = next((each for each in (line, *self.lines) if "voice" in each.channels), line)
        return ringing.shown


def with_demo_origin(service: Service, origin: str) -> Service:
    """The same service, whose sites may also be embedded by the demo charity page at `origin`."""
    return replace(
        service,
        sites=tuple(
            site if origin in site.origins else replace(site, origins=(*site.origins, origin))
            for site in service.sites
        ),
    )
