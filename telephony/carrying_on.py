"""A caller asked to go on by text: one text to the number on the line, and a conversation of it.

They are on the line and pressed a key for it, so a reply is permitted; the Permit is checked again
at the moment of sending (S4). A withheld number and a landline were never offered this (S6).
"""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from app.cases import acts as contacts
from app.cases.model import SYSTEM, Channel, Opening
from app.cases.tables import contacts as contact_table
from app.cases.tables import conversations
from app.cases.transcript import Post, Transcript
from app.db import Work
from app.errors import FrontdoorError
from app.log import log
from routing import acts as routing
from telephony.house import House
from telephony.tables import calls, threads
from telephony.texting import webhook_key


@dataclass(frozen=True)
class Fresh:
    """Ids for the contact and the conversation that may be opened."""

    contact: str
    conversation: str


def asked(work: Work) -> list[str]:
    """The calls whose caller asked for a text that is not written yet."""
    rows = work.run(sa.select(calls.c.sid).where(calls.c.wants == "text").order_by(calls.c.sid))
    return [row.sid for row in rows]


def begin(work: Work, house: House, transcript: Transcript, call: str, fresh: Fresh) -> None:
    """A text contact of its own, with a place in the same queue; its first line is the text.

    Twice is once: the call remembers that it is written.
    """
    claimed = work.run(
        calls.update().where(calls.c.sid == call, calls.c.wants == "text").values(wants="texted")
    )
    if claimed.rowcount != 1:
        return
    row = work.run(sa.select(calls).where(calls.c.sid == call)).one()
    found = house.line(row.service, row.line)
    number = contacts.number_of(work, house.keyring, row.contact)
    if found is None or number is None or found[0].text_line is None:
        log.warning("text_me.impossible", call=call)
        return
    service, line = found[0], found[0].text_line
    caller = contacts.load(work, row.contact)
    contact = contacts.arrive(
        work,
        house.keyring,
        Opening(
            key=f"text-me:{call}",
            id=fresh.contact,
            service=service.key,
            hub=caller.hub,
            channel=Channel.SMS,
            line=line.key,
            need=caller.need,
            area_found=caller.area_found,
            number=number,
            conversation=fresh.conversation,
        ),
    )
    routing.request_seat(work, contact.id)
    _thread(work, house, service.key, line.key, contact.id, fresh.conversation, number)
    words = house.speaker.words_in(caller.need.language).text("carry_on")
    post = Post(fresh.conversation, SYSTEM, webhook_key(f"text-me:{call}")[:16], words)
    (kept,) = transcript.append(work, [post])
    if isinstance(kept, FrontdoorError):
        raise kept


def _thread(
    work: Work, house: House, service: str, line: str, contact: str, conversation: str, number: str
) -> None:
    """As if they had written this moment: an answer of theirs comes to this very conversation.

    A STOP that they once texted to this line still stands, and the Permit refuses.
    """
    key_id = work.run(
        sa.select(conversations.c.key_id).where(conversations.c.id == conversation)
    ).scalar_one()
    index = work.run(
        sa.select(contact_table.c.number_index).where(contact_table.c.id == contact)
    ).scalar_one()
    stopped = work.run(
        sa.select(threads.c.opted_out)
        .where(
            threads.c.service == service,
            threads.c.line == line,
            threads.c.number_index == index,
        )
        .order_by(threads.c.made_at.desc())
        .limit(1)
    ).scalar()
    work.insert_once(
        threads, conversation=conversation, contact=contact, service=service, line=line,
        number_index=index, key_id=key_id,
        number=house.keyring.seal(work, key_id, number, "text_thread", "number", conversation),
        last_word_at=work.now, opted_out=bool(stopped), seen_seq=0, made_at=work.now,
    )  # fmt: skip
