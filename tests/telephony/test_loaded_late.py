"""What a process does not need it does not load: the carrier's REST client comes with first use."""

from __future__ import annotations

import subprocess
import sys

SLOW = ("twilio.rest", "twilio.http.http_client")


def loaded(code: str) -> list[str]:
    """Which of the slow modules a fresh process holds after this code."""
    code += f"\nimport sys\nprint(*[name for name in {SLOW!r} if name in sys.modules])"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return told.stdout.split()


def test_the_application_is_imported_without_the_carrier_s_rest_client() -> None:
    assert loaded("import app.main, app.__main__") == []
    assert loaded("import twilio.rest") == list(SLOW), "and it would be seen"
