"""The checker is checked: a good night passes, and each planted fault is found for what it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from app.cases.model import VISITOR
from tests.proof.judge import Fault, judge
from tests.proof.recording import (
    Acked,
    HandedOn,
    Heard,
    Kept,
    Recording,
    Refused,
    Resumed,
    Rows,
    Said,
    SaidAgain,
    Welcomed,
)

STAFF = "staff:maya"


@dataclass
class Night:
    """Ella and Sam each write to Maya: four lines and two. Ella's line dropped once."""

    ella: Recording
    sam: Recording
    to_ella: Recording
    to_sam: Recording
    rows: Rows

    def faults(self) -> set[Fault]:
        recordings = [self.ella, self.sam, self.to_ella, self.to_sam]
        return {found.fault for found in judge(recordings, self.rows)}

    def row(self, at: int, **change: object) -> None:
        """Row number `at` of Ella's chat is kept otherwise than it was."""
        self.rows["c1"][at - 1] = replace(self.rows["c1"][at - 1], **change)  # type: ignore[arg-type]  # by name


@pytest.fixture
def night() -> Night:
    texts = {"e1": "hello?", "m1": "I am Maya.", "e2": "are you there?", "m2": "I am here."}
    senders = {"e1": VISITOR, "e2": VISITOR, "m1": STAFF, "m2": STAFF}
    rows = {
        "c1": [Kept(n, senders[id_], id_, text) for n, (id_, text) in enumerate(texts.items(), 1)],
        "c2": [Kept(1, VISITOR, "s1", "it is Sam"), Kept(2, STAFF, "m3", "Hello, Sam.")],
    }
    ella = Recording("Ella", VISITOR, "c1", [
        Welcomed("e", 0, 0, reset=False), Resumed(0.1),
        Said("e1", "hello?"), Acked("e1", 1), Heard(2, "I am Maya.", "c1"),
        Said("e2", "are you there?"),
        Welcomed("e", 4, 2, reset=False), SaidAgain("e2"),
        Heard(3, "are you there?", "c1"), Heard(4, "I am here.", "c1"), Resumed(0.1),
        Acked("e2", 3),
    ])  # fmt: skip
    to_ella = Recording("Maya", STAFF, "c1", [
        Welcomed("e", 1, 0, reset=False), Heard(1, "hello?", "c1"), Resumed(0.1),
        Said("m1", "I am Maya."), Acked("m1", 2), Heard(3, "are you there?", "c1"),
        Said("m2", "I am here."), Acked("m2", 4),
    ])  # fmt: skip
    sam = Recording("Sam", VISITOR, "c2", [
        Welcomed("e", 0, 0, reset=False),
        Said("s1", "it is Sam"), Acked("s1", 1), Heard(2, "Hello, Sam.", "c2"),
    ])  # fmt: skip
    to_sam = Recording("Maya", STAFF, "c2", [
        Welcomed("e", 1, 0, reset=False), Heard(1, "it is Sam", "c2"),
        Said("m3", "Hello, Sam."), Acked("m3", 2),
    ])  # fmt: skip
    return Night(ella, sam, to_ella, to_sam, rows)


def test_a_good_night_passes(night: Night) -> None:
    assert night.faults() == set()


def an_unacknowledged_line_is_gone(night: Night) -> None:
    night.ella.events.append(Said("e3", "anyone?"))


def a_reader_was_never_told(night: Night) -> None:
    night.to_ella.events.remove(Heard(3, "are you there?", "c1"))


def a_place_is_empty(night: Night) -> None:
    night.row(4, seq=5)


def a_line_is_kept_twice(night: Night) -> None:
    night.rows["c1"].append(Kept(5, VISITOR, "e1", "hello?"))


def one_place_is_taken_twice(night: Night) -> None:
    night.row(4, seq=3)


def the_second_word_is_kept_before_the_first(night: Night) -> None:
    night.row(1, client_id="e2", text="are you there?")
    night.row(3, client_id="e1", text="hello?")


def an_ack_names_another_place(night: Night) -> None:
    night.to_ella.events[-1] = Acked("m2", 3)


def lines_are_told_out_of_turn(night: Night) -> None:
    night.ella.events[8:10] = reversed(night.ella.events[8:10])


def one_line_is_told_as_another(night: Night) -> None:
    night.ella.events[8] = Heard(3, "I am here.", "c1")


def a_line_is_told_in_another_chat(night: Night) -> None:
    night.sam.events[-1] = Heard(2, "I am here.", "c1")


def a_line_is_told_as_if_it_were_of_this_chat(night: Night) -> None:
    night.sam.events[-1] = Heard(2, "I am here.", "c2")


def a_row_lies_in_another_chat(night: Night) -> None:
    night.rows["c2"].append(replace(night.rows["c1"].pop(), seq=3))


def an_acknowledged_line_is_gone(night: Night) -> None:
    night.rows["c1"].pop()


def something_was_acknowledged_that_nobody_said(night: Night) -> None:
    night.ella.events.append(Acked("e9", 4))


def a_row_holds_other_words(night: Night) -> None:
    night.row(3, text="are you here?")


def a_row_cannot_be_opened(night: Night) -> None:
    night.row(3, text=None)


def a_row_was_said_by_nobody(night: Night) -> None:
    night.rows["c1"].append(Kept(5, VISITOR, "e7", "who said that?"))


def ella_is_told_to_forget_everything(night: Night) -> None:
    night.ella.events[6] = Welcomed("e", 4, 2, reset=True)


@pytest.mark.parametrize(
    ("plant", "fault"),
    [
        (an_unacknowledged_line_is_gone, Fault.LOST),
        (a_reader_was_never_told, Fault.LOST),
        (a_place_is_empty, Fault.LOST),
        (a_line_is_kept_twice, Fault.DOUBLED),
        (one_place_is_taken_twice, Fault.DOUBLED),
        (the_second_word_is_kept_before_the_first, Fault.REORDERED),
        (an_ack_names_another_place, Fault.REORDERED),
        (lines_are_told_out_of_turn, Fault.REORDERED),
        (one_line_is_told_as_another, Fault.REORDERED),
        (a_line_is_told_in_another_chat, Fault.CROSSED),
        (a_line_is_told_as_if_it_were_of_this_chat, Fault.CROSSED),
        (a_row_lies_in_another_chat, Fault.CROSSED),
        (an_acknowledged_line_is_gone, Fault.ACK_WITHOUT_ROW),
        (something_was_acknowledged_that_nobody_said, Fault.ACK_WITHOUT_ROW),
        (a_row_holds_other_words, Fault.ROW_WITHOUT_WORDS),
        (a_row_cannot_be_opened, Fault.ROW_WITHOUT_WORDS),
        (a_row_was_said_by_nobody, Fault.ROW_WITHOUT_WORDS),
        (ella_is_told_to_forget_everything, Fault.BEGUN_AGAIN),
    ],
)
def test_a_planted_fault_is_found(
    night: Night, plant: Callable[[Night], None], fault: Fault
) -> None:
    assert night.faults() == set()
    plant(night)
    assert fault in night.faults()


def test_words_that_were_turned_away_for_a_moment_may_come_later(night: Night) -> None:
    the_second_word_is_kept_before_the_first(night)
    night.ella.events[2:3] = [Said("e1", "hello?"), Refused("e1", "slow_down")]
    order = [found for found in judge([night.ella], night.rows) if "after place" in found.what]
    assert order == []


def test_whoever_lost_the_chat_is_owed_no_more_than_their_acks(night: Night) -> None:
    night.to_sam.events += [Said("m4", "Are you safe?"), HandedOn()]
    night.rows["c2"].append(Kept(3, VISITOR, "s2", "is it you?"))
    night.sam.events += [Said("s2", "is it you?"), Acked("s2", 3)]
    assert night.faults() == set()
    night.to_sam.events.append(Acked("m4", 4))
    assert night.faults() == {Fault.ACK_WITHOUT_ROW}
