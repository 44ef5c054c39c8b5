"""Every line has a number that can be rung, and human numbers behind it when we fail (S2)."""

from __future__ import annotations

from app.definition.language import SPOKEN
from app.definition.model import Line, Service
from app.definition.number import is_freephone, same_number, why_not
from app.definition.problem import did_you_mean
from app.definition.reading import Reading
from app.definition.rules.keys import check_named, repeated
from app.definition.where import Path

KEYS_ON_A_MENU = 8


def check_lines(service: Service, reading: Reading) -> None:
    hubs = {hub.key for hub in service.hubs}
    numbers = [line.number for line in service.lines]
    for place in repeated(numbers):
        reading.breaks(
            ("lines", place, "number"),
            f"The number {numbers[place]} belongs to two lines.",
            "Give each line its own number.",
        )
    ringing = {line.number for line in service.lines if "voice" in line.channels}
    for place, line in enumerate(service.lines):
        _check_number(line, place, reading)
        _check_channels(line, place, reading)
        _check_fallback(line, place, ringing, reading)
        check_named(line.hub, "hubs", hubs, ("lines", place, "hub"), "The hub", reading)
        _check_menu(line, place, hubs, reading)
        _check_waiting(service, line, place, reading)
        _check_spoken(line.language, ("lines", place, "language"), service, reading)
        for at, key in enumerate(line.menu.keys if line.menu else ()):
            path = ("lines", place, "menu", "keys", at, "language")
            _check_spoken(key.language, path, service, reading)


def _check_number(line: Line, place: int, reading: Reading) -> None:
    path = ("lines", place, "number")
    if line.number and (why := why_not(line.number)):
        reading.breaks(
            path,
            f'Line "{line.key}": the number "{line.number}" {why}.',
            'Write a British number from +44, as in "+448081570142".',
        )
    elif line.shown and not same_number(line.shown, line.number):
        reading.breaks(
            ("lines", place, "shown"),
            f'Line "{line.key}" shows {line.shown}, which is not {line.number}.',
            "Show the same number, or leave shown out.",
        )


def _check_channels(line: Line, place: int, reading: Reading) -> None:
    path = ("lines", place, "channels")
    if not line.channels:
        reading.breaks(
            path, f'Line "{line.key}" has no channel.', 'Write channels = ["voice"], or ["sms"].'
        )
    for at in repeated(line.channels):
        reading.breaks(
            (*path, at), f'Line "{line.key}" names {line.channels[at]} twice.', "Take one out."
        )
    if "sms" in line.channels and is_freephone(line.number):
        reading.breaks(
            path,
            f'Line "{line.key}": a British freephone number cannot carry texts.',
            "Give texts a line of their own, with a mobile number.",
        )
    if line.menu and "voice" not in line.channels:
        reading.breaks(
            ("lines", place, "menu"),
            f'Line "{line.key}" has a menu, and nobody can ring it.',
            "Take the menu out.",
        )


def _check_fallback(line: Line, place: int, ringing: set[str], reading: Reading) -> None:
    path = ("lines", place, "fallback")
    if len(set(line.fallback)) < 2:
        reading.breaks(
            path,
            f'Line "{line.key}" has fewer than two fallback numbers.',
            "Name two or more people or teams who answer when we cannot.",
        )
    for at, number in enumerate(line.fallback):
        if number and (why := why_not(number)):
            reading.breaks(
                (*path, at),
                f'Line "{line.key}": the fallback number "{number}" {why}.',
                'Write a British number from +44, as in "+441632960201".',
            )
        elif number in ringing and "voice" in line.channels:
            reading.breaks(
                (*path, at),
                f'Line "{line.key}" falls back to {number}, a line of this service.',
                "Name a number outside the service: this one would ring in a circle.",
            )
    for at in repeated(line.fallback):
        reading.breaks(
            (*path, at),
            f'Line "{line.key}" names the fallback number {line.fallback[at]} twice.',
            "Name another.",
        )


def _check_waiting(service: Service, line: Line, place: int, reading: Reading) -> None:
    """What a caller may be offered must be there."""
    rings = "voice" in line.channels
    for name, set_ in (
        ("relay", line.relay),
        ("voicemail", line.voicemail),
        ("text_me", line.text_me),
    ):
        if set_ and not rings:
            reading.breaks(
                ("lines", place, name),
                f'Line "{line.key}" has {name}, and nobody can ring it.',
                "Take it out.",
            )
    if line.calls_from and (why := why_not(line.calls_from)):
        reading.breaks(
            ("lines", place, "calls_from"),
            f'Line "{line.key}": the number "{line.calls_from}" {why}.',
            'Write it as calls_from = "+447700900142".',
        )
    if line.text_me and service.text_line is None:
        reading.breaks(
            ("lines", place, "text_me"),
            f'Line "{line.key}" offers a text, and no line of this service can send one.',
            'Add a line with channels = ["sms"], or take text_me out.',
        )
    if line.relay and line.menu:
        reading.breaks(
            ("lines", place, "menu"),
            f'Line "{line.key}" is for the text relay, where nobody can press a key.',
            "Take the menu out.",
        )


def _check_spoken(code: str, path: Path, service: Service, reading: Reading) -> None:
    if code and code not in service.languages:
        reading.breaks(
            path,
            f'The language "{code}" is not one of this service.',
            did_you_mean(code, service.languages),
        )
    elif code and code not in SPOKEN:
        reading.breaks(
            path,
            f'The phone line does not speak "{code}" yet.',
            f"It speaks {', '.join(SPOKEN)}. Greet in one of those.",
        )


def _check_menu(line: Line, place: int, hubs: set[str], reading: Reading) -> None:
    if line.menu is None:
        return
    path = ("lines", place, "menu", "keys")
    if not line.menu.keys:
        reading.breaks(path, f'The menu of line "{line.key}" has no key.', "Add one, or no menu.")
    if len(line.menu.keys) > KEYS_ON_A_MENU:
        reading.breaks(
            path,
            f'The menu of line "{line.key}" has {len(line.menu.keys)} keys.',
            "Keep it to 8: nobody can hold more in mind, and 5 is kept free.",
        )
    digits = [key.digit for key in line.menu.keys]
    for at in repeated(digits):
        reading.breaks(
            (*path, at, "digit"),
            f'The menu of line "{line.key}" has the digit {digits[at]} twice.',
            "Give each key its own digit.",
        )
    for at, key in enumerate(line.menu.keys):
        check_named(
            key.hub, "hubs", hubs, (*path, at, "hub"), f"Menu key {key.digit}: the hub", reading
        )
