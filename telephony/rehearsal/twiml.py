"""From the body of a webhook's answer to verbs, or to the carrier's own error (S9).

An unknown or mis-cased name is the carrier's 12200: the call goes on without it, and the
exchange shows it. A body that is no document is 12100, too long 11750, of a wrong type 12300.
"""

from __future__ import annotations

from dataclasses import dataclass

from telephony.rehearsal import verbs as v
from telephony.rehearsal.markup import NotXml, read
from telephony.rehearsal.reading import MOST_SPOKEN, Reader
from telephony.rehearsal.values import Reply

MOST_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Document:
    verbs: tuple[v.Verb, ...]
    faults: tuple[str, ...] = ()

    @property
    def names(self) -> str:
        return ", ".join(_name(verb) for verb in self.verbs) or "empty document"


@dataclass(frozen=True, slots=True)
class Broken:
    """No document: the carrier's error number and why, in words."""

    code: int
    why: str


def understand(reply: Reply, *, messaging: bool = False) -> Document | Broken:
    """What the carrier makes of an answer, by status, content type and body."""
    if reply.error:
        return Broken(11205 if reply.error == "ct" else 11200, _transport(reply.error))
    if messaging and (reply.status == 204 or (reply.status == 200 and not reply.body.strip())):
        return Document(())
    if not 200 <= reply.status < 300:
        return Broken(11200, f"the server answered {reply.status}")
    if len(reply.body) > MOST_BYTES:
        return Broken(11750, "the answer is longer than 64 kB")
    kind = reply.content_type.partition(";")[0].strip().lower()
    match kind:
        case "text/xml" | "application/xml" | "text/html":
            return parse(reply.body, messaging=messaging)
        case "text/plain":
            words = reply.body.decode("utf-8", "replace")
            return Document((v.Message(words) if messaging else v.Say(words[:MOST_SPOKEN]),))
        case _ if kind.startswith("audio/") and not messaging:
            return Document((v.Play("audio", loop=0),))
        case _:
            return Broken(12300, f"the content type is {kind or 'missing'}, not XML")


def parse(body: bytes, *, messaging: bool = False) -> Document | Broken:
    """Reads a TwiML document."""
    if not body.strip():
        return Broken(12100, "the document is empty")
    if body[:1].isspace():
        return Broken(12100, "there is a blank before the document")
    try:
        root = read(body)
    except NotXml as reason:
        return Broken(12100, str(reason))
    if root.name != "Response":
        return Broken(12100, f"the root is <{root.name}>, not <Response>")
    reader = Reader(messaging)
    return Document(tuple(reader.verbs(root)), tuple(reader.faults))


def _name(verb: v.Verb) -> str:
    if isinstance(verb, v.NotPlayed):
        return verb.name
    return type(verb).__name__


def _transport(error: str) -> str:
    match error:
        case "ct":
            return "no connection to the server"
        case "rt":
            return "no answer within 15 seconds"
        case _:
            return error
