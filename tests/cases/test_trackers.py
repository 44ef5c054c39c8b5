"""Which pixels run on the websites: kept once, forgotten after a month, and told anew."""

from __future__ import annotations

import re

from app.cases import trackers
from tests.house import Home
from tests.people import CUMBRIA, SITE
from widgets.visitor import assets


async def test_a_tracker_that_comes_back_after_a_month_is_told_again(lodge: Home) -> None:
    assert await lodge.write(trackers.seen, CUMBRIA, SITE, "hotjar")
    assert not await lodge.write(trackers.seen, CUMBRIA, SITE, "hotjar")
    lodge.clock.move(days=31)
    assert await lodge.read(trackers.running, CUMBRIA.key) == []
    assert await lodge.write(trackers.seen, CUMBRIA, SITE, "hotjar")


def test_the_loader_and_the_line_know_the_same_kinds() -> None:
    script = assets.load().files[assets.LOADER].plain.decode()
    listed = re.search(r"spies = \((.*?)\)\.split", script, re.DOTALL)
    assert listed is not None
    kinds = {
        each.split(" ")[0].strip('" +\n') for each in listed[1].replace('" +\n"', "").split(",")
    }
    assert kinds == set(trackers.KINDS)
