"""Why a decision fell as it did: small values with a code to count by and words to show.

Words follow the voice of the product: plain, present tense, no sentence over 20 words. They name
hubs, skills and minutes, never the person who waits (S8).
"""

from typing import Literal

import msgspec

PassedWhy = Literal["nobody", "break", "asked", "full", "language"]
WaitWhy = Literal["nobody", "break", "asked", "full", "ahead", "language"]
ClimbWhy = Literal["arrived", "time", "nobody", "asked"]
Own = Literal["", "lead", "last"]


class Passed(msgspec.Struct, frozen=True):
    """A nearer hub that could not take it, and why."""

    hub: str
    why: PassedWhy

    def words(self) -> str:
        match self.why:
            case "nobody":
                return f"nobody at {self.hub} is on duty"
            case "break":
                return f"{self.hub} is on a break"
            case "asked":
                return f"{self.hub} was asked already"
            case "full":
                return f"{self.hub} is full"
            case "language":
                return f"nobody free at {self.hub} speaks the language"


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
        parts = ["passed" if self.passed else "home"]
        parts += ["trained"] if self.trained else []
        parts += ["interpreter"] if self.interpreter else []
        parts += ["again"] if self.again else []
        return ".".join([*parts, "only" if self.only else "longest"])

    def words(self) -> str:
        free = "the only one free" if self.only else f"free and idle longest ({spoken(self.idle)})"
        said = [
            "You, because: " + "; ".join([*(p.words() for p in self.passed), f"you are {free}"])
        ]
        if self.trained:
            said.append(f"You are trained for {_listed(self.trained)}")
        if self.interpreter:
            said.append("No speaker is free, so it comes with an interpreter")
        if self.again:
            said.append("Nobody else can take it, so you are asked again")
        if self.front:
            said.append("Its advisor was lost")
        return f"{'. '.join(said)}."


class Waits(msgspec.Struct, frozen=True):
    """Why nobody is asked just now, over the hubs reached so far."""

    why: WaitWhy
    hubs: tuple[str, ...]

    @property
    def code(self) -> str:
        return self.why

    def words(self) -> str:
        where = _listed(self.hubs)
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


class Climbed(msgspec.Struct, frozen=True):
    """Why a contact moved to a rung: `left` is the rung's hub it leaves, `to` the hub now asked."""

    why: ClimbWhy
    left: str
    to: str

    @property
    def code(self) -> str:
        return self.why

    def words(self) -> str:
        match self.why:
            case "arrived":
                return f"{self.to} is asked first."
            case "time":
                return f"Nobody took it at {self.left} in time. {self.to} is asked too."
            case "nobody":
                return f"Nobody at {self.left} is on duty for this. {self.to} is asked at once."
            case "asked":
                return f"Everyone at {self.left} was asked. {self.to} is asked at once."


class Overflowed(msgspec.Struct, frozen=True):
    """Why the ladder ended, and how the person is answered now."""

    why: ClimbWhy
    kind: Literal["numbers", "message"]
    again: bool = False

    @property
    def code(self) -> str:
        return f"{self.kind}.{'again' if self.again else self.why}"

    def words(self) -> str:
        if self.kind == "numbers":
            return f"{self._cause()} The line's own numbers are rung."
        return f"{self._cause()} They are told so, with the number to call. The place is kept."

    def _cause(self) -> str:
        match self.why:
            case "nobody":
                return "Nobody is on duty for this."
            case "asked":
                return "Everyone on duty was asked."
            case "time" | "arrived":
                return "Nobody could take it in time."


Reason = Chosen | Waits | Climbed | Overflowed


def spoken(seconds: int) -> str:
    """A length of time as the desk says it: "40 s", "14 min", "2 h 05"."""
    if seconds < 60:
        return f"{max(0, seconds)} s"
    minutes = seconds // 60
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02d}"


def _listed(names: tuple[str, ...]) -> str:
    if len(names) < 2:
        return "".join(names).replace("-", " ")
    return f"{', '.join(names[:-1])} and {names[-1]}".replace("-", " ")
