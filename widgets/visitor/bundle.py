"""The frame's modules as one script: one request on a slow phone, and pressed better together.

Each module keeps a scope of its own. Only what our own files do is understood: named imports and
exports, one to a line, in no circle. Anything else stops the start. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

IMPORT = re.compile(r'^import (?:\{ ([^}]*) \} from )?"\./([\w-]+\.js)";\n', re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:const|function|class) ([\w$]+))", re.MULTILINE)
UNREAD = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)


def bundled(modules: Mapping[str, str], entry: str) -> str:
    """The entry and all that it imports, each before the first that needs it."""
    order: list[str] = []
    _visit(modules, entry, order, ())
    scopes = {name: f"scope{number}" for number, name in enumerate(order)}
    return "".join(_scope(modules[name], scopes, scopes[name]) for name in order)


def _visit(modules: Mapping[str, str], name: str, order: list[str], path: tuple[str, ...]) -> None:
    if name in path:
        raise ValueError(f"These import each other: {' '.join((*path, name))}.")
    if name in order:
        return
    for found in IMPORT.finditer(modules[name]):
        _visit(modules, found[2], order, (*path, name))
    order.append(name)


def _scope(text: str, scopes: Mapping[str, str], own: str) -> str:
    names = EXPORT.findall(text)
    body = EXPORT.sub("", IMPORT.sub(lambda found: _taken(found, scopes), text))
    unread = UNREAD.search(body)
    if unread:
        raise ValueError(f'This cannot be bundled: "{unread[0]}".')
    return f"const {own} = (() => {{\n{body}return {{ {', '.join(names)} }};\n}})();\n"


def _taken(found: re.Match[str], scopes: Mapping[str, str]) -> str:
    if not found[1]:
        return ""
    return f"const {{ {found[1].replace(' as ', ': ')} }} = {scopes[found[2]]};\n"
