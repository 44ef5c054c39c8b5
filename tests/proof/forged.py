"""Webhooks that nobody of the carrier sent, and those that it sent long ago: no row may change.

    python -m tests.proof.forged [FORGED] [REPLAYED]

A night is played first (a call taken by an advisor, one that went to a number, texts), and each of
its webhooks kept. Forged: those, and invented ones, wrongly signed in every way we could think of.
Replayed: the very bytes, the very signature, in random order, again and again (S9, S12).
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import random
import shutil
import sys
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx2
import sqlalchemy as sa
from sqlmodel import SQLModel
from twilio.request_validator import RequestValidator

from app.cases.tables import contacts
from app.db import Work
from app.log import configure
from telephony.rehearsal.overrides import split
from telephony.rehearsal.values import Reply, Send
from telephony.tables import texts
from tests.processes import scratch_folder
from tests.telephony.night import LINE, MAYA, RUTH, SID, TEXTLINE, TOKEN, TOM, Night, a_night

_TALKED = sa.select(contacts.c.id).where(contacts.c.how_ended == "person_ended")
FORM = "application/x-www-form-urlencoded"
AT_ONCE = 8


@dataclass(frozen=True)
class Kept:
    """One webhook as the carrier sent it: path with query, form, signature."""

    path: str
    form: tuple[tuple[str, str], ...]
    signature: str


@dataclass
class Witness:
    """Keeps every webhook that the carrier sends."""

    night: Night
    kept: list[Kept]

    def listen(self) -> None:
        post = self.night.rehearsal._post
        send, signer = post.send, RequestValidator(TOKEN)

        async def overheard(what: Send) -> Reply:
            url, _ = split(what.url)
            form = {name: str(value) for name, value in what.params.items()}
            signature = signer.compute_signature(url, form)
            path = url.removeprefix(self.night.base)
            self.kept.append(Kept(path, tuple(form.items()), signature))
            return await send(what)

        post.send = overheard  # type: ignore[assignment,method-assign]  # listens in


async def played(night: Night) -> list[Kept]:
    """Ruth talks with Maya, Tom hangs up in the queue, Ruth writes; then everything rests."""
    witness = Witness(night, [])
    witness.listen()
    await night.on_duty("Maya")
    rehearsal = night.rehearsal
    await rehearsal.ring(RUTH, LINE)
    await night.accepts("Maya")
    await rehearsal.rings(MAYA)
    await rehearsal.answer(MAYA)
    await rehearsal.hears(MAYA, "Press 1")
    await rehearsal.press(MAYA, "1")
    await rehearsal.until(lambda: (call := rehearsal.call(RUTH)) is not None and call.talking)
    await rehearsal.ring(TOM, LINE)
    await rehearsal.hears(TOM, "in the line")
    await rehearsal.hang_up(TOM)
    await rehearsal.text(RUTH, TEXTLINE, "Is somebody there?")
    await night.until(lambda work: work.run(sa.select(texts)).first())
    await rehearsal.hang_up(RUTH)
    await night.until(lambda work: work.run(_TALKED).first())
    await rehearsal.until(lambda: rehearsal.state(MAYA) == "idle")
    await night.matcher.stop()
    await night.line.stop()
    while rehearsal._errands:
        await asyncio.gather(*rehearsal._errands, return_exceptions=True)
    return witness.kept


async def digest(night: Night) -> dict[str, str]:
    """One fingerprint of all rows for each table."""

    def rows(work: Work) -> dict[str, str]:
        return {
            table.name: _of(work.run(sa.select(table)).all())
            for table in SQLModel.metadata.sorted_tables
        }

    return await night.ground.db.read(rows)


def forgeries(kept: Sequence[Kept], base: str, seed: int) -> Iterator[tuple[str, Kept]]:
    """(what is wrong with it, the webhook), without end. None of them is signed as it should be."""
    luck = random.Random(seed)
    signer = RequestValidator(TOKEN)
    thief = RequestValidator("a token of somebody else's")
    ways: Sequence[tuple[str, Callable[[Kept], Kept]]] = (
        ("unsigned", lambda one: _signed(one, "")),
        ("noise", lambda one: _signed(one, base64.b64encode(luck.randbytes(20)).decode())),
        ("cut short", lambda one: _signed(one, one.signature[: luck.randrange(1, 27)])),
        ("one letter", lambda one: _signed(one, _other_letter(luck, one.signature))),
        ("another's token", lambda one: _signed(one, _by(thief, base, one))),
        ("another host", lambda one: _signed(one, _by(signer, "https://else.example", one))),
        ("another path", lambda one: _signed(one, _by(signer, f"{base}/x", one))),
        ("no form", lambda one: _signed(one, signer.compute_signature(base + one.path, {}))),
        ("a changed field", lambda one: _changed(luck, one)),
        ("a field more", lambda one: Kept(one.path, (*one.form, ("New", "")), one.signature)),
        ("a field less", lambda one: Kept(one.path, one.form[1:], one.signature)),
        ("another call", lambda one: _elsewhere(luck, one)),
        ("another account", lambda one: _other_account(signer, base, luck, one)),
    )
    while True:
        what, bend = luck.choice(ways)
        yield what, bend(luck.choice(kept))


async def forge(
    night: Night, kept: Sequence[Kept], count: int, seed: int = 0
) -> Counter[tuple[str, int]]:
    """What was answered, by what was wrong."""
    false = forgeries(kept, night.base, seed)
    told: Counter[tuple[str, int]] = Counter()

    async def one(client: httpx2.AsyncClient) -> None:
        what, webhook = next(false)
        told[what, await _posted(client, webhook)] += 1

    await _many(night, count, one)
    return told


async def replay(night: Night, kept: Sequence[Kept], count: int, seed: int = 0) -> Counter[int]:
    """The genuine ones again, in random order, some at the same moment."""
    luck, told = random.Random(seed), Counter[int]()

    async def one(client: httpx2.AsyncClient) -> None:
        told[await _posted(client, luck.choice(kept))] += 1

    await _many(night, count, one)
    return told


# -- within --------------------------------------------------------------------------------


async def _many(
    night: Night, count: int, one: Callable[[httpx2.AsyncClient], Awaitable[None]]
) -> None:
    async def some(share: int) -> None:
        async with httpx2.AsyncClient(base_url=night.base, timeout=60) as client:
            for _ in range(share):
                await one(client)

    shares = [count // AT_ONCE + (number < count % AT_ONCE) for number in range(AT_ONCE)]
    await asyncio.gather(*(some(share) for share in shares))


async def _posted(client: httpx2.AsyncClient, webhook: Kept) -> int:
    headers = {"Content-Type": FORM}
    if webhook.signature:
        headers["X-Twilio-Signature"] = webhook.signature
    body = urlencode(webhook.form)
    answer = await client.post(webhook.path, content=body, headers=headers)
    return int(answer.status_code)


def _signed(one: Kept, signature: str) -> Kept:
    return Kept(one.path, one.form, signature)


def _by(signer: RequestValidator, base: str, one: Kept) -> str:
    return str(signer.compute_signature(base + one.path, dict(one.form)))


def _other_letter(luck: random.Random, signature: str) -> str:
    """One letter of the first 26 is another: the last one of a signature has bits to spare."""
    at = luck.randrange(26)
    other = luck.choice([each for each in "abcXYZ019+/" if each != signature[at]])
    return signature[:at] + other + signature[at + 1 :]


def _changed(luck: random.Random, one: Kept) -> Kept:
    at = luck.randrange(len(one.form))
    name, value = one.form[at]
    form = (*one.form[:at], (name, f"{value}1"), *one.form[at + 1 :])
    return Kept(one.path, form, one.signature)


def _elsewhere(luck: random.Random, one: Kept) -> Kept:
    """The signature of one address at another: another call, another step, another query."""
    call = f"CA{luck.getrandbits(128):032x}"
    paths = [
        f"/telephony/voice/{call}/1/again", f"/telephony/voice/{call}/1/join",
        f"/telephony/voice/{call}/leg/1/pressed", f"{one.path}?tries=1",
        f"/telephony/sms/status?text={call}", "/telephony/voice/",
    ]  # fmt: skip
    return Kept(luck.choice(paths), one.form, one.signature)


def _other_account(signer: RequestValidator, base: str, luck: random.Random, one: Kept) -> Kept:
    """Signed with our token, for an account that is not ours."""
    form = {**dict(one.form), "AccountSid": f"AC{luck.getrandbits(128):032x}"}
    assert form["AccountSid"] != SID
    signature = signer.compute_signature(base + one.path, form)
    return Kept(one.path, tuple(form.items()), signature)


def _of(rows: Sequence[Any]) -> str:
    return hashlib.sha256("\n".join(sorted(map(repr, rows))).encode()).hexdigest()


@contextmanager
def _folder() -> Iterator[Path]:
    folder = scratch_folder("forged")
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def run(folder: Path, forged: int, replayed: int) -> list[str]:
    """Plays, forges, replays; tells what it saw. Raises AssertionError when a row has changed."""
    async with a_night(folder) as night:
        kept = await played(night)
        before = await digest(night)
        false = await forge(night, kept, forged)
        assert await digest(night) == before, "a forged webhook changed a row"
        passed = {what: status for what, status in false if status not in (403, 404, 307)}
        assert not passed, f"a forged webhook was answered: {passed}"
        again = await replay(night, kept, replayed)
        after = await digest(night)
        changed = sorted(name for name in before if before[name] != after[name])
        assert not changed, f"a replayed webhook changed a row of {changed}"
        ways = Counter[str]()
        for (what, _), count in false.items():
            ways[what] += count
        return [
            f"{len(kept)} webhooks of a night, {len({one.path for one in kept})} addresses",
            f"forged {sum(ways.values()):,}, 0 rows changed: "
            + ", ".join(f"{what} {count:,}" for what, count in sorted(ways.items())),
            f"replayed {sum(again.values()):,}, 0 rows changed: {dict(again)}",
        ]


if __name__ == "__main__":
    configure("CRITICAL", "text")
    counts = [int(each) for each in sys.argv[1:]]
    with _folder() as folder:
        for line in asyncio.run(run(folder, *(counts or [20_000, 2_000]))):
            sys.stdout.write(f"{line}\n")
