"""Why a decision fell as it did: small values with a code to count by and words to show.

Words follow the voice of the product: plain, present tense, no sentence over 20 words. They name
hubs, skills and minutes, never the person who waits (S8).
"""

from typing import Literal

import msgspec

PassedWhy = Literal[
    "nobody", "break", "checking", "asked", "full", "language", "gender", "training", "paused",
    "barred",
]  # fmt: skip
WaitWhy = Literal[
    "nobody", "break", "checking", "asked", "full", "ahead", "language", "gender", "own", "paused"
]
ClimbWhy = Literal["arrived", "time", "nobody", "asked", "paused", "full"]
Kind = Literal["numbers", "message", "promise"]
Own = Literal["", "lead", "last"]


class Passed(msgspec.Struct, frozen=True):
    """A nearer hub that could not take it, and why."""

    hub: str
    why: PassedWhy

    def words(self) -> str:
        return _why_passed((self.hub,), self.why)


class Chosen(msgspec.Struct, frozen=True):
    """Why this seat. `idle` is seconds; `only` means that no other seat could take it now.

    `own`: the lead worker of this person, or their last advisor. `tell_lead`: a child goes to
    somebody without the training for it, so the safeguarding lead is told. `gender` was asked
    for, and this seat is not of it.
    """

    hub: str
    passed: tuple[Passed, ...]
    trained: tuple[str, ...]
    only: bool
    idle: int
    again: bool = False
    interpreter: str = ""
    front: bool = False
    own: Own = ""
    tell_lead: bool = False
    gender: str = ""

    @property
    def code(self) -> str:
        parts: list[str] = [self.own or ("passed" if self.passed else "home")]
        parts += ["trained"] if self.trained else []
        parts += ["interpreter"] if self.interpreter else []
        parts += ["gender"] if self.gender else []
        parts += ["child"] if self.tell_lead else []
        parts += ["again"] if self.again else []
        return ".".join([*parts, "only" if self.only else "longest"])

    def words(self) -> str:
        passed = self._passed()
        first = [*(passed if len(passed) == 1 else ()), f"you are {self._you()}"]
        said = [f"You, because: {'; '.join(first)}"]
        if len(passed) > 1:
            said += [each[0].upper() + each[1:] for each in passed]
        if self.trained:
            said.append(
                f"You are trained for {listed(tuple(skill_words(s) for s in self.trained))}"
            )
        if self.interpreter:
            said.append("No speaker is free, so it comes with an interpreter")
        if self.gender:
            said.append(f"They asked for {_GENDERS.get(self.gender, self.gender)}")
            said.append("None is free now, so say so first and offer to wait")
        if self.tell_lead:
            said.append("They are under 18, so the safeguarding lead is told")
        if self.again:
            said.append("Nobody else can take it, so you are asked again")
        if self.front:
            said.append("Its advisor was lost")
        return f"{'. '.join(said)}."

    def _you(self) -> str:
        match self.own:
            case "lead":
                return "their lead worker"
            case "last":
                return "the one they spoke to last"
            case "":
                if self.only:
                    return "the only one free"
                return f"free and idle longest ({spoken(self.idle)})"

    def _passed(self) -> list[str]:
        """The nearer hubs, those with the same reason together."""
        hubs: dict[PassedWhy, list[str]] = {}
        for each in self.passed:
            hubs.setdefault(each.why, []).append(each.hub)
        return [_why_passed(tuple(names), why) for why, names in hubs.items()]


class Waits(msgspec.Struct, frozen=True):
    """Why nobody is asked just now, over the hubs reached so far."""

    why: WaitWhy
    hubs: tuple[str, ...]

    @property
    def code(self) -> str:
        return self.why

    def words(self) -> str:
        where = _where(self.hubs)
        match self.why:
            case "nobody":
                return f"Nobody at {where} is on duty for this. The next seat that opens gets it."
            case "break":
                return f"Everyone at {where} is on a break."
            case "asked":
                return "Everyone who could take it was asked. They are asked again soon."
            case "full":
                return f"Everyone at {where} is with someone."
            case "ahead":
                return f"Those free at {where} go to people who are ahead in line."
            case "language":
                return f"Nobody free at {where} speaks the language. An interpreter is next."
            case "checking":
                return f"Everyone at {where} is being asked whether they are there."
            case "gender":
                return f"Nobody free at {where} is of the gender asked for. Others are asked soon."
            case "own":
                return "Their own advisor is with someone. Others are asked in a few seconds."
            case "paused":
                return f"The queue of {where} is paused. They are asked as soon as it opens."


class Climbed(msgspec.Struct, frozen=True):
    """Why a contact moved to a rung: `left` are the hubs of the rung it leaves, `to` those asked.

    Either may be several, as they are said: "Kendal and Barrow".
    """

    why: ClimbWhy
    left: str
    to: str

    @property
    def code(self) -> str:
        return self.why

    def words(self) -> str:
        match self.why:
            case "arrived" | "full":
                return f"{self.to} {self._are} asked first."
            case "time":
                return f"Nobody took it at {self.left} in time. {self.to} {self._are} asked too."
            case "nobody" if not self.left:
                return f"{self.to} {self._are} asked at once."
            case "nobody":
                left = f"Nobody at {self.left} is on duty for this."
                return f"{left} {self.to} {self._are} asked at once."
            case "asked":
                return f"Everyone at {self.left} was asked. {self.to} {self._are} asked at once."
            case "paused":
                return f"The queue of {self.left} is paused. {self.to} {self._are} asked at once."

    @property
    def _are(self) -> str:
        return "are" if " and " in self.to else "is"


class Overflowed(msgspec.Struct, frozen=True):
    """Why the ladder ended, and how the person is answered now."""

    why: ClimbWhy
    kind: Kind
    again: bool = False

    @property
    def code(self) -> str:
        return f"{self.kind}.{'again' if self.again else self.why}"

    def words(self) -> str:
        match self.kind:
            case "numbers":
                return f"{self._cause()} The line's own numbers are rung."
            case "message":
                return f"{self._cause()} They are told so, with the number to call. {_KEPT}"
            case "promise":
                return (
                    f"{self._cause()} They are told so, and may ask for a safe call back. {_KEPT}"
                )

    def _cause(self) -> str:
        match self.why:
            case "nobody":
                return "Nobody is on duty for this."
            case "asked":
                return "Everyone on duty was asked."
            case "paused":
                return "The queue is paused."
            case "full":
                return "As many wait as the line can hold."
            case "time" | "arrived":
                return "Nobody could take it in time."


Reason = Chosen | Waits | Climbed | Overflowed


def spoken(seconds: int) -> str:
    """A length of time as the desk says it: "40 s", "14 min", "2 h 05"."""
    if seconds < 60:
        return f"{max(0, seconds)} s"
    minutes = seconds // 60
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02d}"


def listed(names: tuple[str, ...]) -> str:
    """Names as they are said: "Penrith, Kendal and Barrow"."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def skill_words(token: str) -> str:
    """A skill as it is said: "domestic-abuse.2" is "domestic abuse (level 2)"."""
    name, dot, level = token.replace("-", " ").partition(".")
    return f"{name} (level {level})" if dot else name


_KEPT = "The place is kept."
_GENDERS = {"woman": "a woman", "man": "a man"}


def _where(hubs: tuple[str, ...]) -> str:
    """Hubs by name; of many, how many, so that no sentence grows long."""
    return listed(hubs) if len(hubs) < 4 else f"these {len(hubs)} hubs"


def _why_passed(hubs: tuple[str, ...], why: PassedWhy) -> str:
    where, are = _where(hubs), "is" if len(hubs) == 1 else "are"
    match why:
        case "nobody":
            return f"nobody at {where} is on duty"
        case "break":
            return f"{where} {are} on a break"
        case "checking":
            return f"{where} {are} not answering"
        case "asked":
            return f"{where} {'was' if are == 'is' else 'were'} asked already"
        case "full":
            return f"{where} {are} full"
        case "language":
            return f"nobody free at {where} speaks the language"
        case "gender":
            return f"nobody free at {where} is of the gender asked for"
        case "training":
            return f"nobody free at {where} works with children"
        case "paused":
            return f"the queue of {where} is paused"
        case "barred":
            return f"{where} {are} not asked for this person"
