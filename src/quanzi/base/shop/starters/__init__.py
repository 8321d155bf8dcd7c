"""Drafts of the shop's rules. They say what this software does; the merchant reads, changes and publishes them."""

from pathlib import Path

from quanzi.base.shop.identity import shop_name


def draft(kind: str, language: str) -> str:
    """The draft of a text of models.TextKind, in "zh" or "en", with the shop's name filled in."""
    text = (Path(__file__).parent / f"{kind}.{language}.txt").read_text(encoding="utf-8")
    return text.replace("{shop}", shop_name()).strip()
