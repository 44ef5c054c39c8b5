"""What is said to whom, as lists of verbs. Emergency words open every document for a caller who
has nobody on the line (S11); every one ends in a next step (S2)."""

from telephony.states import (
    Arrived,
    Asking,
    Away,
    Bridging,
    Choice,
    Ended,
    Facts,
    Goodbye,
    Menu,
    Overflow,
    Part,
    Party,
    Ringing,
    Slowed,
    State,
    Talking,
    Voicemail,
    Waiting,
    Why,
)
from telephony.verbs import (
    DialNumber,
    DialRoom,
    Enqueue,
    Gather,
    Hangup,
    Leave,
    Play,
    Record,
    Redirect,
    Say,
    Step,
    Verb,
)

HOLD = Play("hold.wav")
ANSWER_SECONDS = 8
BIT_SECONDS = 15  # a little less than one bit of hold lasts, so that no minute is missed
WHISPER_SECONDS = 6
KEYS_SECONDS = 10


def queue(number: int, facts: Facts) -> Verb:
    return Enqueue(facts.queue, wait=Step("wait", number), action=Step("left", number))


def emergency(facts: Facts) -> Say:
    """The full emergency words. Nobody can speak or press 55 through a relay (S11)."""
    return Say("emergency_relay" if facts.relay else "emergency")


def danger(facts: Facts) -> Say:
    """The short ones, for whoever has heard the full ones in this call."""
    return Say("emergency_relay" if facts.relay else "emergency_short")


def welcome(number: int, facts: Facts) -> tuple[Verb, ...]:
    return (emergency(facts), Say("welcome"), queue(number, facts))


def menu(number: int, facts: Facts) -> tuple[Verb, ...]:
    ask = Gather(facts.menu, Step("menu", number))
    return (emergency(facts), Say("welcome"), ask, Redirect(Step("menu", number)))


def thanks(number: int, language: str, facts: Facts) -> tuple[Verb, ...]:
    """After the menu: the full emergency words were said a moment ago, in our usual language."""
    if language:
        return (emergency(facts), Say("thank_you"), queue(number, facts))
    return (Say("thank_you"), queue(number, facts))


def danger_first(number: int, facts: Facts) -> tuple[Verb, ...]:
    """They pressed 5 at us: 55 works only inside a 999 call, so that is said again."""
    return (emergency(facts), Say("please_wait"), queue(number, facts))


def slowed(number: int, facts: Facts) -> tuple[Verb, ...]:
    """A number that a supervisor slowed down: always the emergency words, always a person next."""
    sound = Play(facts.hold_sound)
    ask = Gather((Say("slowed"), sound, sound), Step("passed", number))
    return (emergency(facts), ask, Redirect(Step("passed", number)))


def waiting(state: Waiting | Ringing | Bridging, facts: Facts) -> tuple[Verb, ...]:
    """Into the queue, with the reason why."""
    why = state.why if isinstance(state, Waiting) else Why.NEW
    words = {
        Why.NEW: Say("please_wait"),
        Why.MISSED: Say("please_wait"),
        Why.LOST: Say("lost_advisor"),
        Why.NOBODY: Say("nobody_answered"),
        Why.BACK: Say("still_in_line"),
        Why.HANDED: Say("handed"),
    }[why]
    if isinstance(state, Ringing) and state.handed:
        words = Say("handed")
    return (danger(facts), words, queue(state.number, facts))


def hold(state: State, facts: Facts, seconds: int | None = None) -> tuple[Verb, ...]:
    """One bit of waiting: the honest place, then sound. Never without sound: a silent document
    is asked for again at once, for ever. The emergency words come back every minute."""
    again = seconds is None or (seconds >= BIT_SECONDS and seconds % 60 < BIT_SECONDS)
    first = (danger(facts),) if again else ()
    sound = Play(facts.hold_sound)
    if not isinstance(state, Waiting):
        return (*first, Say("advisor_coming"), sound)
    told = (*first, _place(facts), *(_range(facts) if again else ()))
    offered = open_to(state, facts)
    if seconds is None or not offered:
        return (*told, sound)
    asked = _offers(offered) if BIT_SECONDS <= seconds % 60 < 2 * BIT_SECONDS else ()
    return (Gather((*told, *asked, sound), Step("choice", state.number), 1),)


def open_to(state: Waiting, facts: Facts) -> tuple[Choice, ...]:
    """What is still offered to this caller, beside staying."""
    return tuple(each for each in facts.choices if each.value not in state.chosen)


def _place(facts: Facts) -> Say:
    if facts.position is None:
        return Say("place_unknown")
    if facts.position <= 1:
        return Say("place_first")
    return Say("place", (("position", str(facts.position)),))


def _range(facts: Facts) -> tuple[Say, ...]:
    """The honest range, or nothing rather than a guess."""
    if facts.minutes is None:
        return ()
    low, high = facts.minutes
    if high <= 1:
        return (Say("range_minute"),)
    if low < 1 or low == high:
        return (Say("range_below", (("high", str(high)),)),)
    return (Say("range", (("low", str(low)), ("high", str(high)))),)


def _offers(offered: tuple[Choice, ...]) -> tuple[Say, ...]:
    words = {
        Choice.CALL_BACK: "choice_call_back",
        Choice.VOICEMAIL: "choice_voicemail",
        Choice.TEXT: "choice_text",
    }
    return (Say("choice_stay"), *(Say(words[each]) for each in offered))


def hold_outside(state: State, facts: Facts) -> tuple[Verb, ...]:
    """Hold without the carrier's queue, when that is full or broken. Keys mean nothing here."""
    return (*hold(state, facts), Redirect(Step("hold", state.number)))


# Beside the hold sound. Each goes back to it: who waits is never without a next step (S2).


def _back(number: int) -> Redirect:
    return Redirect(Step("wait", number))


def stay(number: int) -> tuple[Verb, ...]:
    return (Say("still_in_line"), _back(number))


def danger_again(number: int, facts: Facts) -> tuple[Verb, ...]:
    return (emergency(facts), Say("still_in_line"), _back(number))


def ask_if_safe(choice: Choice, number: int) -> tuple[Verb, ...]:
    words = {Choice.CALL_BACK: "call_back_ask", Choice.TEXT: "text_ask"}[choice]
    ask = Gather((Say(words),), Step(choice.value, number), ANSWER_SECONDS)
    return (ask, *stay(number))


def call_back_noted(part: str, number: int, facts: Facts) -> tuple[Verb, ...]:
    """`today` says which of the two prompts; the hour is the service's own."""
    today, hour = facts.by_when[part]
    words = "call_back_noted" if today else "call_back_tomorrow"
    return (Say(words, (("time", hour),)), _back(number))


def text_noted(number: int) -> tuple[Verb, ...]:
    return (Say("text_noted"), _back(number))


def cannot(choice: Choice, number: int) -> tuple[Verb, ...]:
    """The number on the line cannot be rung, or texted: said, never pretended."""
    words = {Choice.CALL_BACK: "call_back_not", Choice.TEXT: "text_not"}[choice]
    return (Say(words), _back(number))


def ring_number(state: Overflow, facts: Facts) -> tuple[Verb, ...]:
    words = "ringing_someone" if state.index == 0 else "ringing_next"
    dial = DialNumber(
        facts.numbers[state.index],
        caller_id=facts.line,
        whisper=Step("whisper", state.number),
        action=Step("rung", state.number),
    )
    return (danger(facts), Say(words), dial)


def message(state: Voicemail, facts: Facts) -> tuple[Verb, ...]:
    """Two questions and a tone: is it safe to leave one, may we call back, and then their words.
    No key at all is no. Nothing said at all leads on to the next verb, and back to the line."""
    number, again = state.number, Redirect(Step("message", state.number))
    match state.part:
        case Part.SAFE:
            ask = Gather((Say("message_safe"),), Step("message", number), ANSWER_SECONDS)
            return (danger(facts), ask, again)
        case Part.CALL:
            ask = Gather((Say("message_call"),), Step("message", number), ANSWER_SECONDS)
            return (ask, again)
        case Part.RECORD:
            ready = "recording-call" if state.call_safe else "recording"
            record = Record(Step("recorded", number), Step(ready, number))
            words = "message_speak" if facts.number_known else "message_speak_withheld"
            return (Say(words), record, Redirect(Step("recorded", number)))


def room(state: Bridging | Talking | Away) -> tuple[Verb, ...]:
    """The caller's way into the room."""
    number = state.number
    return (DialRoom(state.room, Step("after-room", number), Step("room", number)),)


def goodbye(state: Goodbye) -> tuple[Verb, ...]:
    words = "handed_over_ended" if state.how == "handed_to_number" else "goodbye"
    words = "message_kept" if state.how == "voicemail" else words
    words = "ended_abusive" if state.abusive else words
    return (Say("emergency_short"), Say(words), Hangup())


def what_next(state: State, facts: Facts) -> tuple[Verb, ...]:
    """The document that brings a caller who is on the line to where they are."""
    match state:
        case Arrived(number):
            asks = facts.menu and not facts.relay
            return menu(number, facts) if asks else welcome(number, facts)
        case Slowed(number):
            return slowed(number, facts)
        case Menu(number):
            return menu(number, facts)
        case Waiting() | Ringing() | Bridging():
            return waiting(state, facts)
        case Talking() | Away():
            return room(state)
        case Asking():
            return keys(state)
        case Overflow():
            return ring_number(state, facts)
        case Voicemail():
            return message(state, facts)
        case Goodbye():
            return goodbye(state)
        case Ended():
            return (Say("emergency_short"), Say("goodbye"), Hangup())


# The advisor's phone, and whoever answers at a fallback number.


def whisper(assignment: int, tries: int = 0) -> tuple[Verb, ...]:
    ask = Gather((Say("whisper"),), Step("pressed", leg=assignment, tries=tries), WHISPER_SECONDS)
    return (ask, ask, Say("not_taken"), Hangup())


def number_whisper(number: int) -> tuple[Verb, ...]:
    ask = Gather((Say("whisper"),), Step("pressed", number), WHISPER_SECONDS)
    return (ask, ask, Say("not_taken"), Hangup())


def advisor_room(state: Bridging | Talking) -> tuple[Verb, ...]:
    after = Step("after-room", leg=state.assignment)
    return (DialRoom(state.room, after, Step("room", state.number)),)


def leave_room(state: State) -> tuple[Verb, ...]:
    """Out of the room: the caller may be talking on with somebody else."""
    goes_on = isinstance(state, Talking | Asking | Away)
    return let_go("already_taken" if goes_on else "caller_left")


def let_go(words: str) -> tuple[Verb, ...]:
    return (Say(words), Hangup())


# The talk: hold, keys, and whoever was added.


def keys(state: Asking) -> tuple[Verb, ...]:
    """The caller hears nobody meanwhile, and goes back by themselves."""
    back = Step("keys", state.number)
    return (Gather((Say("keys"),), back, KEYS_SECONDS), Redirect(back))


def held(number: int) -> tuple[Verb, ...]:
    """One bit of hold: they hear who comes back, what to do in danger, and our own sound."""
    return (Say("on_hold"), Say("emergency_short"), HOLD, HOLD, Redirect(Step("held", number)))


def told(words: str, names: str) -> tuple[Verb, ...]:
    return (Say(words, (("name", names),)),)


def party_whisper(party: Party, tries: int = 0) -> tuple[Verb, ...]:
    ask = Gather((Say("whisper"),), Step("pressed", party=party.id, tries=tries), WHISPER_SECONDS)
    return (ask, ask, Say("not_taken"), Hangup())


def party_room(state: Talking | Away, party: Party) -> tuple[Verb, ...]:
    """Their leaving ends nothing, unless this is the advisor's own other phone."""
    after = Step("after-room", party=party.id)
    opened = state.opened if isinstance(state, Talking) else None
    events = Step("room", state.number if opened is None else opened)
    ends = party.kind == "advisor"
    return (DialRoom(state.room, after, events, ends=ends, coach=party.coach),)


LEAVE: tuple[Verb, ...] = (Leave(),)
