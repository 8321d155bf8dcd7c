"""The lock of a claim, and the hold that it has on the money of its line."""

from __future__ import annotations

from datetime import datetime

from quanzi.trade.aftersales import errors
from quanzi.trade.aftersales.models import Claim, ClaimState, Dispute, DisputeState
from quanzi.trade.sales import services as sales
from quanzi.trade.sales.services.moving import lock_order


def let_go(line_id: int, *, now: datetime) -> None:
    """Lift the hold on a line unless another claim or a dispute about it is open. The order is locked, and what was decided is saved."""
    is_held = (
        Claim.objects.filter(line_id=line_id, state=ClaimState.OPEN).exists()
        or Dispute.objects.filter(claim__line_id=line_id).exclude(state=DisputeState.CLOSED).exists()
    )
    if not is_held:
        sales.settle_line(line_id=line_id, now=now)


def lock_claim(claim_id: int, *, now: datetime) -> Claim:
    """Its order first, as everything that moves money does, so that nobody waits for the other way round. Raises NoSuchClaim."""
    order_id = Claim.objects.filter(pk=claim_id).values_list("line__order_id", flat=True).first()
    if order_id is None:
        raise errors.NoSuchClaim()
    lock_order(order_id, now=now)
    return Claim.objects.select_for_update(of=("self",)).select_related("line__order").get(pk=claim_id)
