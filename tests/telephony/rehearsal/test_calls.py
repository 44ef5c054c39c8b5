"""An inbound call: its first request, Say, Pause, Gather, Redirect, Hangup, Reject, faults."""

from __future__ import annotations

import pytest

from telephony.rehearsal.fetching import APOLOGY
from telephony.rehearsal.values import Reply
from tests.telephony.rehearsal.stage import ACCOUNT, ANNA, BASE, LINE, Stage, xml


def test_the_first_request_rings_and_carries_what_every_voice_request_does() -> None:
    # Voice request parameters; the first webhook of an inbound call has CallStatus=ringing.
    stage = Stage({"/voice": "<Say>Hello</Say>"})
    stage.ring()
    (told,) = stage.at("/voice")
    assert told["AccountSid"] == ACCOUNT
    assert told["CallSid"] == stage.call().sid
    assert (told["From"], told["To"]) == (told["Caller"], told["Called"]) == (ANNA, LINE)
    assert (told["CallStatus"], told["Direction"]) == ("ringing", "inbound")
    assert told["ApiVersion"] == "2010-04-01"
    assert (told["FromCountry"], told["FromCity"]) == ("GB", "")


def test_a_withheld_number_comes_as_anonymous() -> None:
    stage = Stage()
    stage.ring(withheld=True)
    assert stage.at("/voice")[0]["From"] == "anonymous"
    assert stage.at("/voice")[0]["FromCountry"] == ""


def test_verbs_play_in_order_and_the_call_ends_with_the_document() -> None:
    stage = Stage({"/voice": '<Say>One</Say><Pause length="2"/><Say loop="2">Two</Say>'})
    stage.ring()
    assert stage.heard() == ["One"]
    stage.wait(30)
    assert stage.heard() == ["One", "Two", "Two"]
    assert stage.idle()
    assert stage.at("/line-status")[0]["CallStatus"] == "completed"


def test_the_status_callback_of_the_number_tells_the_end_once() -> None:
    # CallbackSource, SequenceNumber from 0, Timestamp as RFC 2822, CallDuration in seconds.
    stage = Stage({"/voice": '<Pause length="60"/>'})
    stage.ring()
    stage.wait(90)
    (told,) = stage.at("/line-status")
    assert told["CallbackSource"] == "call-progress-events"
    assert told["SequenceNumber"] == "0"
    assert told["Timestamp"].endswith("+0000")


@pytest.mark.parametrize(
    ("first", "status"),
    [
        ("<Say>hello</Say>", "in-progress"),
        ("<Gather/>", "in-progress"),
        ('<Pause length="3"/>', "ringing"),  # <Pause> first: the carrier waits before picking up
        ("<Redirect>/other</Redirect>", "completed"),
    ],
)
def test_which_first_verb_answers_the_call(first: str, status: str) -> None:
    stage = Stage({"/voice": first, "/other": '<Reject reason="busy"/>'})
    stage.ring()
    call = next(iter(stage.exchange.board.calls.values()))
    assert call.status == (status if status != "completed" else "busy")


def test_reject_ends_the_call_unanswered() -> None:
    # <Reject>: the call is never answered; reason busy or rejected.
    stage = Stage({"/voice": '<Reject reason="busy"/>'})
    stage.ring()
    assert stage.at("/line-status")[0]["CallStatus"] == "busy"
    assert stage.at("/line-status")[0]["CallDuration"] == "0"


def test_hangup_ends_it_even_as_the_first_verb_and_the_rest_is_dead() -> None:
    stage = Stage({"/voice": "<Hangup/><Say>never</Say>"})
    stage.ring()
    assert stage.idle()
    assert stage.heard() == []


def test_redirect_asks_the_new_address_and_the_rest_is_dead() -> None:
    # <Redirect>: relative to the current document; later verbs are unreachable.
    stage = Stage({"/voice": "<Redirect>menu?a=1&amp;b=2</Redirect><Say>never</Say>"})
    stage.ring()
    assert stage.sent[1].url == f"{BASE}/menu?a=1&b=2"
    assert stage.heard() == []


class TestGather:
    """<Gather> collects keys."""

    MENU = (
        '<Gather numDigits="1" action="/chosen" timeout="4"><Say>Press 1.</Say></Gather>'
        "<Say>Nothing pressed.</Say>"
    )

    def test_num_digits_ends_it_and_a_key_stops_the_prompt(self) -> None:
        stage = Stage({"/voice": self.MENU})
        stage.ring()
        stage.press("1")
        assert stage.at("/chosen")[0]["Digits"] == "1"
        assert stage.at("/chosen")[0]["CallStatus"] == "in-progress"

    def test_no_input_falls_through_without_a_request(self) -> None:
        stage = Stage({"/voice": self.MENU})
        stage.ring()
        stage.wait(20)
        assert stage.heard() == ["Press 1.", "Nothing pressed."]
        assert stage.at("/chosen") == []

    def test_action_on_empty_result_asks_even_without_input(self) -> None:
        stage = Stage({"/voice": '<Gather action="/chosen" actionOnEmptyResult="true"/>'})
        stage.ring()
        stage.wait(6)
        assert stage.at("/chosen")[0]["Digits"] == ""

    def test_the_timeout_starts_after_the_prompt_and_anew_after_each_key(self) -> None:
        stage = Stage({"/voice": '<Gather action="/chosen"><Pause length="30"/></Gather>'})
        stage.ring()
        stage.wait(33)
        stage.press("4")
        stage.wait(4)
        stage.press("2")
        stage.wait(4)
        assert stage.at("/chosen") == []
        stage.wait(2)
        assert stage.at("/chosen")[0]["Digits"] == "42"

    def test_finish_on_key_ends_and_is_not_sent(self) -> None:
        stage = Stage({"/voice": '<Gather action="/chosen"/>'})
        stage.ring()
        stage.press("55#")
        assert stage.at("/chosen")[0]["Digits"] == "55"

    def test_the_finishing_key_alone_is_no_input(self) -> None:
        stage = Stage({"/voice": '<Gather action="/chosen"/><Say>Next.</Say>'})
        stage.ring()
        stage.press("#")
        assert stage.heard() == ["Next."]
        assert stage.at("/chosen") == []

    def test_an_empty_finish_on_key_takes_every_key(self) -> None:
        stage = Stage({"/voice": '<Gather action="/chosen" finishOnKey="" numDigits="2"/>'})
        stage.ring()
        stage.press("*#")
        assert stage.at("/chosen")[0]["Digits"] == "*#"

    def test_without_an_action_the_current_address_is_asked(self) -> None:
        stage = Stage({"/voice": '<Gather numDigits="1"/>'})
        stage.ring()
        stage.press("7")
        assert [told.get("Digits") for told in stage.at("/voice")] == [None, "7"]

    def test_keys_outside_a_gather_reach_nobody(self) -> None:
        stage = Stage({"/voice": '<Pause length="5"/><Gather numDigits="1" action="/chosen"/>'})
        stage.ring()
        stage.wait(5)
        stage.press("1")
        assert len(stage.at("/chosen")) == 1


class TestFaults:
    """Primary handler fails: fallback URL with ErrorCode and ErrorUrl, else the apology."""

    @pytest.mark.parametrize(
        ("reply", "code"),
        [
            (Reply(500, "text/html", b"oops"), 11200),
            (Reply(0, error="ct"), 11205),
            (Reply(200, "text/xml", b"<Respons"), 12100),
            (Reply(200, "text/xml", b""), 12100),
            (Reply(200, "text/html", b"x" * 70_000), 11750),
            (Reply(200, "application/json", b"{}"), 12300),
            (xml("<Connect/>"), 12200),
        ],
    )
    def test_without_a_fallback_the_caller_hears_the_apology_and_is_cut_off(
        self, reply: Reply, code: int
    ) -> None:
        stage = Stage({"/voice": reply})
        stage.ring()
        assert stage.heard() == [APOLOGY]
        assert stage.idle()
        assert code in stage.errors()

    def test_with_a_fallback_it_is_asked_at_once(self) -> None:
        stage = Stage(
            {"/voice": Reply(503), "/fallback": "<Say>Call 999 in danger.</Say>"},
            fallback=f"{BASE}/fallback",
        )
        stage.ring()
        (told,) = stage.at("/fallback")
        assert (told["ErrorCode"], told["ErrorUrl"]) == ("11200", f"{BASE}/voice")
        assert stage.heard() == ["Call 999 in danger."]

    def test_a_fallback_that_fails_too_is_the_apology(self) -> None:
        stage = Stage({"/voice": Reply(503), "/fallback": Reply(503)}, f"{BASE}/fallback")
        stage.ring()
        assert stage.heard() == [APOLOGY]
        assert len(stage.at("/fallback")) == 1

    def test_an_unknown_verb_is_shown_and_the_call_goes_on(self) -> None:
        stage = Stage({"/voice": "<Shout>hello</Shout><Say>Hello.</Say>"})
        stage.ring()
        assert stage.heard() == ["Hello."]
        assert 12200 in stage.errors()

    def test_documents_without_a_sound_are_shown_as_a_storm_and_slowed(self) -> None:
        stage = Stage({"/voice": "<Redirect/>"})
        stage.silent = True
        stage.ring()
        for _ in range(30):
            stage.release()
        assert [send.after for send in stage.sent if send.after] == [1.0] * 11
        assert any("storm" in note.title for note in stage.notes)


def test_a_caller_who_leaves_before_an_answer_came_is_gone_when_it_comes() -> None:
    stage = Stage({"/voice": "<Say>Too late.</Say>"}, silent=True)
    stage.ring()
    stage.hang_up()
    stage.release()
    assert stage.heard() == []
    assert stage.at("/line-status")[0]["CallStatus"] == "no-answer"


def test_lost_signal_and_hanging_up_look_alike_to_the_carrier() -> None:
    told = []
    for leaves in ("hang_up", "lose_signal"):
        stage = Stage({"/voice": "<Gather/><Pause length='60'/>"})
        stage.ring()
        stage.wait(20)
        stage.do(getattr(stage.exchange, leaves)(ANNA, stage.now))
        told.append([send.params for send in stage.sent])
    assert told[0] == told[1]
    assert told[0][-1]["CallDuration"] == "20"


def test_acts_that_make_no_sense_change_nothing() -> None:
    stage = Stage()
    stage.press("1")
    stage.hang_up()
    stage.answer()
    stage.do(stage.exchange.text(ANNA, "+440000", "hello", stage.now))
    stage.do(stage.exchange.ring("not a number", LINE, stage.now))
    assert len(stage.cannot) == 5
    assert stage.sent == []


def test_the_same_callback_twice_is_never_spent_on_hold_music() -> None:
    stage = Stage(
        {"/voice": "<Enqueue waitUrl='/wait' action='/left'>q</Enqueue>", "/wait": "<Pause/>"}
    )
    stage.ring()
    stage.do(stage.exchange.repeat_next(stage.now))
    stage.wait(5)
    stage.hang_up()
    assert {send.url for send in stage.sent if send.copies == 2} == {f"{BASE}/left"}


def test_the_same_callback_twice_and_a_late_one() -> None:
    stage = Stage({"/voice": '<Gather numDigits="1" action="/chosen"/>'})
    stage.do(stage.exchange.delay_next(stage.now))
    stage.ring()
    stage.do(stage.exchange.repeat_next(stage.now))
    stage.press("1")
    assert [send.copies for send in stage.sent[:2]] == [1, 2]
    assert stage.sent[-1].url.endswith("/line-status")
    assert stage.sent[-1].after == 20.0


def test_a_browser_is_rung_by_its_identity_as_a_phone_is() -> None:
    # Calls resource, To: a phone number, or client: and an identity.
    stage = Stage({"/answer": "<Say>Helpline call</Say>"})
    form = {"From": LINE, "Url": f"{BASE}/answer"}
    status, made = stage.rest("POST", "Calls.json", To="client:u_maya", **form)
    assert (status, made["to"]) == (201, "client:u_maya")
    stage.wait(1)
    stage.answer("client:u_maya")
    assert stage.heard("client:u_maya") == ["Helpline call"]
    (told,) = stage.at("/answer")
    assert told["To"] == "client:u_maya"
    status, said = stage.rest("POST", "Calls.json", To="client:not a name", **form)
    assert (status, said["code"]) == (400, 21211)


def test_a_lost_callback_is_never_sent_again_and_the_next_one_is() -> None:
    # Status callbacks: one connection retry and no replay; whoever was away must ask by REST.
    stage = Stage({"/voice": '<Gather timeout="60"/>'})
    stage.ring()
    stage.do(stage.exchange.lose_next(stage.now))
    stage.hang_up()
    stage.wait(900)
    assert stage.at("/line-status") == []
    assert [note.title for note in stage.notes if "lost on the way" in note.title] != []
    calls = stage.rest("GET", "Calls.json")[1]["calls"]
    assert isinstance(calls, list)
    assert calls[0]["status"] == "completed", "the carrier itself knows that it is over"
    stage.ring()
    stage.hang_up()
    assert len(stage.at("/line-status")) == 1
