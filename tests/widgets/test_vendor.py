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


def test_the_browser_phone_is_the_released_voice_sdk_in_a_file_of_its_own() -> None:
    voice, desk = (MANIFEST["files"][name]["packages"] for name in ("voice.js", "ui.js"))
    named = {package["name"]: package for package in voice}
    assert named["@twilio/voice-sdk"]["licence"] == "Apache-2.0"
    assert not set(named) & {package["name"] for package in desk}
    lock = json.loads((VENDOR.parent / "package-lock.json").read_text())["packages"]
    for name, package in named.items():
        assert lock[f"node_modules/{name}"]["version"] == package["version"]
        assert lock[f"node_modules/{name}"]["integrity"].startswith("sha512-")


def test_nothing_lies_in_the_folder_unlisted() -> None:
    own = {"manifest.json", "ui.d.ts", "voice.d.ts"}
    listed = own | set(MANIFEST["files"]) | set(MANIFEST["licences"])
    assert {path.name for path in VENDOR.iterdir()} == listed


def test_the_package_lock_names_no_address() -> None:
    assert "://" not in (VENDOR.parent / "package-lock.json").read_text()
