"""Words for what is stored as a code: waiting times, actors, accounts, kinds of booking."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext, gettext_lazy, ngettext

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def lasted(span: timedelta) -> str:
    """How long something has waited, in whole minutes, hours or days."""
    if span < HOUR:
        minutes = max(1, int(span.total_seconds() // 60))
        return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}
    if span < 2 * DAY:
        hours = int(span / HOUR)
        return ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours}
    days = int(span / DAY)
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}


REASONS = {
    "expired": gettext_lazy("nobody paid in time"),
    "not_wanted": gettext_lazy("the money was not wanted any more"),
    "called_off": gettext_lazy("the buyer called it off"),
    "cancelled_by_buyer": gettext_lazy("the buyer cancelled it unpaid"),
    "cancelled by buyer": gettext_lazy("the buyer cancelled it unpaid"),
    "team_failed": gettext_lazy("the team did not fill"),
    "ladder": gettext_lazy("the price of the step that the team reached"),
    "left_chain": gettext_lazy("the buyer left the list"),
    "changed_sign_up": gettext_lazy("the buyer changed the sign-up"),
    "chain_called_off": gettext_lazy("the chain was called off"),
    "left_team": gettext_lazy("the buyer left the team"),
    "lot_recalled": gettext_lazy("the lot was recalled"),
    "dispute": gettext_lazy("decided in a dispute"),
    "exchange": gettext_lazy("what was chosen instead costs less"),
    "exchanged": gettext_lazy("exchanged for something else"),
    "not_exchanged": gettext_lazy("the exchange did not come about"),
    "round_short": gettext_lazy("too little of it arrived"),
    "round_below_minimum": gettext_lazy("too few ordered it this round"),
    "round_cut_off": gettext_lazy("the round had closed"),
    "round_called_off": gettext_lazy("the round was called off"),
    "round_not_fetched": gettext_lazy("it was not fetched"),
    "round_fresh_not_fetched": gettext_lazy("it was not fetched while fresh"),
    "preorder_left": gettext_lazy("the buyer gave the place back"),
    "preorder_missed": gettext_lazy("too few ordered for the batch"),
    "preorder_called_off": gettext_lazy("the batch was called off"),
    "preorder_date_moved": gettext_lazy("the batch comes later than promised"),
    "preorder_date_refused": gettext_lazy("the buyer did not agree to the new date"),
    "preorder_date_silent": gettext_lazy("nothing was said to the new date"),
    "preorder_balance_not_paid": gettext_lazy("the balance was not paid in time"),
    "preorder_balance_anew": gettext_lazy("the balance was asked for anew"),
    "returned": gettext_lazy("the goods came back"),
    "spoiled": gettext_lazy("spoiled, broken or leaking"),
    "missing": gettext_lazy("something was missing"),
    "other_goods": gettext_lazy("not what was ordered"),
    "return": gettext_lazy("sent back"),
    "other": gettext_lazy("something else"),
    "payment": gettext_lazy("paid"),
    "placed": gettext_lazy("ordered"),
    "handed over": gettext_lazy("handed over"),
    "picked up": gettext_lazy("picked up"),
    "confirmed": gettext_lazy("the buyer confirmed receipt"),
    "time ran out": gettext_lazy("seven days after hand-over"),
    "settled": gettext_lazy("all lines are settled"),
    "not wanted any more": gettext_lazy("the money was not wanted any more"),
}


def reason(text: str) -> str:
    """A stored reason in the reader's language; what a person wrote stays as it is."""
    return str(REASONS.get(text, text))


ACCOUNTS = {
    "cash.paysim": gettext_lazy("Test payment provider"),
    "cash.offline": gettext_lazy("Cash and transfers"),
    "cash.bank": gettext_lazy("Bank account"),
    "escrow.buyers": gettext_lazy("Buyers’ escrow"),
    "income.goods": gettext_lazy("Income from goods"),
    "income.delivery": gettext_lazy("Income from delivery"),
    "cost.refund_after_release": gettext_lazy("Refunds after release"),
    "spend.marketing": gettext_lazy("Marketing"),
    "payable.commission": gettext_lazy("Commission owed"),
    "cost.commission": gettext_lazy("Commission"),
    "payable.leaders": gettext_lazy("Owed to leaders"),
    "cost.leaders": gettext_lazy("Leaders’ part"),
    "payable.compensation": gettext_lazy("Compensation promised"),
    "cost.compensation": gettext_lazy("Compensation"),
    "equity.opening": gettext_lazy("Opening balance"),
}
BOOKINGS = {
    "payment.capture": ("lock", gettext_lazy("Payment into escrow")),
    "payment.refund": ("rotate-ccw", gettext_lazy("Refund")),
    "sales.release": ("package-check", gettext_lazy("Kept: released from escrow")),
    "sales.takeback": ("undo-2", gettext_lazy("Taken back from income")),
    "commission": ("hand-coins", gettext_lazy("Commission")),
    "commission.payout": ("wallet", gettext_lazy("Commission paid out")),
    "leader": ("store", gettext_lazy("Leader’s part")),
    "compensation": ("hand-heart", gettext_lazy("Compensation promised")),
    "compensation.paid": ("banknote", gettext_lazy("Compensation paid")),
    "spend": ("megaphone", gettext_lazy("Spend on a source")),
}


def account(code: str) -> str:
    """What an account is called; its code when it has no name of its own."""
    return str(ACCOUNTS.get(code, code))


def booking(kind: str, *, reverses: bool) -> tuple[str, str]:
    """Icon and name of a kind of booking."""
    icon, name = BOOKINGS.get(kind.removesuffix(".reversed"), ("file-text", kind))
    if reverses:
        return "undo-2", gettext("%(what)s, reversed") % {"what": name}
    return icon, str(name)


PERMISSIONS = {
    "orders.view": gettext_lazy("See orders, deals and teams"),
    "orders.handle": gettext_lazy("Prepare, ship, hand over, take money"),
    "orders.refund": gettext_lazy("Refund and decide requests"),
    "goods.edit": gettext_lazy("Goods, prices, stock, lots, deals"),
    "circles.moderate": gettext_lazy("Circles, reports, hiding posts"),
    "money.view": gettext_lazy("See the books"),
    "sources.view": gettext_lazy("See the relation ledger"),
    "shop.edit": gettext_lazy("What the shop says of itself"),
    "sources.edit": gettext_lazy("Make sources, write down spend"),
    "members.view": gettext_lazy("See members"),
    "members.contact": gettext_lazy("Write to members"),
    "approvals.decide": gettext_lazy("Be the second person for what is above a limit"),
    "limits.set": gettext_lazy("Set limits of money"),
    "costs.view": gettext_lazy("Cost prices and margins"),
    "payers.view": gettext_lazy("Who paid, with which account"),
    "contacts.view": gettext_lazy("Phone numbers and addresses in full"),
    "commission.view": gettext_lazy("Amounts of commission"),
    "refunds.view": gettext_lazy("Amounts of refunds"),
    "payouts.make": gettext_lazy("Pay commission out, and to which account"),
    "commission.rules": gettext_lazy("Write and end rules of commission"),
    "webhooks.manage": gettext_lazy("Tell other programs what happens (webhooks)"),
    "members.erase": gettext_lazy("Erase members"),
    "staff.manage": gettext_lazy("Give roles"),
    "audit.view": gettext_lazy("Read the audit log"),
    "imports.run": gettext_lazy("Import sheets and logs"),
    "data.export": gettext_lazy("Take everything out"),
}
"""What each permission lets somebody do, in the order of the table on the staff page."""

DEEDS = {
    "order.refund": gettext_lazy("Refund"),
    "claim.accept": gettext_lazy("Refund of a request"),
    "commission.payout": gettext_lazy("Payout of commission"),
    "preorder.call_off": gettext_lazy("Call off a preorder"),
    "chain.call_off": gettext_lazy("Call off a sign-up chain"),
    "order.compensate": gettext_lazy("Compensation beyond what was paid"),
    "claim.exchange": gettext_lazy("Exchange with a refund of the difference"),
    "lot.recall": gettext_lazy("Recall a lot"),
    "round.call_off": gettext_lazy("Call off a round"),
    "leader.settle": gettext_lazy("Settlement of a leader"),
    "round.end_wait": gettext_lazy("Refund what did not come"),
    "coupon.give": gettext_lazy("Give a coupon"),
}
"""What may need a second person."""

LIMITS = {
    "refund.order": gettext_lazy("Refunds of one order"),
    "refund.day": gettext_lazy("Refunds by one person on one day"),
    "payout": gettext_lazy("One payout of commission"),
    "compensation.order": gettext_lazy("Compensation for one order"),
    "compensation.day": gettext_lazy("Compensation by one person on one day"),
    "coupon.day": gettext_lazy("Coupons given by one person on one day, at their worth"),
}
"""Limits up to which one person acts alone."""

INVITATION_STATES = {
    "open": (gettext_lazy("waits"), "accent"),
    "accepted": (gettext_lazy("accepted"), "pine"),
    "withdrawn": (gettext_lazy("withdrawn"), ""),
    "expired": (gettext_lazy("expired"), ""),
    "void": (gettext_lazy("void: whoever made it is no owner any more"), ""),
}
"""Word and tone of each state of an invitation to the staff."""


def why_no_picture(trouble: str) -> str:
    """Why a picture that a sheet named by its address is not here. trouble: the code of the refusal, or `status` and a number."""
    said = {
        "forbidden_address": gettext("not a public address"),
        "fetch_failed": gettext("nobody answered there"),
        "fetched_too_much": gettext("too large"),
        "picture_too_large": gettext("too large"),
        "picture_too_many_pixels": gettext("too large"),
        "not_a_picture": gettext("no picture that we can read"),
        "picture_refused": gettext("no picture that we can read"),
    }
    if trouble.startswith("status "):
        return gettext("the address answered %(status)s") % {"status": trouble.removeprefix("status ")}
    return said.get(trouble, gettext("it could not be fetched"))
