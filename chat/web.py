"""Chat's places: the socket, the polls in its stead, and the goodbye of a page that is closing."""

from __future__ import annotations

import contextlib
from typing import Literal

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from app.errors import FrontdoorError
from app.ground import Ground
from chat import acts
from chat.poll import VisitorPoll

SOCKET = "/chat/v1/socket"
"""The roof leads there straight, past every route."""
LONGEST_GOODBYE = 2048


class Goodbye(msgspec.Struct, frozen=True):
    token: str
    how: Literal["exit", "end", "closed"]


def routes(ground: Ground, polls: VisitorPoll) -> list[BaseRoute]:
    async def leave(request: Request) -> Response:
        """POST {"token": RESUME, "how": "exit" | "end" | "closed"}. Always answers 204 (S7)."""
        body = await request.body()
        with contextlib.suppress(msgspec.MsgspecError, FrontdoorError):
            said = msgspec.json.decode(body[:LONGEST_GOODBYE], type=Goodbye)
            await ground.db.write(acts.leave_with, said.token, said.how)
        return Response(status_code=204, headers={"Access-Control-Allow-Origin": "*"})

    return [
        Route("/chat/v1/poll", polls, methods=["POST"]),
        Route("/chat/v1/leave", leave, methods=["POST"]),
    ]
