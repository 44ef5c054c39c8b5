"""Why somebody rests, or a queue does: codes for the rows, plain words for people. Pure."""

from __future__ import annotations

BREAKS = {
    "rest": "rest",
    "meal": "a meal",
    "hard": "after a hard contact",
    "meeting": "a meeting or training",
    "other": "something else",
}
"""A break's code, and how it is said: "On a break: a meal"."""

PAUSES = {
    "staff": "too few people",
    "incident": "an incident",
    "systems": "a fault",
    "training": "training",
    "other": "another reason",
}
"""Why a hub's queue is paused."""
