"""What `frontdoor drill` plays: each script is one call, and says where it ended.

A script raises Nowhere, through the drill it is given, when what should happen never does (S2).
"""

from __future__ import annotations

from collections.abc import Sequence

from app.drill import CALLER, Drill, Nowhere, Script


async def taken(drill: Drill) -> str:
    await drill.somebody_is_on_duty()
    await drill.rings()
    await drill.takes_the_offer()
    await drill.answers_and_presses(drill.phone)
    await drill.carrier.hang_up(CALLER)
    await drill.until_ended("person_ended")
    return "talked with an advisor"


async def withheld(drill: Drill) -> str:
    await drill.somebody_is_on_duty()
    await drill.rings(withheld=True)
    await drill.takes_the_offer()
    await drill.answers_and_presses(drill.phone)
    return "talked with an advisor"


async def nobody_on_duty(drill: Drill) -> str:
    first = drill.line.fallback[0]
    await drill.rings()
    await drill.waits_for(first)
    await drill.answers_and_presses(first)
    await drill.until_ended("handed_to_number")
    return f"talked with a person at {first}"


async def a_machine_answers(drill: Drill) -> str:
    machine, person = drill.line.fallback[:2]
    await drill.rings()
    await drill.waits_for(machine)
    await drill.carrier.answer(machine)
    await drill.waits_for(person)
    if drill.talks():
        raise Nowhere("the caller was left with a machine")
    await drill.answers_and_presses(person)
    return f"talked with a person at {person}, past a machine"


async def nobody_answers(drill: Drill) -> str:
    await drill.rings()
    for number in drill.line.fallback:
        await drill.waits_for(number)
        await drill.carrier.no_answer(number)
    await drill.until("the caller was let go", drill.is_in_line)
    await drill.waits_for(drill.line.fallback[0])
    return "still on the line; the numbers are rung again"


async def advisor_is_lost(drill: Drill) -> str:
    await drill.somebody_is_on_duty()
    await drill.rings()
    await drill.takes_the_offer()
    await drill.answers_and_presses(drill.phone)
    await drill.carrier.advisor_drops_out(drill.phone)
    await drill.until("the caller did not come back to the line", drill.is_in_line)
    await drill.takes_the_offer()
    await drill.answers_and_presses(drill.phone)
    return "was told, stayed first in the line, and talked again"


async def hangs_up(drill: Drill) -> str:
    await drill.rings()
    await drill.until("the caller never came into the line", drill.is_in_line)
    await drill.carrier.hang_up(CALLER)
    await drill.until_ended("hung_up_waiting")
    return "hung up while waiting, and is in the record"


SCRIPTS: Sequence[tuple[str, Script]] = (
    ("an advisor takes it", taken),
    ("the number is withheld", withheld),
    ("nobody is on duty", nobody_on_duty),
    ("nobody is on duty, and a machine answers first", a_machine_answers),
    ("nobody is on duty, and nobody answers", nobody_answers),
    ("the advisor's phone drops out", advisor_is_lost),
    ("the caller hangs up while waiting", hangs_up),
)
