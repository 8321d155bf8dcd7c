"""What comes after the hand-over: kept, complained of, sent back, contested, recalled, invoiced; and a second person who agrees."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from quanzi.people.approvals import services as approvals
from quanzi.people.approvals.models import Approval
from quanzi.trade.aftersales import asking
from quanzi.trade.aftersales import services as aftersales
from quanzi.trade.aftersales.models import Claim, Dispute, Invoice, LotPause, Recall, Return
from quanzi.trade.sales import services as sales
from quanzi.trade.sales.models import Order, OrderLine
from simulation.verbs import Doing
from simulation.world import World

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
COMPLAINS, KEEPS, SENDS_BACK, EXCHANGES, INVOICED = 0.02, 0.4, 0.02, 0.01, 0.03
DECLINED, PART_ONLY, CONTESTS, APPEALS, SENDS_TODAY, NOT_AS_IT_WAS = 0.2, 0.1, 0.5, 0.4, 0.7, 0.1
SECOND_SAYS_NO = 0.05


class Afterwards:
    def __init__(self, world: World, doing: Doing) -> None:
        self.world, self.chance, self.doing = world, world.chance, doing

    # Buyers

    def evening(self, now: datetime) -> None:
        """Of what came in the last hours: most say nothing, some that they keep it, a few that something is wrong."""
        for line in self._received(now - 2 * HOUR, now):
            luck = self.chance.random()
            if luck < COMPLAINS:
                self._complain(line, now)
            elif luck < KEEPS:
                self.doing.attempt("keep", sales.say_kept, line_id=line.pk, member=line.order.member, now=now)

    def next_day(self, now: datetime) -> None:
        """Of what came yesterday some goes back, or is exchanged; some want an invoice."""
        for line in self._received(now - 2 * DAY, now - DAY):
            luck = self.chance.random()
            if luck < SENDS_BACK:
                self._send_back(line, None, now)
            elif luck < SENDS_BACK + EXCHANGES and line.sku_id in self.world.other_of:
                self._send_back(line, self.world.other_of[line.sku_id], now)
            elif luck > 1 - INVOICED:
                self.doing.attempt(
                    "ask for an invoice", aftersales.ask_invoice, order_id=line.order_id, member=line.order.member,
                    kind="person", title="个人", now=now,
                )  # fmt: skip
        for claim in Return.objects.filter(state="agreed").select_related("claim__member").order_by("id"):
            if self.chance.random() < SENDS_TODAY:
                who = claim.claim.member
                self.doing.attempt(
                    "send back", aftersales.send, claim_id=claim.claim_id, member=who, carrier="顺丰", now=now
                )
        answered = Claim.objects.filter(state__in=["declined", "accepted"], decided_at__gt=now - DAY, dispute=None)
        for one in answered.select_related("member", "line").order_by("id"):
            if one.line.refunded_minor < one.line.paid_minor and self.chance.random() < CONTESTS:
                self.doing.attempt(
                    "contest", aftersales.contest, claim_id=one.pk, member=one.member, words="照片里看得清", now=now
                )
        for found in Dispute.objects.filter(state="decided", decided_at__gt=now - DAY).select_related("claim__member"):
            if self.chance.random() < APPEALS:
                who = found.claim.member
                self.doing.attempt(
                    "appeal", aftersales.appeal, dispute_id=found.pk, member=who, words="请再看一次", now=now
                )

    def _received(self, since: datetime, until: datetime) -> Iterator[OrderLine]:
        found = OrderLine.objects.filter(
            received_at__gt=since, received_at__lte=until, returned_at=None, dropped_at=None
        )
        yield from list(found.filter(kept_at=None).select_related("order__member").order_by("id"))

    def _complain(self, line: OrderLine, now: datetime) -> None:
        reason, who = self.chance.choice(("spoiled", "missing", "other_goods")), line.order.member
        self.doing.attempt(
            "complain", aftersales.ask, line_id=line.pk, member=who, reason=reason, note="照片如图", now=now
        )

    def _send_back(self, line: OrderLine, other: int | None, now: datetime) -> None:
        what = "ask to send back" if other is None else "ask for another variant"
        reason, note = ("return", "") if other is None else ("other", "想换小瓶")
        who = line.order.member
        self.doing.attempt(
            what, aftersales.ask, line_id=line.pk, member=who, reason=reason, note=note, for_sku_id=other, now=now
        )

    # The shop

    def morning(self, now: datetime) -> None:
        """Everything that waits for an answer gets one."""
        self._goods_that_came(now)
        for claim in Claim.objects.filter(state="open", giving_back=None).order_by("id"):
            self._answer(claim, now)
        self._disputes(now)
        self._invoices(now)
        for pause in LotPause.objects.filter(
            released_at=None, paused_at__lte=now - DAY, lot__recalled_at=None
        ).order_by("id"):
            self.doing.attempt(
                "release a lot", aftersales.release, lot_id=pause.lot_id, reason="抽查没有问题", actor=self.world.operator, now=now
            )  # fmt: skip

    def _answer(self, claim: Claim, now: datetime) -> None:
        luck, who = self.chance.random(), self.world.operator
        if luck < DECLINED:
            self.doing.attempt(
                "decline", aftersales.decline, claim_id=claim.pk, actor_member=who, answer="看不出来", now=now
            )
            return
        line = claim.line
        left = line.paid_minor - line.refunded_minor
        amount = left // 2 if luck < DECLINED + PART_ONLY and left > 1 else None
        self.doing.attempt(
            "accept", asking.accept_or_ask, claim_id=claim.pk, staff=who, amount_minor=amount, goods_back=False, answer="", now=now
        )  # fmt: skip

    def _goods_that_came(self, now: datetime) -> None:
        """Looked at when they are here: money, the other variant, or a no when they are not as they were."""
        for back in Return.objects.filter(state__in=["sent", "arrived"]).order_by("id"):
            who, claim = self.world.operator, back.claim_id
            if back.state == "sent":
                self.doing.attempt("goods came back", aftersales.arrive, claim_id=claim, actor_member=who, now=now)
            elif self.chance.random() < NOT_AS_IT_WAS:
                self.doing.attempt(
                    "decline", aftersales.decline, claim_id=claim, actor_member=who, answer="已经用过", now=now
                )
            elif back.for_sku_id is None:
                self.doing.attempt(
                    "pay for what came back", asking.accept_or_ask, claim_id=claim, staff=who, amount_minor=None, goods_back=True,
                    answer="", now=now,
                )  # fmt: skip
            else:
                lot = self.world.lots.get(back.for_sku_id)
                self.doing.attempt(
                    "exchange", asking.exchange_or_ask, claim_id=claim, staff=who, is_sellable=True, lot_id=lot.pk if lot else None,
                    carrier="顺丰", now=now,
                )  # fmt: skip

    def _disputes(self, now: datetime) -> None:
        for found in (
            Dispute.objects.filter(state__in=["open", "appealed"]).select_related("claim__line").order_by("id")
        ):
            again, line = found.state == "appealed", found.claim.line
            staff = self.world.owner if again else self.world.finance
            if not again:
                self.doing.attempt(
                    "say something", aftersales.say, dispute_id=found.pk, author=staff, words="发货前拍过照", now=now
                )
            amount = (line.paid_minor - line.refunded_minor) * self.chance.choice((0, 1, 2)) // 2
            self.doing.attempt(
                "decide an appeal" if again else "decide a dispute",
                asking.decide_or_ask, dispute_id=found.pk, staff=staff, amount_minor=amount, words="按照片看", now=now
            )  # fmt: skip

    def _invoices(self, now: datetime) -> None:
        how = {"actor_member": self.world.finance, "now": now}
        for one in Invoice.objects.filter(state="asked").order_by("id"):
            self.doing.attempt("issue an invoice", aftersales.issue, invoice_id=one.pk, number=f"I{one.pk:09d}", **how)
        for one in Invoice.objects.filter(state="red_needed").order_by("id"):
            self.doing.attempt(
                "a red letter", aftersales.reverse, invoice_id=one.pk, red_number=f"R{one.pk:09d}", **how
            )

    def second_person(self, now: datetime) -> None:
        """Agrees to most of what was asked for."""
        for asked in Approval.objects.filter(state="waiting").order_by("id"):
            by = self.world.owner if asked.asked_by_id != self.world.owner.pk else self.world.finance
            if self.chance.random() < SECOND_SAYS_NO and asked.deed != "lot.recall":
                self.doing.attempt(
                    "disagree", approvals.decline, approval_id=asked.pk, by=by, answer="再问问客人", now=now
                )
            else:
                self.doing.attempt(f"agree to {asked.deed}", approvals.approve, approval_id=asked.pk, by=by, now=now)

    def take_back(self, order: Order, now: datetime) -> None:
        """Somebody calls, and gets all of it back at whatever moment this is."""
        self.doing.attempt(
            "refund at any moment",
            sales.refund_or_ask, order_id=order.pk, reason="客人电话", staff=self.world.operator,
                idempotency_key=self.world.key(), now=now
        )  # fmt: skip

    def any_moment(self, now: datetime) -> None:
        """Now and then an order of the last weeks, wherever it is."""
        found = Order.objects.filter(paid_at__gt=now - 14 * DAY).order_by("id")
        count = found.count()
        if count:
            self.take_back(found[self.chance.randrange(count)], now)

    def recall(self, now: datetime) -> None:
        """The lot of which most was handed over is found to be bad."""
        lots = sorted(self.world.lots.values(), key=lambda lot: (-lot.line_lots.count(), lot.pk))
        self.doing.attempt(
            "recall",
            asking.recall_or_ask,
            lot_id=lots[0].pk,
            reason="供应商通知：抽检不合格",
            staff=self.world.operator,
            now=now,
        )

    def throw_away(self, now: datetime) -> None:
        """What is left of recalled lots."""
        for found in Recall.objects.filter(cleared_at=None, started_at__lte=now - DAY).order_by("id"):
            self.doing.attempt(
                "clear a recalled lot",
                aftersales.clear, recall_id=found.pk, quantity=found.held, actor=self.world.operator, now=now
            )  # fmt: skip
