"""Vendored browser code is what its manifest says, and carries its licences."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

VENDOR = Path(__file__).parents[2] / "widgets" / "vendor"
MANIFEST: dict[str, Any] = json.loads((VENDOR / "manifest.json").read_text())


def sha256(name: str) -> str:
    return hashlib.sha256((VENDOR / name).read_bytes()).hexdigest()


@pytest.mark.parametrize("name", sorted(MANIFEST["files"]))
def test_a_vendored_file_is_byte_for_byte_what_the_manifest_says(name: str) -> None:
    assert sha256(name) == MANIFEST["files"][name]["sha256"]


@pytest.mark.parametrize("name", sorted(MANIFEST["licences"]))
def test_a_licence_travels_unchanged(name: str) -> None:
    assert sha256(name) == MANIFEST["licences"][name]


def test_every_package_names_its_exact_version_and_a_licence_that_is_here() -> None:
    for file in MANIFEST["files"].values():
        for package in file["packages"]:
            assert package["version"][0].isdigit()
            assert package["licence"]
            assert package["licence_file"] in MANIFEST["licences"]


def test_nothing_lies_in_the_folder_unlisted() -> None:
    own = {"manifest.json", "ui.d.ts"}
    listed = own | set(MANIFEST["files"]) | set(MANIFEST["licences"])
    assert {path.name for path in VENDOR.iterdir()} == listed


def test_the_package_lock_names_no_address() -> None:
    assert "://" not in (VENDOR.parent / "package-lock.json").read_text()
