"""<Dial> to numbers: ringing together, whisper, what the action is told, REST calls."""

from __future__ import annotations

from telephony.rehearsal.values import Reply
from tests.telephony.rehearsal.stage import ANNA, BASE, LINE, MAYA, TOM, Stage

DIAL = (
    f'<Dial timeout="20" action="/after" callerId="{LINE}">'
    f'<Number url="/whisper" statusCallback="/progress" '
    f'statusCallbackEvent="initiated ringing answered completed">{MAYA}</Number></Dial>'
)
ACCEPT = '<Gather numDigits="1" action="/accepted"><Say>Press 1 to accept.</Say></Gather><Hangup/>'


def dialled(**answers: str | Reply) -> Stage:
    whole: dict[str, str | Reply] = {"/voice": DIAL, "/whisper": ACCEPT}
    stage = Stage({**whole, **{f"/{name}": answer for name, answer in answers.items()}})
    stage.ring()
    return stage


def progress(stage: Stage) -> list[tuple[str, str]]:
    return [(told["SequenceNumber"], told["CallStatus"]) for told in stage.at("/progress")]


def test_the_called_leg_is_a_child_and_tells_its_progress() -> None:
    # Events initiated ringing answered completed; answered is told as in-progress.
    stage = dialled()
    stage.answer()
    stage.press("1", MAYA)
    stage.wait(30)
    stage.hang_up(MAYA)
    assert progress(stage) == [
        ("0", "queued"), ("1", "ringing"), ("2", "in-progress"), ("3", "completed"),
    ]  # fmt: skip
    told = stage.at("/progress")[0]
    assert told["Direction"] == "outbound-dial"
    assert told["ParentCallSid"] == stage.call().sid if not stage.idle() else True
    assert (told["From"], told["To"]) == (LINE, MAYA)
    assert stage.at("/progress")[3]["CallDuration"] == "30"


def test_after_the_whisper_both_are_joined_and_the_action_is_told_how_it_went() -> None:
    # The Number's url plays to the called person before the two are connected.
    stage = dialled(after="<Say>Goodbye.</Say>")
    stage.answer()
    assert stage.heard(MAYA) == ["Press 1 to accept."]
    assert "connected" not in " ".join(one.words for one in stage.ears if one.phone == ANNA)
    stage.press("1", MAYA)
    assert stage.at("/accepted")[0]["Digits"] == "1"
    stage.wait(40)
    stage.hang_up(MAYA)
    (told,) = stage.at("/after")
    assert (told["DialCallStatus"], told["DialBridged"]) == ("completed", "true")
    assert told["DialCallDuration"] == "40"
    assert told["DialCallSid"].startswith("CA")
    assert stage.heard() == ["Goodbye."]


def test_a_whisper_that_hangs_up_is_completed_but_not_bridged() -> None:
    # DialCallStatus=completed says only that somebody, or a machine, picked up.
    stage = dialled()
    stage.answer()
    stage.wait(20)
    (told,) = stage.at("/after")
    assert (told["DialCallStatus"], told["DialBridged"]) == ("completed", "false")


def test_no_answer_busy_and_failed() -> None:
    stage = dialled()
    stage.wait(21)
    assert stage.at("/after")[0]["DialCallStatus"] == "no-answer"

    stage = dialled()
    stage.do(stage.exchange.decline(MAYA, stage.now))
    assert stage.at("/after")[0]["DialCallStatus"] == "busy"

    stage = Stage({"/voice": '<Dial action="/after">01632 960201</Dial>'})
    stage.ring()
    assert stage.at("/after")[0]["DialCallStatus"] == "failed"
    assert 13224 in stage.errors()


def test_without_an_action_the_next_verb_plays() -> None:
    stage = Stage({"/voice": f"<Dial>{MAYA}</Dial><Say>Nobody came.</Say>"})
    stage.ring()
    stage.do(stage.exchange.ignore(MAYA, stage.now))
    assert stage.heard() == ["Nobody came."]


def test_several_ring_together_the_first_to_pick_up_wins_and_one_dead_number_stops_nobody() -> None:
    numbers = "".join(f"<Number>{n}</Number>" for n in ("12345", MAYA, TOM))
    stage = Stage({"/voice": f'<Dial action="/after">{numbers}</Dial>'})
    stage.ring()
    assert stage.at("/after") == []
    stage.answer(TOM)
    assert stage.idle(MAYA)
    stage.hang_up(TOM)
    assert stage.at("/after")[0]["DialCallStatus"] == "completed"


def test_when_the_caller_hangs_up_the_phones_stop_and_the_answer_plays_to_nobody() -> None:
    # Observed: the action is requested with CallStatus=completed.
    stage = dialled(after="<Say>never heard</Say>")
    stage.hang_up()
    assert stage.idle(MAYA)
    assert stage.at("/after")[0]["CallStatus"] == "completed"
    assert stage.heard() == []
    assert progress(stage)[-1] == ("2", "canceled")


def test_answer_on_bridge_keeps_the_caller_ringing_until_a_person_is_there() -> None:
    # answerOnBridge="true": the inbound call is answered only when the two are connected.
    stage = Stage({"/voice": f'<Dial answerOnBridge="true">{MAYA}</Dial>'})
    stage.ring()
    assert stage.call().status == "ringing"
    stage.answer()
    assert stage.call().status == "in-progress"


def test_star_ends_the_called_leg_if_asked_and_the_time_limit_ends_it_too() -> None:
    stage = Stage(
        {"/voice": f'<Dial hangupOnStar="true" action="/after">{MAYA}</Dial>', "/after": ""}
    )
    stage.ring()
    stage.answer()
    stage.press("*")
    assert stage.idle(MAYA)
    assert len(stage.at("/after")) == 1

    stage = Stage({"/voice": f'<Dial timeLimit="60" action="/after">{MAYA}</Dial>'})
    stage.ring()
    stage.answer()
    stage.wait(61)
    assert stage.at("/after")[0]["DialCallDuration"] == "60"


def test_a_caller_id_that_is_not_ours_is_refused() -> None:
    stage = Stage({"/voice": f'<Dial callerId="+441632960999">{MAYA}</Dial>'})
    stage.ring()
    assert 13214 in stage.errors()


def test_a_whisper_may_not_dial() -> None:
    stage = dialled(whisper=f"<Dial>{TOM}</Dial>")
    stage.answer()
    assert stage.idle(MAYA)
    assert stage.at("/after")[0]["DialBridged"] == "false"


class TestRestCalls:
    """POST Calls: rung, answered, given a document, ended."""

    def created(self, stage: Stage, **more: str | list[str]) -> str:
        status, call = stage.rest(
            "POST", "Calls.json", **{"To": MAYA, "From": LINE, "Url": f"{BASE}/agent"} | more
        )
        assert status == 201, call
        assert call["status"] == "queued"
        return str(call["sid"])

    def test_one_parameter_for_each_event(self) -> None:
        stage = Stage({"/agent": "<Say>Hello, Maya.</Say>"})
        events = ["initiated", "ringing", "answered", "completed"]
        self.created(stage, StatusCallback=f"{BASE}/s", StatusCallbackEvent=events, Timeout="15")
        stage.wait(1)
        stage.answer()
        stage.wait(30)
        assert [t["CallStatus"] for t in stage.at("/s")] == [
            "queued", "ringing", "in-progress", "completed",
        ]  # fmt: skip
        assert stage.at("/agent")[0]["Direction"] == "outbound-api"
        assert stage.heard(MAYA) == ["Hello, Maya."]

    def test_events_joined_into_one_value_tell_nothing_and_that_is_shown(self) -> None:
        stage = Stage()
        joined = "initiated ringing answered completed"
        self.created(stage, StatusCallback=f"{BASE}/s", StatusCallbackEvent=joined)
        stage.wait(90)
        assert stage.at("/s") == []
        assert any("is no event" in note.title for note in stage.notes)

    def test_it_rings_for_its_timeout_and_tells_no_answer(self) -> None:
        stage = Stage()
        self.created(stage, Timeout="15", StatusCallback=f"{BASE}/s")
        stage.wait(14)
        assert stage.call(MAYA).status == "ringing"
        stage.wait(2)
        assert [t["CallStatus"] for t in stage.at("/s")] == ["no-answer"]

    def test_inline_twiml_needs_whole_addresses(self) -> None:
        # Inside inline Twiml the action must be absolute.
        stage = Stage({"/key": "<Say>Thank you.</Say>"})
        good = f'<Response><Gather numDigits="1" action="{BASE}/key"/></Response>'
        self.created(stage, Url="", Twiml=good)
        stage.wait(1)
        stage.answer()
        stage.press("1", MAYA)
        assert stage.heard(MAYA) == ["Thank you."]

        stage = Stage()
        bad = '<Response><Gather numDigits="1" action="/key"/></Response>'
        self.created(stage, Url="", Twiml=bad)
        stage.wait(1)
        stage.answer()
        stage.press("1", MAYA)
        assert 11235 in stage.errors()

    def test_canceled_only_stops_what_rings_completed_ends_anything(self) -> None:
        stage = Stage({"/agent": "<Pause length='600'/><Say>a</Say>"})
        sid = self.created(stage)
        stage.wait(1)
        stage.rest("POST", f"Calls/{sid}.json", Status="canceled")
        assert stage.idle(MAYA)
        sid = self.created(stage)
        stage.wait(1)
        stage.answer()
        stage.rest("POST", f"Calls/{sid}.json", Status="canceled")
        assert stage.rest("GET", f"Calls/{sid}.json")[1]["status"] == "in-progress"
        stage.rest("POST", f"Calls/{sid}.json", Status="completed")
        assert stage.idle(MAYA)

    def test_a_call_that_is_over_is_21220_and_an_unknown_one_20404(self) -> None:
        stage = Stage()
        sid = self.created(stage)
        stage.wait(90)
        status, body = stage.rest("POST", f"Calls/{sid}.json", Url=f"{BASE}/x")
        assert (status, body["code"]) == (400, 21220)
        status, body = stage.rest("POST", "Calls/CAnone.json", Url=f"{BASE}/x")
        assert (status, body["code"]) == (404, 20404)

    def test_refusals_have_the_carriers_numbers(self) -> None:
        stage = Stage()
        for form, code in (
            ({"From": LINE, "Url": f"{BASE}/a"}, 21201),
            ({"To": "0123", "From": LINE, "Url": f"{BASE}/a"}, 21211),
            ({"To": MAYA, "From": MAYA, "Url": f"{BASE}/a"}, 21210),
            ({"To": MAYA, "From": LINE}, 21205),
            ({"To": MAYA, "From": LINE, "Twiml": "<Respons"}, 12100),
        ):
            status, body = stage.rest("POST", "Calls.json", **form)
            assert (status, body["code"]) == (400, code)

    def test_a_phone_in_a_call_is_busy(self) -> None:
        stage = Stage({"/agent": "<Pause length='60'/>", "/voice": "<Enqueue>q</Enqueue>"})
        stage.ring(MAYA)
        sid = self.created(stage)
        stage.wait(1)
        assert stage.rest("GET", f"Calls/{sid}.json")[1]["status"] == "busy"

    def test_calls_are_rung_at_the_pace_of_the_account(self) -> None:
        # calls.create: one call a second by default, the rest is queued.
        stage = Stage()
        stage.exchange.board.seconds_between_calls = 1.0
        self.created(stage, To=MAYA)
        self.created(stage, To=TOM)
        stage.wait(0.5)
        assert [stage.idle(MAYA), stage.idle(TOM)] == [False, True]
        stage.wait(1.0)
        assert not stage.idle(TOM)

    def test_the_next_request_is_refused_when_asked(self) -> None:
        stage = Stage()
        stage.do(stage.exchange.refuse_next(stage.now))
        status, body = stage.rest("GET", "Calls.json")
        assert (status, body["code"]) == (429, 20429)
        assert stage.rest("GET", "Calls.json")[0] == 200
