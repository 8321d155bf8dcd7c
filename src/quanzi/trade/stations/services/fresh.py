"""Fresh goods that nobody fetched cannot wait as others do: they wait a little longer on the shop's word, or the money goes back.

Nobody's money is kept for goods that nobody got: there is no third way.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from quanzi.base.audit import services as audit
from quanzi.goods.stock import services as stock
from quanzi.kernel.clock import local
from quanzi.people.accounts.models import Member
from quanzi.people.contact.services import notify
from quanzi.trade.sales import services as sales
from quanzi.trade.sales.models import OrderLine
from quanzi.trade.sales.rules import clean
from quanzi.trade.sales.services.moving import lock_order
from quanzi.trade.stations import errors, queries, rules
from quanzi.trade.stations.models import FreshWait

NOT_FETCHED = "round_fresh_not_fetched"


@transaction.atomic
def keep_fresh(*, line_id: int, until: datetime, note: str = "", actor: Member, now: datetime) -> FreshWait:
    """Let fresh goods wait until then; the buyer is told. Raises NothingMissed, BadWait for a moment that is over or too far."""
    row = _locked(line_id, now)
    if not now < until <= rules.fresh_at_last(row.pickup_until):
        raise errors.BadWait(field="until")
    made: FreshWait = FreshWait.objects.create(
        line_id=line_id, until=until, note=clean(note)[:200], said_at=now, said_by=actor
    )
    audit.write(
        actor=actor, action="stations.keep_fresh", target=f"line:{line_id}", after={"until": until.isoformat()}, now=now
    )
    notify(
        member_id=row.member_id, kind="fresh_waits", params={"number": row.order_number, "point": row.point, "until": f"{local(until):%m-%d %H:%M}"},
        link=f"/o/{row.order_number}", key=f"fresh_waits:{made.pk}", now=now,
    )  # fmt: skip
    return made


@transaction.atomic
def let_fresh_go(*, line_id: int, actor: Member | None, now: datetime) -> None:
    """The money goes back, the goods are given away or thrown away: they leave the stock. By the clock when nobody is named.

    Whoever cleared the shelf before has thrown some of them away already: the money goes back all the same.
    Raises NothingMissed, SecondPersonNeeded above the limit for a refund.
    """
    row = _locked(line_id, now)
    by = f"staff:{actor.pk}" if actor else "system"
    sales.refund_line(
        line_id=line_id, reason=NOT_FETCHED, actor=by, idempotency_key=f"{NOT_FETCHED}:{line_id}", now=now
    )
    stock.scrap_left(
        sku_id=row.sku_id, quantity=row.quantity, lot_id=row.lot_id, key=f"{NOT_FETCHED}:{line_id}", reason=NOT_FETCHED,
        actor=by, now=now,
    )  # fmt: skip
    if actor is not None:
        audit.write(actor=actor, action="stations.let_fresh_go", target=f"line:{line_id}", now=now)


def _locked(line_id: int, now: datetime) -> queries.FreshRow:
    """Under the order's lock, which a hand-over takes first as well."""
    order_id = OrderLine.objects.filter(pk=line_id).values_list("order_id", flat=True).first()
    if order_id is None:
        raise errors.NothingMissed()
    lock_order(order_id, now=now)
    for row in queries.fresh_rows(line_id=line_id):
        return row
    raise errors.NothingMissed()
