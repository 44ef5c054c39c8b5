"""Every wrong value is told in one sentence that says what would be right."""

from __future__ import annotations

import re

import pytest

from app.errors import Misconfigured
from app.settings import Settings, is_loopback, load


def test_with_nothing_set_it_runs_on_this_machine_alone() -> None:
    settings = load({})
    assert settings.embedded
    assert settings.public_url == settings.console_url == settings.hooks_url
    assert settings.public_url == "http://localhost:8000"
    assert not settings.has_carrier


def test_the_environment_is_read_and_empty_counts_as_not_set() -> None:
    settings = load({"PORT": "9000", "LOG_LEVEL": "debug", "REDIS_URL": "", "OTHER": "x"})
    assert (settings.port, settings.log_level, settings.redis_url) == (9000, "DEBUG", "")
    assert settings.public_url == "http://localhost:9000"


def test_the_console_and_the_hooks_follow_the_public_address_unless_named() -> None:
    settings = load({"PUBLIC_URL": "https://help.example/", "HOOKS_URL": "https://hooks.example"})
    assert settings.public_url == settings.console_url == "https://help.example"
    assert settings.hooks_url == "https://hooks.example"


def test_the_old_spelling_of_a_postgresql_address_is_understood() -> None:
    assert load({"DATABASE_URL": "postgres://a@b/c"}).database_url == "postgresql://a@b/c"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://localhost/frontdoor"),
        ("DATABASE_URL", "frontdoor.db"),
        ("DATABASE_URL", "postgresql://frontdoor@localhost:port/frontdoor"),
        ("REDIS_URL", "localhost:6379"),
        ("REDIS_URL", "redis://localhost:port/0"),
        ("PORT", "eighty"),
        ("PORT", "0"),
        ("PORT", "70000"),
        ("PUBLIC_URL", "help.example"),
        ("PUBLIC_URL", "http://help.example"),
        ("PUBLIC_URL", "ftp://help.example"),
        ("PUBLIC_URL", "https://[help.example"),
        ("PUBLIC_URL", "https://"),
        ("CONSOLE_URL", "http://10.0.0.5"),
        ("HOOKS_URL", "javascript:alert(1)"),
        ("TWILIO_API_BASE", "http://carrier.example"),
        ("LOG_LEVEL", "LOUD"),
        ("LOG_FORMAT", "xml"),
    ],
)
def test_a_wrong_value_is_told_in_one_sentence(name: str, value: str) -> None:
    with pytest.raises(Misconfigured) as told:
        load({name: value})
    words = str(told.value)
    assert name in words
    assert "\n" not in words
    assert words.endswith(".")
    assert len(words.split()) <= 20


def test_several_wrong_values_are_told_together() -> None:
    with pytest.raises(Misconfigured) as told:
        load({"PORT": "eighty", "LOG_LEVEL": "LOUD"})
    assert sorted(re.findall("PORT|LOG_LEVEL", str(told.value))) == ["LOG_LEVEL", "PORT"]
    assert len(str(told.value).splitlines()) == 2


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.9.9.9", "::1", "a.localhost"])
def test_this_machine_has_many_names(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", [None, "", "help.example", "10.0.0.1", "localhost.example", "0"])
def test_and_others_are_not_this_machine(host: str | None) -> None:
    assert not is_loopback(host)


def test_every_setting_has_a_line_of_help() -> None:
    assert all(field.description for field in Settings.model_fields.values())
