"""Leaving a team, by the rule that its deal shows before anybody pays."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from quanzi.people.accounts.models import Member
from quanzi.trade.deals import rules
from quanzi.trade.deals.errors import CannotLeave, GoodsOnTheWay, NoSuchTeam, NotInTeam
from quanzi.trade.deals.models import Seat, SeatState, Team
from quanzi.trade.deals.rules import Leaving
from quanzi.trade.deals.states import LIVE_SEATS
from quanzi.trade.sales import services as sales
from quanzi.trade.sales.models import OrderState

LEFT = "left_team"


@transaction.atomic
def leave_team(*, team_code: str, member: Member, now: datetime) -> None:
    """Give the seat back: an unpaid order is cancelled, a paid one refunded in full while the rule allows it.

    Before success everybody may leave, the opener too; the team goes on for the others. Raises NotInTeam,
    CannotLeave (the team succeeded and the rule is faults only), GoodsOnTheWay.
    """
    team = Team.objects.select_for_update(of=("self",)).select_related("deal").filter(code=team_code).first()
    if team is None:
        raise NoSuchTeam
    seat = Seat.objects.select_related("order").filter(team=team, member=member, state__in=LIVE_SEATS).first()
    if seat is None:
        raise NotInTeam
    what = rules.leaving(
        is_paid=seat.state == SeatState.PAID,
        team_state=team.state,
        is_handed_over=seat.order.state != OrderState.PAID,
        refund_rule=team.deal.refund_rule,
    )
    if what is Leaving.REFUSED_BY_RULE:
        raise CannotLeave
    if what is Leaving.HANDED_OVER:
        raise GoodsOnTheWay
    actor = f"member:{member.pk}"
    if what is Leaving.CANCEL:
        sales.cancel_order(order_id=seat.order_id, actor=actor, reason=LEFT, now=now)
    else:
        sales.refund_order(
            order_id=seat.order_id, actor=actor, reason=LEFT, idempotency_key=f"{LEFT}:{seat.pk}", now=now
        )
