"""The calendar of brand days and launches, and one brand day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from quanzi.base import planned
from quanzi.base.media.models import Picture
from quanzi.goods.catalogue.queries import first_pictures
from quanzi.goods.catalogue.rules import variant_title
from quanzi.goods.stock.queries import free
from quanzi.kernel.clock import local
from quanzi.kernel.money import Money
from quanzi.people.accounts.models import Member
from quanzi.trade.launches import rules
from quanzi.trade.launches.errors import NoSuchDay
from quanzi.trade.launches.models import BrandDay, DayGood, Launch, Reminder
from quanzi.trade.launches.queries.launches import LaunchRow, launch_rows, rows_of
from quanzi.trade.sales.queries import struck, struck_of

PAST = timedelta(days=14)
NEAR = timedelta(days=7)
"""So long before it opens the page of its goods tells of a brand day."""


@dataclass(frozen=True)
class DayRow:
    """One brand day in the calendar. phase: "ahead", "open", "past" or "called_off"."""

    id: int
    slug: str
    title: str
    story: str
    maker_name: str
    maker_slug: str
    portrait: Picture | None
    starts_at: datetime
    ends_at: datetime
    phase: str
    goods: int
    is_reminded: bool


@dataclass(frozen=True)
class DayGoodRow:
    """was: what may stand struck through beside the price, None where nothing higher was charged before the day."""

    sku_id: int
    product_slug: str
    title: str
    picture: Picture | None
    price: Money
    list_price: Money
    was: Money | None
    free: int


@dataclass(frozen=True)
class DayWay:
    """A brand day that goods of one product are in, open or near. was: as in DayGoodRow, for the SKU that was asked about."""

    slug: str
    title: str
    starts_at: datetime
    ends_at: datetime
    is_open: bool
    price: Money
    was: Money | None


@dataclass(frozen=True)
class DayPage:
    day: DayRow
    goods: tuple[DayGoodRow, ...]
    launches: tuple[LaunchRow, ...]


@dataclass(frozen=True)
class CalendarDay:
    """What begins on one date of the site's calendar."""

    on: date
    days: tuple[DayRow, ...]
    launches: tuple[LaunchRow, ...]


def calendar(*, viewer: Member | None, now: datetime) -> tuple[list[CalendarDay], list[CalendarDay]]:
    """Ahead and open, the next first; and what was in the last two weeks, the newest first."""
    found = BrandDay.objects.select_related("maker__portrait").filter(ends_at__gt=now - PAST)
    days = _days(found.order_by("starts_at", "id")[:200], viewer, now)
    launches = launch_rows(ended_since=now - PAST, limit=200)
    ahead = _by_date(
        [one for one in days if one.phase in ("ahead", "open")],
        [one for one in launches if one.state in ("planned", "selling")],
    )
    past = _by_date(
        [one for one in days if one.phase in ("past", "called_off")],
        [one for one in launches if one.state in ("over", "called_off")],
    )
    return ahead, past[::-1]


def all_days(*, now: datetime, before_id: int | None = None, limit: int = 50) -> list[DayRow]:
    """For the staff: every brand day, the newest plan first."""
    rows = BrandDay.objects.filter(pk__lt=before_id) if before_id else BrandDay.objects.all()
    return _days(rows.select_related("maker__portrait").order_by("-id")[:limit], None, now)


def days_of(*, maker_slug: str, now: datetime) -> list[DayRow]:
    """A maker's brand days that are ahead or open, the next first."""
    rows = BrandDay.objects.filter(maker__slug=maker_slug, ends_at__gt=now, called_off_at=None)
    return _days(rows.select_related("maker__portrait").order_by("starts_at", "id")[:10], None, now)


def slug_of_day(day_id: int) -> str:
    """Where a brand day stands. Raises NoSuchDay."""
    found = BrandDay.objects.filter(pk=day_id).values_list("slug", flat=True).first()
    if found is None:
        raise NoSuchDay()
    return str(found)


def day_page(*, slug: str, viewer: Member | None, now: datetime) -> DayPage:
    """One brand day with its goods and the launches of its maker in its hours. Raises NoSuchDay."""
    found = BrandDay.objects.select_related("maker__portrait").filter(slug=slug[:12]).first()
    if found is None:
        raise NoSuchDay()
    goods = list(DayGood.objects.filter(day=found).select_related("sku__product").order_by("id"))
    pictures = first_pictures({one.sku.product_id for one in goods})
    left = free([one.sku_id for one in goods])
    prices = {one.sku_id: Money(one.price_minor, one.currency) for one in goods}
    charged = struck_of(prices, since=found.starts_at) if found.starts_at <= now else {}
    launches = Launch.objects.filter(
        sku__product__maker_id=found.maker_id, starts_at__gte=found.starts_at, starts_at__lt=found.ends_at
    )
    return DayPage(
        day=_days([found], viewer, now)[0],
        goods=tuple(
            DayGoodRow(
                sku_id=one.sku_id, product_slug=one.sku.product.slug,
                title=variant_title(one.sku.product.name, one.sku.options), picture=pictures.get(one.sku.product_id),
                price=prices[one.sku_id], list_price=Money(one.sku.price_minor, one.sku.currency),
                was=charged.get(one.sku_id), free=left[one.sku_id],
            )
            for one in goods
        ),
        launches=tuple(rows_of(launches.select_related("sku__product").order_by("starts_at", "id")[:20])),
    )  # fmt: skip


def day_of_sku(*, sku_id: int, now: datetime) -> DayWay | None:
    """The brand day that these goods are in now, the least price of several; else the next one within a week."""
    if not planned.rows("SELECT FROM launches_daygood WHERE sku_id = %s LIMIT 1", [sku_id]):
        return None  # as most goods
    found = DayGood.objects.select_related("day").filter(
        sku_id=sku_id, day__called_off_at=None, day__ends_at__gt=now, day__starts_at__lt=now + NEAR
    )
    goods = list(found.order_by("day__starts_at", "id"))
    opened = [one for one in goods if one.day.starts_at <= now]
    best = min(opened, key=lambda one: one.price_minor) if opened else next(iter(goods), None)
    if best is None:
        return None
    price, day = Money(best.price_minor, best.currency), best.day
    return DayWay(
        slug=day.slug, title=day.title, starts_at=day.starts_at, ends_at=day.ends_at, is_open=bool(opened), price=price,
        was=struck(sku_id=sku_id, price=price, since=day.starts_at) if opened else None,
    )  # fmt: skip


def _days(found: Iterable[BrandDay], viewer: Member | None, now: datetime) -> list[DayRow]:
    rows = list(found)
    if not rows:
        return []
    counts: dict[int, int] = {}
    for day_id in DayGood.objects.filter(day__in=rows).values_list("day_id", flat=True):
        counts[day_id] = counts.get(day_id, 0) + 1
    mine = Reminder.objects.filter(member=viewer, day__in=rows) if viewer is not None else Reminder.objects.none()
    reminded = set(mine.values_list("day_id", flat=True))
    return [
        DayRow(
            id=one.pk, slug=one.slug, title=one.title, story=one.story, maker_name=one.maker.name,
            maker_slug=one.maker.slug, portrait=one.maker.portrait, starts_at=one.starts_at, ends_at=one.ends_at,
            phase=_phase(one, now), goods=counts.get(one.pk, 0), is_reminded=one.pk in reminded,
        )
        for one in rows
    ]  # fmt: skip


def _phase(day: BrandDay, now: datetime) -> str:
    if day.called_off_at is not None:
        return "called_off"
    if rules.is_open(starts_at=day.starts_at, ends_at=day.ends_at, called_off_at=None, now=now):
        return "open"
    return "ahead" if now < day.starts_at else "past"


def _by_date(days: list[DayRow], launches: list[LaunchRow]) -> list[CalendarDay]:
    dates = sorted({local(at).date() for at in [*(d.starts_at for d in days), *(one.starts_at for one in launches)]})
    return [
        CalendarDay(
            on=on,
            days=tuple(one for one in days if local(one.starts_at).date() == on),
            launches=tuple(one for one in launches if local(one.starts_at).date() == on),
        )
        for on in dates
    ]
