"""What a room wrote down as a reason of its own ("lot_recalled"), in words for the buyer. What a person wrote is not among them."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

REASONS: dict[str, str] = {
    "lot_recalled": _("the lot was recalled"),
    "dispute": _("decided in your dispute"),
    "spoiled": _("spoiled, broken or leaking"),
    "missing": _("something was missing"),
    "other_goods": _("not what was ordered or described"),
    "return": _("you sent it back"),
    "other": _("something was wrong with it"),
    "exchanged": _("exchanged for something else"),
    "not_exchanged": _("the exchange did not come about"),
    "called_off": _("you called the exchange off"),
    "not_wanted": _("what it was for had ended when the money came"),
    "round_short": _("too little of it arrived"),
    "round_below_minimum": _("too few ordered it this round"),
    "round_cut_off": _("the round had closed"),
    "round_called_off": _("the round was called off"),
    "round_not_fetched": _("it was not fetched"),
    "round_fresh_not_fetched": _("it was not fetched while fresh"),
}
