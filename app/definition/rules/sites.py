"""A site is a place we can be sure of: https origins, a number that rings, a colour that reads."""

from __future__ import annotations

from app.definition.colour import FURTHEST, is_hex, moved, readable
from app.definition.model import Service, Site
from app.definition.origin import is_https, origin_of
from app.definition.reading import Reading
from app.definition.rules.keys import check_named, repeated


def check_sites(service: Service, reading: Reading) -> None:
    lines = {line.key for line in service.lines}
    ringing = {line.key for line in service.lines if "voice" in line.channels}
    if service.video_relay and not is_https(service.video_relay):
        reading.breaks(
            ("video_relay",),
            f'The video relay "{service.video_relay}" is not a whole https address.',
            'Write it out, as in "https://relay.example/supportline".',
        )
    for place, site in enumerate(service.sites):
        _check_origins(site, place, reading)
        _check_accent(site, place, reading)
        if site.exit_url and not is_https(site.exit_url):
            reading.breaks(
                ("sites", place, "exit_url"),
                f'Site "{site.key}": the exit address "{site.exit_url}" is not a whole https one.',
                'Write it out, as in "https://www.bbc.co.uk/weather".',
            )
        check_named(site.line, "lines", lines, ("sites", place, "line"), "The line", reading)
        if site.line in lines and site.line not in ringing:
            reading.breaks(
                ("sites", place, "line"),
                f'Site "{site.key}" shows line "{site.line}", which nobody can ring.',
                'Name a line whose channels hold "voice".',
            )


def _check_origins(site: Site, place: int, reading: Reading) -> None:
    path = ("sites", place, "origins")
    if not site.origins:
        reading.breaks(
            path, f'Site "{site.key}" has no origin.', 'Write ["https://www.example.org"].'
        )
    for at, origin in enumerate(site.origins):
        if origin and (plain := origin_of(origin)) != origin:
            reading.breaks(
                (*path, at),
                f'Site "{site.key}": "{origin}" is not an https origin.',
                f'Write "{plain}".'
                if plain
                else "Begin with https:// and the host alone; http is for this computer only.",
            )
    for at in repeated(site.origins):
        reading.breaks(
            (*path, at), f'Site "{site.key}" names {site.origins[at]} twice.', "Take one out."
        )


def _check_accent(site: Site, place: int, reading: Reading) -> None:
    path = ("sites", place, "accent")
    if not site.accent:
        return
    if not is_hex(site.accent):
        reading.breaks(
            path,
            f'Site "{site.key}": the accent "{site.accent}" is not a colour.',
            'Write six hex digits, as in "#1d5b57".',
        )
    elif moved(site.accent) > FURTHEST:
        reading.breaks(
            path,
            f'Site "{site.key}": the accent {site.accent} cannot be read on white.',
            f"The nearest that can is {readable(site.accent)}.",
        )
