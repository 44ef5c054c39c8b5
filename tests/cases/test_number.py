"""A number somebody typed: their own British one, else a plain sentence that says nothing more."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.cases.number import CANNOT_RING, CODE, read
from app.errors import Wrong


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("07700 900123", "+447700900123"),
        (" 07700900123 ", "+447700900123"),
        ("+44 7700 900 123", "+447700900123"),
        ("0044 7700 900123", "+447700900123"),
        ("(01632) 960 201", "+441632960201"),
        ("+44 (0)1632 960201", "+441632960201"),
    ],
)
def test_a_number_may_be_typed_as_people_type_it(typed: str, number: str) -> None:
    assert read(typed) == number


@pytest.mark.parametrize(
    "typed",
    [
        "", "   ", "withheld", "anonymous", "999", "112", "101", "0000000000", "12345",
        "+1 202 555 0123", "+33 1 99 00 12 34", "08081 570 142", "0909 879 0123", "07700 9001",
        "07700 900123 x12", "+44", "07700 900123\n999", "tel:07700900123", "٠٧٧٠٠٩٠٠١٢٣",
        "0" * 40, "+447700900123+447700900124",
    ],
)  # fmt: skip
def test_what_is_no_number_of_theirs_is_refused_in_one_sentence(typed: str) -> None:
    with pytest.raises(Wrong) as told:
        read(typed)
    assert (told.value.code, told.value.words) == (CODE, CANNOT_RING)


@given(st.one_of(st.text(max_size=40), st.from_regex(r"[+(]?[0-9 ().-]{6,30}", fullmatch=True)))
def test_whatever_is_typed_becomes_a_number_or_that_sentence(typed: str) -> None:
    told = ""
    try:
        number = read(typed)
    except Wrong as refusal:
        told, number = refusal.code, ""
    assert told == CODE or re.fullmatch(r"\+44[0-9]{9,10}", number)
