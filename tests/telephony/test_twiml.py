"""The documents themselves: addresses, escaping, the room's manners, and never a recording."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest

import telephony
from app.cases.model import Channel
from app.cases.safe_contact import Permit, Purpose
from telephony import documents, twiml
from telephony.states import Bridging, Overflow, Part, Ringing, Talking, Voicemail, Waiting
from telephony.verbs import Gather, Pause, Play, Record, Step, Verb, Words
from tests.telephony.story import CALL, MIDNIGHT, NIGHT, SPEAKER, check


def xml(*verbs: Verb) -> ElementTree.Element:
    root = ElementTree.fromstring(SPEAKER.document(CALL, verbs))
    check(root, "Response")
    return root


def test_words_of_a_definition_are_escaped() -> None:
    source = SPEAKER.document(CALL, (Words("Press 1 for <A> & 'B'"),))
    assert "&lt;A&gt; &amp; 'B'" in source
    assert source.startswith('<?xml version="1.0"')


def test_no_say_is_longer_than_the_carrier_reads() -> None:
    assert len(xml(Words("a" * 9000))[0].text or "") == 4096


def test_addresses_carry_the_call_and_the_state_s_number() -> None:
    addresses = twiml.Addresses("https://front.example", "CA/1?x")
    assert addresses.of(Step("wait", 3)) == (
        "https://front.example/telephony/voice/CA%2F1%3Fx/3/wait"
    )
    assert addresses.of(Step("pressed", leg=2, tries=1)).endswith("/leg/2/pressed?tries=1")
    assert addresses.sound("hold.wav") == "https://front.example/telephony/sounds/hold.wav"


def test_a_room_is_silent_until_both_are_there_beeps_at_nobody_and_ends_for_both() -> None:
    state = Bridging(2, 1, "room-7f3a", MIDNIGHT)
    for verbs in (documents.room(state), documents.advisor_room(state)):
        conference = xml(*verbs)[0][0]
        assert conference.text == "room-7f3a"
        assert conference.attrib["beep"] == "false"
        assert conference.attrib["waitUrl"] == ""
        assert conference.attrib["startConferenceOnEnter"] == "true"
        assert conference.attrib["endConferenceOnExit"] == "true"
        assert conference.attrib["statusCallbackEvent"] == "start end join leave"


def test_both_legs_name_the_same_room_callback_for_the_first_to_join_decides() -> None:
    state = Bridging(2, 1, "room-7f3a", MIDNIGHT)
    caller, advisor = (
        xml(*verbs)[0][0].attrib["statusCallback"]
        for verbs in (documents.room(state), documents.advisor_room(state))
    )
    assert caller == advisor


def test_a_gather_takes_one_key() -> None:
    gather = xml(Gather((Words("Press 1."), Play("hold.wav"), Pause(1)), Step("menu", 1)))[0]
    assert gather.attrib["numDigits"] == "1"
    assert gather.attrib["input"] == "dtmf"
    assert [child.tag for child in gather] == ["Say", "Play", "Pause"]


def test_an_incoming_text_is_answered_once_and_only_while_the_permit_holds() -> None:
    permit = Permit(Purpose.REPLY, Channel.SMS, MIDNIGHT)
    before, after = MIDNIGHT - timedelta(seconds=1), MIDNIGHT
    root = ElementTree.fromstring(SPEAKER.answer(permit, "first_answer", before))
    assert [child.tag for child in root] == ["Message"]
    assert SPEAKER.answer(permit, "first_answer", after) == twiml.EMPTY


VOICEMAIL = {
    "response.record(",
    "recording_status_callback=addresses.of(ready),",
    'recording_status_callback_method="post",',
}


def test_no_code_of_the_line_can_start_a_recording() -> None:
    room = Path(telephony.__file__).parent
    for path in room.glob("**/*.py"):
        if "rehearsal" in path.parts:
            continue
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if "record" not in line.lower() or line.strip().startswith(("#", '"""')):
                continue
            words = line.lower().replace("do-not-record", "").replace("audit.record(", "")
            if path.name == "twiml.py" and words.strip() in VOICEMAIL:
                continue
            starts = (".record(", "recordings.create", "recording_status", "record=true", "<record")
            for startsit in starts:
                assert startsit not in words, f"{path.name}:{number}: {line}"


def test_only_a_voicemail_makes_the_one_verb_that_records() -> None:
    room = Path(telephony.__file__).parent
    makes = [
        path.name
        for path in room.glob("*.py")
        if re.search(r"(?<!class )\bRecord\(", path.read_text("utf-8"))
    ]
    assert sorted(makes) == ["documents.py", "twiml.py"]
    recording = [
        state
        for state in (
            Waiting(1), Voicemail(1), Voicemail(1, Part.CALL), Voicemail(1, Part.RECORD),
            Ringing(1, 1, MIDNIGHT), Overflow(1, 0, MIDNIGHT), Talking(1, 1, "room"),
        )
        if any(isinstance(verb, Record) for verb in documents.what_next(state, NIGHT))
    ]  # fmt: skip
    assert recording == [Voicemail(1, Part.RECORD)]


@pytest.mark.parametrize("sound", ["hold.wav", "sea.wav"])
def test_the_hold_sound_is_ours_small_and_made_by_its_script(sound: str, tmp_path: Path) -> None:
    from telephony.sounds import compose

    made = tmp_path / sound
    compose.compose(made)
    committed = Path(compose.__file__).with_name(sound).read_bytes()
    assert made.read_bytes() == committed
    assert len(committed) < 200_000
