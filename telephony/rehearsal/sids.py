"""The carrier's names for things, made from a seed and a count: same seed, same names."""

from __future__ import annotations

from hashlib import sha256


def sid(prefix: str, seed: str, count: int) -> str:
    """34 characters: two letters and 32 hexadecimal digits."""
    return prefix + sha256(f"{seed}:{prefix}:{count}".encode()).hexdigest()[:32]
