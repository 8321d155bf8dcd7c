"""What a room wrote down as a reason of its own ("lot_recalled"), in words for the buyer. What a person wrote is not among them."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

REASONS: dict[str, str] = {
    "cancelled_by_buyer": _("you cancelled it"),
    "cancelled by buyer": _("you cancelled it"),  # as it was written down before
    "lot_recalled": _("the lot was recalled"),
    "dispute": _("decided in your dispute"),
    "spoiled": _("spoiled, broken or leaking"),
    "missing": _("something was missing"),
    "other_goods": _("not what was ordered or described"),
    "return": _("you sent it back"),
    "other": _("something was wrong with it"),
    "exchange": _("what you chose instead costs less"),
    "exchanged": _("exchanged for something else"),
    "not_exchanged": _("the exchange did not come about"),
    "called_off": _("you called it off"),
    "not_wanted": _("what it was for had ended when the money came"),
    "round_short": _("too little of it arrived"),
    "round_below_minimum": _("too few ordered it this round"),
    "round_cut_off": _("the round had closed"),
    "round_called_off": _("the round was called off"),
    "round_not_fetched": _("it was not fetched"),
    "round_fresh_not_fetched": _("it was not fetched while fresh"),
    "team_failed": _("the team did not fill"),
    "ladder": _("the price of the step that the team reached"),
    "left_team": _("you left the team"),
    "left_chain": _("you left the list"),
    "changed_sign_up": _("you changed your sign-up"),
    "chain_called_off": _("the list was called off"),
    "preorder_left": _("you gave your place back"),
    "preorder_missed": _("too few ordered for the batch"),
    "preorder_called_off": _("the batch was called off"),
    "preorder_date_moved": _("the batch comes later than promised"),
    "preorder_date_refused": _("you did not agree to the new date"),
    "preorder_date_silent": _("nothing was said to the new date"),
    "preorder_balance_not_paid": _("the balance was not paid in time"),
    "preorder_balance_anew": _("the balance was asked for anew"),
}


def reason_in_words(reason: str) -> str:
    """A stored reason as its reader is told it: a room's own in words, what a person wrote as it stands."""
    return gettext(REASONS[reason]) if reason in REASONS else reason
