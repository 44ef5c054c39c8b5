"""What `frontdoor demo` adds to an empty house: keys, the example services, people on duty.

Everything can be done twice: what is there stays. Nothing here is part of a real installation.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from app import ids
from app.auth.staff import hash_password
from app.crypto import write_root_keys
from app.db import Database, Work
from app.definition import acts, files
from app.definition.model import Service, with_demo_origin
from app.definition.people import Person
from app.keyring import Keyring
from app.people import enter_one, row_ids, supervisors_first
from app.settings import Settings
from routing.duty import go_on_duty

PASSWORD = "rehearsal only, no secret"
DATA = Path("data")
KEYS = DATA / "keys" / "root.keys"


@dataclass(frozen=True)
class SignIn:
    email: str
    what: str
    first_name: str
    phone: str


def settings_for(environ: Mapping[str, str]) -> dict[str, str]:
    """The demo's own settings; whatever the environment says wins over them."""
    own = dict(environ)
    if not own.get("FRONTDOOR_KEYS"):
        own["FRONTDOOR_KEYS"] = str(KEYS)
        if not KEYS.exists():
            write_root_keys(KEYS)
    if not (own.get("TWILIO_ACCOUNT_SID") and own.get("TWILIO_AUTH_TOKEN")):
        own["TWILIO_ACCOUNT_SID"] = "AC" + secrets.token_hex(16)
        own["TWILIO_AUTH_TOKEN"] = secrets.token_hex(16)
        own["TWILIO_API_BASE"] = f"http://127.0.0.1:{own.get('PORT') or 8000}"
    return own


def rehearses(environ: Mapping[str, str]) -> bool:
    """True when no carrier's credentials are given: then the rehearsal is the carrier."""
    return not (environ.get("TWILIO_ACCOUNT_SID") and environ.get("TWILIO_AUTH_TOKEN"))


def other_origin(settings: Settings) -> str:
    """The demo charity page's address: to a browser, truly another site than localhost."""
    return f"http://127.0.0.1:{settings.port}"


async def seed(db: Database, keyring: Keyring, settings: Settings) -> list[SignIn]:
    """Apply the four examples and let their invented people join. Returns who may sign in."""
    services = files.load_examples()
    people = files.load_people(files.EXAMPLES / "people.toml", services)
    known = await db.read(acts.current)
    origins = {other_origin(settings), _origin(settings.public_url)}
    for service in services.values():
        shown = service
        for origin in sorted(origins):
            shown = with_demo_origin(shown, origin)
        if shown != known.get(service.key):
            await db.write(acts.apply, "operator", shown)
    hashed = hash_password(PASSWORD)
    for person in supervisors_first(people):
        service = services[person.service]
        await db.write(_join, keyring, person, service, hashed, ids.new(), row_ids(person))
    return [
        SignIn(person.email, f"{person.first}, {person.role.replace('_', ' ')}, "
               f"{services[person.service].hub(person.hub).name}", person.first, person.phone)
        for person in people
    ]  # fmt: skip


def welcome(settings: Settings, sign_ins: list[SignIn], *, rehearsing: bool) -> list[str]:
    """What the demo prints: where to look, and as whom."""
    return [
        "",
        "Frontdoor is ready. Nothing leaves this machine.",
        "",
        f"  The demo charity page, with the chat   {other_origin(settings)}/demo-site",
        f"  The console                            {settings.console_url}/console",
        *(
            [f"  The rehearsal phone                    {settings.public_url}/rehearsal"]
            if rehearsing
            else ["  Calls and texts                        by your own carrier account"]
        ),
        "",
        f"  Sign in to the console as any of these, with the password: {PASSWORD}",
        *(f"    {each.email:40} {each.what}" for each in sign_ins),
        "",
        "  Ctrl C stops it.",
        "",
    ]


def _join(
    work: Work,
    keyring: Keyring,
    person: Person,
    service: Service,
    hashed: str,
    id_: str,
    new_ids: Sequence[str],
) -> None:
    if enter_one(work, keyring, person, service, hashed, id_, new_ids) == "joined":
        # On duty by the rota; asked only once their console is open and beats.
        go_on_duty(work, id_, lease_seconds=0)


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


CALLER = ("+447700900231", "Caller")
"""The phone that lies on the rehearsal's table; the others join it when they are rung."""


def names(sign_ins: list[SignIn], services: Iterable[Service]) -> list[tuple[str, str]]:
    """Whose the other phones are: the people's own, and the fallback numbers of the lines."""
    own = [(each.phone, f"{each.first_name}’s phone") for each in sign_ins]
    return own + [
        (number, f"{service.name}, on call {place}")
        for service in services
        for line in service.lines
        for place, number in enumerate(line.fallback, 1)
    ]
