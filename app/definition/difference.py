"""What a new definition changes, in lines a person can read before it is applied. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import time
from typing import Any

from app.definition.model import District, Menu, Rung, Service

KINDS = {
    "hubs": "hub",
    "lines": "line",
    "sites": "site",
    "crimes": "crime",
    "providers": "provider",
    "lots": "lot",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """`lines` like "line supportline: fallback added +441632960203". Empty: nothing changes."""

    service: str
    lines: tuple[str, ...] = ()

    @property
    def nothing(self) -> bool:
        return not self.lines

    def __str__(self) -> str:
        return "\n".join(self.lines) or f"service {self.service}: nothing changes"


def difference(old: Service | None, new: Service) -> Difference:
    """What applying `new` over `old` changes; a service that was not there is one line."""
    if old is None:
        counts = ", ".join(
            f"{len(those)} {kind}{'' if len(those) == 1 else 's'}"
            for kind, those in (("hub", new.hubs), ("line", new.lines), ("site", new.sites))
        )
        return Difference(new.key, (f"service {new.key}: added, with {counts}",))
    lines: list[str] = []
    for part in fields(Service):
        before, after = getattr(old, part.name), getattr(new, part.name)
        if before == after:
            continue
        if part.name in KINDS:
            lines += _keyed(KINDS[part.name], before, after)
        elif part.name == "ladder":
            lines.append(f"ladder: was {_ladder(before)}; now {_ladder(after)}")
        elif part.name == "words":
            lines += _words("words", before, after)
        elif part.name == "words_in":
            for code in sorted({*before, *after}):
                lines += _words(f"words.{code}", before.get(code, {}), after.get(code, {}))
        elif part.name in ("timings", "routing"):
            lines += _changed(part.name, before, after)
        else:
            lines += _field(f"service {new.key}", part.name, before, after)
    return Difference(new.key, tuple(lines))


def _keyed(kind: str, before: Sequence[Any], after: Sequence[Any]) -> list[str]:
    was, now = ({each.key: each for each in those} for those in (before, after))
    lines = [f"{kind} {key}: added" for key in now if key not in was]
    lines += [f"{kind} {key}: removed" for key in was if key not in now]
    for key in now:
        if key in was and was[key] != now[key]:
            lines += _changed(f"{kind} {key}", was[key], now[key])
    if not lines:
        lines.append(f"{kind}s: now in the order {', '.join(now)}")
    return lines


def _changed(whose: str, before: Any, after: Any) -> list[str]:
    lines: list[str] = []
    for part in fields(before):
        was, now = getattr(before, part.name), getattr(after, part.name)
        if part.name == "asks_in":
            lines += _words(f"{whose}: asks_in", was, now)
        elif was != now:
            lines += _field(whose, part.name, was, now)
    return lines


def _field(whose: str, name: str, was: Any, now: Any) -> list[str]:
    if not _is_list(was) or not _is_list(now):
        return [f"{whose}: {name} was {_shown(was)}, now {_shown(now)}"]
    lines = [f"{whose}: {name} added {_shown(each)}" for each in now if each not in was]
    lines += [f"{whose}: {name} removed {_shown(each)}" for each in was if each not in now]
    return lines or [f"{whose}: {name} now in the order {', '.join(_shown(each) for each in now)}"]


def _words(whose: str, before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    lines: list[str] = []
    for key in sorted({*before, *after}):
        was, now = before.get(key, ""), after.get(key, "")
        if was != now:
            lines.append(f"{whose}: {key} was {_shown(was)}, now {_shown(now)}")
    return lines


def _is_list(value: Any) -> bool:
    """A list of things in no fixed number; ages and hours are one value in two parts."""
    pair = isinstance(value, tuple) and len(value) == 2 and isinstance(value[0], int | time)
    return isinstance(value, tuple) and not pair


def _ladder(rungs: Sequence[Rung]) -> str:
    return ", ".join(
        f"{rung.kind} {rung.seconds} s" if rung.seconds else rung.kind for rung in rungs
    )


def _shown(value: Any) -> str:
    match value:
        case None | "" | ():
            return "nothing"
        case True | False:
            return "yes" if value else "no"
        case (int(youngest), int(oldest)):
            return f"{youngest} to {oldest}"
        case (time() as opens, time() as closes):
            return f"{opens:%H:%M}-{closes:%H:%M}"
        case Menu(say, keys):
            return f'"{say}" ' + ", ".join(
                f"{key.digit} {' '.join(filter(None, (key.hub, key.language)))}" for key in keys
            )
        case str():
            return value if " " not in value else f'"{value}"'
        case tuple():
            return ", ".join(_shown(each) for each in value)
        case District(name, areas):
            return f"{name} ({_shown(areas)})"
        case _:
            return str(value)
