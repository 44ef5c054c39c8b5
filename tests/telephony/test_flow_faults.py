"""The machine of callbacks is worth something: each planted fault falls to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from telephony import caller, choices, documents, endings, fallback
from telephony.states import Turn
from tests.telephony.test_flow_machine import Callbacks

Plant = Callable[[pytest.MonkeyPatch], None]


def a_choice_without_a_way_back(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(documents, "stay", lambda number: ())


def a_slow_number_that_is_shut_out(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(caller, "passed", lambda state, number, facts: Turn(state))


def a_round_of_numbers_without_an_end(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(endings, "round_failed", lambda state, facts: Turn(replace(state, index=99)))


def a_late_whisper_that_is_let_through(patch: pytest.MonkeyPatch) -> None:
    true = fallback.pressed

    def pressed(state: Any, number: int, digits: str) -> Turn:
        turn = true(state, number, digits)
        return replace(turn, state=replace(turn.state, number=number))

    patch.setattr(fallback, "pressed", pressed)


def a_promise_on_no_key_at_all(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(choices, "agreed", lambda state, choice, digits, facts: Turn(state))


PLANTS: tuple[Plant, ...] = (
    a_choice_without_a_way_back,
    a_slow_number_that_is_shut_out,
    a_round_of_numbers_without_an_end,
    a_late_whisper_that_is_let_through,
    a_promise_on_no_key_at_all,
)


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.__name__)
def test_the_machine_finds(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch)
    quick = settings(
        max_examples=600,
        stateful_step_count=60,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    with pytest.raises((AssertionError, IndexError)):
        run_state_machine_as_test(Callbacks, settings=quick)
