"""What sales refuses, worded so that a member or a shopkeeper can act."""

from __future__ import annotations

from quanzi.kernel.errors import DomainError, InvalidInput, NotAllowed, NotFound
from quanzi.kernel.words import N_


class NoSuchOrder(NotFound):
    code = "order_not_found"
    message = N_("This order does not exist.")


class NoSuchLine(NotFound):
    code = "order_line_not_found"
    message = N_("This item of an order does not exist.")


class NoSuchGoods(NotFound):
    code = "order_goods_not_found"
    message = N_("These goods do not exist.")


class EmptyOrder(InvalidInput):
    code = "order_empty"
    message = N_("Choose something first: there is nothing to order.")


class TooManyLines(InvalidInput):
    code = "order_too_many_lines"
    message = N_("At most {most} different goods fit into one order. Please split it.")


class BadQuantity(InvalidInput):
    code = "order_bad_quantity"
    message = N_("Write a whole number from {least} to {most}.")


class NotOnSale(DomainError):
    code = "order_not_on_sale"
    message = N_("{name} is not on sale right now.")


class NotTogether(DomainError):
    code = "order_not_together"
    message = N_("{name} is sold in {currency} and cannot be ordered together with what is in the cart.")


class NothingToPay(DomainError):
    code = "order_nothing_to_pay"
    message = N_("This order would cost nothing, and only goods with a price are sold here.")


class AddressNeeded(InvalidInput):
    code = "order_address_needed"
    message = N_("Choose the address to deliver to.")


class PointNeeded(InvalidInput):
    code = "order_point_needed"
    message = N_("Choose an open pickup point.")


class BadMethod(InvalidInput):
    code = "order_bad_method"
    message = N_("Choose delivery or pickup.")


class NoteTooLong(InvalidInput):
    code = "order_note_too_long"
    message = N_("The note may have at most {most} characters.")


class BadKey(InvalidInput):
    code = "order_bad_key"
    message = N_("This form is incomplete. Please load the page again.")


class PriceChanged(DomainError):
    """`shown` and `now_minor` are minor units."""

    code = "order_price_changed"
    message = N_("The price changed from {shown} to {current} while you were looking. Please check it and order again.")


class KeyReused(DomainError):
    code = "order_key_reused"
    message = N_("This request was already made with other content. Please load the page again.")


class NotPaid(DomainError):
    code = "order_not_paid"
    message = N_("This order is not paid.")


class NotReleased(DomainError):
    code = "order_not_released"
    message = N_("This order still waits for something, so its goods stay here.")


class NothingToHandOver(DomainError):
    code = "order_nothing_to_hand_over"
    message = N_("Nothing of this order is left to hand over.")


class NotReceived(DomainError):
    code = "line_not_received"
    message = N_("Confirm first that you received it.")


class AlreadyReturned(DomainError):
    code = "line_already_returned"
    message = N_("This was returned and cannot be kept.")


class IsDisputed(DomainError):
    code = "line_is_disputed"
    message = N_("This is being looked into. Please wait until it is settled.")


class NotRefundable(DomainError):
    code = "order_not_refundable"
    message = N_("Nothing of this order can be refunded.")


class OwnOrder(NotAllowed):
    code = "refund_own_order"
    message = N_("This is your own order. As its buyer you can call it off or ask for your money; a colleague decides.")


class NothingLeft(DomainError):
    code = "refund_nothing_left"
    message = N_("This was refunded in full already.")


class RefundTooLarge(InvalidInput):
    code = "refund_too_large"
    message = N_("At most {left} can still be refunded.")


class RefundNotPositive(InvalidInput):
    code = "refund_not_positive"
    message = N_("A refund needs an amount above zero.")


class AmountNeedsLine(InvalidInput):
    code = "refund_amount_needs_line"
    message = N_("Choose the line that this amount is for; the whole order goes back in full.")


class GoodsNeverLeft(InvalidInput):
    code = "refund_goods_never_left"
    message = N_("These goods were not handed over yet, so they cannot come back.")


class ReasonNeeded(InvalidInput):
    code = "refund_reason_needed"
    message = N_("Say why, in at most {most} characters.")


class PartlyUnderWay(DomainError):
    code = "partly_under_way"
    message = N_(
        "Some of {title} is on its way, so the whole of it cannot be refunded yet: send the rest or wait until it came back."
        " Part of the money can go back now."
    )


class SpentElsewhere(DomainError):
    code = "order_spent_elsewhere"
    message = N_("What this order was to use up is with another order now.")
