"""What the merchant does with coupons: make one, call it off."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.db import transaction

from quanzi.base.audit.services import write as audit
from quanzi.community.circles.models import Circle
from quanzi.goods.catalogue.models import Category, Product
from quanzi.kernel.errors import DomainError, Errors, NotAllowed
from quanzi.kernel.ids import new_code
from quanzi.people.accounts.models import Member
from quanzi.trade.rewards import errors
from quanzi.trade.rewards.models import LARGEST_BP, LARGEST_MINOR, MOST, Coupon, Kind, Way
from quanzi.trade.rewards.policies import may_make

MOST_DAYS = 365
MOST_EACH = 20
LONGEST_TIME = timedelta(days=2 * 365)
CODE_LENGTH = 12


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What a coupon says; see models.Coupon. Exactly one of use_days and use_by."""

    name_zh: str
    name_en: str
    kind: str
    way: str
    from_minor: int
    opens_at: datetime
    closes_at: datetime
    most: int
    each: int = 1
    off_minor: int = 0
    off_bp: int = 0
    cap_minor: int = 0
    product_id: int | None = None
    category_id: int | None = None
    circle_id: int | None = None
    use_days: int | None = None
    use_by: datetime | None = None


@transaction.atomic
def make_coupon(*, terms: Terms, actor: Member, is_demo: bool = False, now: datetime) -> Coupon:
    """Offer a coupon. Raises NotAllowed, and for its fields BadCoupon, AmountOrShare, OffTooMuch, all of them at once."""
    if not may_make(actor):
        raise NotAllowed()
    Errors.raise_any(_wrong(terms, now))
    made: Coupon = Coupon.objects.create(code=new_code(CODE_LENGTH), made_at=now, is_demo=is_demo, **asdict(terms))
    told = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in asdict(terms).items()}
    audit(actor=actor, action="coupon.made", target=f"coupon:{made.pk}", after=told, now=now)
    return made


@transaction.atomic
def end_coupon(*, coupon_id: int, actor: Member, now: datetime) -> Coupon:
    """Nobody takes it any more; whoever has it keeps it. Again changes nothing. Raises NotAllowed, NoSuchCoupon."""
    if not may_make(actor):
        raise NotAllowed()
    found = Coupon.objects.select_for_update().filter(pk=coupon_id).first()
    if found is None:
        raise errors.NoSuchCoupon()
    if found.ended_at is None:
        found.ended_at = now
        found.save(update_fields=["ended_at"])
        audit(actor=actor, action="coupon.ended", target=f"coupon:{found.pk}", after={"taken": found.taken}, now=now)
    return found


def _wrong(terms: Terms, now: datetime) -> list[DomainError]:
    """Everything that its maker has to repair."""
    is_amount = terms.kind == Kind.AMOUNT
    good = {
        "name_zh": 1 <= len(terms.name_zh) <= 30,
        "name_en": 1 <= len(terms.name_en) <= 60,
        "kind": terms.kind in Kind.values,
        "way": terms.way in Way.values,
        "from_minor": 1 <= terms.from_minor <= LARGEST_MINOR * 100,
        "off_minor": not is_amount or 1 <= terms.off_minor <= LARGEST_MINOR,
        "off_bp": is_amount or 100 <= terms.off_bp <= LARGEST_BP,
        "cap_minor": is_amount or 1 <= terms.cap_minor <= LARGEST_MINOR,
        "closes_at": max(terms.opens_at, now) < terms.closes_at <= now + LONGEST_TIME,
        "use_days": (terms.use_days is None) != (terms.use_by is None) and 1 <= (terms.use_days or 1) <= MOST_DAYS,
        "use_by": terms.use_by is None or terms.closes_at <= terms.use_by <= now + LONGEST_TIME,
        "most": 1 <= terms.most <= MOST,
        "each": 1 <= terms.each <= MOST_EACH,
        "product_id": terms.product_id is None
        or (terms.category_id is None and Product.objects.filter(pk=terms.product_id).exists()),
        "category_id": terms.category_id is None or Category.objects.filter(pk=terms.category_id).exists(),
        "circle_id": terms.circle_id is None or Circle.objects.filter(pk=terms.circle_id).exists(),
    }
    wrong: list[DomainError] = [errors.BadCoupon(field=name) for name, is_good in good.items() if not is_good]
    others = ("off_bp", "cap_minor") if is_amount else ("off_minor",)
    wrong += [errors.AmountOrShare(field=name) for name in others if getattr(terms, name)]
    if is_amount and good["off_minor"] and terms.off_minor >= terms.from_minor:
        wrong.append(errors.OffTooMuch(field="off_minor"))
    return wrong
