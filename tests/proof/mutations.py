"""Frames as they should be, then bent: pure, and every one again from its seed and number."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from random import Random
from typing import Any, get_args

from msgspec import inspect

from chat import frames
from widgets.console import asking

Frame = dict[str, Any]
Raw = str | bytes
ID = "019f4c5e-7a3b-7c21-9d4e-5f60718293a4"
HEX = "019f4c5e7a3b7c219d4e5f60718293a4"

KNOWN: dict[str, Any] = {
    "token": "TOKEN", "ticket": "TOKEN", "conversation": "C", "contact": "K", "client_id": ID,
    "id": ID, "text": "hello?", "epoch": HEX, "seq": 1, "v": 1, "number": "07700 900123",
}  # fmt: skip
"""Good values by the name of the field; of other fields the type says enough."""


def samples_of(union: Any) -> tuple[Frame, ...]:
    """One good frame of each kind that a decoder of this union reads."""
    return tuple(_sample(inspect.type_info(each)) for each in get_args(union))


def _sample(kind: inspect.Type) -> Any:
    match kind:
        case inspect.StructType(cls=cls, fields=fields):
            tag = {"t": str(cls.__struct_config__.tag)} if cls.__struct_config__.tag else {}
            named = {
                one.encode_name: KNOWN.get(one.encode_name, _sample(one.type))
                if not isinstance(one.type, inspect.StructType)
                else _sample(one.type)
                for one in fields
            }
            return tag | named
        case inspect.UnionType(types=types):
            return _sample(types[0])
        case inspect.LiteralType(values=values):
            return values[-1]
        case inspect.BoolType():
            return True
        case inspect.IntType():
            return 1
        case inspect.StrType():
            return "other"
        case _:
            return None


VISITOR = samples_of(frames.FromVisitor)
CONSOLE = samples_of(asking.Asking)
"""TOKEN, C (a conversation) and K (a contact) in them are put right by `filled`."""


def filled(samples: Sequence[Frame], token: str, conversation: str, contact: str) -> list[Frame]:
    real = {"TOKEN": token, "C": conversation, "K": contact}
    return [
        {key: real.get(value, value) if isinstance(value, str) else value
         for key, value in frame.items()}
        for frame in samples
    ]  # fmt: skip


NUMBERS = (0, -1, 1.5, 1e308, -(2**63), 2**63, 2**64, 10**30, 10**400)
TEXTS = (
    "", " ", "\0", "a\0b", "\ud800", "\udfff\ud800", "x" * 61, "x" * 4_001, "x" * 70_000,
    "\u202e", "😶" * 1_000, "'; DROP TABLE message; --", "<script>alert(1)</script>", "../../etc",
    ID, HEX, "null", "TOKEN", "C", "K",
)  # fmt: skip


def bent(samples: Sequence[Frame], seed: int, number: int) -> Raw:
    """The frame of this number: mostly bent once or twice, sometimes as it should be."""
    chance = Random(f"{seed}:{number}")
    frame = json.loads(json.dumps(chance.choice(samples)))
    for _ in range(chance.choice((0, 1, 1, 2))):
        chance.choice(INSIDE)(chance, frame, samples)
    raw: Raw = _written(chance, frame)
    for _ in range(chance.choice((0, 0, 0, 1, 2))):
        raw = chance.choice(OUTSIDE)(chance, raw)
    return raw


# -- inside: the object is another, and still an object ------------------------------------------


def _value(chance: Random) -> Any:
    match chance.randrange(7):
        case 0:
            return chance.choice(NUMBERS)
        case 1 | 2:
            return chance.choice(TEXTS)
        case 3:
            return chance.choice((None, True, False))
        case 4:
            return [_value(chance) for _ in range(chance.randrange(4))]
        case 5:
            return {chance.choice(TEXTS[:8]): _value(chance)}
        case _:
            return _nested(chance.choice((3, 60, 900)))


def _nested(depth: int) -> Any:
    found: Any = 0
    for level in range(depth):
        found = [found] if level % 2 else {"cursor": found}
    return found


def _replace(chance: Random, frame: Frame, _: Sequence[Frame]) -> None:
    frame[chance.choice([*frame, "more"])] = _value(chance)


def _replace_deep(chance: Random, frame: Frame, _: Sequence[Frame]) -> None:
    inner = [value for value in frame.values() if isinstance(value, dict) and value]
    if inner:
        chosen = chance.choice(inner)
        chosen[chance.choice([*chosen, "more"])] = _value(chance)


def _lose(chance: Random, frame: Frame, _: Sequence[Frame]) -> None:
    if frame:
        frame.pop(chance.choice([*frame]))


def _other_tag(chance: Random, frame: Frame, samples: Sequence[Frame]) -> None:
    frame["t"] = chance.choice([*(each["t"] for each in samples), "welcome", "desk", "", "T"])


def _marry(chance: Random, frame: Frame, samples: Sequence[Frame]) -> None:
    frame.update(chance.choice(samples))


INSIDE: tuple[Callable[[Random, Frame, Sequence[Frame]], None], ...] = (
    _replace, _replace, _replace_deep, _lose, _other_tag, _marry,
)  # fmt: skip


# -- outside: the letters, or the bytes, are others ----------------------------------------------


def _written(chance: Random, frame: Frame) -> str:
    """A lone surrogate is a letter of the string, or an escape in it."""
    return json.dumps(frame, ensure_ascii=chance.random() < 0.5)


def _flip(chance: Random, raw: Raw) -> Raw:
    letters = bytearray(_bytes(raw))
    for _ in range(chance.randint(1, 4)):
        if letters:
            letters[chance.randrange(len(letters))] ^= 1 << chance.randrange(8)
    return _like(raw, bytes(letters))


def _truncate(chance: Random, raw: Raw) -> Raw:
    return raw[: chance.randrange(len(raw) + 1)]


def _twice(chance: Random, raw: Raw) -> Raw:
    if len(raw) > 100_000:
        return raw
    if chance.random() < 0.5:
        return _like(raw, _bytes(raw) * 2)
    at, end = sorted(chance.randrange(len(raw) + 1) for _ in range(2))
    return _like(raw, _bytes(raw[:end]) + _bytes(raw[at:]))


def _deep(chance: Random, raw: Raw) -> Raw:
    depth = chance.choice((5, 500, 20_000))
    opens, closes = chance.choice((("[", "]"), ('{"t":', "}")))
    return _like(raw, opens.encode() * depth + _bytes(raw) + closes.encode() * depth)


def _oversize(chance: Random, raw: Raw) -> Raw:
    return _like(raw, _bytes(raw) + b" " * chance.choice((65_500, 66_000, 130_000)))


def _binary(_: Random, raw: Raw) -> Raw:
    return _bytes(raw)


def _noise(chance: Random, raw: Raw) -> Raw:
    return _like(raw, chance.randbytes(chance.randrange(40)))


OUTSIDE: tuple[Callable[[Random, Raw], Raw], ...] = (
    _flip, _flip, _flip, _truncate, _truncate, _twice, _deep, _oversize, _binary, _noise,
)  # fmt: skip


def _bytes(raw: Raw) -> bytes:
    return raw if isinstance(raw, bytes) else raw.encode(errors="surrogatepass")


def _like(raw: Raw, letters: bytes) -> Raw:
    """Text stays text, with whatever is not text in it as lone surrogates."""
    return letters if isinstance(raw, bytes) else letters.decode(errors="surrogateescape")
