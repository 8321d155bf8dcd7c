"""Batches of a town: deposits, another date, balances."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from quanzi.kernel import clock
from quanzi.trade.preorders import services as preorders
from quanzi.trade.preorders.models import Place, Preorder
from tests.factories.preorders import make_preorder
from tests.properties.story import OFTEN, pick
from tests.properties.town_square import when
from tests.properties.town_trade import Trade

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Batches(Trade):
    """What is made to order."""

    # -- batches

    @rule(threshold=st.integers(1, 3))
    @when(no="open batch")
    def open_batch(self, threshold: int) -> None:
        self.attempt(lambda: make_preorder(sku=self.pot, threshold=threshold, most=3))

    @rule(who=pick, pays=OFTEN)
    @when("open batch")
    def join_batch(self, who: int, pays: bool) -> None:
        member, batch = self.who(who), Preorder.objects.filter(state="open").order_by("pk")[0]
        place = self.attempt(
            lambda: preorders.ask_place(
                preorder_id=batch.pk, sku_id=self.pot.pk, quantity=1, member=member, idempotency_key=self.key(), now=clock.now()
            )
        )  # fmt: skip
        if place is not None and (pays or who % 4):
            self.pay("deposit", place.pk, member.pk)

    @rule(number=pick, leaves=st.booleans(), pays=OFTEN)
    @when("place")
    def go_on_with_a_place(self, number: int, leaves: bool, pays: bool) -> None:
        place: Place | None = self.one(Place.objects.filter(state__in=["asked", "held"]), number)
        assert place is not None
        if leaves and number % 2:
            self.attempt(lambda: preorders.leave(place_id=place.pk, member=place.member, now=clock.now()))
            return
        order = self.attempt(
            lambda: preorders.order_balance(
                place_id=place.pk, member=place.member, idempotency_key=self.key(), now=clock.now(), **self.how(place.member, leaves)
            )
        )  # fmt: skip
        if order is not None and pays:
            self.pay("order", order.pk, order.member_id)

    @rule(number=pick, act=st.sampled_from(["make", "balance", "balance", "bring", "bring", "date", "call_off"]))
    @when("batch")
    def go_on_with_a_batch(self, number: int, act: str) -> None:
        batch: Preorder | None = self.one(Preorder.objects.filter(state__in=["open", "made"]), number)
        assert batch is not None
        shop: dict[str, Any] = {"preorder_id": batch.pk, "actor": "test", "now": clock.now()}
        acts: dict[str, Callable[[], Any]] = {
            "make": lambda: preorders.make_batch(**shop),
            "balance": lambda: preorders.ask_balance(**shop),
            "bring": lambda: preorders.receive_batch(
                sku_id=self.pot.pk, quantity=1, idempotency_key=self.key(), **shop
            ),
            "date": lambda: preorders.ask_date(after=batch.promised_on + DAY, reason="窑坏了", **shop),
            "call_off": lambda: preorders.call_off(reason="不做了", **shop) if number % 3 == 0 else None,
        }
        self.attempt(acts[act])

    @rule(number=pick, agrees=st.booleans())
    @when("question")
    def answer_about_a_date(self, number: int, agrees: bool) -> None:
        place: Place | None = self.one(Place.objects.filter(answers__agrees=None, answers__isnull=False), number)
        if place is not None:
            self.attempt(
                lambda: preorders.answer_date(place_id=place.pk, member=place.member, agrees=agrees, now=clock.now())
            )
