"""The words of the line, from one reviewable file per language; keys are looked up, never built.

`read` is pure; the shell reads the file. A missing key or an unfilled name is an error at start.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

# fmt: off
SPOKEN: Final = frozenset({
    "emergency", "emergency_short", "welcome", "thank_you", "please_wait", "place_first", "place",
    "place_unknown", "advisor_coming", "lost_advisor", "ringing_someone", "ringing_next",
    "nobody_answered", "goodbye", "handed_over_ended", "sorry_fault", "sorry_wait", "spoken_or_not",
    "whisper",
    "not_taken", "already_taken", "caller_left",
    "handed", "on_hold", "keys", "joined", "left", "present", "and", "interpreter", "police",
    "from_hub", "another_person",
})
# fmt: on
TEXTED: Final = frozenset({"first_answer", "nobody", "fault"})
LONGEST_SAY: Final = 4096  # characters the carrier reads in one <Say>


@dataclass(frozen=True, slots=True)
class Prompts:
    language: str
    voice: str
    spoken: Mapping[str, str]
    texted: Mapping[str, str]

    def say(self, key: str, values: tuple[tuple[str, str], ...] = ()) -> str:
        return self.spoken[key].format(**dict(values))

    def text(self, key: str, **values: str) -> str:
        return self.texted[key].format(**values)


def read(source: str) -> Prompts:
    """The prompts in a TOML document. Raises ValueError naming the keys that miss or are odd."""
    document: dict[str, Any] = tomllib.loads(source)
    spoken: dict[str, str] = document.get("say", {})
    texted: dict[str, str] = document.get("text", {})
    odd = (set(spoken) ^ SPOKEN) | (set(texted) ^ TEXTED)
    if odd:
        raise ValueError(f"these prompts are missing or not known: {', '.join(sorted(odd))}")
    return Prompts(document["language"], document["voice"], spoken, texted)
