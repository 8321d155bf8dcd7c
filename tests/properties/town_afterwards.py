"""What comes after: complaints, goods sent back, disputes, lots that stop, refunds at any moment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db.models import Sum
from hypothesis import strategies as st
from hypothesis.stateful import rule

from quanzi.goods.catalogue.models import Lot
from quanzi.kernel import clock
from quanzi.people.approvals import rules as limits
from quanzi.people.approvals import services as approvals
from quanzi.people.approvals.models import Approval
from quanzi.trade.aftersales import services as aftersales
from quanzi.trade.aftersales.models import Claim, Dispute, Return
from quanzi.trade.sales import services as sales
from quanzi.trade.sales.models import Order, OrderLine, OrderRefund
from tests.factories.goods import bring_in, make_lot
from tests.properties.story import pick
from tests.properties.town_batches import Batches
from tests.properties.town_square import when

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Afterwards(Batches):
    """What is wrong, and what is done about it."""

    # -- afterwards

    @rule(number=pick, reason=st.sampled_from(["spoiled", "missing", "return", "exchange"]))
    @when("paid")
    def ask(self, number: int, reason: str) -> None:
        paid = OrderLine.objects.exclude(order__state__in=["placed", "cancelled"])
        line: OrderLine | None = self.one(paid.filter(received_at__isnull=number % 4 == 0, returned_at=None), number)
        line = line or self.one(paid, number)
        assert line is not None
        other = (self.jar.pk if line.sku_id == self.cup.pk else self.cup.pk) if reason == "exchange" else None
        claim = self.attempt(
            lambda: aftersales.ask(
                line_id=line.pk, member=line.order.member, reason="other" if other else reason, note="碎了", for_sku_id=other, now=clock.now()
            )
        )  # fmt: skip
        back = None if claim is None else Return.objects.filter(claim=claim, new_order__isnull=False).first()
        if back is not None and number % 3:  # it costs more: some pay the difference, some let it fall away
            self.pay("order", back.new_order_id, line.member_id)

    @rule(number=pick, how=st.sampled_from(["accept", "part", "decline", "withdraw", "see", "back", "exchange"]))
    @when("claim")
    def go_on_with_a_claim(self, number: int, how: str) -> None:
        claim: Claim | None = self.one(Claim.objects.filter(state="open").select_related("member", "line"), number)
        assert claim is not None
        one: dict[str, Any] = {"claim_id": claim.pk, "now": clock.now()}
        staff: dict[str, Any] = {**one, "actor_member": self.staff}
        back = Return.objects.filter(claim=claim).first()
        if how == "see" or (back is not None and back.state in ("agreed", "sent") and how in ("back", "exchange")):
            if back is None:
                self.attempt(lambda: aftersales.ask_back(**staff))
            elif back.state == "agreed":
                self.attempt(lambda: aftersales.send(**one, member=claim.member, carrier="顺丰"))
            else:
                self.attempt(lambda: aftersales.arrive(**staff))
            return
        acts: dict[str, Callable[[], Any]] = {
            "accept": lambda: aftersales.accept(**staff),
            "part": lambda: aftersales.accept(**staff, amount_minor=max(1, claim.line.paid_minor // 3)),
            "decline": lambda: aftersales.decline(**staff, answer="看不出来"),
            "withdraw": lambda: aftersales.withdraw(**one, member=claim.member),
            "back": lambda: aftersales.accept(**staff, goods_back=True),
            "exchange": lambda: aftersales.exchange(
                **staff, is_sellable=bool(number % 2), lot_id=self.lot_of(self.cup.pk)
            ),
        }
        self.attempt(acts[how])

    def lot_of(self, sku_id: int) -> int | None:
        return Lot.objects.filter(sku_id=sku_id, recalled_at=None, paused_at=None).values_list("pk", flat=True).first()

    @rule(
        number=pick,
        act=st.sampled_from(["contest", "contest", "say", "decide", "decide", "appeal"]),
        part=st.integers(0, 2),
    )
    @when("answered claim")
    def go_on_with_a_dispute(self, number: int, act: str, part: int) -> None:
        now = clock.now()
        if act == "contest":
            claim: Claim | None = self.one(
                Claim.objects.filter(state__in=["accepted", "declined"]).select_related("member"), number
            )
            assert claim is not None
            made = self.attempt(aftersales.contest, claim_id=claim.pk, member=claim.member, words="看得清", now=now)
            if made is not None and part:
                self.attempt(aftersales.say, dispute_id=made.pk, author=self.second, words="拍过照", now=now)
            return
        found: Dispute | None = self.one(
            Dispute.objects.exclude(state="closed").select_related("claim__line", "claim__member"), number
        )
        if found is None:
            return
        line = found.claim.line
        staff = self.third if found.state == "appealed" else self.second
        amount = (line.paid_minor - line.refunded_minor) * part // 2
        acts: dict[str, Callable[[], Any]] = {
            "say": lambda: aftersales.say(dispute_id=found.pk, author=self.second, words="拍过照", now=now),
            "decide": lambda: aftersales.decide_dispute(
                dispute_id=found.pk, actor_member=staff, amount_minor=amount, words="按照片", now=now
            ),
            "appeal": lambda: aftersales.appeal(
                dispute_id=found.pk, member=found.claim.member, words="再看一次", now=now
            ),
        }
        self.attempt(acts[act])

    @rule(number=pick, act=st.sampled_from(["pause", "release", "recall"]))
    @when("given")
    def stop_a_lot(self, number: int, act: str) -> None:
        lot: Lot | None = self.one(Lot.objects.all(), number)
        if lot is None or (act == "recall" and number % 2):
            return
        how: dict[str, Any] = {"lot_id": lot.pk, "reason": "抽检", "actor": self.staff, "now": clock.now()}
        if (
            self.attempt(lambda: getattr(aftersales, act)(**how)) is not None
            and act != "release"
            and lot.sku_id != self.fish.pk
        ):
            bring_in(lot.sku, 3, lot=make_lot(sku=lot.sku))  # life goes on

    @rule(
        number=pick, part=st.one_of(st.none(), st.integers(1, 2_000)), goods_back=st.booleans(), by_buyer=st.booleans()
    )
    @when("paid")
    def refund_at_any_moment(self, number: int, part: int | None, goods_back: bool, by_buyer: bool) -> None:
        order: Order | None = self.one(Order.objects.filter(paid_at__isnull=False).select_related("member"), number)
        assert order is not None
        how: dict[str, Any] = {
            "reason": "客人电话", "actor": f"staff:{self.staff.pk}", "goods_back": goods_back, "idempotency_key": self.key(), "now": clock.now(),
        }  # fmt: skip
        if by_buyer:
            self.attempt(lambda: aftersales.call_off(order_id=order.pk, member=order.member, now=clock.now()))
        elif part is None and number % 2:
            self.attempt(lambda: self.ask_and_agree(order, goods_back))
        elif part is None:
            self.attempt(lambda: sales.refund_order(order_id=order.pk, **how))
        else:
            line = order.lines.order_by("pk")[number % order.lines.count()]
            self.attempt(lambda: sales.refund_line(line_id=line.pk, amount_minor=part, **how))

    def ask_and_agree(self, order: Order, goods_back: bool) -> Any:
        """What a second person reads is what goes back, of this order and of those behind it."""
        now, back = clock.now(), OrderRefund.objects.filter(order__member=order.member)
        approvals.set_limit(name=limits.REFUND_ORDER, amount_minor=0, by=self.third, now=now)
        asked = sales.refund_or_ask(
            order_id=order.pk, reason="客人电话", goods_back=goods_back, staff=self.staff, idempotency_key=self.key(), now=now
        )  # fmt: skip
        approvals.set_limit(name=limits.REFUND_ORDER, amount_minor=10**9, by=self.third, now=now)
        if isinstance(asked, Approval):
            known = list(back.values_list("pk", flat=True))
            approvals.approve(approval_id=asked.pk, by=self.third, now=now)
            given = back.exclude(pk__in=known).aggregate(sum=Sum("amount_minor"))["sum"]
            assert given == asked.amount_minor, "all of it was decided"
        return asked

    @rule(number=pick)
    @when("received")
    def keep(self, number: int) -> None:
        line: OrderLine | None = self.one(
            OrderLine.objects.filter(received_at__isnull=False).select_related("order__member"), number
        )
        if line is not None:
            self.attempt(lambda: sales.say_kept(line_id=line.pk, member=line.order.member, now=clock.now()))
