"""Reading patterns, branches and the texts that wait."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count

from quanzi.goods.catalogue.models import Sku
from quanzi.growth.replicating.errors import NoSuchPattern
from quanzi.growth.replicating.models import Branch, Pattern, StarterText


@dataclass(frozen=True)
class PatternRow:
    id: int
    name: str
    digest: str
    made_at: datetime
    branches: int
    content: dict[str, Any]

    @property
    def goods(self) -> int:
        return sum(len(one["goods"]) for one in self.content["rounds"])

    @property
    def vacant(self) -> int:
        """Roles besides the founder's that people are to be found for, in each branch."""
        return sum(one["people"] for one in self.content["roles"])


FOUND, PARTLY, MISSING = "found", "partly", "missing"


@dataclass(frozen=True)
class GoodRow:
    """Goods of a pattern, and whether this shop has their codes: all, some, none. product_id: whose they are here."""

    name: str
    codes: tuple[str, ...]
    state: str
    product_id: int | None


@dataclass(frozen=True)
class BranchRow:
    id: int
    key: str
    area: str
    circle_slug: str
    circle_name: str
    leader_name: str
    texts_left: int
    made_at: datetime


@dataclass(frozen=True)
class WaitingText:
    id: int
    kind: str
    title: str
    body: str
    used_at: datetime | None


def goods_of(content: dict[str, Any]) -> list[GoodRow]:
    """What a pattern knows of its goods, as it would be now: what is missing would be made as a draft. Older patterns know codes only."""
    told = content.get("goods", [])
    codes = [variant["code"] for one in told for variant in one["variants"]]
    here = dict(Sku.objects.filter(code__in=codes).values_list("code", "product_id"))
    return [_good(one, here) for one in told]


def _good(told: dict[str, Any], here: dict[str, int]) -> GoodRow:
    codes = tuple(one["code"] for one in told["variants"])
    known = [here[code] for code in codes if code in here]
    state = MISSING if not known else FOUND if len(known) == len(codes) else PARTLY
    return GoodRow(told["name"], codes, state, known[0] if known else None)


def patterns(*, limit: int = 50) -> list[PatternRow]:
    """The newest first."""
    return [_pattern(one) for one in _counted().order_by("-pk")[:limit]]


def pattern_row(pattern_id: int) -> PatternRow:
    """Raises NoSuchPattern."""
    found = _counted().filter(pk=pattern_id).first()
    if found is None:
        raise NoSuchPattern()
    return _pattern(found)


def pattern(pattern_id: int) -> Pattern:
    """With its file. Raises NoSuchPattern."""
    found = Pattern.objects.filter(pk=pattern_id).first()
    if found is None:
        raise NoSuchPattern()
    return found


def branches(*, pattern_id: int | None = None, limit: int = 200) -> list[BranchRow]:
    """Branches of one pattern or of all, the newest first."""
    rows = Branch.objects.select_related("circle__founder")
    rows = rows.filter(pattern_id=pattern_id) if pattern_id is not None else rows
    waiting = {
        row["branch_id"]: row["left"]
        for row in StarterText.objects.filter(used_at=None).values("branch_id").annotate(left=Count("pk")).order_by()
    }
    return [
        BranchRow(
            one.pk, one.key, one.area, one.circle.slug, one.circle.name, one.circle.founder.name, waiting.get(one.pk, 0), one.made_at
        )
        for one in rows.order_by("-pk")[:limit]
    ]  # fmt: skip


def texts_of(circle_id: int) -> list[WaitingText]:
    """The texts of a branch, for those who moderate its circle."""
    rows = StarterText.objects.filter(branch__circle_id=circle_id).order_by("position")
    return [WaitingText(one.pk, one.kind, one.title, one.body, one.used_at) for one in rows]


def _counted() -> Any:
    """Without the file, with the number of branches."""
    return Pattern.objects.defer("archive").annotate(count=Count("branches"))


def _pattern(one: Any) -> PatternRow:
    return PatternRow(one.pk, one.name, one.digest, one.made_at, one.count, one.content)
