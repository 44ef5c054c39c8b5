"""What can happen between a waiting contact and a seat: the room's doors, by the idea behind them.

Places, offers and seats change only here. Late claims lose by number (S3).
"""

from routing.claiming import CarriedOut, carry_out
from routing.course import end, release, request_seat, wrap_up
from routing.duty import beat, go_off_duty, go_on_duty, left_beside, lost_visitors, strays
from routing.offering import Assigned, accept, decline, lapse

__all__ = [
    "Assigned", "CarriedOut", "accept", "beat", "carry_out", "decline", "end", "go_off_duty",
    "go_on_duty", "lapse", "left_beside", "lost_visitors", "release", "request_seat", "strays",
    "wrap_up",
]  # fmt: skip
