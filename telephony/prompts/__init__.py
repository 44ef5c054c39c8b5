"""The words of the line, from one reviewable file per language; keys are looked up, never built.

`read` is pure; the shell reads the files. A missing key, an unfilled name or a name that nothing
fills is an error at start, never a silence on a call (S2).
"""

import string
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

# fmt: off
SPOKEN: Final = frozenset({
    "emergency", "emergency_short", "emergency_relay", "welcome", "thank_you", "please_wait",
    "place_first", "place", "place_unknown", "range", "range_below", "range_minute",
    "choice_stay", "choice_call_back", "choice_voicemail", "choice_text",
    "call_back_ask", "call_back_noted", "call_back_tomorrow", "call_back_not",
    "text_ask", "text_noted", "text_not", "still_in_line",
    "advisor_coming", "lost_advisor", "ringing_someone", "ringing_next",
    "nobody_answered", "goodbye", "handed_over_ended", "ended_abusive", "slowed",
    "message_safe", "message_call", "message_speak", "message_speak_withheld", "message_kept",
    "back_whisper", "back_no_answer", "back_machine", "back_not_now", "back_over",
    "sorry_fault", "sorry_wait", "spoken_or_not", "whisper", "not_taken", "already_taken",
    "caller_left",
    "handed", "on_hold", "keys", "joined", "left", "present", "and", "interpreter", "police",
    "from_hub", "another_person",
})
# fmt: on
TEXTED: Final = frozenset({"first_answer", "nobody", "fault", "carry_on"})
NAMES: Final[Mapping[str, frozenset[str]]] = {
    "place": frozenset({"position"}),
    "range": frozenset({"low", "high"}),
    "range_below": frozenset({"high"}),
    "call_back_noted": frozenset({"time"}),
    "call_back_tomorrow": frozenset({"time"}),
    "nobody": frozenset({"number"}),
    "joined": frozenset({"name"}),
    "left": frozenset({"name"}),
    "present": frozenset({"name"}),
    "from_hub": frozenset({"name"}),
}
"""What is filled in, for the keys that name something. Every other key is said as it stands."""
LONGEST_SAY: Final = 4096  # characters the carrier reads in one <Say>


@dataclass(frozen=True, slots=True)
class Prompts:
    """One language. `language` and `voice` as the carrier names them; `recorded`: key to sound.

    `checked_by` is who speaks the language and has read the file, `tried_on` the day on which it
    was heard on a real call; "" for not yet.
    """

    language: str
    voice: str
    spoken: Mapping[str, str]
    texted: Mapping[str, str]
    recorded: Mapping[str, str] = field(default_factory=dict)
    checked_by: str = ""
    tried_on: str = ""

    def say(self, key: str, values: tuple[tuple[str, str], ...] = ()) -> str:
        return self.spoken[key].format(**dict(values))

    def text(self, key: str, **values: str) -> str:
        return self.texted[key].format(**values)


def read(source: str) -> Prompts:
    """The prompts in a TOML document. Raises ValueError naming the keys that miss or are odd."""
    document: dict[str, Any] = tomllib.loads(source)
    spoken: dict[str, str] = document.get("say", {})
    texted: dict[str, str] = document.get("text", {})
    recorded: dict[str, str] = document.get("recorded", {})
    odd = (set(spoken) ^ SPOKEN) | (set(texted) ^ TEXTED) | (set(recorded) - SPOKEN)
    if odd:
        raise ValueError(f"these prompts are missing or not known: {', '.join(sorted(odd))}")
    for key, words in (spoken | texted).items():
        named = {name for _, name, _, _ in string.Formatter().parse(words) if name is not None}
        if named != NAMES.get(key, frozenset()):
            raise ValueError(f"the prompt {key} fills in {sorted(named)}, which is not right")
    if filled := sorted(key for key in recorded if key in NAMES):
        raise ValueError(f"these prompts fill something in and cannot be recorded: {filled}")
    return Prompts(
        language=document["language"],
        voice=document["voice"],
        spoken=spoken,
        texted=texted,
        recorded=recorded,
        checked_by=document.get("checked_by", ""),
        tried_on=document.get("tried_on", ""),
    )
