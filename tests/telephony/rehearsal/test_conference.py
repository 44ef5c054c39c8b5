"""<Conference>: start, wait, hold, mute, leaving, endConferenceOnExit, and its events."""

from __future__ import annotations

import pytest

from telephony.rehearsal.values import Reply
from tests.telephony.rehearsal.stage import ANNA, BASE, LINE, MAYA, TOM, Stage

EVENTS = 'statusCallback="/room" statusCallbackEvent="start end join leave mute hold modify"'
CALLER = f'<Dial action="/after"><Conference waitUrl="/music" {EVENTS}>r1</Conference></Dial>'
ADVISOR = (
    '<Dial><Conference beep="false" startConferenceOnEnter="true" endConferenceOnExit="true">'
    "r1</Conference></Dial>"
)


def together(**answers: str | Reply) -> Stage:
    """Anna waits in the room; Maya is rung by REST and comes in."""
    whole: dict[str, str | Reply] = {
        "/voice": CALLER,
        "/agent": ADVISOR,
        "/music": "<Say>Wait.</Say>",
    }
    stage = Stage({**whole, **{f"/{name}": answer for name, answer in answers.items()}})
    stage.ring()
    stage.rest("POST", "Calls.json", To=MAYA, From=LINE, Url=f"{BASE}/agent")
    stage.wait(1)
    stage.answer()
    return stage


def events(stage: Stage) -> list[str]:
    return [told["StatusCallbackEvent"] for told in stage.at("/room")]


def room(stage: Stage) -> dict[str, object]:
    _, page = stage.rest("GET", "Conferences.json", FriendlyName="r1")
    found = page["conferences"]
    assert isinstance(found, list)
    return dict(found[0])


def seat(stage: Stage, phone: str) -> str:
    return f"Conferences/{room(stage)['sid']}/Participants/{stage.call(phone).sid}.json"


def test_it_starts_with_the_second_and_tells_it() -> None:
    # Starts when two are there and one has startConferenceOnEnter; own SequenceNumber.
    stage = together()
    assert events(stage) == ["participant-join", "participant-join", "conference-start"]
    assert [told["SequenceNumber"] for told in stage.at("/room")] == ["1", "2", "3"]
    told = stage.at("/room")[0]
    assert told["FriendlyName"] == "r1"
    assert told["ConferenceSid"].startswith("CF")
    assert (told["Muted"], told["Hold"], told["EndConferenceOnExit"]) == ("false",) * 3
    assert stage.heard() == ["Wait."]


def test_two_who_may_not_start_it_wait_on() -> None:
    stage = together(
        voice=CALLER.replace("<Conference ", '<Conference startConferenceOnEnter="false" '),
        agent=ADVISOR.replace('Enter="true"', 'Enter="false"'),
    )
    assert room(stage)["status"] == "init"
    assert "conference-start" not in events(stage)


def test_the_wait_document_is_not_looped() -> None:
    stage = Stage({"/voice": CALLER, "/music": "<Say>Wait.</Say>"})
    stage.ring()
    stage.wait(120)
    assert len(stage.at("/music")) == 1


@pytest.mark.parametrize("music", ["<Gather/>", "<Hangup/>", "<Dial>+447700900184</Dial>"])
def test_the_wait_document_allows_four_verbs_only(music: str) -> None:
    # 13238, and a failing waitUrl breaks the join.
    stage = Stage({"/voice": CALLER, "/music": music})
    stage.ring()
    assert 13238 in stage.errors()
    assert stage.at("/after")[0]["DialCallStatus"] == "failed"


def test_when_the_one_with_end_conference_on_exit_leaves_the_others_go_on() -> None:
    # endConferenceOnExit: the others' <Dial> ends, action with DialCallStatus=answered.
    stage = together(after="<Say>We lost your advisor. Stay on the line.</Say>")
    stage.do(stage.exchange.drop_advisor(stage.now))
    (told,) = stage.at("/after")
    assert told["DialCallStatus"] == "answered"
    assert "DialCallSid" not in told
    assert stage.heard()[-1] == "We lost your advisor. Stay on the line."
    left = [t for t in stage.at("/room") if t["StatusCallbackEvent"] == "participant-leave"]
    assert [t["ReasonParticipantLeft"] for t in left] == [
        "participant_hung_up", "moderator_ended_conference",
    ]  # fmt: skip
    (ended,) = [t for t in stage.at("/room") if t["StatusCallbackEvent"] == "conference-end"]
    assert ended["ReasonConferenceEnded"] == "participant-with-end-conference-on-exit-left"
    assert ended["CallSidEndingConference"] == left[0]["CallSid"]


def test_one_left_alone_hears_nothing_and_the_last_to_leave_ends_it() -> None:
    stage = together(agent=ADVISOR.replace('Exit="true"', 'Exit="false"'))
    stage.hang_up(MAYA)
    assert "silence" in stage.ears[-2].words or "silence" in stage.ears[-1].words
    assert room(stage)["status"] == "in-progress"
    stage.hang_up()
    assert room(stage)["status"] == "completed"
    assert stage.at("/room")[-1]["ReasonConferenceEnded"] == "last-participant-left"


def test_a_caller_moved_out_by_rest_leaves_the_room() -> None:
    stage = together(elsewhere="<Say>One moment.</Say>")
    stage.rest("POST", f"Calls/{stage.call().sid}.json", Url=f"{BASE}/elsewhere")
    assert stage.heard()[-1] == "One moment."
    assert stage.at("/after") == []
    left = stage.at("/room")[-1]
    assert left["ReasonParticipantLeft"] == "participant_updated_via_api"


def test_hold_plays_to_them_and_mute_is_told() -> None:
    stage = together(hold="<Say>Please hold.</Say>")
    status, body = stage.rest("POST", seat(stage, ANNA), Hold="true", HoldUrl=f"{BASE}/hold")
    assert (status, body["hold"]) == (200, True)
    assert stage.heard()[-1] == "Please hold."
    stage.rest("POST", seat(stage, ANNA), Hold="false")
    stage.rest("POST", seat(stage, ANNA), Muted="true")
    assert events(stage)[-3:] == ["participant-hold", "participant-unhold", "participant-mute"]


def test_end_conference_on_exit_cannot_be_changed_on_hold() -> None:
    # 200 OK, no effect: set the flags first, hold second.
    stage = together()
    where = seat(stage, MAYA)
    stage.rest("POST", where, Hold="true")
    _, body = stage.rest("POST", where, EndConferenceOnExit="false")
    assert body["end_conference_on_exit"] is True
    stage.rest("POST", where, Hold="false")
    _, body = stage.rest("POST", where, EndConferenceOnExit="false")
    assert body["end_conference_on_exit"] is False
    assert events(stage)[-1] == "participant-modify"


def test_delete_removes_and_their_own_document_goes_on() -> None:
    stage = together(after="<Say>Goodbye.</Say>")
    assert stage.rest("DELETE", seat(stage, ANNA))[0] == 204
    assert stage.heard()[-1] == "Goodbye."


def test_a_third_is_added_by_name_with_a_label() -> None:
    stage = together()
    status, body = stage.rest(
        "POST", "Conferences/r1/Participants.json", From=LINE, To=TOM, Label="helper",
        EarlyMedia="false", Beep="false", EndConferenceOnExit="false",
    )  # fmt: skip
    assert (status, body["status"], body["label"]) == (201, "queued", "helper")
    stage.wait(1)
    stage.answer(TOM)
    status, body = stage.rest("GET", "Conferences/r1/Participants/helper.json")
    assert body["status"] == "connected"
    assert stage.at("/room")[-1]["ParticipantLabel"] == "helper"
    _, page = stage.rest("GET", "Conferences/r1/Participants.json")
    assert len(page["participants"]) == 3  # type: ignore[arg-type]  # JSON


def test_one_who_never_answers_is_told_as_add_failed() -> None:
    stage = together()
    stage.rest("POST", "Conferences/r1/Participants.json", From=LINE, To=TOM, Timeout="10")
    stage.wait(15)
    told = stage.at("/room")[-1]
    assert told["ReasonParticipantLeft"] == "participant_add_failed"
    assert told["ParticipantCallStatus"] == "no-answer"


def test_the_room_is_ended_by_rest() -> None:
    stage = together(after="<Say>Goodbye.</Say>")
    sid = room(stage)["sid"]
    status, body = stage.rest("POST", f"Conferences/{sid}.json", Status="completed")
    assert (status, body["status"]) == (200, "completed")
    assert body["reason_conference_ended"] == "conference-ended-via-api"
    assert stage.heard()[-1] == "Goodbye."
    assert stage.idle(MAYA)


def test_coaching_needs_one_who_is_there() -> None:
    stage = together()
    status, body = stage.rest("POST", seat(stage, MAYA), Coaching="true", CallSidToCoach="CAno")
    assert (status, body["code"]) == (400, 13240)


def test_keys_in_a_conference_reach_nobody() -> None:
    stage = together()
    before = len(stage.sent)
    stage.press("123")
    assert len(stage.sent) == before


def test_a_new_room_of_the_same_name_is_another_room() -> None:
    stage = together()
    first = room(stage)["sid"]
    stage.hang_up(MAYA)
    stage.ring(TOM)
    assert room(stage)["sid"] != first
