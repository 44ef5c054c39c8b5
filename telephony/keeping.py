"""A call's state as one line of JSON for its row, and back. The same state is the same text."""

from __future__ import annotations

from typing import Any, Final, get_args

import msgspec

from telephony.states import State

KINDS: Final[dict[str, type[Any]]] = {kind.__name__: kind for kind in get_args(State)}


def kept(state: State) -> str:
    parts = {"at": type(state).__name__, **msgspec.to_builtins(state)}
    return msgspec.json.encode(parts, order="sorted").decode()


def opened(line: str) -> State:
    """Raises msgspec.MsgspecError or KeyError for a line that no version of ours wrote."""
    parts: dict[str, Any] = msgspec.json.decode(line)
    kind = KINDS[parts.pop("at")]
    state: State = msgspec.convert(parts, kind)
    return state
