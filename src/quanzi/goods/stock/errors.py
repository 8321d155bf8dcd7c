"""What stock refuses, worded so that a member or a shopkeeper can act."""

from collections.abc import Sequence
from typing import NamedTuple

from quanzi.kernel.errors import DomainError, InvalidInput, NotFound
from quanzi.kernel.words import N_


class Shortage(NamedTuple):
    """What is missing of one SKU: `wanted` units were asked for, `free` can be had."""

    sku_id: int
    wanted: int
    free: int
    name: str = ""


class OutOfStock(DomainError):
    """Fewer are free than wanted; `shortages` tells every SKU, the message speaks of the first."""

    code = "out_of_stock"
    message = N_("{name}: only {free} left, {wanted} wanted.")

    def __init__(self, shortages: Sequence[Shortage]) -> None:
        self.shortages = tuple(shortages)
        super().__init__(**self.shortages[0]._asdict())


class SoldOut(OutOfStock):
    """None at all is free."""

    code = "sold_out"
    message = N_("{name} is sold out.")


class BadQuantity(InvalidInput):
    code = "bad_quantity"
    message = N_("Write a whole number from {least} to {most}.")


class AlreadyReserved(DomainError):
    code = "already_reserved"
    message = N_("These goods are already held for this order.")


class NotReserved(DomainError):
    code = "not_reserved"
    message = N_("The goods are no longer held for this order.")


class NotHereYet(DomainError):
    """Handing over needs goods on the shelf; these were promised and have not arrived."""

    code = "not_here_yet"
    message = N_("These goods have not arrived yet, so they cannot be handed over.")


class PromiseHeld(InvalidInput):
    """`owed` units must be let go first, by refunding orders."""

    code = "promise_held"
    message = N_("{owed} of these are ordered and neither promised nor on the shelf then; refund those orders first.")


class NotHandedOver(DomainError):
    code = "not_handed_over"
    message = N_("These goods were never handed over, so they cannot come back.")


class ReturnedTooMany(InvalidInput):
    code = "returned_too_many"
    message = N_("At most {most} of these can still come back.")


class LotNotFit(DomainError):
    code = "lot_not_fit"
    message = N_("Lot {lot} is expired or recalled and cannot be handed over.")


class LotHasLess(DomainError):
    """More was to leave a lot than came in under it and is left."""

    code = "lot_has_less"
    message = N_("There is not so much left of this lot.")


class LotOfOtherGoods(InvalidInput):
    code = "lot_of_other_goods"
    message = N_("Lot {lot} belongs to other goods.")


class UnknownSku(NotFound):
    code = "unknown_sku"
    message = N_("These goods do not exist.")


class KeyReused(DomainError):
    code = "key_reused"
    message = N_("This was already entered with other values.")
