"""`frontdoor people`, `password` and `leave`: who is on the staff, as an operator says it.

They may run while the house serves. A password is shown once, and kept only as its hash.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated

import typer

from app import migrate as migration
from app import people as roll
from app.auth import changing
from app.auth.staff import hash_password
from app.definition import acts, files
from app.errors import Misconfigured
from app.ground import Ground
from app.log import configure
from app.settings import load
from app.wiring import build

cli = typer.Typer()

Email = Annotated[str, typer.Argument(help="Their e-mail.")]


@cli.command()
def people(file: Annotated[Path, typer.Argument(help="A TOML file of people.")]) -> None:
    """Let the people of a file join, or bring them up to date. Twice changes nothing."""

    async def work(ground: Ground) -> None:
        services = await ground.db.read(acts.current)
        if not services:
            raise Misconfigured("No service is in force yet. Run `frontdoor apply FILE` first.")
        told = files.load_people(file, services)
        entered = await roll.enter(ground.db, ground.keyring, told, services)
        for each in entered:
            typer.echo(str(each))
        if any(each.password for each in entered):
            typer.echo("Hand each password over yourself. It is shown this once.")

    asyncio.run(_on_the_ground(work))


@cli.command()
def password(email: Email) -> None:
    """Make a new password for one of the staff, and sign them out everywhere."""
    new = roll.new_password()
    hashed = hash_password(new)

    async def work(ground: Ground) -> None:
        await ground.db.write(changing.new_password, ground.keyring, email, hashed)

    asyncio.run(_on_the_ground(work))
    typer.echo(f"The new password of {email}: {new}")


@cli.command()
def leave(email: Email) -> None:
    """Somebody leaves the staff: signed out and off duty at once. What they wrote stays."""

    async def work(ground: Ground) -> None:
        await ground.db.write(roll.leave, ground.keyring, email)

    asyncio.run(_on_the_ground(work))
    typer.echo(f"{email} has left. A people file that names them lets them back in.")


async def _on_the_ground(work: Callable[[Ground], Awaitable[None]]) -> None:
    """On the database of a house, whether it serves meanwhile or not."""
    settings = load(os.environ)
    configure(settings.log_level, settings.log_format)
    ground = build(settings).ground
    await ground.db.start()
    try:
        if not await ground.db.read(migration.is_current):
            raise Misconfigured(migration.BEHIND)
        await work(ground)
    finally:
        await ground.db.stop()
