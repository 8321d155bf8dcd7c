"""Launches as members and staff see them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from quanzi.base import planned
from quanzi.base.media.models import Picture
from quanzi.goods.catalogue.queries import first_pictures
from quanzi.goods.catalogue.rules import variant_title
from quanzi.kernel.money import Money
from quanzi.people.accounts.models import Member
from quanzi.trade.launches import rules
from quanzi.trade.launches.errors import NoSuchLaunch
from quanzi.trade.launches.models import Launch, Place, PlaceState

COUNTS = """
SELECT p.launch_id, count(*) FILTER (WHERE p.state <> 'left'), count(*) FILTER (WHERE p.state = 'waiting'), count(*) FILTER (WHERE p.state = 'turn'),
       coalesce(sum(p.granted) FILTER (WHERE p.state = 'ordered' AND o.paid_at IS NOT NULL), 0)
  FROM launches_place p LEFT JOIN sales_order o ON o.id = p.order_id WHERE p.launch_id = ANY (%s::bigint[]) GROUP BY p.launch_id
"""

MINE = """
SELECT p.code, p.state, p.position, p.wanted, p.granted, p.turn_until, o.number, o.state, o.pay_by,
       (SELECT count(*) FROM launches_place w WHERE w.launch_id = p.launch_id AND w.state = 'waiting' AND w.position < p.position)
  FROM launches_place p LEFT JOIN sales_order o ON o.id = p.order_id
 WHERE p.launch_id = %s AND p.member_id = %s ORDER BY p.id DESC LIMIT 1
"""

GIVEN = "SELECT turn_from FROM launches_place WHERE launch_id = %s AND turn_from > %s ORDER BY turn_from DESC LIMIT 200"


@dataclass(frozen=True)
class MyPlace:
    """before: people ahead who wait; minutes: a wait at the pace of the last ten minutes, None when that cannot be said."""

    code: str
    state: str
    position: int | None
    wanted: int
    granted: int
    turn_until: datetime | None
    order_number: str
    is_paid: bool
    pay_by: datetime | None
    before: int
    minutes: int | None


@dataclass(frozen=True)
class LaunchRow:
    """entered: people who took a place; sold: units that are paid; taken: units in turns and orders."""

    id: int
    code: str
    title: str
    state: str
    end_reason: str
    product_slug: str
    product_name: str
    sku_id: int
    variant: str
    picture: Picture | None
    price: Money
    list_price: Money
    units: int
    limit_each: int
    entry_opens_at: datetime
    starts_at: datetime
    ends_at: datetime
    drawn_at: datetime | None
    ended_at: datetime | None
    turn_minutes: int
    seed_hash: str
    seed: str
    taken: int
    entered: int
    waiting: int
    turns: int
    sold: int


@dataclass(frozen=True)
class LaunchPage:
    launch: LaunchRow
    mine: MyPlace | None
    takes_entries: bool
    may_enter: bool


@dataclass(frozen=True)
class PlaceRow:
    """One place as the staff see it: its code says no more about its member than the lot does."""

    position: int | None
    code: str
    state: str
    wanted: int
    granted: int
    entered_at: datetime
    turn_until: datetime | None
    order_number: str


@dataclass(frozen=True)
class Drawn:
    """One place of the lot; ticket: what decided it."""

    position: int
    code: str
    ticket: str


def launch_rows(*, ended_since: datetime | None = None, limit: int = 50) -> list[LaunchRow]:
    """Launches that are not over, the next start first; with `ended_since` also those that ended after it."""
    rows = Launch.objects.filter(ended_at=None)
    if ended_since is not None:
        rows = rows | Launch.objects.filter(ended_at__gte=ended_since)
    return rows_of(rows.select_related("sku__product").order_by("starts_at", "id")[:limit])


def all_launches(*, before_id: int | None = None, limit: int = 50) -> list[LaunchRow]:
    """For the staff: every launch, newest first."""
    rows = Launch.objects.filter(pk__lt=before_id) if before_id else Launch.objects.all()
    return rows_of(rows.select_related("sku__product").order_by("-id")[:limit])


def launch_row(launch_id: int) -> LaunchRow:
    """One launch for the staff. Raises NoSuchLaunch."""
    for row in rows_of(Launch.objects.select_related("sku__product").filter(pk=launch_id)):
        return row
    raise NoSuchLaunch()


def place_rows(*, launch_id: int, limit: int = 100) -> list[PlaceRow]:
    """The queue: whoever has a position by it, then whoever still waits for the lot."""
    rows = Place.objects.filter(launch_id=launch_id).order_by(F("position").asc(nulls_last=True), "id")
    found = rows.values_list(
        "position", "code", "state", "wanted", "granted", "entered_at", "turn_until", "order__number"
    )
    return [PlaceRow(*row[:7], order_number=row[7] or "") for row in found[:limit]]


def launch_page(*, code: str, viewer: Member | None, now: datetime) -> LaunchPage:
    """One launch with the reader's place in it. Raises NoSuchLaunch."""
    found = Launch.objects.select_related("sku__product").filter(code=code[:12]).first()
    if found is None:
        raise NoSuchLaunch()
    [row] = rows_of([found])
    mine = _mine(found, viewer.pk, now) if viewer is not None else None
    is_open = rules.takes_entries(
        state=found.state, entry_opens_at=found.entry_opens_at, ends_at=found.ends_at, now=now
    )
    is_in = mine is not None and mine.state in (PlaceState.WAITING, PlaceState.TURN, PlaceState.ORDERED)
    return LaunchPage(launch=row, mine=mine, takes_entries=is_open, may_enter=is_open and not is_in)


def draw_sheet(*, code: str) -> tuple[Launch, list[Drawn]]:
    """What anybody needs to draw the lot again: the seed, and every code with its place. Empty before it is drawn.

    Raises NoSuchLaunch.
    """
    found = Launch.objects.filter(code=code[:12]).first()
    if found is None:
        raise NoSuchLaunch()
    lot = Place.objects.filter(launch=found, entered_at__lt=found.starts_at, position__isnull=False)
    rows = lot.order_by("position").values_list("position", "code") if found.seed else []
    return found, [Drawn(position or 0, one, rules.ticket_of(found.seed, one)) for position, one in rows]


def my_turns(*, member_id: int) -> list[tuple[str, str, datetime]]:
    """Launches in which this member may order now: code, title, until when."""
    found = Place.objects.filter(member_id=member_id, state=PlaceState.TURN).order_by("turn_until")
    rows = found.values_list("launch__code", "launch__title", "turn_until")
    return [(code, title, until) for code, title, until in rows if until is not None]


def _mine(launch: Launch, member_id: int, now: datetime) -> MyPlace | None:
    for code, state, position, wanted, granted, until, number, paid, pay_by, before in planned.rows(
        MINE, [launch.pk, member_id]
    ):
        minutes = None
        if state == PlaceState.WAITING and launch.drawn_at is not None:
            given = [at for (at,) in planned.rows(GIVEN, [launch.pk, launch.drawn_at])]
            minutes = rules.wait_minutes(before=before, given=given, now=now)
        return MyPlace(
            code=code, state=state, position=position, wanted=wanted, granted=granted, turn_until=until,
            order_number=number or "", is_paid=bool(paid) and paid not in ("placed", "cancelled"), pay_by=pay_by,
            before=before, minutes=minutes,
        )  # fmt: skip
    return None


def rows_of(launches: Iterable[Launch]) -> list[LaunchRow]:
    """Launches with their counts and pictures, in two statements."""
    found = list(launches)
    counts = {row[0]: row[1:] for row in planned.rows(COUNTS, [[one.pk for one in found]])}
    pictures = first_pictures({one.sku.product_id for one in found})
    return [_row(one, counts.get(one.pk, (0, 0, 0, 0)), pictures.get(one.sku.product_id)) for one in found]


def _row(launch: Launch, counts: tuple[int, ...], picture: Picture | None) -> LaunchRow:
    sku, (entered, waiting, turns, sold) = launch.sku, counts
    return LaunchRow(
        id=launch.pk, code=launch.code, title=launch.title, state=launch.state, end_reason=launch.end_reason,
        product_slug=sku.product.slug, product_name=sku.product.name, sku_id=sku.pk,
        variant=variant_title(sku.product.name, sku.options), picture=picture,
        price=Money(launch.price_minor, launch.currency), list_price=Money(sku.price_minor, sku.currency),
        units=launch.units, limit_each=launch.limit_each, entry_opens_at=launch.entry_opens_at,
        starts_at=launch.starts_at, ends_at=launch.ends_at, drawn_at=launch.drawn_at, ended_at=launch.ended_at,
        turn_minutes=launch.turn_minutes, seed_hash=launch.seed_hash, seed=launch.seed, taken=launch.taken,
        entered=entered, waiting=waiting, turns=turns, sold=int(sold),
    )  # fmt: skip
