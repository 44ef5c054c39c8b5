"""What is said to whom, as lists of verbs. Emergency words open every document for a caller who
has nobody on the line (S11); every one ends in a next step (S2)."""

from telephony.states import (
    Arrived,
    Asking,
    Away,
    Bridging,
    Ended,
    Facts,
    Goodbye,
    Menu,
    Overflow,
    Party,
    Ringing,
    State,
    Talking,
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
    Redirect,
    Say,
    Step,
    Verb,
    Words,
)

HOLD = Play("hold.wav")
BIT_SECONDS = 15  # a little less than one bit of hold lasts, so that no minute is missed
WHISPER_SECONDS = 6
KEYS_SECONDS = 10


def queue(number: int, facts: Facts) -> Verb:
    return Enqueue(facts.queue, wait=Step("wait", number), action=Step("left", number))


def welcome(number: int, facts: Facts) -> tuple[Verb, ...]:
    return (Say("emergency"), Say("welcome"), queue(number, facts))


def menu(number: int, facts: Facts) -> tuple[Verb, ...]:
    ask = Gather((Words(facts.menu),), Step("menu", number))
    return (Say("emergency"), Say("welcome"), ask, Redirect(Step("menu", number)))


def thanks(number: int, facts: Facts) -> tuple[Verb, ...]:
    """After the menu: the full emergency words were said a moment ago."""
    return (Say("thank_you"), queue(number, facts))


def waiting(state: Waiting | Ringing | Bridging, facts: Facts) -> tuple[Verb, ...]:
    """Into the queue, with the reason why."""
    why = state.why if isinstance(state, Waiting) else Why.NEW
    words = {
        Why.NEW: Say("please_wait"),
        Why.MISSED: Say("please_wait"),
        Why.LOST: Say("lost_advisor"),
        Why.NOBODY: Say("nobody_answered"),
        Why.HANDED: Say("handed"),
    }[why]
    if isinstance(state, Ringing) and state.handed:
        words = Say("handed")
    return (Say("emergency_short"), words, queue(state.number, facts))


def hold(state: State, facts: Facts, seconds: int | None = None) -> tuple[Verb, ...]:
    """One bit of waiting: the honest place, then sound. Never without sound: a silent document
    is asked for again at once, for ever. The emergency words come back every minute."""
    if isinstance(state, Ringing | Bridging):
        place: Verb = Say("advisor_coming")
    elif facts.position is None:
        place = Say("place_unknown")
    elif facts.position <= 1:
        place = Say("place_first")
    else:
        place = Say("place", (("position", str(facts.position)),))
    again = seconds is None or (seconds >= BIT_SECONDS and seconds % 60 < BIT_SECONDS)
    return (Say("emergency_short"), place, HOLD) if again else (place, HOLD)


def hold_outside(state: State, facts: Facts) -> tuple[Verb, ...]:
    """Hold without the carrier's queue, when that is full or broken."""
    return (*hold(state, facts), Redirect(Step("hold", state.number)))


def ring_number(state: Overflow, facts: Facts) -> tuple[Verb, ...]:
    words = "ringing_someone" if state.index == 0 else "ringing_next"
    dial = DialNumber(
        facts.numbers[state.index],
        caller_id=facts.line,
        whisper=Step("whisper", state.number),
        action=Step("rung", state.number),
    )
    return (Say("emergency_short"), Say(words), dial)


def room(state: Bridging | Talking | Away) -> tuple[Verb, ...]:
    """The caller's way into the room."""
    number = state.number
    return (DialRoom(state.room, Step("after-room", number), Step("room", number)),)


def goodbye(state: Goodbye) -> tuple[Verb, ...]:
    words = "handed_over_ended" if state.how == "handed_to_number" else "goodbye"
    return (Say("emergency_short"), Say(words), Hangup())


def what_next(state: State, facts: Facts) -> tuple[Verb, ...]:
    """The document that brings a caller who is on the line to where they are."""
    match state:
        case Arrived(number):
            return menu(number, facts) if facts.menu else welcome(number, facts)
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
