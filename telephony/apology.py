"""What is said when we ourselves are broken: needs nothing but the line's fallback numbers.

Every document says the emergency words, rings a person, and comes back to `again`, where a late
commit is reconciled. When every number was rung in vain it says so and starts over: nobody is
hung up on, and nothing goes round unsaid (S2, S11).
"""

from telephony import documents
from telephony.documents import HOLD, WHISPER_SECONDS
from telephony.verbs import DialNumber, Gather, Hangup, Redirect, Say, Step, Verb


def ring(number: int, index: int, numbers: tuple[str, ...], line: str) -> tuple[Verb, ...]:
    """Rings fallback number `index`. `number` is that of the document we could not answer."""
    if index >= len(numbers):
        again = Redirect(Step("again", number))
        return (Say("emergency_short"), Say("sorry_wait"), HOLD, again)
    dial = DialNumber(
        numbers[index],
        caller_id=line,
        whisper=Step("sorry-whisper", number),
        action=Step("again", number, tries=index + 1),
    )
    words = "sorry_fault" if index == 0 else "ringing_next"
    return (Say("emergency" if index == 0 else "emergency_short"), Say(words), dial)


def whisper(number: int) -> tuple[Verb, ...]:
    ask = Gather((Say("whisper"),), Step("sorry-pressed", number), WHISPER_SECONDS)
    return (ask, ask, Say("not_taken"), Hangup())


def pressed(digits: str) -> tuple[Verb, ...]:
    """Pressing 1 connects them: an empty document goes on to the bridge."""
    return () if digits == "1" else documents.let_go("not_taken")


def over() -> tuple[Verb, ...]:
    """A person was reached, and that talk is over."""
    return (Say("emergency_short"), Say("handed_over_ended"), Hangup())


def hold() -> tuple[Verb, ...]:
    """A waiting caller whose place we cannot read right now."""
    return (Say("emergency_short"), Say("place_unknown"), HOLD)
