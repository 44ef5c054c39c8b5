"""Reads the catalogue: one .po file for each language beside this file, and English from the code.

A file is read whole or not at all: what is wrong with one stops the start, not a visitor.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from gettext import c2py
from pathlib import Path
from types import MappingProxyType

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from app.words.catalogue import COUNTED, SOURCE, Catalogue

FOLDER = Path(__file__).parent
DRAFT = "machine draft: to be checked by a speaker"
"""Stands in the head of a file until somebody who speaks the language has read it."""


@cache
def catalogues() -> Mapping[str, Catalogue]:
    """Every language there is, English first, by its code."""
    read = {path.stem: from_po(path.stem, open_po(path)) for path in po_files()}
    return MappingProxyType({SOURCE: named(SOURCE), **read})


def po_files() -> list[Path]:
    return sorted(FOLDER.glob("*.po"))


def open_po(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.stem, abort_invalid=True)


def from_po(language: str, po: Catalog) -> Catalogue:
    texts: dict[tuple[str, str], tuple[str, ...]] = {}
    for message in po:
        if not message.id or message.fuzzy:
            continue
        one = message.id if isinstance(message.id, str) else message.id[0]
        string = message.string or ""
        said = (string,) if isinstance(string, str) else tuple(string)
        if all(said):
            texts[message.context or "", one] = said
    form = c2py(po.plural_expr)
    forms = "".join(str(form(n)) for n in range(COUNTED))
    return named(language, draft=DRAFT in po.header_comment, forms=forms, texts=texts)


def named(language: str, **also: object) -> Catalogue:
    locale = Locale.parse(language)
    own_name = locale.get_display_name(locale) or language
    return Catalogue(
        language,
        own_name[:1].upper() + own_name[1:],
        right_to_left=locale.character_order == "right-to-left",
        **also,  # type: ignore[arg-type]  # the fields of Catalogue, as from_po names them
    )
