"""A line of the transcript as one peer is told it: who wrote it, by first name, and whose it is."""

from __future__ import annotations

from collections.abc import Mapping

from app.cases.model import SYSTEM, VISITOR, Kind, Message
from chat import frames
from chat.frames import client_id_text


def told(
    line: Message, me: str, conversation: str, epoch: str, names: Mapping[str, str]
) -> frames.Message:
    """`me` is the sender the peer writes as; `names` is staff id to first name."""
    mine = line.sender == me
    sender = _from(line, mine=mine)
    return frames.Message(
        conversation=conversation,
        epoch=epoch,
        seq=line.seq,
        sender=sender,
        text=line.text,
        at=line.at.isoformat(),
        name=names.get(staff_of(line.sender)) if sender in ("advisor", "you") else None,
        client_id=client_id_text(line.client_id) if mine else None,
    )


def staff_of(sender: str) -> str:
    return sender.removeprefix("staff:")


def _from(line: Message, *, mine: bool) -> str:
    if line.sender == SYSTEM or line.kind is Kind.EVENT:
        return "line"
    if mine:
        return "you"
    return "visitor" if line.sender == VISITOR else "advisor"
