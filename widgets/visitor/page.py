"""What the template says of one service, one site, in one language. Pure.

The first HTML already holds the emergency words, the number, the hours and the exit (S11).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from app.cases.due import HOURS as HOURS_TO_CALL
from app.definition.model import HOURS, WEATHER, Crime, Line, Service, Site
from app.words.catalogue import SOURCE, Catalogue
from widgets.visitor import where, words
from widgets.visitor.tongue import Tongue, ltr, mark


def offered(service: Service, catalogues: Mapping[str, Catalogue]) -> tuple[Catalogue, ...]:
    """The languages of the service that the chat can speak, in its order; English if none."""
    known = [catalogues[code] for code in service.languages if code in catalogues]
    return tuple(known) or (catalogues[SOURCE],)


def page_words(
    service: Service, site: Site, catalogue: Catalogue, offered: Sequence[Catalogue]
) -> dict[str, Any]:
    number = ringing(service, site)
    texts = next((line for line in service.lines if texts_reach(line)), None)
    language = catalogue.language

    def choice(crime: Crime) -> Markup:
        """Where only the service's first language has words, they say which language it is."""
        said = words.asks(crime, catalogue)
        in_first = language == service.languages[0]
        lang = "" if said or in_first else Markup(' lang="{}"').format(service.languages[0])
        return Markup('<span data-w="{}"><bdi{}>{}</bdi></span>').format(
            mark("crime " + crime.key), lang, said or crime.asks or crime.label
        )

    return {
        **Tongue(catalogue).for_template(),
        "choice": choice,
        "language": language,
        "html_lang": "en-GB" if language == SOURCE else language,
        "direction": catalogue.direction,
        "draft": catalogue.draft,
        "offered": offered,
        "number": number.shown,
        "dial": dialled(number),
        "text_number": texts.shown if texts else "",
        "text_dial": dialled(texts) if texts else "",
        "day_and_night": site.hours == HOURS,
        "hours": words.hours(site.hours, catalogue),
        "exit_url": exit_of(site),
        "exit_weather": "weather" in exit_of(site),
        "video_relay": service.video_relay,
        "call_hours": {
            when.value: {"opens": ltr(f"{opens:%H:%M}"), "closes": ltr(f"{closes:%H:%M}")}
            for when, (opens, closes) in HOURS_TO_CALL.items()
        },
        "crimes": service.crimes,
        "welcome": service.say("welcome", language),
        "harmless": words.in_any(service, "harmless", language),
        "harmless_lang": language if service.say("harmless", language) else service.languages[0],
        "towns": where.towns(service),
        "such_as": where.such_as(service),
        "words": json.dumps(words.for_script(service, catalogue), ensure_ascii=False),
    }


def ringing(service: Service, site: Site) -> Line:
    """The line to tell: the site's own, else the first that rings."""
    own = service.line(site.line)
    return next((line for line in (own, *service.lines) if "voice" in line.channels), own)


def texts_reach(line: Line) -> bool:
    """A freephone number is not offered for texts: few networks carry them."""
    return "sms" in line.channels and not line.number.startswith("+44808")


def dialled(line: Line) -> str:
    return line.shown.replace(" ", "")


def exit_of(site: Site) -> str:
    """Only a web address can be an exit: the loader goes there without asking."""
    return site.exit_url if site.exit_url.startswith(("https://", "http://")) else WEATHER
