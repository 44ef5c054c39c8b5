"""Connection overrides in a URL's fragment, with the carrier's defaults and bounds."""

from __future__ import annotations

import pytest

from telephony.rehearsal.overrides import Patience, split

URL = "https://product.example/telephony/voice?a=1"


def test_without_a_fragment_the_carrier_waits_15_s_and_retries_a_connection_once() -> None:
    assert split(URL) == (URL, Patience())
    assert Patience() == Patience(5.0, 15.0, 15.0, 1, frozenset({"ct"}))


def test_the_fragment_is_taken_off_and_obeyed() -> None:
    address, patience = split(f"{URL}#ct=2000&rt=5000&tt=9000&rc=2&rp=ct,rt,5xx&e=dublin")
    assert address == URL
    assert patience == Patience(2.0, 5.0, 9.0, 2, frozenset({"ct", "rt", "5xx"}))
    assert patience.tries_again("5xx")
    assert not patience.tries_again("4xx")


@pytest.mark.parametrize(
    ("fragment", "patience"),
    [
        ("rc=9", Patience(retries=5)),
        ("rc=-1", Patience()),
        ("rc=two", Patience()),
        ("ct=99999", Patience(connect=10.0)),
        ("tt=99999", Patience(total=15.0)),
        ("rp=nonsense", Patience()),
        ("rp=all", Patience(retry_on=frozenset({"all"}))),
        ("%%%&=&;", Patience()),
    ],
)
def test_values_out_of_bounds_fall_back(fragment: str, patience: Patience) -> None:
    assert split(f"{URL}#{fragment}") == (URL, patience)
