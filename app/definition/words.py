"""The words a service may say in its own way, and how long a sentence may be. Pure.

Emergency words are not among them: they are the same on every line (S11).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

LONGEST = 20
"""Words in a sentence. Someone frightened loses a longer one."""

WORDS: Mapping[str, str] = MappingProxyType(
    {
        "greeting": "The first words after the emergency words, when a call is answered.",
        "waiting": "What a caller or visitor is told while everyone is with someone.",
        "nobody": "What is said at the end of the ladder, before the number or the promise.",
        "goodbye": "The last words of a call that ended well.",
        "sms_first": "The first text back, after the neutral emergency line.",
        "welcome": "The first words of the chat window.",
        "promise": "What happens next, said once someone has written or rung.",
        "code_phrase": "Typed in the chat when someone comes in: it is not sent, and pauses it.",
        "harmless": "What stands in the chat while the code phrase pauses it.",
    }
)

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")
_WORD = re.compile(r"[\w’'@.+-]*\w[\w’'@.+-]*")


def too_long(text: str) -> str | None:
    """The first sentence of more than LONGEST words; None when all are short enough."""
    for sentence in _SENTENCE_END.split(text):
        if len(_WORD.findall(sentence)) > LONGEST:
            return sentence
    return None
