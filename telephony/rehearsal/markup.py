"""Reads XML into plain elements. No document type, no entities, nothing fetched (S9)."""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.parsers import expat


@dataclass(slots=True)
class Element:
    name: str
    attributes: dict[str, str]
    line: int
    children: list[Element] = field(default_factory=list)
    text: str = ""
    """The words of this element and of all within it, in the order they are written."""


class NotXml(Exception):
    """The body is not a document; the message says why in plain words."""


def read(body: bytes) -> Element:
    """The root element. Raises NotXml."""
    parser = expat.ParserCreate()
    roots: list[Element] = []
    path: list[Element] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        element = Element(name, attributes, parser.CurrentLineNumber)
        if path:
            path[-1].children.append(element)
        else:
            roots.append(element)
        path.append(element)
        if len(path) > 20:
            raise NotXml("elements lie too deep in each other")

    def end(_name: str) -> None:
        element = path.pop()
        if path and path[-1].name != "Response":
            path[-1].text += element.text

    def words(text: str) -> None:
        if path:
            path[-1].text += text

    def doctype(*_: object) -> None:
        raise NotXml("a document type is not allowed")

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = words
    parser.StartDoctypeDeclHandler = doctype
    parser.EntityDeclHandler = doctype
    try:
        parser.Parse(body, True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise NotXml(f"it is not well-formed XML ({error})") from error
    return roots[0]
