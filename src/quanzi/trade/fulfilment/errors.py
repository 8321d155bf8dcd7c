"""What fulfilment refuses, worded so that whoever hands over can act."""

from __future__ import annotations

from quanzi.kernel.errors import DomainError, InvalidInput, NotFound
from quanzi.kernel.words import N_


class NoSuchFulfilment(NotFound):
    code = "fulfilment_not_found"
    message = N_("There is nothing to hand over here.")


class WrongCode(InvalidInput):
    code = "fulfilment_wrong_code"
    message = N_("This pickup code is not right. Ask the buyer to show the order page again.")


class TooManyGuesses(InvalidInput):
    code = "fulfilment_too_many_guesses"
    message = N_("Too many wrong codes. Please wait {minutes} minutes, and let the buyer show the order page.")
    status = 429


class AlreadyHandedOver(DomainError):
    code = "fulfilment_already_handed_over"
    message = N_("This order was handed over already; its pickup code worked once.")


class NotForPickup(DomainError):
    code = "fulfilment_not_for_pickup"
    message = N_("This order is delivered, not picked up.")


class NotForDelivery(DomainError):
    code = "fulfilment_not_for_delivery"
    message = N_("This order is picked up, not delivered.")


class CarrierNeeded(InvalidInput):
    code = "fulfilment_carrier_needed"
    message = N_("Say who carries it, in at most {most} characters.")


class TrackingTooLong(InvalidInput):
    code = "fulfilment_tracking_too_long"
    message = N_("A tracking number has at most {most} characters.")


class NoSuchParcel(NotFound):
    code = "parcel_not_found"
    message = N_("There is no such parcel.")


class NothingToPack(DomainError):
    code = "parcel_nothing_to_pack"
    message = N_("Everything of this order is packed already.")


class PackedTooMany(InvalidInput):
    code = "parcel_packed_too_many"
    message = N_("{title}: from 1 to {most} of it can be packed now.")


class AlreadyShipped(DomainError):
    code = "parcel_already_shipped"
    message = N_("Parcel {code} is on its way already, under another number.")


class SeveralParcels(DomainError):
    code = "parcel_several"
    message = N_("This order is packed in parcels: send each of them, or unpack it.")


class KeyReused(DomainError):
    code = "key_reused"
    message = N_("This was already entered with other values.")


class NoLotFit(DomainError):
    code = "fulfilment_no_lot_fit"
    message = N_("{title}: every lot is expired or recalled, so nothing can be handed over.")


class LotNotFit(InvalidInput):
    code = "fulfilment_lot_not_fit"
    message = N_("{title}: this lot is expired, recalled or of other goods.")
