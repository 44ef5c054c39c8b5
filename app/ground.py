"""What every room stands on, made once in app.wiring and handed to each room's constructor."""

from __future__ import annotations

from dataclasses import dataclass

from app.bus import Bus
from app.clock import Clock
from app.db import Database
from app.keyring import Keyring
from app.limits import Limiter
from app.settings import Settings


@dataclass(frozen=True)
class Ground:
    settings: Settings
    clock: Clock
    bus: Bus
    db: Database
    keyring: Keyring
    limiter: Limiter
