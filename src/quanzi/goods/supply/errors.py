"""What supply refuses, worded so that who buys, or who sends, can act."""

from __future__ import annotations

from quanzi.kernel.errors import DomainError, InvalidInput, NotFound
from quanzi.kernel.words import N_


class NoSuchSupplier(NotFound):
    code = "supplier_not_found"
    message = N_("There is no such supplier.")


class NoSuchPurchase(NotFound):
    code = "purchase_not_found"
    message = N_("There is no such purchase.")


class NoSuchOffer(NotFound):
    code = "offer_not_found"
    message = N_("There is no such offer.")


class NoSuchDemand(NotFound):
    code = "demand_not_found"
    message = N_("There is nothing to buy for this.")


class NameTaken(InvalidInput):
    code = "supplier_name_taken"
    message = N_("A supplier of this name is known already.")


class OfferCodeTaken(InvalidInput):
    code = "offer_code_taken"
    message = N_("You offer a lot of this name already.")


class BadUnits(InvalidInput):
    code = "supply_bad_units"
    message = N_("Write a whole number from {least} to {most}.")


class BadCost(InvalidInput):
    code = "supply_bad_cost"
    message = N_("A cost is a whole number of minor units, not negative and not too large.")


class NotSupplied(InvalidInput):
    code = "goods_not_supplied"
    message = N_("{title}: this supplier does not send it.")


class EmptyPurchase(DomainError):
    code = "purchase_is_empty"
    message = N_("Write at least one line before sending it.")


class TooFewOffered(DomainError):
    code = "offer_too_few"
    message = N_("{title}: only {free} are left of this lot.")


class OfferOver(DomainError):
    code = "offer_is_over"
    message = N_("{title}: this lot was withdrawn or is past its expiry.")


class ReceivedTooMany(InvalidInput):
    code = "received_too_many"
    message = N_("{title}: at most {most} can still arrive. Was it received already?")


class LotNameNeeded(InvalidInput):
    code = "receipt_lot_needed"
    message = N_("Name the lot: its code stands on the box or the delivery note.")


class LotOfAnotherSupplier(InvalidInput):
    code = "lot_of_another_supplier"
    message = N_("This lot came from another supplier, or is of other goods.")


class KeyReused(DomainError):
    code = "supply_key_reused"
    message = N_("This was sent before with other values. Please open the page again.")


class NotSendingDirect(DomainError):
    code = "supplier_sends_not_direct"
    message = N_("{supplier} does not send single parcels to buyers.")


class NoSuchPaper(NotFound):
    code = "paper_not_found"
    message = N_("There is no such paper.")


class PaperKnown(InvalidInput):
    code = "paper_known"
    message = N_("A paper of this kind with this number is filed already.")


class BadPaperDates(InvalidInput):
    code = "paper_dates"
    message = N_("A paper is valid until the day it was issued, or later.")


class BadDuty(InvalidInput):
    code = "import_facts"
    message = N_("Duty is from 0 to 100 % of the price; a customs code has 4 to 12 digits.")
