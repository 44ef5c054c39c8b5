"""<Record>: one person's message, its end by silence, a key or a hang-up, and its REST face."""

from __future__ import annotations

import io
import wave

import pytest

from telephony.rehearsal.recording import sound
from telephony.rehearsal.state import Recorded
from tests.telephony.rehearsal.stage import ANNA, BASE, Stage, xml

MESSAGE = (
    '<Record action="/done" timeout="10" maxLength="180" finishOnKey="#" '
    'recordingStatusCallback="/kept"/><Say>We heard nothing.</Say>'
)
WORDS = "It is Anna. Please ring me tomorrow morning, when he is at work."


def recording(inside: str = MESSAGE) -> Stage:
    stage = Stage({"/voice": inside, "/done": "<Say>Thank you.</Say>"})
    stage.ring()
    return stage


def speak(stage: Stage, words: str = WORDS) -> None:
    stage.do(stage.exchange.speak(ANNA, words, stage.now))


def test_words_and_then_silence_end_it_and_the_silence_is_cut_away() -> None:
    # trim=trim-silence; the action gets RecordingUrl, RecordingDuration and Digits.
    stage = recording()
    speak(stage)
    stage.wait(13)
    assert stage.at("/done") == [], "the silence is not over"
    stage.wait(3)
    (done,) = stage.at("/done")
    assert (done["Digits"], done["RecordingDuration"]) == ("", "4")
    assert stage.heard() == ["Thank you."]


def test_the_callback_names_the_recording_for_whoever_fetches_it() -> None:
    # recordingStatusCallback: RecordingSid, RecordingStatus, RecordingSource=RecordVerb.
    stage = recording()
    speak(stage)
    stage.press("#")
    (kept,) = stage.at("/kept")
    assert kept["RecordingSid"].startswith("RE")
    assert (kept["RecordingStatus"], kept["RecordingSource"]) == ("completed", "RecordVerb")
    assert kept["RecordingUrl"].endswith(f"/Recordings/{kept['RecordingSid']}")


def test_a_person_who_says_nothing_goes_on_to_the_next_verb() -> None:
    # "If the caller does not speak at all, the <Record> exits and falls through".
    stage = recording()
    stage.wait(11)
    assert stage.heard() == ["We heard nothing."]
    assert (stage.at("/done"), stage.at("/kept")) == ([], [])


def test_a_key_ends_it_and_only_one_that_was_named() -> None:
    stage = recording()
    speak(stage)
    stage.press("5")
    assert stage.at("/done") == []
    stage.press("#")
    assert stage.at("/done")[0]["Digits"] == "#"


def test_a_hang_up_is_told_and_its_answer_plays_to_nobody() -> None:
    # Digits=hangup; the callback comes all the same.
    stage = recording()
    speak(stage)
    stage.wait(3)
    stage.hang_up()
    assert stage.at("/done")[0]["Digits"] == "hangup"
    assert stage.at("/done")[0]["CallStatus"] == "completed"
    assert stage.at("/kept")[0]["RecordingDuration"] == "3"
    assert stage.heard() == []


def test_the_longest_time_ends_it() -> None:
    stage = recording('<Record action="/done" maxLength="2" timeout="10"/>')
    speak(stage)
    stage.wait(2.5)
    assert stage.at("/done")[0]["RecordingDuration"] == "2"


def test_a_caller_who_is_moved_leaves_what_they_said() -> None:
    stage = recording()
    speak(stage)
    stage.rest("POST", f"Calls/{stage.call().sid}.json", Url=f"{BASE}/elsewhere")
    assert len(stage.at("/kept")) == 1
    assert stage.at("/done") == []


def test_it_lies_with_the_carrier_until_it_is_deleted() -> None:
    stage = recording()
    speak(stage)
    stage.press("#")
    sid = stage.at("/kept")[0]["RecordingSid"]
    status, body = stage.rest("GET", f"Recordings/{sid}.json")
    assert (status, body["duration"], body["source"]) == (200, "0", "RecordVerb")
    _, listed = stage.rest("GET", "Recordings.json", CallSid=stage.at("/kept")[0]["CallSid"])
    assert isinstance(listed["recordings"], list)
    assert len(listed["recordings"]) == 1
    assert stage.rest("DELETE", f"Recordings/{sid}.json")[0] == 204
    assert stage.rest("GET", f"Recordings/{sid}.wav")[0] == 404


@pytest.mark.parametrize("seconds", [0, 4])
def test_its_sound_is_a_wav_of_its_length(seconds: int) -> None:
    with wave.open(io.BytesIO(sound(Recorded("RE1", "CA1", 0.0, seconds, "")))) as opened:
        assert opened.getnframes() / opened.getframerate() == max(1, seconds)


def test_a_transcript_is_nothing_this_exchange_makes() -> None:
    stage = Stage({"/voice": xml('<Record transcribe="true"/>')})
    stage.ring()
    assert stage.errors() == [0]
