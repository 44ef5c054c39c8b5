"""A screen that was covered, a line that dropped, and a screen that is shown again meanwhile."""

from __future__ import annotations

from tests.chat.night import ELLA
from tests.chat.test_machine import Night


def test_a_screen_shown_while_the_line_was_down_is_known_as_shown() -> None:
    night = Night()
    night.all_is_well_for_a_moment(ELLA)
    night.ella_covers_her_screen(True)
    night.all_is_well_for_a_moment(ELLA)
    assert night.log.covered, "the premise"
    night.the_line_goes_dead(ELLA, False)
    night.ella_covers_her_screen(False)
    night.teardown()
    assert not night.log.covered


def test_a_screen_covered_while_the_line_was_down_is_known_as_covered() -> None:
    night = Night()
    night.the_line_goes_dead(ELLA, False)
    night.ella_covers_her_screen(True)
    night.teardown()
    assert night.log.covered
