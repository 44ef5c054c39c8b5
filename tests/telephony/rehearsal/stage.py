"""A stage for the pure exchange: a script answers its webhooks, and time is moved by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from telephony.rehearsal.exchange import Exchange
from telephony.rehearsal.state import Call
from telephony.rehearsal.values import (
    Asked,
    Cannot,
    Effect,
    Got,
    Hear,
    Line,
    Note,
    Reply,
    Send,
    Wake,
)

ACCOUNT = "AC" + "0" * 32
LINE = "+448081570142"
ANNA = "+447700900231"  # rings the line
MAYA = "+447700900184"  # is rung
TOM = "+447700900185"
BASE = "https://product.example"

Answer = str | Reply | Callable[[dict[str, str]], "str | Reply"]


def xml(inside: str) -> Reply:
    return Reply(200, "text/xml; charset=utf-8", f"<Response>{inside}</Response>".encode())


@dataclass
class Stage:
    """`answers` maps a path to what is inside `<Response>`; anything else is answered empty."""

    answers: dict[str, Answer] = field(default_factory=dict)
    fallback: str | None = None
    silent: bool = False
    now: float = 1_000_000.0
    sent: list[Send] = field(default_factory=list)
    held: list[Send] = field(default_factory=list)
    alarms: list[Wake] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    ears: list[Hear] = field(default_factory=list)
    got: list[Got] = field(default_factory=list)
    cannot: list[Cannot] = field(default_factory=list)

    def __post_init__(self) -> None:
        line = Line(
            LINE, "Cumbria", f"{BASE}/voice", f"{BASE}/sms", self.fallback, f"{BASE}/line-status"
        )
        self.exchange = Exchange(ACCOUNT, [line], "seed")

    def do(self, effects: list[Effect]) -> None:
        for effect in effects:
            match effect:
                case Send():
                    self.sent.append(effect)
                    if self.silent:
                        self.held.append(effect)
                    else:
                        self.reply(effect)
                case Wake():
                    self.alarms.append(effect)
                case Hear():
                    self.ears.append(effect)
                case Note():
                    self.notes.append(effect)
                case Got():
                    self.got.append(effect)
                case Cannot():
                    self.cannot.append(effect)

    def reply(self, send: Send) -> None:
        answer = self.answers.get(path(send), "")
        if callable(answer):
            answer = answer(send.params)
        reply = xml(answer) if isinstance(answer, str) else answer
        self.do(self.exchange.reply(send.ticket, reply, self.now))

    def release(self) -> None:
        """Answers what was held back while `silent`."""
        held, self.held = self.held, []
        for send in held:
            self.reply(send)

    def wait(self, seconds: float) -> None:
        """Lets time pass; alarms go off in their order."""
        end = self.now + seconds
        while due := sorted((one for one in self.alarms if one.at <= end), key=lambda a: a.at):
            alarm = due[0]
            self.alarms.remove(alarm)
            self.now = max(self.now, alarm.at)
            self.do(self.exchange.woke(alarm.sid, alarm.number, self.now))
        self.now = end

    def ring(self, phone: str = ANNA, *, withheld: bool = False) -> None:
        self.do(self.exchange.ring(phone, LINE, self.now, withheld=withheld))

    def press(self, keys: str, phone: str = ANNA) -> None:
        self.do(self.exchange.press(phone, keys, self.now))

    def hang_up(self, phone: str = ANNA) -> None:
        self.do(self.exchange.hang_up(phone, self.now))

    def answer(self, phone: str = MAYA) -> None:
        self.do(self.exchange.answer(phone, self.now))

    def rest(
        self, method: str, path_: str, **form: str | list[str]
    ) -> tuple[int, dict[str, object]]:
        """A REST request below the account; single values may be given as plain words."""
        whole = {name: [v] if isinstance(v, str) else v for name, v in form.items()}
        asked = Asked(method, f"Accounts/{ACCOUNT}/{path_}", whole)
        answer, effects = self.exchange.rest(asked, self.now)
        self.do(effects)
        return answer.status, answer.body or {}

    def call(self, phone: str = ANNA) -> Call:
        found = self.exchange.board.on_call(phone)
        assert found is not None, f"{phone} is in no call"
        return found

    def idle(self, phone: str = ANNA) -> bool:
        return self.exchange.board.on_call(phone) is None

    def at(self, where: str) -> list[dict[str, str]]:
        """The parameters of every webhook sent to this path, in order."""
        return [send.params for send in self.sent if path(send) == where]

    def heard(self, phone: str = ANNA) -> list[str]:
        return [one.words for one in self.ears if one.phone == phone and one.how == "said"]

    def errors(self) -> list[int]:
        return [note.code for note in self.notes if note.chip == "error"]


def path(send: Send) -> str:
    return send.url.removeprefix(BASE).split("?")[0].split("#")[0]
