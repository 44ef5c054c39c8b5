"""A frame token is signed, short-lived and for one frame; nobody else can make one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.auth.visitors import LIFE, hashed, mint, read
from app.errors import Refused

NIGHT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
KEY = b"k" * 32


def token(key: bytes = KEY) -> str:
    return mint(key, "cumbria", "cumbria-site", "nonce", NIGHT)


def test_a_token_says_whose_page_it_was_given_to() -> None:
    passed = read(KEY, token(), NIGHT + timedelta(hours=1))
    assert (passed.service, passed.site, passed.nonce) == ("cumbria", "cumbria-site", "nonce")


@pytest.mark.parametrize("age", [LIFE, timedelta(0), timedelta(minutes=-4)])
def test_a_page_may_stay_open_for_a_night(age: timedelta) -> None:
    assert read(KEY, token(), NIGHT + age)


@pytest.mark.parametrize("age", [LIFE + timedelta(seconds=1), timedelta(minutes=-6)])
def test_and_no_longer(age: timedelta) -> None:
    with pytest.raises(Refused) as told:
        read(KEY, token(), NIGHT + age)
    assert told.value.code == "not_yours"


def test_another_key_makes_no_token_of_ours() -> None:
    with pytest.raises(Refused):
        read(KEY, token(b"j" * 32), NIGHT)


def test_a_changed_token_is_refused() -> None:
    good = token()
    body, signature = good.split(".")
    for bad in (
        mint(KEY, "durham", "s", "n", NIGHT).split(".")[0] + "." + signature,
        body + "." + signature[:-4],
        body + "." + signature + "AAAA",
        body + ".",
        "." + signature,
        body,
        good + ".x",
        good.replace(".", ".."),
    ):
        with pytest.raises(Refused):
            read(KEY, bad, NIGHT)


@given(st.text(max_size=200))
def test_nonsense_is_refused_and_never_breaks(nonsense: str) -> None:
    with pytest.raises(Refused):
        read(KEY, nonsense, NIGHT)


def test_a_resume_token_is_kept_as_a_hash() -> None:
    assert len(hashed("token")) == 32
    assert hashed("token") != hashed("tokem")
