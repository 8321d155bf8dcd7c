"""Writes of the room, by noun."""

from quanzi.base.shop.services.opening import is_open, issue_key, spend_key
from quanzi.base.shop.services.telling import update_shop
from quanzi.base.shop.services.texts import publish_text

__all__ = ["is_open", "issue_key", "publish_text", "spend_key", "update_shop"]
