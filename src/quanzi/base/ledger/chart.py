"""The chart of accounts: names that code posts to, and what a name's first word means.

An account is made when it is first posted to; its prefix decides its kind and whether it may go below
zero on its natural side (assets and expenses: debit; liabilities, income and equity: credit).
"""

from dataclasses import dataclass

from quanzi.base.ledger.errors import UnknownAccount

ASSET = "asset"
LIABILITY = "liability"
INCOME = "income"
EXPENSE = "expense"
EQUITY = "equity"

CASH_PREFIX = "cash"
CASH_BANK = "cash.bank"
CASH_PAYSIM = "cash.paysim"
CASH_OFFLINE = "cash.offline"
ESCROW_BUYERS = "escrow.buyers"
"""Buyers' money for goods that are not handed over yet; the shop owes it back until then."""
INCOME_GOODS = "income.goods"
INCOME_DELIVERY = "income.delivery"
COST_REFUND_AFTER_RELEASE = "cost.refund_after_release"
SPEND_MARKETING = "spend.marketing"
PAYABLE_COMMISSION = "payable.commission"
COST_COMMISSION = "cost.commission"
PAYABLE_COMPENSATION = "payable.compensation"
COST_COMPENSATION = "cost.compensation"
"""What buyers are given beyond what they paid."""
EQUITY_OPENING = "equity.opening"


@dataclass(frozen=True)
class Nature:
    kind: str
    may_go_negative: bool


_BY_PREFIX = {
    # Money at a payment provider: what was never received cannot be paid out.
    "cash": Nature(ASSET, may_go_negative=False),
    "receivable": Nature(ASSET, may_go_negative=True),
    "escrow": Nature(LIABILITY, may_go_negative=False),
    # A leader who is refunded after being paid owes the difference, carried forward.
    "payable": Nature(LIABILITY, may_go_negative=True),
    "income": Nature(INCOME, may_go_negative=True),
    "cost": Nature(EXPENSE, may_go_negative=True),
    "spend": Nature(EXPENSE, may_go_negative=True),
    "equity": Nature(EQUITY, may_go_negative=True),
}

_EXCEPTIONS = {
    # The books see only what quanzi moved; rent and opening balances may live elsewhere.
    CASH_BANK: Nature(ASSET, may_go_negative=True),
}


def cash(provider: str) -> str:
    """The account of money held at a payment provider, such as cash.paysim."""
    return f"{CASH_PREFIX}.{provider}"


def nature_of(code: str) -> Nature:
    """Kind and floor of an account by its name; raises UnknownAccount for a foreign prefix."""
    prefix, dot, rest = code.partition(".")
    if not (dot and rest) or prefix not in _BY_PREFIX:
        raise UnknownAccount(account=code)
    return _EXCEPTIONS.get(code, _BY_PREFIX[prefix])
