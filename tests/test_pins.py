"""The pins are what pyproject.toml asks for, hashed, and name no address."""

from __future__ import annotations

import re

import pytest

from tests.pins import FILES, ROOT, export


@pytest.mark.parametrize("name", sorted(FILES))
def test_the_pins_are_what_a_fresh_resolution_gives(name: str) -> None:
    assert (ROOT / name).read_text() == export(FILES[name]), "run `make pins`"


@pytest.mark.parametrize("name", sorted(FILES))
def test_every_package_is_exact_and_hashed(name: str) -> None:
    packages = re.split(r"\n(?=\S)", (ROOT / name).read_text().strip())
    assert packages
    for package in packages:
        assert re.match(r"[a-z0-9._-]+(\[[a-z0-9,_-]+\])?==\S+ ", package), package
        assert "--hash=sha256:" in package, package


@pytest.mark.parametrize("name", sorted(FILES))
def test_no_address_is_named(name: str) -> None:
    text = (ROOT / name).read_text()
    assert "://" not in text
    assert "index" not in text


def test_the_demo_is_part_of_what_the_tests_install() -> None:
    def pins(name: str) -> set[str]:
        return set(re.findall(r"^[a-z0-9].*?==\S+", (ROOT / name).read_text(), re.MULTILINE))

    assert pins("requirements.txt") < pins("requirements-dev.txt")


def test_the_lock_that_names_hosts_stays_out_of_git() -> None:
    assert "uv.lock" in (ROOT / ".gitignore").read_text().splitlines()
