"""Sealed values open where they belong and nowhere else; without the root keys nothing opens."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from app.crypto import (
    CannotOpen,
    RootKeys,
    binding,
    blind,
    key_of,
    make_root_keys,
    new_secret,
    read_root_keys,
    seal,
    unseal,
    write_root_keys,
)
from app.errors import Misconfigured

KEY_ID = bytes(range(16))
PLACE = ("message", "body", "c1:aa")


@pytest.fixture
def cipher() -> AESGCM:
    return AESGCM(new_secret())


def keys(*numbers: int) -> RootKeys:
    return RootKeys(tuple((bytes([n]) * 16, bytes([n]) * 32) for n in numbers))


def test_what_is_sealed_opens_and_says_nothing_by_itself(cipher: AESGCM) -> None:
    sealed = seal(cipher, KEY_ID, b"he is at work until five", binding(*PLACE))
    assert b"work" not in sealed
    assert key_of(sealed) == KEY_ID
    assert unseal(cipher, sealed, binding(*PLACE)) == b"he is at work until five"


def test_the_same_words_sealed_twice_look_different(cipher: AESGCM) -> None:
    assert seal(cipher, KEY_ID, b"help", b"") != seal(cipher, KEY_ID, b"help", b"")


@pytest.mark.parametrize(
    "elsewhere",
    [("note", "body", "c1:aa"), ("message", "subject", "c1:aa"), ("message", "body", "c2:aa")],
    ids=["another table", "another column", "another row"],
)
def test_moved_elsewhere_it_does_not_open(cipher: AESGCM, elsewhere: tuple[str, str, str]) -> None:
    sealed = seal(cipher, KEY_ID, b"words", binding(*PLACE))
    assert unseal(cipher, sealed, binding(*PLACE)) == b"words"
    with pytest.raises(CannotOpen):
        unseal(cipher, sealed, binding(*elsewhere))


def test_another_key_does_not_open_it(cipher: AESGCM) -> None:
    sealed = seal(cipher, KEY_ID, b"words", b"")
    with pytest.raises(CannotOpen):
        unseal(AESGCM(new_secret()), sealed, b"")


@given(st.integers(0, 59), st.integers(1, 255))
def test_not_one_bit_may_change(at: int, by: int) -> None:
    cipher = AESGCM(bytes(32))
    sealed = bytearray(seal(cipher, KEY_ID, b"fifteen letters", b""))
    assert len(sealed) == 60
    sealed[at] ^= by
    if 1 <= at < 17:
        assert key_of(bytes(sealed)) != KEY_ID
        return
    with pytest.raises(CannotOpen):
        unseal(cipher, bytes(sealed), b"")


@given(st.binary(max_size=80))
def test_nonsense_cannot_be_opened(nonsense: bytes) -> None:
    with pytest.raises(CannotOpen):
        unseal(AESGCM(bytes(32)), nonsense, b"")


# -- the roots -------------------------------------------------------------------------------


def test_a_new_root_wraps_and_the_old_one_still_unwraps() -> None:
    wrapped = keys(1).wrap(b"secret", b"")
    rotated = keys(2, 1)
    assert rotated.unwrap(wrapped, b"") == b"secret"
    again = rotated.wrap(b"secret", b"")
    assert key_of(again) == bytes([2]) * 16
    with pytest.raises(CannotOpen):
        keys(1).unwrap(again, b"")


def test_once_the_old_root_is_gone_what_it_wrapped_is_too() -> None:
    wrapped = keys(1).wrap(b"secret", b"")
    with pytest.raises(CannotOpen):
        keys(2).unwrap(wrapped, b"")


def test_what_must_outlive_a_rotation_does() -> None:
    """Blind indexes and frame tokens would be lost otherwise."""
    assert keys(2, 1).purpose("blind:cumbria") == keys(1).purpose("blind:cumbria")
    assert keys(1).purpose("frame") != keys(1).purpose("blind:cumbria")


def test_a_blind_index_is_equal_for_equal_values_alone() -> None:
    assert blind(b"k", "+447700900123") == blind(b"k", "+447700900123")
    assert blind(b"k", "+447700900123") != blind(b"k", "+447700900124")
    assert blind(b"k", "+447700900123") != blind(b"j", "+447700900123")


# -- the key file ----------------------------------------------------------------------------


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "keys" / "root.keys"
    write_root_keys(path)
    return path


def test_a_key_file_is_for_its_owner_alone(file: Path) -> None:
    assert file.stat().st_mode & 0o777 == 0o600
    assert len(read_root_keys(file).keys) == 1


@pytest.mark.parametrize("mode", [0o604, 0o640, 0o644, 0o660])
def test_a_key_file_open_to_others_is_refused(file: Path, mode: int) -> None:
    os.chmod(file, mode)
    with pytest.raises(Misconfigured, match="chmod 600"):
        read_root_keys(file)


def test_a_key_file_is_never_overwritten(file: Path) -> None:
    before = file.read_text()
    with pytest.raises(FileExistsError):
        write_root_keys(file)
    assert file.read_text() == before


def test_a_root_is_rotated_by_a_new_first_line(file: Path) -> None:
    old = read_root_keys(file).keys
    fresh = make_root_keys().splitlines()[-1]
    file.write_text(f"# rotated\n{fresh}\n\n{file.read_text()}")
    assert read_root_keys(file).keys[1:] == old


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "holds no key"),
        ("# only words\n", "holds no key"),
        ("aa\n", "damaged"),
        ("aa bb cc\n", "damaged"),
        (f"{'a' * 32} c2hvcnQ=\n", "damaged"),
        (f"{'a' * 31}z {'A' * 43}=\n", "damaged"),
        ("\xff\xfe", "cannot be read"),
    ],
)
def test_a_damaged_key_file_is_refused(file: Path, text: str, told: str) -> None:
    file.write_bytes(text.encode("latin-1"))
    with pytest.raises(Misconfigured, match=told):
        read_root_keys(file)


def test_a_missing_key_file_is_told_with_the_remedy(tmp_path: Path) -> None:
    for path in (tmp_path / "none", tmp_path):
        os.chmod(tmp_path, 0o700)
        with pytest.raises(Misconfigured, match="frontdoor keys new"):
            read_root_keys(path)
