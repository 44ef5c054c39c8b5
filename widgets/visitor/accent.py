"""From a charity's one colour, the four roles it plays in the visitor's frame, by day and at night.

Lightness moves until the words are readable; hue never does (faces, section 2). Pure.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.definition.colour import contrast, readable
from widgets.visitor.colour import Colour, from_hex, to_hex

HOUSE = "#1d5b57"
"""The accent of a site that names none: its colours are the frame's own tokens."""

NIGHT_GROUNDS = ("#11171a", "#0a0d0f")
CONTROL = 4.5
READING = 7.0
STEP = 0.005


@dataclass(frozen=True, slots=True)
class Roles:
    """Hex colours: to act, its soft ground, words on that ground, words on the colour itself."""

    accent: str
    soft: str
    on_soft: str
    ink: str


@dataclass(frozen=True, slots=True)
class Accent:
    light: Roles
    night: Roles


def derive(asked: str) -> Accent:
    """The roles for a colour such as `#6d2f55`. ValueError when it is not a colour.

    One that cannot be read gives the nearest that can; whether that is still the charity's
    colour was settled when the definition was checked.
    """
    return Accent(_light(from_hex(readable(asked))), _night(from_hex(asked)))


def _light(act: Colour) -> Roles:
    soft = Colour(0.94, min(act.chroma * 0.25, 0.03), act.hue)
    on_soft = _until(
        act.at(min(act.light, 0.36)),
        -STEP,
        lambda it: _readable(it, (to_hex(soft),), READING),
    )
    return Roles(to_hex(act), to_hex(soft), to_hex(on_soft), "#ffffff")


def _night(given: Colour) -> Roles:
    muted = Colour(min(max(given.light, 0.68), 0.74), given.chroma * 0.75, given.hue)
    act = _until(muted, STEP, lambda it: _readable(it, NIGHT_GROUNDS, CONTROL))
    soft = Colour(0.25, min(given.chroma * 0.35, 0.04), given.hue)
    on_soft = _until(
        Colour(0.80, given.chroma * 0.5, given.hue),
        STEP,
        lambda it: _readable(it, (to_hex(soft),), READING),
    )
    ink = _until(
        Colour(0.18, min(given.chroma * 0.4, 0.04), given.hue),
        -STEP,
        lambda it: contrast(to_hex(it), to_hex(act)) >= CONTROL,
    )
    return Roles(to_hex(act), to_hex(soft), to_hex(on_soft), to_hex(ink))


def _readable(colour: Colour, grounds: tuple[str, ...], ratio: float) -> bool:
    return all(contrast(to_hex(colour), ground) >= ratio for ground in grounds)


def _until(colour: Colour, step: float, enough: Callable[[Colour], bool]) -> Colour:
    """Moves the lightness by `step` until it is enough, or there is nowhere left to go."""
    while not enough(colour) and 0.0 < colour.light + step < 1.0:
        colour = colour.at(colour.light + step)
    return colour


def stylesheet(asked: str) -> str:
    """The few lines a site adds to the frame's own style. Empty for the house colour."""
    if asked.lower() == HOUSE:
        return ""
    accent = derive(asked)
    day, night = _lines(accent.light), _lines(accent.night)
    return (
        f":root{{{day}}}\n"
        f"@media (prefers-color-scheme:dark){{:root:not([data-theme=light]){{{night}}}}}\n"
        f":root[data-theme=night]{{{night}}}\n"
    )


def _lines(roles: Roles) -> str:
    return (
        f"--accent:{roles.accent};--accent-soft:{roles.soft};"
        f"--accent-on-soft:{roles.on_soft};--accent-ink:{roles.ink}"
    )
