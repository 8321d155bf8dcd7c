"""A community in the plain values of a pattern. Reads only; what is not read here cannot leave."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Q

from quanzi.community.circles.models import Circle, CircleRole, MembershipState
from quanzi.community.posts.models import Post, PostKind, PostPicture
from quanzi.growth.replicating.archive import unpack
from quanzi.growth.replicating.content import FORMAT, VERSION, Content
from quanzi.growth.replicating.goods import file_of, goods_behind
from quanzi.growth.replicating.models import Branch, StarterText
from quanzi.people.accounts.models import Member
from quanzi.trade.sales.models import PickupPoint
from quanzi.trade.stations.models import Round, RoundGood

MOST_ROUNDS = 10


def describe(
    circle: Circle, posts: Sequence[Post] = (), *, with_pictures: bool = False
) -> tuple[Content, dict[str, bytes]]:
    """Content and pictures, with the names of the area still in the texts. with_pictures: those of the chosen posts too."""
    points = list(
        PickupPoint.objects.filter(circle=circle, is_open=True).select_related("station", "store").order_by("pk")
    )
    cover, files = _cover(circle)
    texts, pictures = _texts(circle, posts, with_pictures)
    rounds = _rounds([point.pk for point in points])
    goods, shown = goods_behind(good["sku"] for one in rounds for good in one["goods"])
    found: Content = {
        "format": FORMAT,
        "version": VERSION,
        "circle": {
            "name": circle.name, "summary": circle.summary, "charter": circle.charter, "place": circle.place,
            "admission": circle.admission, "question": circle.question, "cover": cover,
        },
        "roles": _roles(circle),
        "points": [_point(point) for point in points],
        "rounds": rounds,
        "goods": goods,
        "texts": texts,
    }  # fmt: skip
    return found, files | pictures | shown


def names_around(circle: Circle) -> list[str]:
    """Names of everybody who has to do with the circle, and of the staff: none of them may stand in a text."""
    near = Q(memberships__circle=circle) | Q(pickup_points__circle=circle) | Q(is_staff=True) | Q(pk=circle.founder_id)
    return sorted(set(Member.objects.filter(near).values_list("name", flat=True)))


def _roles(circle: Circle) -> list[dict[str, Any]]:
    """How many people hold which role besides the founder; who they are stays here."""
    live = circle.memberships.filter(state=MembershipState.JOINED).exclude(
        role__in=[CircleRole.MEMBER, CircleRole.FOUNDER]
    )
    counted = live.values("role").annotate(people=Count("pk")).order_by("role")
    told = {row["role"]: row["people"] for row in counted}
    branch = Branch.objects.select_related("pattern").filter(circle=circle).first()
    if branch is not None:  # places that are not filled yet belong to the plan
        for row in branch.pattern.content["roles"]:
            told[row["role"]] = max(told.get(row["role"], 0), row["people"])
    return [{"role": role, "people": told[role]} for role in sorted(told)]


def _point(point: PickupPoint) -> dict[str, Any]:
    """Without address, place on the map and telephone: they are a person's, and another in each branch."""
    station, store = getattr(point, "station", None), getattr(point, "store", None)
    return {
        "name": point.name,
        "hours": point.hours,
        "hours_en": point.hours_en,
        "station": {
            "area": station.area, "capacity": station.capacity, "brings_to_door": station.brings_to_door, "shows_score": station.shows_score,
        } if station else None,
        "store": {"about": store.about, "takes_amounts": store.takes_amounts} if store else None,
    }  # fmt: skip


def _rounds(point_ids: Sequence[int]) -> list[dict[str, Any]]:
    """The newest round of each title that stops at these points, as lengths of time and a price plan."""
    found: dict[str, Round] = {}
    rows = Round.objects.filter(stops__station__point_id__in=point_ids).distinct().order_by("-opens_at", "-pk")[:100]
    for one in rows:
        found.setdefault(one.title, one)
    return [_round(one) for one in sorted(list(found.values())[:MOST_ROUNDS], key=lambda one: one.title)]


def _round(one: Round) -> dict[str, Any]:
    goods = RoundGood.objects.filter(round=one).select_related("sku").order_by("sku__code")
    return {
        "title": one.title,
        "order_minutes": int((one.cut_off_at - one.opens_at).total_seconds() // 60),
        "wait_minutes": int((one.pickup_from - one.cut_off_at).total_seconds() // 60),
        "pickup_minutes": int((one.pickup_until - one.pickup_from).total_seconds() // 60),
        "goods": [
            {
                "sku": good.sku.code, "price_minor": good.price_minor, "currency": good.currency, "most": good.most,
                "minimum": good.minimum, "leader_bp": good.leader_bp, "comes_later": good.comes_later,
            }
            for good in goods
        ],
    }  # fmt: skip


def _texts(circle: Circle, posts: Sequence[Post], with_pictures: bool) -> tuple[list[dict[str, Any]], dict[str, bytes]]:
    """Texts of the pattern that a branch came from, then chosen notes and questions of the circle. Experiences are people's own."""
    starters = list(
        StarterText.objects.filter(branch__circle=circle).select_related("branch__pattern").order_by("position")
    )
    chosen = [one for one in posts if one.circle_id == circle.pk and one.kind in (PostKind.NOTE, PostKind.QUESTION)]
    shown: dict[int, list[str]] = {}
    files: dict[str, bytes] = {}
    if starters and any(one.pictures for one in starters):
        _, known = unpack(bytes(starters[0].branch.pattern.archive))
        files |= {name: known[name] for one in starters for name in one.pictures}
    if with_pictures:
        for row in PostPicture.objects.filter(post__in=chosen).select_related("picture").order_by("post_id", "pk"):
            name, data = file_of(row.picture)
            shown.setdefault(row.post_id, []).append(name)
            files[name] = data
    told = [(one.kind, one.title, one.body, one.pictures) for one in starters]
    told += [(one.kind, one.title, one.body, shown.get(one.pk, [])) for one in chosen]
    texts = [{"kind": str(kind), "title": title, "body": body, "pictures": names} for kind, title, body, names in told]
    return texts, files


def _cover(circle: Circle) -> tuple[str, dict[str, bytes]]:
    """The cover under its name in the archive. One that came with a pattern goes out as it came."""
    if circle.cover is None:
        return "", {}
    branch = Branch.objects.select_related("pattern").filter(circle=circle).first()
    name = branch.pictures.get(str(circle.cover_id)) if branch else None
    if branch is not None and name:
        _, files = unpack(bytes(branch.pattern.archive))
        return name, {name: files[name]}
    name, data = file_of(circle.cover)
    return name, {name: data}
