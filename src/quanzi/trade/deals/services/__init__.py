"""What people and the clock do with deals. There is no verb here that fills a seat without a captured payment."""

from quanzi.trade.deals.services.gathering import Comer, Launch, gather
from quanzi.trade.deals.services.joining import join_team, open_team
from quanzi.trade.deals.services.leaving import leave_team
from quanzi.trade.deals.services.levelling import level_due
from quanzi.trade.deals.services.settling import fail_due, fail_together, settle_team
from quanzi.trade.deals.services.terms import create_deal, stop_deal

__all__ = [
    "Comer",
    "Launch",
    "create_deal",
    "fail_due",
    "fail_together",
    "gather",
    "join_team",
    "leave_team",
    "level_due",
    "open_team",
    "settle_team",
    "stop_deal",
]
