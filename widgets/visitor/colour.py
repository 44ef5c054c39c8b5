"""A colour by lightness, chroma and hue (OKLCH): equal steps look equal in every hue. Pure.

Conversions: Björn Ottosson, "A perceptual color space for image processing" (2020).
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace

HEX = re.compile(r"#[0-9a-fA-F]{6}")
Triple = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Colour:
    """`light` 0 to 1, `chroma` 0 to about 0.37, `hue` in radians."""

    light: float
    chroma: float
    hue: float

    def at(self, light: float) -> Colour:
        return replace(self, light=light)


def from_hex(text: str) -> Colour:
    """ValueError unless it reads #rrggbb."""
    red, green, blue = (_linear(part) for part in _parts(text))
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    light = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    return Colour(light, math.hypot(a, b), math.atan2(b, a))


def to_hex(colour: Colour) -> str:
    """The nearest a screen can show: chroma gives way, lightness and hue stay."""
    chroma = colour.chroma
    while True:
        parts = _to_linear(replace(colour, chroma=chroma))
        if chroma < 0.001 or all(-0.0005 <= part <= 1.0005 for part in parts):
            return "#" + "".join(f"{_byte(part):02x}" for part in parts)
        chroma -= 0.002


def _to_linear(colour: Colour) -> Triple:
    a, b = colour.chroma * math.cos(colour.hue), colour.chroma * math.sin(colour.hue)
    long = (colour.light + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (colour.light - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (colour.light - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def _parts(text: str) -> Triple:
    if not HEX.fullmatch(text):
        raise ValueError(f"A colour is written like #6d2f55, not {text!r}.")
    red, green, blue = (int(text[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _byte(linear: float) -> int:
    held = min(1.0, max(0.0, linear))
    part = held * 12.92 if held <= 0.0031308 else 1.055 * held ** (1 / 2.4) - 0.055
    return round(part * 255)
