"""What a contact asks of a seat, read once from its words and the rules of the service. Pure.

Many contacts ask the same, so a pass makes each need once.
"""

from typing import NamedTuple

from routing.board import Floor, Mark, holds, is_a, level_of, speaks, takes
from routing.model import Rules, Waiting

CHILD = "under18"


class Need(NamedTuple):
    """What is asked for, as marks of the board; "" is nothing.

    `employed`: no volunteer may help. `age` comes before every nearer hub.
    `crime` is one training, the highest level first. `urgent` waits for nobody in particular.
    """

    takes: Mark
    employed: bool
    level: int
    speaks: Mark
    gender: Mark
    age: Mark
    crime: tuple[Mark, ...]
    skills: tuple[str, ...]
    child: bool
    urgent: bool

    def fit(self, floor: Floor) -> int:
        """Everyone on a floor who may take such a contact, now or later."""
        return floor.fit(self.takes, employed=self.employed)

    def able(self, floor: Floor) -> int:
        """Everyone on a floor who may take such a contact this moment."""
        return floor.open(self.level) & floor.fit(self.takes, employed=self.employed)


def need_of(waiting: Waiting, rules: Rules) -> Need:
    child = waiting.age == CHILD
    age = rules.skill_for_age.get(waiting.age, "")
    crime = levels_of(rules.skill_for_crime.get(waiting.crime, ""))
    return Need(
        takes=takes(waiting.channel),
        employed=child or waiting.crime in rules.volunteers_never,
        level=level_of(waiting.channel, waiting.weight),
        speaks=speaks(waiting.language) if waiting.language else "",
        gender=is_a(waiting.gender) if waiting.gender else "",
        age=holds(age) if age else "",
        crime=tuple(holds(each) for each in crime),
        skills=tuple(dict.fromkeys((age, *crime))) if age else crime,
        child=child,
        urgent=rules.head_start.get(waiting.urgency, 0) > 0,
    )


def levels_of(skill: str) -> tuple[str, ...]:
    """A skill and the lower levels of it: "a.3" is "a.3", "a.2", "a". Nothing for ""."""
    name, dot, level = skill.partition(".")
    if not dot:
        return (skill,) if skill else ()
    return (*(f"{name}.{each}" for each in range(int(level), 1, -1)), name)


def trained_in(need: Need, held: frozenset[str]) -> tuple[str, ...]:
    """Of the skills asked for, those that are held: of one training, its highest level."""
    found: dict[str, str] = {}
    for skill in need.skills:
        if skill in held:
            found.setdefault(skill.partition(".")[0], skill)
    return tuple(found.values())
