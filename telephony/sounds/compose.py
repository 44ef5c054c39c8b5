"""Composes our own sounds: eleven calm seconds each, for callers who wait.

`hold.wav`: soft chords that breathe in and out over a low fifth. `sea.wav`: two slow waves, for
those whom music troubles. Telephone band, no melody to get tired of, silent at both ends so that
they can be heard again and again. Run it to write the files anew:
`python -m telephony.sounds.compose`. The same run makes the same bytes.
"""

import math
import struct
import wave
from pathlib import Path
from typing import Final

RATE: Final = 8000  # samples a second, the telephone's own
SECONDS: Final = 11
CHORDS: Final = (  # hertz; each chord swells for a third of the piece
    (174.61, 261.63, 349.23, 440.00),
    (196.00, 293.66, 392.00, 466.16),
    (174.61, 261.63, 329.63, 440.00),
)
LOUDEST: Final = 9000  # of 32767: a caller may hold the phone close, in a quiet house


def sample(at: float) -> int:
    """The sound at `at` seconds, as a signed 16-bit value."""
    span = SECONDS / len(CHORDS)
    total = 0.0
    for index, chord in enumerate(CHORDS):
        begins = index * span - 0.4
        inside = (at - begins) / (span + 0.8)
        if 0.0 < inside < 1.0:
            swell = math.sin(math.pi * inside) ** 2
            total += swell * sum(_voice(note, at) for note in chord) / len(chord)
    edge = min(1.0, at / 0.5, (SECONDS - at) / 0.8)
    return int(LOUDEST * max(0.0, edge) * total)


def _voice(note: float, at: float) -> float:
    """A soft, slightly moving tone: the note, a little of its octave, a slow tremble."""
    tremble = 1.0 + 0.08 * math.sin(2 * math.pi * 0.7 * at + note)
    tone = math.sin(2 * math.pi * note * at) + 0.18 * math.sin(4 * math.pi * note * at + 0.3)
    return tremble * tone / 1.3


def sea() -> list[int]:
    """Noise of a plain rule, softened until only the swell is left of it."""
    drawn, soft, softer = 20261122, 0.0, 0.0
    samples = []
    for index in range(RATE * SECONDS):
        drawn = (drawn * 1103515245 + 12345) % 2**31
        soft += 0.22 * (drawn / 2**30 - 1.0 - soft)
        softer += 0.35 * (soft - softer)
        at = index / RATE
        swell = 0.25 + 0.75 * math.sin(2 * math.pi * at / SECONDS) ** 2
        edge = min(1.0, at / 0.5, (SECONDS - at) / 0.8)
        samples.append(int(LOUDEST * 1.6 * max(0.0, edge) * swell * softer))
    return samples


def hold() -> list[int]:
    return [sample(index / RATE) for index in range(RATE * SECONDS)]


SOUNDS: Final = {"hold.wav": hold, "sea.wav": sea}


def compose(path: Path) -> None:
    """Write the sound of this file's name."""
    samples = SOUNDS[path.name]()
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(struct.pack(f"<{len(samples)}h", *samples))


if __name__ == "__main__":
    for name in SOUNDS:
        compose(Path(__file__).with_name(name))
