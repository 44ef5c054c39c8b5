"""The checker: recordings against rows, once everybody has settled (S1). Pure, and itself tested.

It believes nobody: neither an ack, nor a line, nor a row stands without the other two.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tests.proof.recording import Acked, HandedOn, Heard, Kept, Recording, Refused, Said, Welcomed

SYSTEM = "system"


class Fault(StrEnum):
    LOST = "lost"
    DOUBLED = "doubled"
    REORDERED = "reordered"
    CROSSED = "crossed"
    ACK_WITHOUT_ROW = "ack without a row"
    ROW_WITHOUT_WORDS = "row without the words"
    BEGUN_AGAIN = "told to begin again"


@dataclass(frozen=True)
class Found:
    fault: Fault
    conversation: str
    what: str

    def __str__(self) -> str:
        return f"{self.fault}: {self.what} ({self.conversation})"


def judge(recordings: Sequence[Recording], rows: Mapping[str, Sequence[Kept]]) -> list[Found]:
    """Every fault there is; an empty list is the proof. Texts must be unique in the whole run."""
    everything = _Everything(recordings, rows)
    found = [
        Found(fault, conversation, what)
        for conversation in rows
        for fault, what in everything.of_rows(conversation)
    ]
    for recording in recordings:
        for faults in (everything.of_words, everything.of_ears):
            found += [Found(f, recording.conversation, what) for f, what in faults(recording)]
    return found


Faults = Iterator[tuple[Fault, str]]


class _Everything:
    def __init__(self, recordings: Sequence[Recording], rows: Mapping[str, Sequence[Kept]]) -> None:
        self._rows = rows
        self._said: dict[tuple[str, str], tuple[Recording, str]] = {}
        self._home: dict[str, str] = {}
        for recording in recordings:
            for event in recording.events:
                if isinstance(event, Said):
                    self._said[recording.sender, event.client_id] = (recording, event.text)
                    self._home[event.text] = recording.conversation
        self._kept: defaultdict[tuple[str, str], list[tuple[str, Kept]]] = defaultdict(list)
        for conversation, kept in rows.items():
            for row in kept:
                self._kept[row.sender, row.client_id].append((conversation, row))

    def of_rows(self, conversation: str) -> Faults:
        """Places without a gap, and every row said by somebody, here, in these words."""
        places = Counter(row.seq for row in self._rows[conversation])
        for seq in range(1, max(places, default=0) + 1):
            if places[seq] != 1:
                fault = Fault.DOUBLED if places[seq] else Fault.LOST
                yield fault, f"place {seq} is there {places[seq]} times"
        for row in self._rows[conversation]:
            if row.sender == SYSTEM:
                continue
            told = self._said.get((row.sender, row.client_id))
            if told is None:
                home = self._home.get(row.text or "")
                crossed = home is not None and home != conversation
                fault = Fault.CROSSED if crossed else Fault.ROW_WITHOUT_WORDS
                yield fault, f"row {row.seq} was said by nobody here"
            elif told[0].conversation != conversation:
                yield Fault.CROSSED, f"row {row.seq} belongs to {told[0].conversation}"
            elif row.text != told[1]:
                yield Fault.ROW_WITHOUT_WORDS, f"row {row.seq} does not hold what was said"

    def of_words(self, recording: Recording) -> Faults:
        """Every word said is one row, the ack names its place, and the order is as it was said."""
        acks = {e.client_id: e.seq for e in recording.events if isinstance(e, Acked)}
        turned = {e.client_id for e in recording.events if isinstance(e, Refused)}
        last = 0
        for event in recording.events:
            match event:
                case Said(client_id):
                    kept = self._kept[recording.sender, client_id]
                    if not kept:
                        acked = client_id in acks
                        if not acked and HandedOn() in recording.events:
                            continue
                        fault = Fault.ACK_WITHOUT_ROW if acked else Fault.LOST
                        yield fault, f"{recording.who} said {client_id}"
                        continue
                    if len(kept) > 1:
                        yield Fault.DOUBLED, f"{client_id} is kept {len(kept)} times"
                    seq = kept[0][1].seq
                    if client_id not in turned:
                        if seq < last:
                            yield Fault.REORDERED, f"{client_id} was said after place {last}"
                        last = max(last, seq)
                case Acked(client_id, seq):
                    kept = self._kept[recording.sender, client_id]
                    if kept and kept[0][1].seq != seq:
                        where = f"acknowledged as {seq}, kept as {kept[0][1].seq}"
                        yield Fault.REORDERED, f"{client_id} was {where}"
                    elif not kept and (recording.sender, client_id) not in self._said:
                        yield Fault.ACK_WITHOUT_ROW, f"{client_id}, which nobody said"
                case Welcomed(at=at, reset=True) if at:
                    yield Fault.BEGUN_AGAIN, f"{recording.who}, who had come to {at}"
                case _:
                    pass

    def of_ears(self, recording: Recording) -> Faults:
        """Every line was told, at its place, as it is kept, and each in its turn."""
        rows = {row.seq: row for row in self._rows.get(recording.conversation, ())}
        at = 0
        told: set[int] = set()
        for event in recording.events:
            match event:
                case Heard(seq, text, conversation):
                    row = rows.get(seq)
                    home = self._home.get(text)
                    if conversation != recording.conversation or (
                        home is not None and home != recording.conversation
                    ):
                        yield Fault.CROSSED, f"{recording.who} heard a line of {home}"
                    elif row is None:
                        yield Fault.LOST, f"{recording.who} heard place {seq}, which is not kept"
                    elif row.text != text:
                        fault = Fault.REORDERED if home else Fault.ROW_WITHOUT_WORDS
                        yield fault, f"{recording.who} heard other words at {seq}"
                    if seq > at + 1:
                        yield Fault.REORDERED, f"{recording.who} heard {seq} after {at}"
                    at = max(at, seq)
                    told.add(seq)
                case Acked(_, seq):
                    at = seq if seq == at + 1 else at
                    told.add(seq)
                case _:
                    pass
        missed = rows.keys() - told
        if missed and HandedOn() not in recording.events:
            yield Fault.LOST, f"{recording.who} was never told {len(missed)} lines: {min(missed)}"
