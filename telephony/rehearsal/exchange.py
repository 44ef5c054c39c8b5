"""The rehearsal exchange: a telephone carrier in miniature, without a wire (S9).

Values in, effects out: acts of people at phones, answers of webhooks, alarms and REST requests
go in with the time; webhooks to send, alarms to set and words to hear come out. Nothing that
anyone does makes it raise: an act that makes no sense is answered by `Cannot`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from telephony.rehearsal import (
    announcing,
    api,
    fetching,
    gathering,
    legs,
    player,
    recording,
    texts,
)
from telephony.rehearsal.answers import Answer
from telephony.rehearsal.board import Switchboard
from telephony.rehearsal.ringing import is_number, ring
from telephony.rehearsal.state import (
    AskedAnnouncement,
    AskedScript,
    AskedText,
    Call,
    Dialling,
    End,
    GoOn,
    Kind,
    Run,
    Told,
)
from telephony.rehearsal.values import Asked, Callback, Cannot, Effect, Line, Reply

WITHHELD = "anonymous"


class Exchange:
    """`seed` names everything made here; two exchanges with one seed make the same SIDs."""

    def __init__(
        self, account: str, lines: Iterable[Line], seed: str, *, seconds_between_calls: float = 0.0
    ) -> None:
        self.board = Switchboard(account, lines, seed)
        self.board.seconds_between_calls = seconds_between_calls

    # What a person does at a phone.

    def ring(self, phone: str, line: str, now: float, *, withheld: bool = False) -> list[Effect]:
        """The phone rings one of our lines."""
        board = self._at(now)
        called = board.lines.get(line)
        if called is None:
            return self._no("That is not one of our lines", line)
        if not is_number(phone):
            return self._no("That is no phone number", phone[:40])
        if board.on_call(phone) is not None:
            return self._no("This phone is already in a call", phone)
        withheld, board.withhold_next = withheld or board.withhold_next, False
        call = Call(
            sid=board.mint("CA"),
            phone=phone,
            from_=WITHHELD if withheld else phone,
            to=line,
            direction="inbound",
            created=now,
            status="ringing",
            fallback=called.voice_fallback_url,
            callback=Callback(called.status_callback) if called.status_callback else None,
        )
        board.add(call)
        board.hands[phone] = call.sid
        board.hear(call, f"(you ring {called.label})", "told")
        fetching.fetch(board, call, Kind.CALL, called.voice_url, "POST", title="A call arrives")
        return self._drain()

    def press(self, phone: str, keys: str, now: float) -> list[Effect]:
        """Keys 0-9, * and # are pressed, one after the other."""
        board = self._at(now)
        call = board.on_call(phone)
        if call is None or call.answered is None:
            return self._no("No call to press keys in", phone)
        for key in keys:
            if key in gathering.KEYS and call.live:
                board.hear(call, key, "self")
                self._key(call, key)
                self._settle()
        return self._drain()

    def speak(self, phone: str, words: str, now: float) -> list[Effect]:
        """Words are said into this phone: a message being recorded keeps them."""
        board = self._at(now)
        call = board.on_call(phone)
        if call is None or call.answered is None or not words.strip():
            return self._no("Nobody listens there", phone)
        board.hear(call, words[:400], "self")
        recording.speak(board, call, words[:400])
        return self._drain()

    def hang_up(self, phone: str, now: float) -> list[Effect]:
        """The person hangs up. A caller who leaves before anything answered: no-answer."""
        return self._drop(phone, now, "hangs up")

    def lose_signal(self, phone: str, now: float) -> list[Effect]:
        """The phone's signal is gone. To the carrier it is the same end of the same leg."""
        return self._drop(phone, now, "loses the signal")

    def answer(self, phone: str, now: float, by: str = "human") -> list[Effect]:
        """`by` is who picks up: human, machine_start, fax or unknown, told where that was asked."""
        board = self._at(now)
        call = self._rung(phone)
        if call is None:
            return self._no("This phone does not ring", phone)
        if call.detects:
            call.answered_by = by
        board.note(f"{phone} answers", "" if by == "human" else by, "act")
        legs.answered(board, call)
        return self._drain()

    def decline(self, phone: str, now: float) -> list[Effect]:
        """The person rung presses "decline": the carrier calls that busy."""
        return self._refused(phone, now, "declines", "busy")

    def ignore(self, phone: str, now: float) -> list[Effect]:
        """Nobody answers: the ringing time is over at once."""
        return self._refused(phone, now, "does not answer", "no-answer")

    def text(self, phone: str, line: str, words: str, now: float) -> list[Effect]:
        """A text from this phone to one of our lines; a phone cuts at 1,600 characters."""
        board = self._at(now)
        if line not in board.lines:
            return self._no("That is not one of our lines", line)
        if not is_number(phone):
            return self._no("That is no phone number", phone[:40])
        if not words.strip():
            return self._no("The text is empty", phone)
        texts.receive(board, phone, line, words[: texts.MOST_LETTERS])
        return self._drain()

    # What can go wrong, at a click.

    def repeat_next(self, now: float) -> list[Effect]:
        """The next webhook, wait documents aside, goes out twice with one idempotency token."""
        self._at(now).repeat_next = True
        return self._drain()

    def delay_next(self, now: float) -> list[Effect]:
        """The next status callback goes out late, after those that follow it."""
        self._at(now).delay_next = True
        return self._drain()

    def lose_next(self, now: float) -> list[Effect]:
        """The next status callback never arrives; the carrier does not send it again."""
        self._at(now).lose_next = True
        return self._drain()

    def refuse_next(self, now: float, status: int = 429, asked: str = "") -> list[Effect]:
        """The next REST request is refused, with 429 or 503, whose method and path hold `asked`."""
        board = self._at(now)
        board.refuse_next, board.refuse_asked = 503 if status == 503 else 429, asked
        return self._drain()

    def withhold_next(self, now: float) -> list[Effect]:
        """The next call to a line hides its number."""
        self._at(now).withhold_next = True
        return self._drain()

    def drop_advisor(self, now: float, phone: str | None = None) -> list[Effect]:
        """A rung phone that is talking drops out: this one, or the last to have joined."""
        talking = [call for call in self.board.calls.values() if self._is_advisor(call)]
        wanted = [call for call in talking if phone in (None, call.phone)]
        if not wanted:
            self._at(now)
            return self._no("No advisor is talking on a phone", phone or "")
        return self._drop(wanted[-1].phone, now, "drops out")

    # What comes back from the outside.

    def reply(self, ticket: int, reply: Reply, now: float) -> list[Effect]:
        """The answer to the webhook sent under this ticket. A second answer is ignored."""
        board = self._at(now)
        match board.errands.pop(ticket, None):
            case AskedScript() as asked:
                player.answered(board, ticket, asked, reply)
            case AskedAnnouncement() as asked:
                announcing.answered(board, asked, reply)
            case AskedText() as asked:
                texts.answered(board, asked, reply)
            case Told(what):
                if reply.error or not 200 <= reply.status < 300:
                    why = reply.error or f"the server answered {reply.status}"
                    board.note(f"{what}: not taken", why, "error", 11200)
            case None:
                pass
        return self._drain()

    def woke(self, name: str, number: int, now: float) -> list[Effect]:
        """An alarm. One that is no longer expected is ignored."""
        board = self._at(now)
        text = board.texts.get(name)
        if text is not None:
            texts.woke(board, text)
        call = board.calls.get(name)
        if call is None or not call.live:
            return self._drain()
        if number == call.alarm:
            call.alarm = 0
            self._time_is_up(call)
        elif number == call.ring_alarm:
            call.ring_alarm = 0
            if call.status == "queued":
                ring(board, call, call.timeout)
            else:
                legs.end(board, call, "no-answer")
        elif number == call.limit_alarm and isinstance(call.place, Dialling):
            board.note("The time limit of the dial is over", call.phone, "done")
            board.then(End(call.place.winner or "", "completed"))
        return self._drain()

    def rest(self, asked: Asked, now: float) -> tuple[Answer, list[Effect]]:
        """A REST request whose credentials were right, and the carrier's answer to it."""
        answer = api.serve(self._at(now), asked)
        return answer, self._drain()

    # Below: one step at a time.

    def _at(self, now: float) -> Switchboard:
        self.board.now = max(now, self.board.now)
        return self.board

    def _drain(self) -> list[Effect]:
        self._settle()
        effects, self.board.effects = self.board.effects, []
        return effects

    def _settle(self) -> None:
        board = self.board
        while board.steps:
            step = board.steps.popleft()
            call = board.calls.get(step.call)
            if call is None:
                continue
            match step:
                case End(_, status):
                    legs.end(board, call, status)
                case GoOn():
                    player.go_on(board, step)
                case Run():
                    player.run(board, call)
                case _:
                    assert_never(step)

    def _key(self, call: Call, key: str) -> None:
        script = call.aside or call.main
        place = call.place
        if script is not None and script.recorder is not None:
            if key in script.recorder.verb.finish_on_key:
                player.recorded(self.board, call, script, key)
        elif script is not None and script.gathering is not None:
            wait = script.gathering
            over = gathering.press(wait, key)
            if over:
                player.gathered(self.board, call, script, wait.digits)
            else:
                call.alarm = self.board.wake(call.sid, wait.verb.timeout)
                wait.listening = True
        elif isinstance(place, Dialling) and place.verb.hangup_on_star and key == "*":
            self.board.then(End(place.winner or "", "completed"))

    def _time_is_up(self, call: Call) -> None:
        script = call.aside or call.main
        wait = script.gathering if script is not None else None
        if script is not None and script.recorder is not None:
            player.recorded(self.board, call, script, "")
        elif script is not None and wait is not None and wait.listening:
            player.gathered(self.board, call, script, wait.digits)
        else:
            player.run(self.board, call)

    def _drop(self, phone: str, now: float, how: str) -> list[Effect]:
        board = self._at(now)
        call = board.on_call(phone)
        if call is None:
            return self._no("This phone is in no call", phone)
        board.note(f"{phone} {how}", "", "act")
        if call.answered is not None:
            legs.end(board, call, "completed")
        else:
            legs.end(board, call, "no-answer" if call.direction == "inbound" else "busy")
        return self._drain()

    def _refused(self, phone: str, now: float, how: str, status: str) -> list[Effect]:
        board = self._at(now)
        call = self._rung(phone)
        if call is None:
            return self._no("This phone does not ring", phone)
        board.note(f"{phone} {how}", "", "act")
        legs.end(board, call, status)
        return self._drain()

    def _rung(self, phone: str) -> Call | None:
        call = self.board.on_call(phone)
        return call if call is not None and call.ringing_in else None

    def _is_advisor(self, call: Call) -> bool:
        if not call.live or call.direction == "inbound" or call.answered is None:
            return False
        parent = self.board.calls.get(call.parent or "")
        place = parent.place if parent is not None else None
        joined = isinstance(place, Dialling) and place.winner == call.sid
        return call.talking or (
            joined and isinstance(place, Dialling) and place.bridged is not None
        )

    def _no(self, title: str, detail: str = "") -> list[Effect]:
        self.board.effects.append(Cannot(title, detail))
        return self._drain()
