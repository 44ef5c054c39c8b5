"""`<Gather>`: keys, counted and ended as documented.

A key stops the prompt. `finishOnKey` ends and is not sent; `numDigits` ends by itself; after the
prompt and after each key `timeout` seconds may pass. Source: TwiML Voice `<Gather>`.
"""

from __future__ import annotations

from telephony.rehearsal import verbs as v
from telephony.rehearsal.state import Gathering

KEYS = frozenset("0123456789*#")


def begin(verb: v.Gather) -> Gathering:
    return Gathering(verb)


def next_sound(wait: Gathering) -> v.Sound | None:
    """The next sound of the prompt, or None when it is over or a key has stopped it."""
    if wait.digits or wait.inside >= len(wait.verb.inside):
        return None
    wait.inside += 1
    return wait.verb.inside[wait.inside - 1]


def press(wait: Gathering, key: str) -> bool:
    """Takes one key. True if the Gather is over."""
    if key in wait.verb.finish_on_key and key:
        return True
    wait.digits += key
    return wait.verb.num_digits is not None and len(wait.digits) >= wait.verb.num_digits
