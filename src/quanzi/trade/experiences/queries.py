"""Reads of the room. Stars are shown with the number of people behind them, never alone."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from quanzi.base import planned
from quanzi.community.circles.models import Admission
from quanzi.community.posts.models import PostPicture
from quanzi.people.trust.models import RingMember
from quanzi.people.trust.rings import LEFT_OUT
from quanzi.trade.experiences.models import Experience
from quanzi.trade.sales.models import OrderLine

COUNTED = Q(voided_at=None, post__hidden_at=None, post__removed_at=None)


@dataclass(frozen=True)
class StarSummary:
    """experiences: all that count. rated: those with stars. histogram: how many gave 1, 2, 3, 4, 5 stars."""

    experiences: int
    rated: int
    histogram: tuple[int, int, int, int, int]
    with_pictures: int

    @property
    def average(self) -> Decimal | None:
        """Mean of the stars to one decimal; None when nobody gave any."""
        if not self.rated:
            return None
        total = sum(stars * count for stars, count in enumerate(self.histogram, start=1))
        return (Decimal(total) / self.rated).quantize(Decimal("0.1"), ROUND_HALF_UP)

    @property
    def low(self) -> int:
        """How many gave three stars or fewer."""
        return sum(self.histogram[:3])


STARS = f"""
SELECT e.stars, count(*), count(*) FILTER (WHERE EXISTS (SELECT FROM posts_postpicture pp WHERE pp.post_id = e.post_id))
FROM experiences_experience e JOIN posts_post n ON n.id = e.post_id
WHERE e.product_id = %s AND e.voided_at IS NULL AND n.hidden_at IS NULL AND n.removed_at IS NULL
  AND NOT {LEFT_OUT.format(id="e.member_id")} GROUP BY e.stars
"""

AUTHORS = """
SELECT DISTINCT e.member_id FROM experiences_experience e JOIN posts_post n ON n.id = e.post_id LEFT JOIN circles_circle c ON c.id = n.circle_id
WHERE e.product_id = %(product)s AND e.voided_at IS NULL AND n.hidden_at IS NULL AND n.removed_at IS NULL
  AND e.member_id = ANY(%(people)s::bigint[]) AND e.member_id <> ALL(%(unwanted)s::bigint[])
  AND (n.circle_id IS NULL OR c.admission = 'open' OR n.circle_id = ANY(%(circles)s::bigint[]))
"""


def summary(product_id: int) -> StarSummary:
    """Counts of experiences of a product, in one statement."""
    rows = planned.rows(STARS, [product_id])
    by_star = {stars: count for stars, count, _ in rows}
    pictured = sum(with_picture for *_, with_picture in rows)
    first, second, third, fourth, fifth = (by_star.get(star, 0) for star in range(1, 6))
    histogram = (first, second, third, fourth, fifth)
    return StarSummary(sum(by_star.values()), sum(histogram), histogram, pictured)


def of_product(
    product_id: int,
    *,
    authors: Collection[int] | None = None,
    unwanted: Collection[int] = (),
    circle_ids: Collection[int] = (),
    only: str = "",
    before: int | None = None,
    limit: int = 10,
) -> list[Experience]:
    """Experiences of a product, newest first, keyset by post id.

    authors: only these people ("people I know"). unwanted: blocked and muted. circle_ids: the reader's circles; what was told in other
    closed circles stays there. only: "", "pictures" or "low" (three stars or fewer).
    """
    rows = Experience.objects.filter(COUNTED, product_id=product_id).exclude(member_id__in=unwanted)
    told = _readable(circle_ids)
    rows = rows.filter(told)
    if authors is not None:
        rows = rows.filter(member_id__in=authors)
    if only == "pictures":
        rows = rows.filter(_has_picture())
    if only == "low":
        rows = rows.filter(stars__lte=3)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return list(_drawn(rows).order_by("-pk")[:limit])


def of_posts(post_ids: Collection[int]) -> dict[int, Experience]:
    """The experience behind each of these posts, where there is one."""
    return {row.post_id: row for row in Experience.objects.filter(pk__in=post_ids)}


def writable_lines(member_id: int, *, limit: int = 50) -> list[OrderLine]:
    """Kept lines of a member that they have not written about."""
    lines = OrderLine.objects.filter(member_id=member_id, kept_at__isnull=False, experience=None)
    return list(lines.select_related("product", "order").order_by("-kept_at")[:limit])


def written_lines(line_ids: Collection[int]) -> set[int]:
    """Which of these order lines have an experience."""
    return set(Experience.objects.filter(line_id__in=line_ids).values_list("line_id", flat=True))


def authors_among(
    member_ids: Collection[int], product_id: int, *, circle_ids: Collection[int] = (), unwanted: Collection[int] = ()
) -> set[int]:
    """Who of these people told about a product where the reader may read it; the same conditions as `of_product`."""
    params = {
        "product": product_id, "people": list(member_ids), "unwanted": list(unwanted), "circles": list(circle_ids),
    }  # fmt: skip
    return {row[0] for row in planned.rows(AUTHORS, params)}


def _readable(circle_ids: Collection[int]) -> Q:
    return Q(post__circle=None) | Q(post__circle__admission=Admission.OPEN) | Q(post__circle_id__in=circle_ids)


def _has_picture() -> Exists:
    return Exists(PostPicture.objects.filter(post_id=OuterRef("post_id")))


def _drawn(rows: QuerySet[Experience]) -> QuerySet[Experience]:
    joined = rows.select_related("member__avatar", "post").prefetch_related("post__post_pictures__picture")
    left_out = RingMember.objects.filter(left_out=True).values("member")
    counted = Count("post__reactions", filter=~Q(post__reactions__member__in=left_out))
    return joined.annotate(useful=counted)
