"""<Enqueue>, its wait document, <Leave>, and the queue's REST resource."""

from __future__ import annotations

import pytest

from telephony.rehearsal.values import Reply
from tests.telephony.rehearsal.stage import ANNA, BASE, TOM, Stage

ENQUEUE = '<Enqueue action="/left" waitUrl="/wait">parking</Enqueue><Say>After the queue.</Say>'


def waiting(**answers: str | Reply) -> Stage:
    whole: dict[str, str | Reply] = {"/voice": ENQUEUE, "/wait": '<Pause length="10"/>'}
    stage = Stage({**whole, **{f"/{name}": answer for name, answer in answers.items()}})
    stage.ring()
    return stage


def test_the_wait_document_is_asked_over_and_over_with_the_place_in_line() -> None:
    # waitUrl: QueuePosition QueueSid QueueTime AvgQueueTime CurrentQueueSize MaxQueueSize.
    stage = waiting()
    stage.ring(TOM)
    stage.wait(11)
    told = stage.at("/wait")
    assert [(t["QueuePosition"], t["CurrentQueueSize"]) for t in told] == [
        ("1", "1"), ("2", "2"), ("1", "2"), ("2", "2"),
    ]  # fmt: skip
    assert told[2]["QueueTime"] == "10"
    assert told[0]["MaxQueueSize"] == "1000"
    assert told[0]["QueueSid"].startswith("QU")


def test_a_caller_who_hangs_up_is_told_to_the_action_but_hears_no_answer() -> None:
    # QueueResult=hangup, with CallStatus=completed.
    stage = waiting(left="<Say>never heard</Say>")
    stage.wait(25)
    stage.hang_up()
    (told,) = stage.at("/left")
    assert (told["QueueResult"], told["QueueTime"], told["CallStatus"]) == (
        "hangup", "25", "completed",
    )  # fmt: skip
    assert stage.heard() == []


def test_leave_asks_the_action_at_once() -> None:
    stage = waiting(wait="<Leave/>", left="<Say>You left.</Say>")
    assert stage.at("/left")[0]["QueueResult"] == "leave"
    assert stage.heard() == ["You left."]


def test_leave_outside_a_queue_does_nothing_and_is_shown() -> None:
    stage = Stage({"/voice": "<Leave/><Say>Still here.</Say>"})
    stage.ring()
    assert stage.heard() == ["Still here."]
    assert 12200 in stage.errors()


def test_without_an_action_the_next_verb_plays() -> None:
    stage = Stage({"/voice": ENQUEUE.replace('action="/left" ', ""), "/wait": "<Leave/>"})
    stage.ring()
    assert stage.heard() == ["After the queue."]


@pytest.mark.parametrize("wait", ["<Dial>+447700900184</Dial>", "<Enqueue>other</Enqueue>"])
def test_the_wait_document_allows_only_its_own_verbs(wait: str) -> None:
    # An error in waitUrl TwiML: QueueResult=error, the caller leaves the queue.
    stage = waiting(wait=wait, left="<Say>Sorry.</Say>")
    assert stage.at("/left")[0]["QueueResult"] == "error"
    assert stage.heard() == ["Sorry."]
    assert 12200 in stage.errors()


def test_a_wait_document_that_fails_is_an_error_too() -> None:
    stage = waiting(wait=Reply(500))
    assert stage.at("/left")[0]["QueueResult"] == "error"


def test_a_full_queue_is_told_at_once() -> None:
    stage = Stage({"/voice": ENQUEUE.replace("<Enqueue ", '<Enqueue maxQueueSize="1" ')})
    stage.answers["/wait"] = '<Pause length="10"/>'
    stage.ring()
    stage.ring(TOM)
    assert [told["QueueResult"] for told in stage.at("/left")] == ["queue-full"]


def test_keys_in_the_wait_document_are_gathered() -> None:
    stage = waiting(wait='<Gather numDigits="1" action="/key"><Pause length="9"/></Gather>')
    stage.press("2")
    assert stage.at("/key")[0]["Digits"] == "2"


def test_a_caller_moved_by_rest_leaves_as_redirected_and_the_answer_is_not_played() -> None:
    # Calls/{sid} Url: QueueResult=redirected, requested at once; the call is already elsewhere.
    stage = waiting(left="<Say>never heard</Say>", join="<Say>Maya is here.</Say>")
    status, _ = stage.rest("POST", f"Calls/{stage.call().sid}.json", Url=f"{BASE}/join")
    assert status == 200
    assert stage.at("/left")[0]["QueueResult"] == "redirected"
    assert stage.heard() == ["Maya is here."]


def test_a_member_is_taken_by_sid_or_from_the_front() -> None:
    stage = waiting(join="<Say>You are next.</Say>")
    first = stage.call().sid
    stage.ring(TOM)
    _, page = stage.rest("GET", "Queues.json")
    queues = page["queues"]
    assert isinstance(queues, list)
    queue = queues[0]
    assert (queue["current_size"], queue["friendly_name"]) == (2, "parking")
    members = f"Queues/{queue['sid']}/Members"
    status, member = stage.rest("POST", f"{members}/Front.json", Url=f"{BASE}/join")
    assert (status, member["call_sid"], member["position"]) == (200, first, 1)
    assert stage.heard() == ["You are next."]
    status, member = stage.rest("GET", f"{members}/{stage.call(TOM).sid}.json")
    assert member["position"] == 1
    assert stage.rest("GET", f"{members}/{first}.json")[0] == 404
    assert stage.rest("GET", "Queues/parking/Members.json")[0] == 404  # the SID, not the name


def test_the_carriers_own_music_plays_without_a_wait_document() -> None:
    stage = Stage({"/voice": "<Enqueue>parking</Enqueue>"})
    stage.ring()
    stage.wait(600)
    assert not stage.idle(ANNA)
    assert len(stage.sent) == 1
