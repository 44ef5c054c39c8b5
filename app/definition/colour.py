"""A site's accent: whether its colour can be read, and the nearest of its hue that can. Pure.

Contrast is the ratio of WCAG 2.2 (1 to 21); text needs 4.5 on white and on our paper.
"""

from __future__ import annotations

import colorsys
import re

NEEDED = 4.5
WHITE, PAPER = "#ffffff", "#f3f1ec"
FURTHEST = 0.30
"""How far lightness (0 to 1) may move before the charity should choose another colour."""

_HEX = re.compile(r"#[0-9a-f]{6}")


def is_hex(colour: str) -> bool:
    return _HEX.fullmatch(colour.lower()) is not None


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two `#rrggbb` colours."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def readable(colour: str) -> str:
    """The nearest darker colour of the same hue that reads on white and on paper."""
    if _reads(colour):
        return colour.lower()
    hue, lightness, saturation = colorsys.rgb_to_hls(*_channels(colour))
    for step in range(1, 101):
        darker = _as_hex(colorsys.hls_to_rgb(hue, max(0.0, lightness - step / 100), saturation))
        if _reads(darker):
            return darker
    return "#000000"


def moved(colour: str) -> float:
    """How far lightness must move, 0 to 1, to make the colour readable."""
    return _lightness(colour) - _lightness(readable(colour))


def _reads(colour: str) -> bool:
    return min(contrast(colour, WHITE), contrast(colour, PAPER)) >= NEEDED


def _channels(colour: str) -> tuple[float, float, float]:
    return (
        int(colour[1:3], 16) / 255,
        int(colour[3:5], 16) / 255,
        int(colour[5:7], 16) / 255,
    )


def _as_hex(channels: tuple[float, float, float]) -> str:
    return "#" + "".join(f"{round(channel * 255):02x}" for channel in channels)


def _lightness(colour: str) -> float:
    return colorsys.rgb_to_hls(*_channels(colour))[1]


def _luminance(colour: str) -> float:
    red, green, blue = (
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
        for channel in _channels(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
