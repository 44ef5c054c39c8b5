"""Why it was not sooner or nearer: the reading of a floor that had nobody for a contact."""

from collections.abc import Sequence

from routing.board import Floor, level_of
from routing.model import Waiting
from routing.reasons import PassedWhy, WaitWhy


def why_passed(waiting: Waiting, floor: Floor | None, barred: frozenset[str]) -> PassedWhy:
    """Why a nearer hub did not get this contact. `barred` were left out of the question."""
    level = level_of(waiting.channel, waiting.weight)
    could = floor.could(waiting.channel, "") if floor else 0
    if floor is None or not could:
        return "nobody"
    at_desk = could & ~floor.away
    if not at_desk:
        return "break"
    unasked = at_desk & ~floor.only(barred)
    if not unasked:
        return "asked"
    return "language" if unasked & floor.open(waiting.channel, level, "") else "full"


def why_wait(waiting: Waiting, floors: Sequence[Floor]) -> WaitWhy:
    """Why nobody on these floors is asked for this contact now."""
    level = level_of(waiting.channel, waiting.weight)
    could = [(floor, floor.could(waiting.channel, "")) for floor in floors]
    if not any(mask for _, mask in could):
        return "nobody"
    at_desk = [(floor, mask & ~floor.away) for floor, mask in could]
    if not any(mask for _, mask in at_desk):
        return "break"
    barred = waiting.asked | waiting.barred
    unasked = [(floor, mask & ~floor.only(barred)) for floor, mask in at_desk]
    if not any(mask for _, mask in unasked):
        return "asked"
    if any(mask & floor.open(waiting.channel, level, "") for floor, mask in unasked):
        return "language"
    if any(mask & floor.only(floor.taken) for floor, mask in unasked):
        return "ahead"
    return "full"
