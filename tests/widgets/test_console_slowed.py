"""A phone that rings again and again: a lead sees how often, and decides for some hours."""

from __future__ import annotations

from http import HTTPStatus

import pytest
import sqlalchemy as sa
from playwright.async_api import Browser, expect

from app.cases.model import Channel
from telephony.tables import slowed_numbers
from tests.browser import axe
from tests.house import Served
from tests.people import HANNAH, MAYA, SAM
from tests.widgets.at_console import at_the_page, signed_in


async def test_a_lead_slows_a_phone_down_and_lets_it_ring_again(
    served: Served, browser: Browser
) -> None:
    contact = await served.arrives(SAM.near("central"), Channel.VOICE)
    path = f"/console/contacts/{contact.id}"
    async with at_the_page(browser, served, HANNAH, path) as page:
        await expect(page.get_by_text("This phone had rung once within the hour.")).to_be_visible()
        await page.get_by_role("button", name="Slow it down for 6 hours").click()
        await expect(page.get_by_text("Slowed down until")).to_be_visible()
        assert len(await served.rows(sa.select(slowed_numbers))) == 1
        assert await axe(page) == []
        await page.get_by_role("button", name="Let it ring as before").click()
        await expect(page.get_by_role("button", name="Slow it down for 1 hour")).to_be_visible()
    assert await served.rows(sa.select(slowed_numbers)) == []


async def test_an_advisor_neither_sees_nor_decides_it(served: Served) -> None:
    contact = await served.arrives(SAM, Channel.VOICE)
    async with signed_in(served, MAYA) as maya:
        page = await maya.get(f"/console/contacts/{contact.id}")
        assert page.status_code == HTTPStatus.OK
        assert "How often they ring" not in page.text
        answer = await maya.post(f"/console/contacts/{contact.id}/pace", data={"hours": "6"})
        assert answer.status_code == HTTPStatus.FORBIDDEN
    assert await served.rows(sa.select(slowed_numbers)) == []


@pytest.mark.parametrize("hours", ["", "25", "-1", "one", "٦", "1" * 40])
async def test_no_other_time_can_be_decided(served: Served, hours: str) -> None:
    contact = await served.arrives(SAM.near("central"), Channel.VOICE)
    async with signed_in(served, HANNAH) as hannah:
        answer = await hannah.post(f"/console/contacts/{contact.id}/pace", data={"hours": hours})
        assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert await served.rows(sa.select(slowed_numbers)) == []
