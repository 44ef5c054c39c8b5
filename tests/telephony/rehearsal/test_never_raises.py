"""Nothing that people, products or clocks do makes the exchange raise, and its books stay true."""

from __future__ import annotations

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from telephony.rehearsal.exchange import Exchange
from telephony.rehearsal.state import Dialling, InQueue, InRoom
from telephony.rehearsal.table import Table
from telephony.rehearsal.values import Asked, Effect, Line, Reply, Send, Wake
from tests.machines import played
from tests.telephony.rehearsal.stage import ACCOUNT, ANNA, BASE, LINE, MAYA, TOM

pytestmark = pytest.mark.machine

PHONES = st.sampled_from([ANNA, MAYA, TOM, "+441632960201", "nonsense"])
URLS = st.sampled_from(["/a", "/b?x=1", f"{BASE}/c", "", "http://[bad", "ftp://x", "b#rc=2"])
WORDS = st.sampled_from(["hello", "", "Call 999 " * 30, "½ ’"])
SOUND = st.one_of(
    WORDS.map(lambda w: f"<Say>{w}</Say>"),
    st.sampled_from(['<Say loop="0">on</Say>', "<Play>/m.mp3</Play>", '<Play loop="0">/m</Play>']),
    st.integers(0, 3).map(lambda n: f'<Pause length="{n}"/>'),
    st.just('<Play digits="12"/>'),
)


def gather(parts: tuple[list[str], str, str, int]) -> str:
    inside, url, key, digits = parts
    return (
        f'<Gather action="{url}" finishOnKey="{key}" numDigits="{digits}" timeout="2">'
        f"{''.join(inside)}</Gather>"
    )


CONFERENCE = st.tuples(st.sampled_from(["r1", "r2"]), st.booleans(), st.booleans(), URLS).map(
    lambda p: (
        f'<Conference startConferenceOnEnter="{str(p[1]).lower()}" waitUrl="{p[3]}" '
        f'endConferenceOnExit="{str(p[2]).lower()}" statusCallback="/room" '
        f'statusCallbackEvent="start end join leave mute hold modify">{p[0]}</Conference>'
    )
)
NUMBERS = st.lists(st.tuples(PHONES, URLS), min_size=1, max_size=3).map(
    lambda many: "".join(f'<Number url="{u}" statusCallback="{u}">{n}</Number>' for n, u in many)
)
VERB = st.one_of(
    SOUND,
    st.tuples(st.lists(SOUND, max_size=2), URLS, st.sampled_from(["#", "", "*"]), st.integers(0, 3))
    .map(gather),
    URLS.map(lambda u: f"<Redirect>{u}</Redirect>"),
    st.tuples(URLS, URLS, st.integers(1, 3)).map(
        lambda p: f'<Enqueue action="{p[0]}" waitUrl="{p[1]}" maxQueueSize="{p[2]}">q</Enqueue>'
    ),
    st.sampled_from(["<Enqueue>q</Enqueue>", "<Leave/>", "<Hangup/>", "<Reject/>", "<Record/>"]),
    st.sampled_from(["<Dial/>", "<say>a</say>", "<Dial><Queue>q</Queue></Dial>", "<Message/>"]),
    st.tuples(URLS, st.one_of(NUMBERS, CONFERENCE), st.integers(1, 9), st.booleans()).map(
        lambda p: (
            f'<Dial action="{p[0]}" timeout="{p[2]}" timeLimit="5" '
            f'answerOnBridge="{str(p[3]).lower()}" hangupOnStar="true">{p[1]}</Dial>'
        )
    ),
)  # fmt: skip
DOCUMENT = st.lists(VERB, max_size=4).map(lambda verbs: f"<Response>{''.join(verbs)}</Response>")
REPLY = st.one_of(
    DOCUMENT.map(lambda text: Reply(200, "text/xml", text.encode())),
    DOCUMENT.map(lambda text: Reply(200, "text/xml", text.encode())),
    st.builds(
        Reply,
        st.sampled_from([0, 200, 204, 302, 404, 500]),
        st.sampled_from(["", "text/xml", "text/plain", "audio/mpeg", "application/json"]),
        st.binary(max_size=40),
        st.sampled_from(["", "", "ct", "rt", "broken"]),
    ),
)
# What a well-made product answers: these lead deep into rooms, queues and joined calls.
GOOD = st.one_of(
    CONFERENCE.map(lambda noun: f'<Dial action="/a">{noun}</Dial>'),
    st.lists(st.sampled_from([MAYA, TOM]), min_size=1, max_size=2, unique=True).map(
        lambda many: "".join(f"<Number>{n}</Number>" for n in many)
    ).map(lambda numbers: f'<Dial timeLimit="30" hangupOnStar="true">{numbers}</Dial><Hangup/>'),
    st.just('<Enqueue waitUrl="/wait" action="/a">q</Enqueue>'),
    st.just('<Gather numDigits="1"><Say>Press 1.</Say></Gather><Pause length="5"/>'),
    st.just('<Pause length="20"/>'),
).map(lambda verb: f"<Response>{verb}</Response>")  # fmt: skip
FORM = st.dictionaries(
    st.sampled_from(
        "To From Url Twiml Status Muted Hold HoldUrl EndConferenceOnExit Body Timeout Label "
        "StatusCallback StatusCallbackEvent Coaching CallSidToCoach Page PageSize FriendlyName "
        "ConferenceStatusCallback".split()
    ),
    st.lists(
        st.one_of(
            st.sampled_from([
                ANNA, MAYA, LINE, f"{BASE}/c", "true", "false", "completed", "canceled", "5", "r1",
                "answered", "", "²", "<Response><Say>hi</Say></Response>",
            ]),
            st.text(max_size=8),
        ),
        min_size=1, max_size=2,
    ),
    max_size=6,
)  # fmt: skip


class Anything(RuleBasedStateMachine):
    """Any order of acts, answers, alarms and requests."""

    def __init__(self) -> None:
        super().__init__()
        line = Line(LINE, "Cumbria", f"{BASE}/voice", f"{BASE}/sms", f"{BASE}/f", f"{BASE}/s")
        self.exchange = Exchange(ACCOUNT, [line], "seed")
        self.table = Table([(ANNA, "Anna")], {}, 0.0)
        self.now = 1000.0
        self.sent: list[Send] = []
        self.alarms: list[Wake] = []

    def take(self, effects: list[Effect]) -> None:
        self.sent += [one for one in effects if isinstance(one, Send)]
        self.alarms += [one for one in effects if isinstance(one, Wake)]

    @rule(phone=PHONES, withheld=st.booleans())
    def ring(self, phone: str, withheld: bool) -> None:
        self.take(self.exchange.ring(phone, LINE, self.now, withheld=withheld))

    @rule(phone=PHONES, keys=st.text("0123456789*#a", max_size=4))
    def press(self, phone: str, keys: str) -> None:
        self.take(self.exchange.press(phone, keys, self.now))

    @rule(
        phone=PHONES, act=st.sampled_from(["hang_up", "lose_signal", "answer", "decline", "ignore"])
    )
    def act(self, phone: str, act: str) -> None:
        self.take(getattr(self.exchange, act)(phone, self.now))

    @rule(
        fault=st.sampled_from(
            [
                "repeat_next",
                "delay_next",
                "lose_next",
                "refuse_next",
                "withhold_next",
                "drop_advisor",
            ]
        )
    )
    def fault(self, fault: str) -> None:
        self.take(getattr(self.exchange, fault)(self.now))

    @rule(phone=PHONES, words=st.one_of(WORDS, st.sampled_from(["STOP", "start", "help"])))
    def text(self, phone: str, words: str) -> None:
        self.take(self.exchange.text(phone, LINE, words, self.now))

    @rule(which=st.integers(0, 9), reply=REPLY)
    def reply(self, which: int, reply: Reply) -> None:
        if self.sent:
            send = self.sent.pop(which % len(self.sent))
            self.take(self.exchange.reply(send.ticket, reply, self.now))

    @rule(reply=REPLY)
    def reply_to_the_newest(self, reply: Reply) -> None:
        if self.sent:
            send = self.sent.pop()
            self.take(self.exchange.reply(send.ticket, reply, self.now))

    @rule(document=GOOD)
    def a_good_product_answers_all(self, document: str) -> None:
        for send in list(self.sent):
            reply = Reply(200, "text/xml", document.encode())
            self.take(self.exchange.reply(send.ticket, reply, self.now))
        self.sent = self.sent[-5:]

    @rule(phone=st.sampled_from([ANNA, MAYA, TOM]), document=GOOD)
    def a_phone_is_rung_and_answered(self, phone: str, document: str) -> None:
        form = {"To": [phone], "From": [LINE], "Twiml": [document], "Timeout": ["30"]}
        asked = Asked("POST", f"Accounts/{ACCOUNT}/Calls.json", form)
        self.take(self.exchange.rest(asked, self.now)[1])
        self.wait(1.0)
        self.everyone_picks_up()

    @rule()
    def everyone_picks_up(self) -> None:
        for phone in list(self.exchange.board.hands):
            self.take(self.exchange.answer(phone, self.now))

    @rule(seconds=st.floats(0, 40))
    def wait(self, seconds: float) -> None:
        self.now += seconds
        due = [one for one in self.alarms if one.at <= self.now]
        self.alarms = [one for one in self.alarms if one.at > self.now]
        for alarm in due:
            self.take(self.exchange.woke(alarm.sid, alarm.number, self.now))

    @rule(
        method=st.sampled_from(["GET", "POST", "DELETE"]),
        where=st.sampled_from([
            "Calls", "Calls/{call}", "Conferences", "Conferences/{room}",
            "Conferences/{room}/Participants", "Conferences/r1/Participants",
            "Conferences/{room}/Participants/{call}", "Queues", "Queues/{queue}",
            "Queues/{queue}/Members", "Queues/{queue}/Members/{call}",
            "Queues/{queue}/Members/Front", "Messages", "Messages/{text}", "", "Recordings",
        ]),
        which=st.integers(0, 9),
        form=FORM,
    )  # fmt: skip
    def rest(self, method: str, where: str, which: int, form: dict[str, list[str]]) -> None:
        board = self.exchange.board

        def one(sids: dict[str, object]) -> str:
            return list(sids)[which % len(sids)] if sids else "none"

        path = where.format(
            call=one(dict(board.calls)), room=one(dict(board.rooms)),
            queue=one(dict(board.queues)), text=one(dict(board.texts)),
        )  # fmt: skip
        asked = Asked(method, f"Accounts/{ACCOUNT}/{path}.json", form)
        answer, effects = self.exchange.rest(asked, self.now)
        assert 200 <= answer.status < 504
        self.take(effects)

    @invariant()
    def the_books_are_true(self) -> None:
        """Who is live holds a phone; who is in a queue or room is in its list, and back."""
        board = self.exchange.board
        assert not board.steps
        for phone, sid in board.hands.items():
            assert board.calls[sid].live
            assert board.calls[sid].phone == phone
        for call in board.calls.values():
            match call.place:
                case InQueue(queue):
                    assert call.live
                    assert call.sid in board.queues[queue].members
                case InRoom(room):
                    assert call.live
                    assert board.rooms[room].seats[call.sid].joined
                case Dialling(_, children):
                    assert call.live
                    assert any(board.calls[child].live for child in children)
                case None:
                    pass
            if not call.live:
                assert call.status in ("completed", "busy", "no-answer", "failed", "canceled")
        for queue_ in board.queues.values():
            assert all(isinstance(board.calls[sid].place, InQueue) for sid in queue_.members)
        for room_ in board.rooms.values():
            assert all(board.calls[sid].live for sid in room_.seats)
            assert room_.live or not room_.seats

    @invariant()
    def the_page_can_always_be_drawn(self) -> None:
        self.table.picture(self.exchange.board, self.now)


TestNothingRaises = Anything.TestCase
TestNothingRaises.settings = played(60)
