"""Text messages: in by webhook, out by REST or `<Message>`, and the carrier's own STOP list.

An exact STOP word is answered by the carrier itself and blocks further texts from that line
(21610), though the webhook still gets the message. Source: Programmable Messaging webhooks,
`<Message>`, "Twilio SMS STOP filtering".
"""

from __future__ import annotations

from telephony.rehearsal import verbs as v
from telephony.rehearsal.board import Switchboard, geography, path, resolve
from telephony.rehearsal.ringing import is_number
from telephony.rehearsal.state import AskedText, TextMessage, Told
from telephony.rehearsal.twiml import Broken, understand
from telephony.rehearsal.values import Params, Reply

STOP = frozenset(["stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout"])
START = frozenset({"start", "yes", "unstop"})
HELP = frozenset({"help", "info"})
MOST_LETTERS = 1600
_GSM7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "ÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà^{}\\[~]|€"
)


def receive(board: Switchboard, from_: str, line: str, words: str) -> None:
    """A person has sent a text to the line."""
    text = _add(
        board, TextMessage(board.mint("SM"), from_, line, words, "inbound", board.now, "received")
    )
    board.got(from_, line, words, mine=True)
    _keyword(board, from_, line, words.strip().lower())
    url = board.lines[line].sms_url
    if url is None:
        board.note("A text, and no address for texts", line, "error")
        return
    board.note("A text arrives", f"POST {path(url)}", "signed")
    _ask(board, text, url, "POST")


def answered(board: Switchboard, asked: AskedText, reply: Reply) -> None:
    """The webhook's answer: messages to send back, or nothing. There is no fallback: it is lost."""
    text = board.texts.get(asked.message)
    if text is None:
        return
    document = understand(reply, messaging=True)
    if isinstance(document, Broken):
        board.note(f"{document.code}: {document.why}", path(asked.url), "error", document.code)
        return
    for fault in document.faults:
        board.note(f"TwiML: {fault}", path(asked.url), "error", 12200)
    for verb in document.verbs[:10]:
        if isinstance(verb, v.Redirect):
            url = resolve(verb.url or asked.url, asked.url)
            if url is not None and url != asked.url:
                _ask(board, text, url, verb.method)
            return
        if isinstance(verb, v.Message) and verb.words.strip():
            back = resolve(verb.callback, asked.url) if verb.callback else None
            sent = send(
                board,
                verb.from_ or text.to,
                verb.to or text.from_,
                verb.words,
                back,
                "outbound-reply",
            )
            if isinstance(sent, tuple):
                board.note(f"{sent[0]}: {sent[1]}", "Message", "error", sent[0])


def send(
    board: Switchboard, from_: str, to: str, words: str, callback: str | None, direction: str
) -> TextMessage | tuple[int, str]:
    """Queues a text from one of our lines, or answers the carrier's error code and words."""
    if from_ not in board.lines:
        return 21606, f"The 'From' phone number {from_} is not a valid message-capable number"
    if not is_number(to):
        return 21211, f"Invalid 'To' Phone Number: {to}"
    if not words.strip():
        return 21602, "Message body is required"
    if len(words) > MOST_LETTERS:
        return 21617, "The concatenated message body exceeds the 1600 character limit"
    if (from_, to) in board.opted_out:
        return 21610, "Attempt to send to unsubscribed recipient"
    text = TextMessage(board.mint("SM"), from_, to, words, direction, board.now, "queued", callback)
    _add(board, text)
    board.wake(text.sid, 0.5)
    return text


def woke(board: Switchboard, text: TextMessage) -> None:
    """queued, sent, delivered: one step each time."""
    match text.status:
        case "queued":
            text.status = "sent"
            board.wake(text.sid, 1.0)
        case "sent":
            text.status = "delivered"
            board.got(text.to, text.from_, text.body)
            board.note("A text is delivered", f"to {text.to}", "done")
        case _:
            return
    if text.callback is not None:
        params = _params(board, text) | {"MessageStatus": text.status, "SmsStatus": text.status}
        board.send(Told(f"Callback: text {text.status}"), text.callback, "POST", params)


def segments(words: str) -> int:
    """GSM 7: 160 letters, joined 153; anything else: 70, joined 67."""
    whole, joined = (160, 153) if set(words) <= _GSM7 else (70, 67)
    return 1 if len(words) <= whole else -(-len(words) // joined)


def _add(board: Switchboard, text: TextMessage) -> TextMessage:
    board.texts[text.sid] = text
    if len(board.texts) > 500:
        del board.texts[next(iter(board.texts))]
    return text


def _ask(board: Switchboard, text: TextMessage, url: str, method: str) -> None:
    params = _params(board, text) | {
        "Body": text.body,
        "NumMedia": "0",
        "NumSegments": str(segments(text.body)),
        "SmsMessageSid": text.sid,
        "SmsStatus": "received",
    }
    params |= geography(text.from_, text.to)
    board.send(AskedText(text.sid, url), url, method, params)


def _params(board: Switchboard, text: TextMessage) -> Params:
    return {
        "AccountSid": board.account,
        "ApiVersion": "2010-04-01",
        "From": text.from_,
        "To": text.to,
        "MessageSid": text.sid,
        "SmsSid": text.sid,
    }


def _keyword(board: Switchboard, from_: str, line: str, word: str) -> None:
    """Only an exact single word counts; "stop please" does not."""
    pair = (line, from_)
    if word in STOP:
        board.opted_out.add(pair)
        own = "You have successfully been unsubscribed. Reply START to resubscribe."
    elif word in START and pair in board.opted_out:
        board.opted_out.discard(pair)
        own = "You have successfully been re-subscribed to messages from this number."
    elif word in HELP:
        own = "Reply STOP to unsubscribe. Msg&Data Rates May Apply."
    else:
        return
    board.note(f"The carrier itself answers {word.upper()}", own, "error", 21610)
    board.got(from_, line, own)
