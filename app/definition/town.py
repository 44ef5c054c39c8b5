"""How a town is compared: as it is said, not as it is written. Pure."""

from __future__ import annotations

import re
import unicodedata


def spoken(text: str) -> str:
    """`Barrow-in-Furness`, `barrow in furness` and `BARROW IN FURNESS,` are one town."""
    plain = "".join(
        letter
        for letter in unicodedata.normalize("NFKD", text.casefold())
        if not unicodedata.combining(letter) and letter not in "'’."
    )
    words = re.sub(r"[^\w]+", " ", plain).split()
    return " ".join("st" if word == "saint" else word for word in words)
