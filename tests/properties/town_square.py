"""Who and what there is in a town, what the clock does with it, and whose money is where."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from django.db import connection, transaction

from quanzi.base.events.services import deliver_pending
from quanzi.kernel import clock
from quanzi.kernel.errors import DomainError
from quanzi.people.accounts.models import Member
from quanzi.people.approvals import rules as limits
from quanzi.people.approvals import services as approvals
from quanzi.trade.aftersales import services as aftersales
from quanzi.trade.deals import services as deals
from quanzi.trade.payments import services as payments
from quanzi.trade.preorders import services as preorders
from quanzi.trade.sales import services as sales
from quanzi.trade.stations import services as stations
from tests.factories.deals import make_deal
from tests.factories.goods import bring_in, make_lot, make_product, make_sku
from tests.factories.stations import make_station
from tests.factories.supply import make_goods, make_supplier
from tests.factories.trade import make_address, make_buyer, make_staff
from tests.properties.story import Story

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LADDER = [(3, 3_000)]


MONEY = """
SELECT m.id, coalesce(paid.minor, 0), coalesce(owed.minor, 0) + coalesce(held.minor, 0)
  FROM unnest(%s::bigint[]) AS m (id)
  LEFT JOIN (SELECT member_id, sum(amount_minor - refunded_minor) AS minor FROM payments_payment WHERE state = 'captured' GROUP BY 1) paid
    ON paid.member_id = m.id
  LEFT JOIN (SELECT member_id, sum(amount_minor - refunded_minor) AS minor FROM sales_order
              WHERE state NOT IN ('placed', 'cancelled') GROUP BY 1) owed ON owed.member_id = m.id
  LEFT JOIN (SELECT member_id, sum(deposit_minor) AS minor FROM preorders_place WHERE state = 'held' GROUP BY 1) held
    ON held.member_id = m.id
"""
"""Of each member: what the shop has of their money, and what their orders and places say that it has."""


THERE = """
SELECT array_remove(ARRAY[
  CASE WHEN EXISTS (SELECT FROM sales_order WHERE state IN ('placed', 'cancelled')) THEN 'unpaid' END,
  CASE WHEN EXISTS (SELECT FROM sales_order WHERE paid_at IS NOT NULL AND state <> 'refunded') THEN 'paid' END,
  CASE WHEN EXISTS (SELECT FROM sales_orderline WHERE received_at IS NOT NULL AND returned_at IS NULL) THEN 'received' END,
  CASE WHEN EXISTS (SELECT FROM stations_round WHERE state = 'open') THEN 'open round' END,
  CASE WHEN EXISTS (SELECT FROM stations_round WHERE state IN ('open', 'closed')) THEN 'round' END,
  CASE WHEN EXISTS (SELECT FROM fulfilment_fulfilment WHERE state = 'ready') THEN 'ready' END,
  CASE WHEN EXISTS (SELECT FROM fulfilment_fulfilment WHERE state IN ('waiting', 'partly')) THEN 'to send' END,
  CASE WHEN EXISTS (SELECT FROM fulfilment_parcel WHERE state IN ('shipped', 'arrived')) THEN 'parcel' END,
  CASE WHEN EXISTS (SELECT FROM preorders_preorder WHERE state = 'open') THEN 'open batch' END,
  CASE WHEN EXISTS (SELECT FROM preorders_preorder WHERE state IN ('open', 'made')) THEN 'batch' END,
  CASE WHEN EXISTS (SELECT FROM preorders_place WHERE state IN ('asked', 'held')) THEN 'place' END,
  CASE WHEN EXISTS (SELECT FROM preorders_answer WHERE agrees IS NULL) THEN 'question' END,
  CASE WHEN EXISTS (SELECT FROM aftersales_claim WHERE state = 'open') THEN 'claim' END,
  CASE WHEN EXISTS (SELECT FROM aftersales_claim WHERE state IN ('accepted', 'declined')) THEN 'answered claim' END,
  CASE WHEN EXISTS (SELECT FROM fulfilment_linelot) THEN 'given' END
], NULL)
"""
"""What there is to be done something about; asked once a step, so that few steps are in vain."""


def when(*things: str, no: str = "") -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Only where these are, and `no` is not yet; else the step is in vain.

    Not by `precondition`: which rules there are would then hang on what the database holds, and an example that is told
    again could not choose the same ones.
    """

    def only(act: Callable[..., None]) -> Callable[..., None]:
        @wraps(act)
        def tried(self: Square, *what: Any, **how: Any) -> None:
            if self.has(*things) and not (no and self.has(no)):
                act(self, *what, **how)

        return tried

    return only


class Square(Story):
    """One station, a shelf, a supplier, a few people."""

    weight = 8

    def furnish(self) -> None:
        self.there: set[str] = set()
        self.members = [make_buyer() for _ in range(4)]
        self.addresses = {member.pk: make_address(member).pk for member in self.members}
        self.staff, self.second, self.third = make_staff("operator"), make_staff("finance"), make_staff("owner")
        for name in (limits.REFUND_ORDER, limits.REFUND_DAY):
            approvals.set_limit(name=name, amount_minor=10**9, by=self.third, now=clock.now())
        self.station = make_station()
        self.leader = self.station.point.leader
        product = make_product(on_sale=True)
        self.jar, self.cup = (
            make_sku(product=product, price_minor=price, options={"规格": name})
            for name, price in (("大", 4_000), ("小", 2_500))
        )
        self.fish, self.pot = make_sku(price_minor=2_000), make_sku(price_minor=10_000)
        for sku in (self.jar, self.cup):
            bring_in(sku, 8, lot=make_lot(sku=sku))
        make_goods(make_supplier(), sku=self.fish, is_first=True)
        self.deal = make_deal(sku=self.jar, team_size=2, price_minor=3_500, steps=LADDER, per_member_limit=9)
        self.codes: list[tuple[int, str]] = []

    # -- helpers

    def who(self, number: int) -> Member:
        return self.members[number % len(self.members)]

    def attempt(self, act: Callable[..., Any], **how: Any) -> Any:
        """None when the shop refused, and then nothing of it stays."""
        try:
            with transaction.atomic():
                return act(**how)
        except DomainError:
            return None

    def one[T](self, found: Any, number: int) -> T | None:
        """Any of these rows, by chance, always the same by the same chance."""
        rows = list(found.order_by("pk"))
        return rows[number % len(rows)] if rows else None

    def how(self, who: Member, is_pickup: bool) -> dict[str, Any]:
        if is_pickup:
            return {"method": "pickup", "pickup_point_id": self.station.point_id}
        return {"method": "delivery", "address_id": self.addresses[who.pk]}

    def pay(self, kind: str, number: int, who_id: int) -> None:
        def act() -> None:
            started = payments.start(
                payable_kind=kind, payable_id=number, provider="offline", member_id=who_id, idempotency_key=self.key(),
                return_url="", now=clock.now(),
            )  # fmt: skip
            payments.capture_offline(payment_id=started.payment.pk, reference="", actor="test", now=clock.now())

        self.attempt(act)

    # -- time

    def pass_time(self, by: timedelta) -> None:
        """What the worker does each minute, once at the end of it."""
        now = self.time.move(by)
        sales.expire_unpaid(now=now)
        preorders.expire_asked(now)
        stations.close_due(now)
        deals.fail_due(now)
        deals.level_due(now)
        preorders.decide_due(now)
        preorders.close_answers(now)
        preorders.lapse_due(now)
        preorders.release_due(now)
        while deliver_pending(now=now):
            continue
        stations.note_missed(now)
        stations.end_missed(now)
        aftersales.carry_on_recalls(now)
        aftersales.lapse_returns(now)
        aftersales.close_disputes(now)
        sales.auto_receive(now=now)
        sales.close_windows(now=now)
        stations.carry_on(now)

    # -- what always holds

    def count_the_money(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(MONEY, [[member.pk for member in self.members]])
            wrong = [row for row in cursor.fetchall() if row[1] != row[2]]
            assert not wrong, wrong
            cursor.execute(THERE)
            self.there = set(cursor.fetchone()[0])

    def has(self, *things: str) -> bool:
        return self.there.issuperset(things)
