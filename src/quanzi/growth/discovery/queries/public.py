"""Pages that everybody may open, for the map that search engines read."""

from __future__ import annotations

from django.db import connection

PER_FILE = 10_000
"""Ids in one file of the map; the protocol allows 50,000 addresses."""

PUBLIC = {
    "goods": "SELECT id, slug FROM catalogue_product one WHERE one.state IN ('on_sale', 'paused')",
    "makers": "SELECT id, slug FROM catalogue_maker one WHERE true",
    "circles": "SELECT id, slug FROM circles_circle one WHERE one.admission = 'open' AND one.closed_at IS NULL",
    "posts": """SELECT one.id, one.id FROM posts_post one LEFT JOIN circles_circle circle ON circle.id = one.circle_id
                WHERE one.hidden_at IS NULL AND one.removed_at IS NULL AND (one.circle_id IS NULL OR circle.admission = 'open')""",
}
"""What a visitor may read of each kind; the feed and the shelves have the same conditions, and a test holds them together."""

TABLES = {"goods": "catalogue_product", "makers": "catalogue_maker", "circles": "circles_circle", "posts": "posts_post"}


def newest_ids() -> dict[str, int]:
    """The highest id of each kind, public or not; 0 where there is none."""
    parts = ", ".join(f"(SELECT coalesce(max(id), 0) FROM {table})" for table in TABLES.values())
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {parts}")
        return dict(zip(TABLES, cursor.fetchone(), strict=True))


def public_pages(kind: str, part: int) -> list[str]:
    """Slugs or numbers of the public pages whose ids fall into the part's window, counted from 1. Raises KeyError."""
    window = [(part - 1) * PER_FILE, part * PER_FILE]
    with connection.cursor() as cursor:
        cursor.execute(f"{PUBLIC[kind]} AND one.id >= %s AND one.id < %s ORDER BY one.id", window)
        return [str(key) for _, key in cursor.fetchall()]
