"""A key names one thing, and what is named exists."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from app.definition.language import LANGUAGES
from app.definition.model import Service
from app.definition.problem import did_you_mean
from app.definition.reading import Reading
from app.definition.where import Path

ZONES = (
    "Europe/Belfast",
    "Europe/Guernsey",
    "Europe/Isle_of_Man",
    "Europe/Jersey",
    "Europe/London",
)
NATIONS = ("england", "northern-ireland", "scotland", "wales")
"""Whose bank holidays a rota may keep."""


def check_keys(service: Service, reading: Reading) -> None:
    keyed: dict[str, list[str]] = {
        "hubs": [hub.key for hub in service.hubs],
        "lines": [line.key for line in service.lines],
        "sites": [site.key for site in service.sites],
        "providers": [provider.key for provider in service.providers],
        "lots": [lot.key for lot in service.lots],
        "crimes": [crime.key for crime in service.crimes],
    }
    for part, keys in keyed.items():
        for place in repeated(keys):
            reading.breaks(
                (part, place, "key"),
                f'The key "{keys[place]}" names two {part}.',
                "Give each its own key.",
            )
    if not service.lines:
        reading.breaks(("lines",), "There is no line.", "Add [[lines]] with a phone number.")
    if not service.crimes:
        reading.breaks(("crimes",), "There is no crime.", 'Add [[crimes]], at least "other".')
    if service.zone not in ZONES:
        reading.breaks(
            ("zone",), f'The zone "{service.zone}" is not known.', did_you_mean(service.zone, ZONES)
        )
    if service.nation not in NATIONS:
        reading.breaks(
            ("nation",),
            f'The nation "{service.nation}" is not known.',
            did_you_mean(service.nation, NATIONS),
        )
    check_languages(service.languages, ("languages",), reading)
    _check_translated(service, reading)


def _check_translated(service: Service, reading: Reading) -> None:
    """Words in a language the service names, and the usual one is written without its code."""
    given: list[Path] = [("words", code) for code in service.words_in]
    for place, crime in enumerate(service.crimes):
        given += [("crimes", place, "asks_in", code) for code in crime.asks_in]
    for path in given:
        code = str(path[-1])
        if code not in service.languages:
            reading.breaks(
                path,
                f'The language "{code}" is not one of this service.',
                did_you_mean(code, service.languages[1:]),
            )
        elif code == service.languages[0]:
            reading.breaks(
                path,
                f'"{code}" is the usual language of this service.',
                "Write its words without the code, in the table above.",
            )


def check_languages(languages: Sequence[str], path: Path, reading: Reading) -> None:
    """One language or more, each known by its code, none twice."""
    if not languages:
        reading.breaks(path, "No language is named.", 'Write languages = ["en"].')
    codes = {name.casefold(): code for code, name in LANGUAGES.items()}
    for place, language in enumerate(languages):
        if language and language not in LANGUAGES:
            code = codes.get(language.casefold())
            reading.breaks(
                (*path, place),
                f'The language "{language}" is not known.',
                f'Did you mean "{code}"?' if code else 'Use its code, as in "pl" for Polish.',
            )
    for place in repeated(languages):
        reading.breaks(
            (*path, place), f'The language "{languages[place]}" is there twice.', "Take one out."
        )


def check_named(
    given: str, part: str, known: Collection[str], path: Path, what: str, reading: Reading
) -> None:
    """What is named exists in this part of the file. A blank names nothing."""
    if given and given not in known and not reading.is_wrong((part,)):
        reading.breaks(path, f'{what} "{given}" is not known.', did_you_mean(given, known))


def repeated(values: Sequence[str]) -> list[int]:
    """The places of values that stood there before; blanks are left out."""
    return [at for at, value in enumerate(values) if value and value in values[:at]]
