"""What telling about the shop is refused for."""

from quanzi.kernel.errors import DomainError, InvalidInput
from quanzi.kernel.words import N_


class ShopTextNeeded(InvalidInput):
    code = "shop_text_needed"
    message = N_("Please fill this in.")


class ShopTextTooLong(InvalidInput):
    code = "shop_text_too_long"
    message = N_("At most {most} characters, please.")


class ShopChoice(InvalidInput):
    code = "shop_choice"
    message = N_("Please choose one of the offered values.")


class NotACreditCode(InvalidInput):
    code = "not_a_credit_code"
    message = N_("This is not a unified social credit code: 18 characters whose last one checks the others.")


class NotAnAddress(InvalidInput):
    code = "shop_not_an_email"
    message = N_("This is not an e-mail address.")


class AmountNegative(InvalidInput):
    code = "shop_amount_negative"
    message = N_("An amount cannot be below zero.")


class HoldsTooSoon(InvalidInput):
    code = "rule_holds_too_soon"
    message = N_("A changed rule is shown for seven days before it holds. The earliest day is {earliest}.")


class NothingChanged(InvalidInput):
    code = "rule_text_unchanged"
    message = N_("This is the text that was published last.")


class OpeningOver(DomainError):
    code = "opening_over"
    message = N_("This link has been used, is too old, or the shop has an owner already.")
    status = 404
