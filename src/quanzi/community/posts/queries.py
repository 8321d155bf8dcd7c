"""Reads of the room. The feed is a hot page: one statement, plain rows; its ORM twin stands in the tests."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from quanzi.base import planned
from quanzi.community.posts.models import Comment, Post
from quanzi.people.trust.models import RingMember
from quanzi.people.trust.rings import LEFT_OUT

FEED = f"""
SELECT post.id, post.kind, post.title, left(post.body, 400) AS excerpt, post.created_at, post.circle_id,
       post.author_id, author.name AS author_name, author.avatar_id AS author_avatar_id,
       shot.picture_id, tagged.product_id, post.is_demo,
       (SELECT count(*) FROM posts_reaction r WHERE r.post_id = post.id AND NOT {LEFT_OUT.format(id="r.member_id")}) AS useful,
       (SELECT count(*) FROM posts_comment c WHERE c.post_id = post.id AND c.removed_at IS NULL AND c.hidden_at IS NULL) AS comments,
       coalesce(accepted.body, first_answer.body, '') AS answer, coalesce(accepted.name, first_answer.name, '') AS answer_by,
       post.got_sample,
       coalesce((SELECT (film.length_ms + 999) / 1000 FROM posts_postfilm f JOIN films_film film ON film.id = f.film_id
           WHERE f.post_id = post.id AND film.state = 'ready'), 0) AS film_seconds,
       post.edited_at
FROM (SELECT post.* FROM posts_post post LEFT JOIN circles_circle circle ON circle.id = post.circle_id
      WHERE post.hidden_at IS NULL AND post.removed_at IS NULL {{clauses}}
        AND (post.circle_id IS NULL OR circle.admission = 'open' OR post.circle_id = ANY(%(circles)s::bigint[]))
      ORDER BY post.id DESC LIMIT {{limit}}) post
JOIN accounts_member author ON author.id = post.author_id
LEFT JOIN LATERAL (SELECT picture_id FROM posts_postpicture WHERE post_id = post.id ORDER BY position, id LIMIT 1) shot ON true
LEFT JOIN LATERAL (SELECT product_id FROM posts_postproduct WHERE post_id = post.id ORDER BY position, id LIMIT 1) tagged ON true
LEFT JOIN LATERAL (
    SELECT c.body, m.name FROM posts_comment c JOIN accounts_member m ON m.id = c.author_id
    WHERE c.id = post.accepted_comment_id AND c.removed_at IS NULL AND c.hidden_at IS NULL) accepted ON true
LEFT JOIN LATERAL (
    SELECT c.body, m.name FROM posts_comment c JOIN accounts_member m ON m.id = c.author_id
    WHERE post.kind = 'question' AND c.post_id = post.id AND c.answers_id IS NULL AND c.author_id <> post.author_id
      AND c.removed_at IS NULL AND c.hidden_at IS NULL ORDER BY c.id LIMIT 1) first_answer ON true
ORDER BY post.id DESC
"""
CLAUSES = {
    "before": "AND post.id < %(before)s",
    "circle_id": "AND post.circle_id = %(circle_id)s",
    "product_id": "AND EXISTS (SELECT FROM posts_postproduct t WHERE t.post_id = post.id AND t.product_id = %(product_id)s)",
    "author_id": "AND post.author_id = %(author_id)s",
    "kind": "AND post.kind = %(kind)s",
    "kinds": "AND post.kind = ANY(%(kinds)s::text[])",
    "ids": "AND post.id = ANY(%(ids)s::bigint[])",
    "authors": "AND post.author_id = ANY(%(authors)s::bigint[])",
    "unwanted": "AND post.author_id <> ALL(%(unwanted)s::bigint[])",
    "words": "AND strpos(lower(post.title || ' ' || post.body), lower(%(words)s)) > 0",
}
FROM_INDEX = "AND text_bigrams(post.title || ' ' || post.body) @@ text_bigram_query(%(words)s)"
"""Finds what may hold the words; the clause of the words themselves has the last one. For two characters and more."""


@dataclass(frozen=True)
class FeedItem:
    """One post in a feed. Ids of pictures and products are filled in by whoever draws the page.

    useful, comments: counts of rows, no others. got_sample: the shop gave its author goods that it names.
    answer: accepted answer to a question, else the first by another person. film_seconds: 0 without a film to watch.
    """

    id: int
    kind: str
    title: str
    excerpt: str
    created_at: datetime
    circle_id: int | None
    author_id: int
    author_name: str
    author_avatar_id: int | None
    picture_id: int | None
    product_id: int | None
    is_demo: bool
    useful: int
    comments: int
    answer: str
    answer_by: str
    got_sample: bool
    film_seconds: int
    edited_at: datetime | None


def feed(
    *,
    circle_ids: Collection[int] = (),
    circle_id: int | None = None,
    product_id: int | None = None,
    author_id: int | None = None,
    kind: str | None = None,
    kinds: Collection[str] | None = None,
    authors: Collection[int] | None = None,
    ids: Collection[int] | None = None,
    words: str = "",
    unwanted: Collection[int] = (),
    before: int | None = None,
    limit: int = 20,
) -> list[FeedItem]:
    """The newest posts first, keyset by id.

    circle_ids: circles the reader belongs to (closed doors open for them). authors: only these people ("people I know"). ids: only these posts.
    words: literally in title or text. unwanted: blocked and muted people. before: the last id of the page before. limit: at most 50.
    """
    conditions: dict[str, object] = {
        "before": before, "circle_id": circle_id, "product_id": product_id, "author_id": author_id, "kind": kind,
        "kinds": list(kinds) if kinds is not None else None,
        "authors": list(authors) if authors is not None else None, "ids": list(ids) if ids is not None else None,
        "unwanted": list(unwanted) or None, "words": words or None,
    }  # fmt: skip
    asked = {name: value for name, value in conditions.items() if value is not None}
    clauses = [CLAUSES[name] for name in asked] + ([FROM_INDEX] if len(words) > 1 else [])
    sql = FEED.format(clauses=" ".join(clauses), limit=min(limit, 50))
    # How rare a word is decides how to look for it, so a search is planned for its words.
    found = planned.rows(sql, asked | {"circles": list(circle_ids)}, anew=bool(words))
    return [FeedItem(*row) for row in found]


def posts_by(member_id: int) -> list[Post]:
    """Everything somebody wrote and did not take back, for themself: also what was hidden, or stands in a circle they left."""
    return list(Post.objects.filter(author_id=member_id, removed_at=None).select_related("circle").order_by("pk"))


def comments_by(member_id: int) -> list[Comment]:
    """Every reply somebody wrote and did not take back, for themself."""
    return list(Comment.objects.filter(author_id=member_id, removed_at=None).select_related("post").order_by("pk"))


def post_by_id(post_id: int) -> Post | None:
    """A post with all that its page draws; whether the reader may see it is the policy's question."""
    posts = Post.objects.select_related("author__avatar", "circle", "accepted_comment", "post_film__film__poster")
    return posts.prefetch_related("post_pictures__picture", "post_products__product").filter(pk=post_id).first()


def comments(post: Post, *, unwanted: Collection[int] = (), after: int = 0, limit: int = 50) -> list[Comment]:
    """Comments of a post in order of writing, from the row after `after`; removed ones stay as a gap in the talk."""
    rows = post.comments.select_related("author__avatar").exclude(author_id__in=unwanted).filter(pk__gt=after)
    return list(rows.order_by("pk")[:limit])


def useful_count(post: Post) -> int:
    """How many members found a post useful; without those who are left out of counts."""
    left_out = RingMember.objects.filter(left_out=True).values("member")
    return post.reactions.exclude(member__in=left_out).count()


REACTED = "SELECT post_id FROM posts_reaction WHERE member_id = %(member)s AND post_id = ANY(%(posts)s::bigint[])"


def reacted_ids(member_id: int, post_ids: Collection[int]) -> set[int]:
    """Which of these posts the member found useful."""
    rows = planned.rows(REACTED, {"member": member_id, "posts": list(post_ids)}) if post_ids else []
    return {post_id for (post_id,) in rows}
