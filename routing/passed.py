"""Why it was not sooner or nearer: the reading of a floor that had nobody for a contact."""

from routing.board import Floor
from routing.choose import Demand, Found
from routing.model import Waiting
from routing.need import Need
from routing.reach import Step
from routing.reasons import Passed, PassedWhy, WaitWhy


def passed_by(
    waiting: Waiting,
    need: Need,
    step: Step,
    found: Found,
    but_for: frozenset[str],
    paused: frozenset[str],
) -> tuple[Passed, ...]:
    """Why each nearer hub did not get this contact. `but_for` were left out of the question."""
    nearer = step.reached.index(found.floor.hub)
    floors = {floor.hub: floor for floor in step.floors}
    passed = []
    for hub, name in zip(step.reached[:nearer], step.names, strict=False):
        why: PassedWhy
        if hub in waiting.barred_hubs:
            why = "barred"
        elif hub in paused:
            why = "paused"
        else:
            why = _why_passed(need, floors.get(hub), found, but_for)
        passed.append(Passed(name, why))
    return tuple(passed)


def _why_passed(
    need: Need, floor: Floor | None, found: Found, but_for: frozenset[str]
) -> PassedWhy:
    could = need.fit(floor) if floor else 0
    if floor is None or not could:
        return "nobody"
    desks = could & ~floor.away
    if not desks:
        return "break" if could & floor.resting else "checking"
    unasked = desks & ~floor.only(but_for)
    if not unasked:
        return "asked"
    free = unasked & need.able(floor)
    if not free:
        return "full"
    if need.speaks and found.speaks and not (free := free & floor.having(need.speaks)):
        return "language"
    if need.gender and found.suits and not free & floor.having(need.gender):
        return "gender"
    return "training"


def why_wait(
    waiting: Waiting, need: Need, demand: Demand, step: Step, paused: frozenset[str]
) -> WaitWhy:
    """Why nobody on the floors of this rung is asked for this contact now."""
    floors = [floor for floor in step.floors if floor.hub not in waiting.barred_hubs]
    could = [(floor, mask) for floor in floors if (mask := need.fit(floor))]
    if not could:
        asked = [hub for hub in step.reached if hub not in waiting.barred_hubs]
        return "paused" if asked and paused.issuperset(asked) else "nobody"
    desks = [(floor, at) for floor, mask in could if (at := mask & ~floor.away)]
    if not desks:
        return "break" if any(mask & floor.resting for floor, mask in could) else "checking"
    but_for = waiting.asked | waiting.barred
    unasked = [(floor, left) for floor, mask in desks if (left := mask & ~floor.only(but_for))]
    if not unasked:
        return "asked"
    free = [(f, free) for f, mask in unasked if (free := mask & need.able(f))]
    if free:
        speakers = any(mask & floor.having(need.speaks) for floor, mask in free)
        return "language" if demand.language and not speakers else "gender"
    if any(mask & floor.only(floor.taken) for floor, mask in unasked):
        return "ahead"
    return "full"
