"""Nobody waits without an end: each rung has its seconds, the last one is a number or a promise.

S2: a contact always has a next step with a deadline.
"""

from __future__ import annotations

from app.definition.model import Service
from app.definition.reading import Reading

ENDS = ("numbers", "message")


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
        elif rung.seconds < service.timings.offer and rung.kind not in ENDS:
            reading.breaks(
                (*path, "seconds"),
                f"Rung {place + 1} lasts {rung.seconds} s, shorter than one offer.",
                f"Give it {service.timings.offer} s or more.",
            )
    end = len(climbing)
    if last.kind not in ENDS:
        reading.breaks(
            ("ladder", end, "kind"),
            f'The ladder ends on "{last.kind}", where someone could wait for ever.',
            'End it on "numbers" or "message".',
        )
    if last.seconds:
        reading.breaks(
            ("ladder", end, "seconds"),
            "The last rung has seconds, and nothing comes after it.",
            "Take its seconds out.",
        )


def check_timings(service: Service, reading: Reading) -> None:
    timings = service.timings
    if timings.lease < 2 * timings.heartbeat:
        reading.breaks(
            ("timings", "lease"),
            f"A lease of {timings.lease} s ends when one heartbeat is lost.",
            f"Make it {2 * timings.heartbeat} s or more: twice the heartbeat.",
        )
