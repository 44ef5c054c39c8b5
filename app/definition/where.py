"""The line on which each table, key and array element of a TOML text stands.

tomllib keeps no positions, so this walks text that tomllib has already accepted. It never
raises: where it cannot follow, it stops, and the nearest parent's line is used. Pure.
"""

from __future__ import annotations

import re

Path = tuple[str | int, ...]

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_SCALAR = re.compile(r"[^\s,\]}#]+(?: \d[^\s,\]}#]*)?")
_ESCAPES = {
    "b": "\b",
    "t": "\t",
    "n": "\n",
    "f": "\f",
    "r": "\r",
    "e": "\x1b",
    '"': '"',
    "\\": "\\",
}


class Places:
    """`line_of(path)` for any path into the parsed document; keys are names, indexes ints."""

    def __init__(self, text: str) -> None:
        self.lines: dict[Path, int] = {(): 1}
        self._text = text.replace("\r\n", "\n")
        self._at = 0
        self._line = 1
        self._length: dict[Path, int] = {}
        try:
            self._document()
        except (IndexError, ValueError, RecursionError):
            return

    def line_of(self, path: Path) -> int:
        while path not in self.lines:
            path = path[:-1]
        return self.lines[path]

    def _document(self) -> None:
        base: Path = ()
        while self._skip_to_something():
            if self._peek() == "[":
                base = self._header()
            else:
                self._pair(base)

    def _header(self) -> Path:
        line = self._line
        twice = self._text.startswith("[[", self._at)
        self._go(2 if twice else 1)
        path: Path = ()
        names = self._keys()
        for depth, name in enumerate(names, start=1):
            path = (*path, name)
            self._note(path, line)
            if path in self._length and not (twice and depth == len(names)):
                path = (*path, self._length[path] - 1)
        if twice:
            count = self._length.get(path, 0)
            self._length[path] = count + 1
            path = (*path, count)
        self._note(path, line)
        self._go(2 if twice else 1)
        return path

    def _pair(self, base: Path) -> None:
        line = self._line
        path = base
        for name in self._keys():
            path = (*path, name)
            self._note(path, line)
        self._skip_space()
        self._go(1)  # the equals sign
        self._skip_space()
        self._value(path)

    def _keys(self) -> list[str]:
        names: list[str] = []
        while True:
            self._skip_space()
            if self._peek() in "\"'":
                names.append(self._string())
            elif found := _BARE.match(self._text, self._at):
                names.append(found.group())
                self._go(len(found.group()))
            else:
                raise ValueError("not a key")
            self._skip_space()
            if self._peek() != ".":
                return names
            self._go(1)

    def _value(self, path: Path) -> None:
        match self._peek():
            case '"' | "'":
                self._string()
            case "[":
                self._array(path)
            case "{":
                self._inline_table(path)
            case _:
                found = _SCALAR.match(self._text, self._at)
                if found is None:
                    raise ValueError("not a value")
                self._go(len(found.group()))

    def _array(self, path: Path) -> None:
        self._go(1)
        index = 0
        while self._skip_to_something() and self._peek() != "]":
            self._note((*path, index), self._line)
            self._value((*path, index))
            index += 1
            self._skip_to_something()
            if self._peek() == ",":
                self._go(1)
        self._go(1)

    def _inline_table(self, path: Path) -> None:
        self._go(1)
        while self._skip_to_something() and self._peek() != "}":
            self._pair(path)
            self._skip_to_something()
            if self._peek() == ",":
                self._go(1)
        self._go(1)

    def _string(self) -> str:
        quote = self._peek()
        mark = quote * 3 if self._text.startswith(quote * 3, self._at) else quote
        self._go(len(mark))
        said: list[str] = []
        while not self._text.startswith(mark, self._at):
            if quote == '"' and self._peek() == "\\":
                self._go(1)
                said.append(self._escaped())
            else:
                said.append(self._peek())
                self._go(1)
        self._go(len(mark))
        while len(mark) == 3 and self._text.startswith(quote, self._at):
            self._go(1)  # a triple-quoted string may end in up to two quotes of its own
        return "".join(said)

    def _escaped(self) -> str:
        letter = self._peek()
        self._go(1)
        digits = {"x": 2, "u": 4, "U": 8}.get(letter)
        if digits is None:
            return _ESCAPES.get(letter, letter)
        number = int(self._text[self._at : self._at + digits], 16)
        self._go(digits)
        return chr(number)

    def _skip_space(self) -> None:
        while self._at < len(self._text) and self._text[self._at] in " \t":
            self._at += 1

    def _skip_to_something(self) -> bool:
        while self._at < len(self._text):
            if self._text[self._at] == "#":
                end = self._text.find("\n", self._at)
                self._at = len(self._text) if end < 0 else end
            elif self._text[self._at] in " \t\n":
                self._go(1)
            else:
                return True
        return False

    def _peek(self) -> str:
        return self._text[self._at]

    def _go(self, count: int) -> None:
        self._line += self._text.count("\n", self._at, self._at + count)
        self._at += count

    def _note(self, path: Path, line: int) -> None:
        self.lines.setdefault(path, line)
