"""From TOML tables to the model: every key, its type, its default. Rules come after. Pure.

Elements keep their places, bad ones included, so that a rule can point at the line of the i-th.
"""

from __future__ import annotations

from typing import TypeVar, get_args

from app.definition.language import LANGUAGES
from app.definition.model import (
    ACCENT,
    HOURS,
    WEATHER,
    Channel,
    Crime,
    District,
    HoldSound,
    Hub,
    Interpreter,
    Line,
    Lot,
    Menu,
    MenuKey,
    Police,
    Position,
    Provider,
    Routing,
    Rung,
    RungKind,
    Service,
    Site,
    Timings,
    Trackers,
)
from app.definition.number import shown, why_not
from app.definition.problem import did_you_mean
from app.definition.reading import Table
from app.definition.words import WORDS

CHANNELS: tuple[Channel, ...] = get_args(Channel)
RUNG_KINDS: tuple[RungKind, ...] = get_args(RungKind)
HOLD_SOUNDS: tuple[HoldSound, ...] = get_args(HoldSound)
TRACKERS: tuple[Trackers, ...] = get_args(Trackers)
POSITIONS: tuple[Position, ...] = get_args(Position)

DAY = 24 * 60 * 60


def service(file: Table) -> Service:
    words = file.table("words", "words")
    read = Service(
        key=file.slug("key", "cumbria"),
        name=file.text("name", "Cumbria Supportline"),
        force=file.text("force", "Cumbria Constabulary"),
        zone=file.text("zone", "Europe/London", "Europe/London"),
        nation=file.slug("nation", "wales", "england"),
        languages=file.texts("languages", '["en"]', ("en",)),
        under18_skill=file.slug("under18_skill", "young", ""),
        hubs=tuple(_hub(each) for each in file.tables("hubs", "hub")),
        lines=tuple(_line(each) for each in file.tables("lines", "line")),
        sites=tuple(_site(each) for each in file.tables("sites", "site")),
        ladder=tuple(_rung(each) for each in file.tables("ladder", "rung")),
        crimes=tuple(_crime(each) for each in file.tables("crimes", "crime")),
        providers=tuple(_provider(each) for each in file.tables("providers", "provider")),
        lots=tuple(_lot(each) for each in file.tables("lots", "lot")),
        timings=_timings(file.table("timings", "timings")),
        routing=_routing(file.table("routing", "routing")),
        video_relay=file.text("video_relay", "https://relay.example", "", longest=500),
        interpreters=tuple(_interpreter(each) for each in file.tables("interpreters", "desk")),
        police=tuple(_police(each) for each in file.tables("police", "control room")),
        words=_words(words),
        words_in=_words_in(words),
    )
    if words is not None:
        words.no_more()
    file.no_more()
    return read


def _hub(table: Table) -> Hub:
    read = Hub(
        key=table.slug("key", "penrith"),
        name=table.text("name", "Penrith"),
        central=table.flag("central"),
        areas=tuple(area.upper() for area in table.texts("areas", '["CA10-CA12"]', ())),
        towns=table.texts("towns", '["Penrith"]', ()),
        districts=tuple(_district(each) for each in table.tables("districts", "district")),
        hours=table.hours("hours"),
        provider=table.slug("provider", "safeline", ""),
        neighbours=table.texts("neighbours", '["kendal"]', ()),
        phone=_phone(table, "phone", ""),
    )
    table.no_more()
    return read


def _interpreter(table: Table) -> Interpreter:
    read = Interpreter(
        key=table.slug("key", "polish"),
        name=table.text("name", "Polish interpreters"),
        language=table.slug("language", "pl"),
        number=_phone(table, "number"),
        pin=table.slug("pin", "interpreters", ""),
    )
    table.no_more()
    return read


def _police(table: Table) -> Police:
    read = Police(
        key=table.slug("key", "cumbria"),
        name=table.text("name", "Cumbria Constabulary"),
        number=_phone(table, "number"),
    )
    table.no_more()
    return read


def _phone(table: Table, key: str, default: str | None = None) -> str:
    """A number we may ring into a talk. 999 is not one: it must be the caller's own call."""
    number = table.text(key, "+441632960241", default)
    if number and (why := why_not(number)):
        table.wrong(key, f'{key} "{number}" {why}.', 'Write it as "+441632960241".')
    return number


def _district(table: Table) -> District:
    read = District(
        name=table.text("name", "Eden"),
        areas=tuple(area.upper() for area in table.texts("areas", '["CA10-CA12"]')),
    )
    table.no_more()
    return read


def _line(table: Table) -> Line:
    number = table.text("number", "+448081570142")
    menu = table.table("menu", f"the menu of {table.title}")
    read = Line(
        key=table.slug("key", "supportline"),
        number=number,
        shown=table.text("shown", "08081 570 142", "" if why_not(number) else shown(number)),
        channels=tuple(
            one_of(table, ("channels", place), name, CHANNELS)
            for place, name in enumerate(table.texts("channels", '["voice"]'))
        ),
        fallback=table.texts("fallback", '["+441632960201", "+441632960202"]'),
        menu=_menu(menu) if menu else None,
        hub=table.slug("hub", "penrith", ""),
        language=table.text("language", "cy", ""),
        relay=table.flag("relay"),
        hold_sound=one_of(
            table, ("hold_sound",), table.text("hold_sound", "sea", "hold"), HOLD_SOUNDS
        ),
        voicemail=table.flag("voicemail"),
        text_me=table.flag("text_me"),
        calls_from=table.text("calls_from", "+447700900142", ""),
    )
    table.no_more()
    return read


def _menu(table: Table) -> Menu:
    read = Menu(
        say=table.text("say", "Press a key for the team near you.", longest=500),
        keys=tuple(_menu_key(each) for each in table.tables("keys", "menu key")),
    )
    table.no_more()
    return read


def _menu_key(table: Table) -> MenuKey:
    digit = table.values.get("digit")
    if isinstance(digit, int) and not isinstance(digit, bool):
        table = Table(table.reading, {**table.values, "digit": str(digit)}, table.path, "menu key")
    read = MenuKey(
        digit=table.text("digit", "1"),
        hub=table.slug("hub", "penrith", ""),
        language=table.text("language", "cy", ""),
        label=table.text("label", "For Penrith and Eden"),
    )
    if read.digit == "5":
        table.wrong(
            "digit",
            "digit 5 is kept free: people in danger press 55.",
            "Use another digit. Whoever presses 5 hears the emergency words again.",
        )
    elif read.digit and read.digit not in "12346789":
        table.wrong("digit", f'digit "{read.digit}" is not on the menu.', "Use one digit, 1 to 9.")
    if not read.hub and not read.language:
        table.wrong("hub", "this key leads nowhere.", 'Add hub = "penrith", or language = "cy".')
    table.no_more()
    return read


def _site(table: Table) -> Site:
    read = Site(
        key=table.slug("key", "cumbria-www"),
        name=table.text("name", "Cumbria Supportline"),
        origins=table.texts("origins", '["https://www.example.org"]'),
        line=table.slug("line", "supportline"),
        accent=table.text("accent", ACCENT, ACCENT).lower(),
        exit_url=table.text("exit_url", WEATHER, WEATHER, longest=500),
        hours=table.text("hours", HOURS, HOURS),
        trackers=one_of(table, ("trackers",), table.text("trackers", "tell", "tell"), TRACKERS),
        position=one_of(table, ("position",), table.text("position", "left", "right"), POSITIONS),
    )
    table.no_more()
    return read


def _rung(table: Table) -> Rung:
    kind = one_of(table, ("kind",), table.text("kind", "home"), RUNG_KINDS)
    read = Rung(kind=kind, seconds=table.whole("seconds", 0, 1, DAY))
    table.no_more()
    return read


def _crime(table: Table) -> Crime:
    read = Crime(
        key=table.slug("key", "domestic"),
        label=table.text("label", "Domestic abuse"),
        asks=table.text("asks", "Someone at home or close to me"),
        skill=table.slug("skill", "domestic", ""),
        level=table.whole("level", 1, 1, 5),
        asks_in=_asks_in(table),
    )
    table.no_more()
    return read


def _asks_in(table: Table) -> dict[str, str]:
    """The same question in other languages, by their codes."""
    inner = table.table("asks_in", f"the languages of {table.title}")
    if inner is None:
        return {}
    read = {code: inner.text(code, "Rhywun gartref", "") for code in LANGUAGES}
    inner.no_more()
    return {code: text for code, text in read.items() if text}


def _provider(table: Table) -> Provider:
    read = Provider(
        key=table.slug("key", "safeline"),
        name=table.text("name", "Safeline"),
    )
    table.no_more()
    return read


def _lot(table: Table) -> Lot:
    read = Lot(
        key=table.slug("key", "sexual-violence"),
        name=table.text("name", "Sexual abuse and violence recovery"),
        provider=table.slug("provider", "safeline"),
        crimes=table.texts("crimes", '["sexual"]'),
        starts=table.day("starts"),
        ends=table.day("ends"),
        ages=_ages(table),
        hubs=table.texts("hubs", '["safeline"]', ()),
    )
    table.no_more()
    return read


def _ages(table: Table) -> tuple[int, int] | None:
    match table.known("ages"):
        case None:
            return None
        case [int(youngest), int(oldest)] if 0 <= youngest <= oldest <= 130:
            return youngest, oldest
    table.wrong("ages", "ages cannot be read.", "Write youngest and oldest, as in ages = [0, 17].")
    return None


def _timings(table: Table | None) -> Timings:
    usual = Timings()
    if table is None:
        return usual
    read = Timings(
        offer=table.whole("offer", usual.offer, 5, 300),
        heartbeat=table.whole("heartbeat", usual.heartbeat, 5, 60),
        lease=table.whole("lease", usual.lease, 10, 300),
        wrap=table.whole("wrap", usual.wrap, 0, 3600),
        silent=table.whole("silent", usual.silent, 30, DAY),
    )
    table.no_more()
    return read


def _routing(table: Table | None) -> Routing:
    usual = Routing()
    if table is None:
        return usual
    read = Routing(
        danger=table.whole("danger", usual.danger, 0, DAY),
        today=table.whole("today", usual.today, 0, DAY),
        own=table.whole("own", usual.own, 0, 120),
        interpreter=table.whole("interpreter", usual.interpreter, 0, 600),
        gender=table.whole("gender", usual.gender, 0, 600),
        ask_again=table.whole("ask_again", usual.ask_again, 5, 600),
        queue_most=table.whole("queue_most", usual.queue_most, 0, 10_000),
        volunteers_never=table.texts("volunteers_never", '["sexual"]', ()),
    )
    table.no_more()
    return read


def _words(table: Table | None) -> dict[str, str]:
    if table is None:
        return {}
    said = {key: table.text(key, "Hello.", "", longest=500) for key in WORDS}
    return {key: text for key, text in said.items() if text}


def _words_in(table: Table | None) -> dict[str, dict[str, str]]:
    """The tables under it, such as [words.cy]: the same words in other languages."""
    read: dict[str, dict[str, str]] = {}
    for code in LANGUAGES if table else ():
        inner = table.table(code, f"the words in {LANGUAGES[code]}") if table else None
        if inner is not None:
            read[code] = _words(inner)
            inner.no_more()
    return read


_Name = TypeVar("_Name", bound=str)


def one_of(
    table: Table, place: tuple[str | int, ...], given: str, known: tuple[_Name, ...]
) -> _Name:
    """The name when it is known; else a problem, and the last of those known."""
    for name in known:
        if name == given:
            return name
    if given:
        table.reading.wrong(
            (*table.path, *place),
            f'{table.title}: {place[0]} "{given}" is not known.',
            did_you_mean(given, known),
        )
    return known[-1]
