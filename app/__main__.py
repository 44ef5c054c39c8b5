"""The command line: `frontdoor serve`, `demo`, `migrate`, `apply`, `backup`, `restore`,
`check`, `keys new`, `fallback-twiml`, `drill`, and those of `app.staffing`.

Whatever an operator must change is told in one plain sentence, with exit code 1.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from app import backup as backups
from app import demo as demonstration
from app import drill as drills
from app import migrate as migration
from app import staffing
from app.alone import claim
from app.bus import LocalBus
from app.clock import Clock
from app.crypto import write_root_keys
from app.db import Database
from app.definition import acts, files
from app.definition.problem import DefinitionProblems
from app.drill_scripts import SCRIPTS
from app.errors import FrontdoorError, Misconfigured
from app.log import configure
from app.main import application
from app.server import serve as run_server
from app.settings import Settings, load
from app.wiring import HELD, House, build, rehearsal, root_keys
from telephony import prompts, static_documents

cli = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Frontdoor: one front door for victims of crime, by chat, phone and text.",
)
keys = typer.Typer(no_args_is_help=True, help="Root keys, which live outside the database.")
cli.add_typer(keys, name="keys")
cli.add_typer(staffing.cli)


@cli.command()
def serve() -> None:
    """Serve visitors, carriers and consoles."""
    settings = _settings(os.environ)
    alone = claim(settings)
    house = build(settings)
    run_server(application(house), house, settings)
    del alone


@cli.command()
def work() -> None:
    """Do the work of a node without serving: offers, sweeps, and what goes out to the carrier."""
    settings = _settings(os.environ)
    if settings.embedded or not settings.redis_url:
        raise Misconfigured(
            "A worker beside `frontdoor serve` needs PostgreSQL and Redis. "
            "On one box, `frontdoor serve` does this work itself."
        )
    asyncio.run(_work(build(settings)))


@cli.command()
def migrate() -> None:
    """Bring the database to this program's schema."""
    typer.echo(f"The database stands at {migration.migrate(_settings(os.environ).database_url)}.")


@cli.command()
def apply(
    file: Annotated[list[Path], typer.Argument(help="One TOML file for each service.")],
) -> None:
    """Make service definitions the ones in force. Applying twice changes nothing."""
    settings = _settings(os.environ)
    services = [files.load(each) for each in file]

    async def work() -> None:
        db = Database(settings.database_url, LocalBus(), Clock())
        await db.start()
        try:
            if not await db.read(migration.is_current):
                raise Misconfigured(migration.BEHIND)
            for service in services:
                change = await db.write(acts.apply, "operator", service, HELD)
                typer.echo(str(change))
        finally:
            await db.stop()

    asyncio.run(work())


@cli.command("fallback-twiml")
def fallback_twiml(
    folder: Annotated[Path, typer.Argument(help="Where to write the files.")],
    file: Annotated[list[Path], typer.Argument(help="The services' TOML files.")],
    at: Annotated[str, typer.Option(help="The address the files will have, on another host.")],
) -> None:
    """Write what callers hear when all of this is gone: files to host somewhere else."""
    base = at.rstrip("/")
    if not base.startswith("https://"):
        raise Misconfigured("--at must begin with https://. The carrier fetches the files there.")
    services = [files.load(each) for each in file]
    made = static_documents.documents(services, spoken(), "en", base)
    for each in made:
        path = folder / each.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(each.text, "utf-8")
    typer.echo(f"Wrote {len(made)} files to {folder}. Put them where {base} leads to.")
    typer.echo("Then set, for each number, with the carrier (method GET), when the handler fails:")
    for number, address in static_documents.addresses(made, base):
        typer.echo(f"  {number}  {address}")


@cli.command()
def drill(
    file: Annotated[list[Path], typer.Argument(help="One TOML file for each service.")],
) -> None:
    """Play a set of calls against a definition, and say where each of them ended."""
    configure("CRITICAL", "text")
    services = [files.load(each) for each in file]

    async def play() -> int:
        nowhere = 0
        for service in services:
            async for played in drills.drill(service, SCRIPTS):
                typer.echo(str(played))
                nowhere += not played.somewhere
        return nowhere

    if nowhere := asyncio.run(play()):
        typer.echo(f"{nowhere} ended nowhere.", err=True)
        raise typer.Exit(1)


@cli.command()
def check() -> None:
    """Print every setting, where it comes from, and what is missing."""
    settings = load(os.environ)
    for name, field in Settings.model_fields.items():
        value = getattr(settings, name)
        source = "environment" if os.environ.get(name.upper()) else "default"
        secret = any(word in name for word in ("token", "secret", "key")) and name != (
            "frontdoor_keys"
        )
        shown = ("set" if value else "not set") if secret else _without_password(str(value))
        typer.echo(f"{name.upper():22} {shown or 'not set':38} {source:12} {field.description}")
    missing = list(_missing(settings))
    typer.echo("")
    for line in missing or ["Nothing is missing."]:
        typer.echo(line)
    if missing:
        raise typer.Exit(1)


@cli.command()
def backup(file: Path) -> None:
    """Copy everything to a file, while it is served. The key file is not in it."""
    backups.backup(_settings(os.environ), file, os.environ)
    typer.echo(f"Everything is in {file}. Keep it and a copy of the key file apart.")


@cli.command()
def restore(file: Path) -> None:
    """Put a backup in the place of what is there. Nothing may serve meanwhile."""
    backups.restore(_settings(os.environ), file, os.environ)
    typer.echo(f"{file} is in place. Open chats will start again from what is there.")


@cli.command()
def demo() -> None:
    """Everything on this machine, rehearsed: services, people, chat, phone. No account needed."""
    settings = _settings(demonstration.settings_for(os.environ))
    alone = claim(settings)
    migration.migrate(settings.database_url)
    house = build(settings)
    sign_ins = asyncio.run(_seed(settings))
    rehearsing = demonstration.rehearses(os.environ)
    if rehearsing:
        services = files.load_examples().values()
        names = demonstration.names(sign_ins, services)
        house.rehearsal = rehearsal(settings, services, [demonstration.CALLER], names)
    for line in demonstration.welcome(settings, sign_ins, rehearsing=rehearsing):
        typer.echo(line)
    run_server(application(house, [(each.email, each.what) for each in sign_ins]), house, settings)
    del alone


@keys.command("new")
def new_keys(file: Path) -> None:
    """Make a file of root keys that only its owner can read."""
    try:
        write_root_keys(file)
    except FileExistsError:
        raise Misconfigured(f"{file} is there already. Keys are never overwritten.") from None
    except OSError:
        raise Misconfigured(f"{file} cannot be written. Choose a place you may write.") from None
    typer.echo(f"Made {file}. Keep a copy somewhere else, and set FRONTDOOR_KEYS to it.")


def spoken() -> dict[str, prompts.Prompts]:
    """The words of the line, by language."""
    folder = Path(prompts.__file__).parent
    return {each.stem: prompts.read(each.read_text("utf-8")) for each in folder.glob("*.toml")}


async def _work(house: House) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for each in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(each, stopped.set)
    await house.start()
    try:
        await stopped.wait()
    finally:
        await house.stop()


async def _seed(settings: Settings) -> list[demonstration.SignIn]:
    house = build(settings)
    await house.ground.db.start()
    try:
        return await demonstration.seed(house.ground.db, house.ground.keyring, settings)
    finally:
        await house.ground.db.stop()


def _missing(settings: Settings) -> list[str]:
    found = []
    try:
        root_keys(settings)
    except Misconfigured as problem:
        found.append(str(problem))
    if not settings.has_carrier:
        found.append("No carrier: set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN for phone and text.")
    return found


def _without_password(value: str) -> str:
    head, at, tail = value.rpartition("@")
    scheme, slashes, _ = head.partition("://")
    shown = f"{scheme}{slashes}…@{tail}" if at and slashes else value
    address, mark, _ = shown.partition("?")  # a password may hide there too
    return f"{address}?…" if mark and "://" in shown else shown


def _settings(environ: Mapping[str, str]) -> Settings:
    settings = load(environ)
    configure(settings.log_level, settings.log_format)
    return settings


def main() -> None:
    try:
        cli()
    except (Misconfigured, DefinitionProblems, FrontdoorError) as problem:
        words = problem.words if isinstance(problem, FrontdoorError) else str(problem)
        typer.echo(words, err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
