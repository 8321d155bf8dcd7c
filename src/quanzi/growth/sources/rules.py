"""Pure rules about arrivals: what a path may be, what an address tells about its campaign, what is a visit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

UTM_FIELDS = ("utm_source", "utm_medium", "utm_campaign")
UTM_MAX = 50
"""Longer campaign words are cut: they come from outside and stand in a name."""

TOUCH_PAUSE = timedelta(hours=1)
"""The same visitor through the same source counts once an hour; a reload is not a visit."""

BOT_WORDS = (
    "bot",
    "spider",
    "crawler",
    "slurp",
    "preview",
    "facebookexternalhit",
    "curl/",
    "wget/",
    "python-requests",
    "httpx",
)


FRIENDS_WORD = 2
"""A link that went through more hands than this is advertising, and nobody's word."""


def is_advertising(depth: int) -> bool:
    """Whether whoever came this way was reached by a chain of links, and not by somebody's word."""
    return depth > FRIENDS_WORD


def is_path(target: str) -> bool:
    """Whether `target` stays on this shop: one leading slash, no scheme, no backslash, no control character."""
    if not target.startswith("/") or target.startswith("//") or "\\" in target:
        return False
    return len(target) <= 200 and target.isprintable()


def utm_key(query: Mapping[str, str]) -> str:
    """ "source/medium/campaign" of an address, lower case, empty when it names no source."""
    words = [query.get(field, "").strip().lower()[:UTM_MAX] for field in UTM_FIELDS]
    if not words[0] or not "".join(words).isprintable():
        return ""
    return "/".join(word or "-" for word in words)


def is_bot(agent: str) -> bool:
    """Whether a program came, by its own word. No agent at all is not a person's browser either."""
    agent = agent.lower()
    return not agent or any(word in agent for word in BOT_WORDS)


def counts_again(last: datetime | None, now: datetime) -> bool:
    """Whether an arrival after `last` is a touch of its own."""
    return last is None or now - last >= TOUCH_PAUSE
