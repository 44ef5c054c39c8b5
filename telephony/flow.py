"""One caller's call: state and event in, state, verbs and asks out. Total, and only forward.

Every event in every state has an answer, duplicates and late ones included; a caller on the line
always gets a next step (S2), only a person who pressed 1 counts as reached, and a call has one
advisor at a time, told by the assignment's number (S3).
"""

from telephony import (
    advisor_leg,
    caller,
    choices,
    endings,
    fallback,
    looking,
    talking,
    voicemail_flow,
)
from telephony import documents as say
from telephony.events import (
    AdvisorAfterRoom,
    AdvisorAnswered,
    AdvisorPressed,
    AdvisorSent,
    AdvisorStatus,
    Agreed,
    CallArrived,
    CallerGone,
    CallStatus,
    Chosen,
    Digits,
    Event,
    HoldTick,
    Look,
    MessageEnded,
    MessageKey,
    MessageReady,
    Moved,
    NoDigits,
    NumberAnswered,
    NumberDialEnded,
    NumberPressed,
    Passed,
    QueueLeft,
    Returned,
    RoomDialEnded,
    RoomEvent,
    WaitTick,
)
from telephony.states import Facts, State, Turn


def step(state: State, event: Event, facts: Facts) -> Turn:
    """The one answer to `event` in `state`. Asks nothing twice of the same state."""
    match event:
        case CallArrived():
            return caller.arrived(state, facts)
        case Digits(number, digits):
            return caller.menu(state, number, digits, facts)
        case NoDigits(number):
            return caller.menu(state, number, "", facts)
        case Passed(number):
            return caller.passed(state, number, facts)
        case Chosen(_, digits):
            return choices.chosen(state, digits, facts)
        case Agreed(_, choice, digits):
            return choices.agreed(state, choice, digits, facts)
        case MessageKey(number, digits):
            return voicemail_flow.pressed(state, number, digits, facts)
        case MessageEnded(number, seconds, up):
            return voicemail_flow.ended(state, number, seconds, up, facts)
        case MessageReady():
            return voicemail_flow.ready(state, event)
        case WaitTick(_, seconds):
            return caller.tick(state, seconds, facts)
        case HoldTick():
            return caller.tick_outside(state, facts)
        case QueueLeft(_, result):
            return caller.left_queue(state, result, facts)
        case Moved(number):
            return caller.moved(state, number, facts)
        case Returned(_, reached, up):
            return caller.returned(state, reached, up, facts)
        case RoomDialEnded(number, up):
            return caller.room_dial_ended(state, number, up, facts)
        case NumberDialEnded(number, bridged, up):
            return fallback.dial_ended(state, number, bridged, up, facts)
        case NumberAnswered(number):
            return fallback.answered(state, number)
        case NumberPressed(number, digits):
            return fallback.pressed(state, number, digits)
        case AdvisorAnswered(leg):
            return advisor_leg.answered(state, leg, facts)
        case AdvisorPressed():
            return advisor_leg.pressed(state, event, facts)
        case AdvisorAfterRoom() | AdvisorSent():
            return Turn(state, say.leave_room(state))
        case AdvisorStatus(leg):
            other = event.who and facts.leg and event.who != facts.leg
            over = event.over and not other
            return advisor_leg.gone(state, leg, event.status, facts) if over else Turn(state)
        case RoomEvent():
            return advisor_leg.room_event(state, event, facts)
        case CallStatus():
            return endings.gone(state) if event.over else Turn(state)
        case CallerGone():
            return endings.gone(state)
        case Look():
            return looking.look(state, facts)
        case _:
            return talking.step(state, event, facts)
