"""Stories of a whole town: rounds, batches, ladders, parcels, complaints and recalls, with refunds at any moment.

What somebody tries may be refused; then nothing has changed. After each step, beside the doctor's own questions, each
member's money is where their orders and places say. Every now and then the town comes to rest, and then nobody may be
waiting for anything.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from quanzi.base.events.services import deliver_pending
from quanzi.kernel import clock
from quanzi.trade.aftersales import services as aftersales
from quanzi.trade.aftersales.models import Claim, Dispute, Return
from quanzi.trade.deals.models import Team
from quanzi.trade.payments.models import Payment
from quanzi.trade.preorders import services as preorders
from quanzi.trade.preorders.models import Place, Preorder
from quanzi.trade.sales.models import Order, OrderLine
from quanzi.trade.stations import services as stations
from quanzi.trade.stations.models import Entry, Round, Stop
from tests.factories.preorders import make_preorder
from tests.properties.story import pick
from tests.properties.town_afterwards import Afterwards

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
JUMPS = (timedelta(minutes=16), 2 * HOUR, 2 * HOUR, 5 * HOUR, 5 * HOUR, DAY, 8 * DAY)
REST_IN = (2 * HOUR, DAY, 4 * DAY, 4 * DAY, 8 * DAY, 11 * DAY, 8 * DAY, 8 * DAY, 8 * DAY)


class Town(Afterwards):
    """A small town: people who buy and change their minds, and time that goes by."""

    @initialize()
    def begin(self) -> None:
        """A first day that every town has, so that there is something to go wrong."""
        self.furnish()
        make_preorder(sku=self.pot, threshold=1, most=3)
        for who in range(3):
            self.buy(who, who % 2 + 1, 1, who % 2 == 0, True)
            self.join_batch(who, True)
        self.open_round(5, 0, True, [1, 2, 4])
        for who in (0, 1):
            self.climb(who, 0, True)
        while deliver_pending(now=clock.now()):
            continue
        self.send(2, False)
        self.send(3, True)
        self.bring(0, 0, 0, True)
        while deliver_pending(now=clock.now()):
            continue
        self.collect(1)

    @rule(by=st.sampled_from(JUMPS))
    def tick(self, by: timedelta) -> None:
        self.pass_time(by)

    @rule(number=pick)
    def come_to_rest(self, number: int) -> None:
        """Everybody does what they owe, time goes by: then nobody waits."""
        if number % 8 != 7:
            return
        for by in REST_IN:
            self.finish()
            self.pass_time(by)
        self.assert_nobody_waits()

    def finish(self) -> None:
        """The staff's and the leader's part of everything that is open."""
        now = clock.now()
        staff: dict[str, Any] = {"actor_member": self.staff, "now": now}
        for stop in Stop.objects.filter(round__state="closed"):
            self.attempt(stations.end_wait, stop_id=stop.pk, actor=self.staff, now=now)
        for found in Round.objects.filter(state="closed", pickup_until__gt=now):
            self.attempt(self.purchase, found=found, short=0)
        for batch in Preorder.objects.filter(state="made"):
            shop: dict[str, Any] = {"preorder_id": batch.pk, "actor": "test", "now": now}
            self.attempt(preorders.ask_balance, **shop)
            came: dict[str, Any] = {"sku_id": self.pot.pk, "quantity": 3, "idempotency_key": f"rest-{batch.pk}"}
            self.attempt(preorders.receive_batch, **came, **shop)
        for back in Return.objects.filter(state="sent"):
            self.attempt(aftersales.arrive, claim_id=back.claim_id, **staff)
        for claim in Claim.objects.filter(state="open"):
            if self.attempt(aftersales.accept, claim_id=claim.pk, **staff) is None:
                self.attempt(aftersales.decline, claim_id=claim.pk, answer="不行", **staff)
        for dispute in Dispute.objects.filter(state__in=["open", "appealed"]):
            who = self.third if dispute.state == "appealed" else self.second
            no: dict[str, Any] = {"dispute_id": dispute.pk, "amount_minor": 0, "words": "不退", "now": now}
            self.attempt(aftersales.decide_dispute, actor_member=who, **no)

    def assert_nobody_waits(self) -> None:
        assert not Order.objects.filter(state="placed").exists()
        assert not Team.objects.filter(state="forming").exists()
        assert not Round.objects.filter(state="open").exists()
        assert not Entry.objects.filter(settled_at=None, ended_at=None).exists()
        assert not Place.objects.filter(state__in=["asked", "held"]).exists()
        assert not Preorder.objects.filter(state="open").exists()
        assert not Claim.objects.filter(state="open").exists()
        assert not Dispute.objects.exclude(state="closed").exists()
        assert not OrderLine.objects.filter(disputed_at__isnull=False).exists()
        open_lines = OrderLine.objects.filter(
            received_at__isnull=False, kept_at=None, returned_at=None, dropped_at=None
        )
        assert not open_lines.exists(), "windows closed, and a line is neither kept nor returned"
        assert not Payment.objects.filter(state="created").exclude(expires_at__gt=clock.now()).exists()
