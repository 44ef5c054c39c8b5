"""Nobody waits without an end: each rung has its seconds, the last one is a number or a promise.

An honest message alone is no end: it leaves a person with nobody who owes them anything.

S2: a contact always has a next step with a deadline.
"""

from __future__ import annotations

from app.definition.model import Service
from app.definition.reading import Reading

ENDS = ("numbers", "promise")
ANSWERS = (*ENDS, "message")
SHORTEST = 5
"""Seconds. An offer outlasts its rung, so a short first rung is local first and pooled soon."""


def check_ladder(service: Service, reading: Reading) -> None:
    if not service.ladder:
        reading.breaks(
            ("ladder",),
            "There is no ladder.",
            'Add [[ladder]] rungs: "home", "central", then "numbers".',
        )
        return
    *climbing, last = service.ladder
    for place, rung in enumerate(climbing):
        path = ("ladder", place)
        if not rung.seconds:
            reading.breaks(
                (*path, "seconds"),
                f'Rung {place + 1} of the ladder, "{rung.kind}", has no seconds.',
                "Add seconds = 60: the time before the next rung is tried.",
            )
        elif rung.seconds < SHORTEST and rung.kind not in ANSWERS:
            reading.breaks(
                (*path, "seconds"),
                f"Rung {place + 1} lasts {rung.seconds} s: nobody on it has time to come free.",
                f"Give it {SHORTEST} s or more.",
            )
    end = len(climbing)
    if last.kind == "message":
        reading.breaks(
            ("ladder", end, "kind"),
            'The ladder ends on "message", and nobody owes the person anything.',
            'End it on "promise", a call-back that is recorded, or on "numbers".',
        )
    elif last.kind not in ENDS:
        reading.breaks(
            ("ladder", end, "kind"),
            f'The ladder ends on "{last.kind}", where someone could wait for ever.',
            'End it on "numbers" or "promise".',
        )
    if last.seconds:
        reading.breaks(
            ("ladder", end, "seconds"),
            "The last rung has seconds, and nothing comes after it.",
            "Take its seconds out.",
        )
    _check_neighbours_asked(service, reading)


def _check_neighbours_asked(service: Service, reading: Reading) -> None:
    """A rung for neighbours and hubs that name them go together."""
    rungs = [place for place, rung in enumerate(service.ladder) if rung.kind == "neighbours"]
    named = [place for place, hub in enumerate(service.hubs) if hub.neighbours]
    for place in rungs if not named else ():
        reading.breaks(
            ("ladder", place, "kind"),
            f"Rung {place + 1} asks the neighbours, and no hub names any.",
            'Add neighbours = ["kendal"] to a hub, or take the rung out.',
        )
    for place in named if not rungs else ():
        reading.breaks(
            ("hubs", place, "neighbours"),
            f'Hub "{service.hubs[place].key}" names neighbours, and no rung asks them.',
            'Add a rung with kind = "neighbours" after "home", or take them out.',
        )


def check_timings(service: Service, reading: Reading) -> None:
    timings = service.timings
    if timings.lease < 2 * timings.heartbeat:
        reading.breaks(
            ("timings", "lease"),
            f"A lease of {timings.lease} s ends when one heartbeat is lost.",
            f"Make it {2 * timings.heartbeat} s or more: twice the heartbeat.",
        )
