"""Brand days: planned, reminded of, ordered from, called off before they begin."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from quanzi.base.audit import services as audit
from quanzi.base.events.services import record
from quanzi.base.jobs.services import enqueue
from quanzi.goods.catalogue.models import Maker, Sku
from quanzi.goods.pricing.timed import drop_timed, set_timed
from quanzi.kernel.clock import local, midnight
from quanzi.kernel.errors import DomainError, Errors, InvalidInput
from quanzi.kernel.ids import new_code
from quanzi.people.accounts.models import Member
from quanzi.people.contact.services import notify
from quanzi.trade.launches import errors, rules
from quanzi.trade.launches.events import BrandDayPlanned
from quanzi.trade.launches.models import BrandDay, DayGood, Reminder
from quanzi.trade.sales import services as sales
from quanzi.trade.sales.models import Order, OrderOrigin
from quanzi.trade.sales.rules import clean


@dataclass(frozen=True)
class DayPlan:
    """One SKU and what one unit of it costs on the day."""

    sku_id: int
    price_minor: int


@transaction.atomic
def plan_day(
    *,
    maker_id: int,
    title: str,
    story: str = "",
    starts_at: datetime,
    ends_at: datetime,
    goods: Sequence[DayPlan],
    is_demo: bool = False,
    actor: Member | str,
    now: datetime,
) -> BrandDay:
    """Put a maker's day into the calendar. Raises InvalidInput, BadDayTimes, BadDayPrice: all that is wrong at once."""
    said, told = clean(title), story.replace("\x00", "").strip()[:2000]
    skus = Sku.objects.select_related("product").in_bulk([plan.sku_id for plan in goods])
    wrong: list[DomainError] = []
    if not 1 <= len(said) <= 40:
        wrong.append(InvalidInput(field="title"))
    if not Maker.objects.filter(pk=maker_id).exists():
        wrong.append(InvalidInput(field="maker_id"))
    if not (now < starts_at < ends_at <= starts_at + rules.LONGEST_DAY):
        wrong.append(errors.BadDayTimes(field="starts_at"))
    if not goods or len(skus) != len(goods) or not all(_is_sound(plan, skus[plan.sku_id], maker_id) for plan in goods):
        wrong.append(errors.BadDayPrice(field="goods"))
    Errors.raise_any(wrong)
    made: BrandDay = BrandDay.objects.create(
        slug=new_code(8).lower(), maker_id=maker_id, title=said, story=told, starts_at=starts_at, ends_at=ends_at,
        is_demo=is_demo,
    )  # fmt: skip
    DayGood.objects.bulk_create(DayGood(day=made, currency=skus[plan.sku_id].currency, **vars(plan)) for plan in goods)
    hold_prices(made)
    after = {"maker": maker_id, "goods": len(goods), "starts_at": starts_at.isoformat()}
    audit.write(actor=actor, action="launches.plan_day", target=f"brand_day:{made.pk}", after=after, now=now)
    record(BrandDayPlanned(made.pk), now=now)
    enqueue("launches.remind", run_at=starts_at, day_id=made.pk)
    return made


def hold_prices(day: BrandDay) -> None:
    """In the hours of the day its prices hold in every cart and checkout, not only on its own page. Safe to repeat."""
    set_timed(
        prices=day.goods.values_list("sku_id", "price_minor"), starts_at=day.starts_at, ends_at=day.ends_at,
        source=f"{rules.DAY}:{day.pk}", label_zh=f"{day.title} · {rules.DAY_LABEL[0]}", label_en=f"{rules.DAY_LABEL[1]}: {day.title}",
    )  # fmt: skip


def _is_sound(plan: DayPlan, sku: Sku, maker_id: int) -> bool:
    return 0 < plan.price_minor < sku.price_minor and sku.product.maker_id == maker_id


@transaction.atomic
def call_off_day(*, day_id: int, actor: Member | str, now: datetime) -> None:
    """It does not take place; possible until it opens. Raises NoSuchDay, DayBegun."""
    day = BrandDay.objects.select_for_update().filter(pk=day_id).first()
    if day is None:
        raise errors.NoSuchDay()
    if day.called_off_at is not None or day.starts_at <= now:
        raise errors.DayBegun()
    day.called_off_at = now
    day.save(update_fields=["called_off_at"])
    drop_timed(source=f"{rules.DAY}:{day.pk}")
    audit.write(actor=actor, action="launches.call_off_day", target=f"brand_day:{day.pk}", now=now)


@transaction.atomic
def remind(*, day_id: int, member: Member, now: datetime) -> Reminder:
    """Tell this member when the day opens; asking is the consent, for this one day. Asking again changes nothing.

    Raises NoSuchDay, DayBegun, TooManyReminders: a member is reminded of few things on one calendar day.
    """
    day = BrandDay.objects.filter(pk=day_id).first()
    if day is None:
        raise errors.NoSuchDay()
    if day.called_off_at is not None or day.starts_at <= now:
        raise errors.DayBegun()
    Member.objects.select_for_update(no_key=True).get(pk=member.pk)  # two tabs count one after the other
    known = Reminder.objects.filter(day=day, member=member).first()
    if known is not None:
        return known
    begin = midnight(local(day.starts_at).date())
    that_day = Reminder.objects.filter(
        member=member, day__called_off_at=None, day__starts_at__gte=begin, day__starts_at__lt=begin + timedelta(days=1)
    )
    if that_day.count() >= rules.MOST_REMINDERS:
        raise errors.TooManyReminders(most=rules.MOST_REMINDERS)
    made: Reminder = Reminder.objects.create(day=day, member=member, asked_at=now)
    return made


def unremind(*, day_id: int, member: Member) -> bool:
    """No reminder after all; returns whether one was open."""
    return Reminder.objects.filter(day_id=day_id, member=member, told_at=None).delete()[0] > 0


@transaction.atomic
def tell_reminders(*, day_id: int, now: datetime) -> int:
    """Everybody who asked hears once that the day is open; nobody when it was called off or is over. Returns how many."""
    day = BrandDay.objects.select_for_update().filter(pk=day_id).first()
    if day is None or not rules.is_open(starts_at=day.starts_at, ends_at=day.ends_at, called_off_at=day.called_off_at, now=now):  # fmt: skip
        return 0
    waiting = list(Reminder.objects.filter(day=day, told_at=None).order_by("id"))
    for one in waiting:
        notify(
            member_id=one.member_id, kind="day_opens", link=f"/days/{day.slug}", key=f"day_opens:{day.pk}", now=now,
            params={"title": day.title, "until": f"{local(day.ends_at):%m-%d %H:%M}"},
        )  # fmt: skip
    Reminder.objects.filter(pk__in=[one.pk for one in waiting]).update(told_at=now)
    return len(waiting)


def order_of_day(
    *,
    day_id: int,
    member: Member,
    lines: Sequence[tuple[int, int]],
    method: str,
    address_id: int | None = None,
    pickup_point_id: int | None = None,
    note: str = "",
    expected_amount_minor: int | None = None,
    idempotency_key: str,
    origin: str = OrderOrigin.SHOP,
    without_return: Collection[int] = (),
    now: datetime,
) -> Order:
    """Order goods of a brand day at its prices. Raises DayNotOpen, NotOfDay, or what placing an order raises."""
    order: Order = sales.place_order(
        member=member, lines=lines, method=method, address_id=address_id, pickup_point_id=pickup_point_id, note=note,
        context={"day_id": day_id}, expected_amount_minor=expected_amount_minor, idempotency_key=idempotency_key,
        origin=origin, without_return=without_return, now=now,
    )  # fmt: skip
    return order
