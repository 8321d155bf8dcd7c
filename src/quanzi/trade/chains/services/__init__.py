"""What people of a circle and the clock do with sign-up chains."""

from quanzi.trade.chains.services.ending import call_off, end_due, remind
from quanzi.trade.chains.services.opening import open_chain
from quanzi.trade.chains.services.signing import leave, sign_up

__all__ = ["call_off", "end_due", "leave", "open_chain", "remind", "sign_up"]
