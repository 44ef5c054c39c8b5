"""What people read or hear is short: no sentence of more than 20 words."""

from __future__ import annotations

from collections.abc import Mapping

from app.definition.model import Service
from app.definition.reading import Reading
from app.definition.where import Path
from app.definition.words import LONGEST, too_long


def check_speech(service: Service, reading: Reading) -> None:
    for path, text in _said(service):
        if (sentence := too_long(text)) is not None:
            start = " ".join(sentence.split()[:5])
            reading.breaks(
                path,
                f'The sentence "{start} ..." has more than {LONGEST} words.',
                "Make two of it: a frightened person loses the end of a long one.",
            )


def check_code_phrase(service: Service, reading: Reading) -> None:
    """A phrase without a page to show, or a page that no phrase brings, is a promise not kept."""
    spoken: list[tuple[Path, Mapping[str, str]]] = [(("words",), service.words)]
    spoken += [(("words", code), words) for code, words in service.words_in.items()]
    for path, words in spoken:
        if ("code_phrase" in words) != ("harmless" in words):
            reading.breaks(
                path,
                '"code_phrase" and "harmless" come together, and only one is here.',
                "Write both: what is typed when someone comes in, and what then stands there.",
            )


def _said(service: Service) -> list[tuple[Path, str]]:
    said: list[tuple[Path, str]] = [(("words", key), text) for key, text in service.words.items()]
    for code, words in service.words_in.items():
        said += [(("words", code, key), text) for key, text in words.items()]
    for place, crime in enumerate(service.crimes):
        said.append((("crimes", place, "asks"), crime.asks))
        for code, text in crime.asks_in.items():
            said.append((("crimes", place, "asks_in", code), text))
    for place, site in enumerate(service.sites):
        said.append((("sites", place, "hours"), site.hours))
    for place, line in enumerate(service.lines):
        if line.menu:
            path: Path = ("lines", place, "menu")
            said.append(((*path, "say"), line.menu.say))
            for at, key in enumerate(line.menu.keys):
                said.append(((*path, "keys", at, "label"), key.label))
    return said
