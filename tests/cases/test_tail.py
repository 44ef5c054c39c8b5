"""What a process remembers of a conversation: committed lines without a gap, or nothing at all."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from app.cases.model import Kind, Message
from app.cases.tail import MOST_KEPT, Tail

NIGHT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


def line(seq: int) -> Message:
    return Message(seq, "visitor", Kind.SAID, f"line {seq}", NIGHT, seq.to_bytes(16, "big"))


def tail_of(*seqs: int) -> Tail:
    tail = Tail()
    for seq in seqs:
        tail.add(line(seq))
    return tail


def test_a_reader_gets_what_it_has_not_read() -> None:
    assert tail_of(4, 5, 6).after(4) == [line(5), line(6)]


def test_a_reader_from_further_back_is_sent_to_the_transcript() -> None:
    tail = tail_of(4, 5, 6)
    assert tail.after(3) == [line(4), line(5), line(6)]
    assert tail.after(2) is None


def test_a_reader_who_has_read_all_is_sent_to_the_transcript_too() -> None:
    """It was told that there is more: another process wrote it."""
    assert tail_of(4).after(4) is None
    assert tail_of().after(0) is None


def test_a_gap_forgets_what_lay_before_it() -> None:
    tail = tail_of(4, 5, 9)
    assert tail.after(8) == [line(9)]
    assert tail.after(5) is None


def test_a_line_that_was_kept_before_is_not_taken_twice() -> None:
    assert tail_of(4, 5, 4).after(3) == [line(4), line(5)]


@given(st.lists(st.integers(1, 300)), st.integers(0, 300))
def test_never_a_gap_never_too_much(seqs: list[int], place: int) -> None:
    told = tail_of(*seqs).after(place)
    if told is not None:
        assert [each.seq for each in told] == list(range(place + 1, place + 1 + len(told)))
        assert 0 < len(told) <= 2 * MOST_KEPT


def test_a_long_conversation_keeps_only_its_end() -> None:
    tail = tail_of(*range(1, 1000))
    assert tail.after(999 - MOST_KEPT) is not None
    assert tail.after(999 - 2 * MOST_KEPT - 1) is None
