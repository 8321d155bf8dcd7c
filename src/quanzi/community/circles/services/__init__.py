"""Writes of the room: founding and keeping a circle, its door, its links."""

from quanzi.community.circles.services.door import (
    answer_request,
    appoint,
    ask_to_join,
    leave,
    remove_member,
)
from quanzi.community.circles.services.founding import close_circle, create_circle, update_circle
from quanzi.community.circles.services.links import make_join_link, revoke_join_link

__all__ = [
    "answer_request",
    "appoint",
    "ask_to_join",
    "close_circle",
    "create_circle",
    "leave",
    "make_join_link",
    "remove_member",
    "revoke_join_link",
    "update_circle",
]
