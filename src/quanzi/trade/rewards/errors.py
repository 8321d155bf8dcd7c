"""What coupons refuse, worded so that a member can act."""

from quanzi.kernel.errors import DomainError, InvalidInput, NotFound
from quanzi.kernel.words import N_


class NoSuchCoupon(NotFound):
    code = "no_such_coupon"
    message = N_("This coupon does not exist or is no longer here.")


class CodeHoldsNothing(InvalidInput):
    """One answer for a code that was never made, is over, is not open yet, is all taken or is for somebody else."""

    code = "code_holds_nothing"
    message = N_("Nothing can be had for this code now. Check how it is written.")


class TooManyCodes(DomainError):
    code = "too_many_codes"
    message = N_("Too many codes were tried. Try again in an hour.")
    status = 429


class NotTakenNow(DomainError):
    code = "coupon_not_taken_now"
    message = N_("This coupon cannot be taken now.")


class AllTaken(DomainError):
    code = "coupons_all_taken"
    message = N_("All of these coupons are taken.")


class TakenBefore(DomainError):
    code = "coupon_taken_before"
    message = N_("You have taken this coupon already; each person gets {each}.")


class CircleOnly(DomainError):
    code = "coupon_circle_only"
    message = N_("This coupon is for people of the circle {circle}. Join it first.")


class CouponNotFree(DomainError):
    code = "coupon_not_free"
    message = N_("This coupon is used, held by another order, or its time is over. Choose again.")


class CouponNotForThis(DomainError):
    code = "coupon_not_for_this"
    message = N_("This coupon is for goods of at least {least}, which this order does not hold.")


class CouponNotHere(DomainError):
    code = "coupon_not_here"
    message = N_("Coupons do not hold for prices that were agreed otherwise.")


class BadCoupon(InvalidInput):
    code = "bad_coupon"
    message = N_("Please check this value.")


class AmountOrShare(InvalidInput):
    code = "coupon_amount_or_share"
    message = N_("A coupon takes off an amount or a share, not both. Leave this empty.")


class OffTooMuch(InvalidInput):
    code = "coupon_off_too_much"
    message = N_("A coupon takes off less than what the goods must cost at least.")


class ReasonNeeded(InvalidInput):
    code = "coupon_reason_needed"
    message = N_("Say why, in at most {most} characters.")


class NotToYourself(DomainError):
    code = "coupon_not_to_yourself"
    message = N_("Nobody gives a coupon to themselves.")
