"""Who a contact of one home hub can reach on each rung, as the floors stand in this pass.

It answers for the ladder: is a rung staffed at all, and is somebody alone with a contact that
everyone was asked for already (R8)?
"""

from dataclasses import dataclass
from typing import Literal

from routing.board import Floor, Mark
from routing.ladder import hubs_on, hubs_up_to
from routing.model import Rules, Waiting
from routing.need import Need

Staff = Literal["yes", "nobody", "asked", "paused"]


@dataclass(frozen=True, slots=True)
class Step:
    """A rung for these contacts: the hubs it adds (none: an answer), and all reached by then."""

    hubs: tuple[str, ...]
    added: tuple[Floor, ...]
    reached: tuple[str, ...]
    names: tuple[str, ...]
    floors: tuple[Floor, ...]


class Reach:
    """The steps for contacts of one home hub. It lives as long as one pass."""

    def __init__(
        self, home: str, rules: Rules, floors: dict[str, Floor], paused: frozenset[str]
    ) -> None:
        self.steps: list[Step] = []
        self._paused = paused
        for rung in range(len(rules.ladder)):
            hubs = hubs_on(home, rules, rung)
            reached = hubs_up_to(home, rules, rung)
            self.steps.append(
                Step(
                    hubs=hubs,
                    added=tuple(floors[each] for each in hubs if each in floors),
                    reached=reached,
                    names=tuple(rules.named(each) for each in reached),
                    floors=tuple(floors[each] for each in reached if each in floors),
                )
            )
        self._staffed: dict[tuple[int, Mark, bool], Staff] = {}
        self._known: dict[tuple[Mark, bool, Mark], bool] = {}

    def staffed(self, waiting: Waiting, need: Need, rung: int) -> Staff:
        """Could somebody on this rung ever take it? An interpreter helps with any language."""
        if waiting.asked or waiting.barred or waiting.barred_hubs:
            return self._staffed_but_for(waiting, need, rung)
        key = (rung, need.takes, need.employed)
        if (known := self._staffed.get(key)) is None:
            known = self._staffed[key] = (
                "yes" if self._could(waiting, need, rung) else self._why(rung)
            )
        return known

    def alone(self, waiting: Waiting, need: Need) -> bool:
        """Whether nobody on the whole ladder is left who was not asked and is at a desk."""
        return not any(self._unasked(waiting, need, rung) for rung in range(len(self.steps)))

    def there(self, waiting: Waiting, need: Need, mark: Mark) -> bool:
        """Whether anyone with this mark on the whole ladder is left to ask, busy or away too."""
        but_for = waiting.asked | waiting.barred
        if but_for or waiting.barred_hubs:
            return any(
                need.fit(floor) & floor.having(mark) & ~floor.only(but_for)
                for floor in self.steps[-1].floors
                if floor.hub not in waiting.barred_hubs
            )
        key = (need.takes, need.employed, mark)
        if (known := self._known.get(key)) is None:
            known = self._known[key] = any(
                need.fit(floor) & floor.having(mark) for floor in self.steps[-1].floors
            )
        return known

    def _staffed_but_for(self, waiting: Waiting, need: Need, rung: int) -> Staff:
        if not self._could(waiting, need, rung):
            return self._why(rung)
        if not waiting.asked or self._unasked(waiting, need, rung):
            return "yes"
        later = range(rung + 1, len(self.steps))
        return "asked" if any(self._unasked(waiting, need, each) for each in later) else "yes"

    def _why(self, rung: int) -> Staff:
        """Why a rung that has nobody for a contact has nobody."""
        hubs = self.steps[rung].hubs
        return "paused" if hubs and self._paused.issuperset(hubs) else "nobody"

    def _could(self, waiting: Waiting, need: Need, rung: int) -> bool:
        return any(
            need.fit(floor) & ~floor.only(waiting.barred)
            for floor in self.steps[rung].added
            if floor.hub not in waiting.barred_hubs
        )

    def _unasked(self, waiting: Waiting, need: Need, rung: int) -> bool:
        """Whether somebody on this rung is at a desk and was not asked yet, busy ones included."""
        return any(
            need.fit(floor) & ~floor.away & ~floor.only(waiting.barred) & ~floor.only(waiting.asked)
            for floor in self.steps[rung].added
            if floor.hub not in waiting.barred_hubs
        )
