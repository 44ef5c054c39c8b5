"""Who a contact of one home hub can reach on each rung, as the floors stand in this pass.

It answers for the ladder: is a rung staffed at all, and is somebody alone with a contact that
everyone was asked for already (R8)?
"""

from dataclasses import dataclass
from typing import Literal

from routing.board import Floor
from routing.ladder import hub_on, hubs_up_to
from routing.model import Channel, Rules, Waiting


@dataclass(frozen=True, slots=True)
class Step:
    """A rung for these contacts: the hub it adds (None: an answer), and all reached by then."""

    hub: str | None
    floor: Floor | None
    reached: tuple[str, ...]
    names: tuple[str, ...]
    floors: tuple[Floor, ...]


class Reach:
    """The steps for contacts of one home hub. It lives as long as one pass."""

    def __init__(self, home: str, rules: Rules, floors: dict[str, Floor]) -> None:
        self.steps: list[Step] = []
        for rung in range(len(rules.ladder)):
            hub = hub_on(home, rules, rung)
            reached = hubs_up_to(home, rules, rung)
            self.steps.append(
                Step(
                    hub=hub,
                    floor=None if hub is None else floors.get(hub),
                    reached=reached,
                    names=tuple(rules.named(each) for each in reached),
                    floors=tuple(floors[each] for each in reached if each in floors),
                )
            )
        self._staffed: dict[tuple[int, Channel], Literal["yes", "nobody"]] = {}

    def staffed(self, waiting: Waiting, rung: int) -> Literal["yes", "nobody", "asked"]:
        """Could somebody on this rung ever take it? An interpreter helps with any language."""
        if waiting.asked or waiting.barred:
            return self._staffed_but_for(waiting, rung)
        key = (rung, waiting.channel)
        if (known := self._staffed.get(key)) is None:
            known = self._staffed[key] = "yes" if self._could(waiting, rung) else "nobody"
        return known

    def alone(self, waiting: Waiting) -> bool:
        """Whether nobody on the whole ladder is left who was not asked and is at a desk."""
        return not any(self._unasked(waiting, rung) for rung in range(len(self.steps)))

    def spoken(self, language: str) -> bool:
        """Whether anyone on duty on the whole ladder speaks it."""
        return any(language in floor.language for floor in self.steps[-1].floors)

    def _staffed_but_for(self, waiting: Waiting, rung: int) -> Literal["yes", "nobody", "asked"]:
        if not self._could(waiting, rung):
            return "nobody"
        if not waiting.asked or self._unasked(waiting, rung):
            return "yes"
        later = range(rung + 1, len(self.steps))
        return "asked" if any(self._unasked(waiting, each) for each in later) else "yes"

    def _could(self, waiting: Waiting, rung: int) -> int:
        floor = self.steps[rung].floor
        if floor is None:
            return 0
        could = floor.could(waiting.channel, "")
        return could & ~floor.only(waiting.barred) if waiting.barred else could

    def _unasked(self, waiting: Waiting, rung: int) -> int:
        """Those on this rung who are at their desk and were not asked yet, busy ones included."""
        floor = self.steps[rung].floor
        if floor is None:
            return 0
        return self._could(waiting, rung) & ~floor.away & ~floor.only(waiting.asked)
