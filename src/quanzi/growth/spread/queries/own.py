"""What a member reads of it: questions to them, and their reach."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from quanzi.base import planned
from quanzi.growth.spread.models import Call, Reach, Seed, SeedState
from quanzi.growth.spread.rules import LEAST_NEAR, rounded
from quanzi.people.contact.models import Purpose
from quanzi.people.contact.services import allows


@dataclass(frozen=True)
class OfferRow:
    """A sample that somebody was offered. link: their own link to the goods, once it is on its way."""

    id: int
    goods: str
    slug: str
    state: str
    asked_at: datetime
    ends_at: datetime
    link: str

    @property
    def state_label(self) -> str:
        return str(SeedState(self.state).label)


@dataclass(frozen=True)
class CallRow:
    """The shop asks whether one would look after a station, and why."""

    id: int
    area: str
    state: str
    asked_at: datetime
    helped: int
    kept_advice: int
    good_voices: int
    circles: tuple[str, ...]
    neighbours: int


@dataclass(frozen=True)
class ReachWords:
    """agreed: the member wants to know. low, high: people within three steps, rounded; see_low, see_high: whom a word comes to.

    is_thin: so few that a number would tell of single people; counted_at None: not counted yet.
    """

    agreed: bool
    counted_at: datetime | None = None
    is_thin: bool = False
    low: int = 0
    high: int = 0
    see_low: int = 0
    see_high: int = 0


def offers_of(member_id: int) -> list[OfferRow]:
    """Samples that the member was offered, the newest first; what was never asked is not told."""
    rows = (
        Seed.objects.filter(member_id=member_id, asked_at__isnull=False).exclude(state=SeedState.LEFT)
        .select_related("plan__sku__product").order_by("-asked_at")[:20]
    )  # fmt: skip
    tokens = dict(
        planned.rows(
            "SELECT target, token FROM sources_source WHERE owner_id = %s AND kind = 'sample' AND retired_at IS NULL",
            [member_id],
        )
    )
    found = []
    for one in rows:
        product = one.plan.sku.product
        assert one.asked_at is not None
        link = tokens.get(f"/p/{product.slug}", "") if one.state == SeedState.SENT else ""
        found.append(OfferRow(one.pk, product.name, product.slug, one.state, one.asked_at, one.plan.ends_at, link))
    return found


def calls_of(member_id: int) -> list[CallRow]:
    """What the shop asked the member, the newest first."""
    found = []
    for one in Call.objects.filter(member_id=member_id).order_by("-pk")[:5]:
        said = one.reasons
        found.append(CallRow(
            one.pk, one.area, one.state, one.asked_at, said.get("helped", 0), said.get("kept_advice", 0), said.get("good_voices", 0),
            tuple(said.get("circles", ())), said.get("neighbours", 0),
        ))  # fmt: skip
    return found


def reach_of(member_id: int) -> ReachWords:
    """For the member alone."""
    if not allows(member_id, Purpose.REACH):
        return ReachWords(agreed=False)
    found = Reach.objects.filter(member_id=member_id).first()
    if found is None:
        return ReachWords(agreed=True)
    if found.within < LEAST_NEAR:
        return ReachWords(agreed=True, counted_at=found.counted_at, is_thin=True)
    low, high = rounded(found.within)
    return ReachWords(True, found.counted_at, False, low, high, found.low, max(found.high, found.low + 1))
