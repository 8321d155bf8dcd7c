"""Writes of the room: looking, deciding, choosing, undoing."""

from quanzi.growth.splitting.services.choosing import answer_leading, choose
from quanzi.growth.splitting.services.deciding import decline, set_least, split_circle, tell, tell_undone
from quanzi.growth.splitting.services.looking import ask_to_look, least_members, look, look_at_all
from quanzi.growth.splitting.services.undoing import undo

__all__ = [
    "answer_leading",
    "ask_to_look",
    "choose",
    "decline",
    "least_members",
    "look",
    "look_at_all",
    "set_least",
    "split_circle",
    "tell",
    "tell_undone",
    "undo",
]
