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


class CodeUsed(WrongCode):
    """For whoever hands over at the point where it was used."""

    code = "fulfilment_code_used"
    message = N_("This code was used on {at}: order {number} was handed over then.")


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


class NoSuchService(InvalidInput):
    code = "carrier_service_unknown"
    message = N_("There is no such carrier to ask for numbers.")


class CarrierRefused(DomainError):
    code = "carrier_refused"
    message = N_("The carrier refused: {reason}")


class NothingToSend(DomainError):
    code = "dispatch_empty"
    message = N_("Nothing to send: choose orders first.")


class TooManyAtOnce(DomainError):
    code = "dispatch_too_many"
    message = N_("At most {most} orders are sent in one act.")


class NothingAtSuppliers(DomainError):
    code = "parcel_nothing_at_suppliers"
    message = N_("Nothing that is left of this order lies at a supplier's.")


class NoSuchRun(NotFound):
    code = "run_not_found"
    message = N_("There is no such delivery run.")


class NameForCustoms(InvalidInput):
    code = "customs_name_needed"
    message = N_(
        "Customs asks who receives these goods: write your name as in your papers, and agree that it goes to customs."
    )


class NothingToDeclare(DomainError):
    code = "customs_nothing_to_declare"
    message = N_("Customs asks nothing about this order.")


class AlreadyDeclared(DomainError):
    code = "customs_already_sent"
    message = N_("Goods left under this name already; it cannot be changed.")


class NotDeclared(DomainError):
    code = "customs_not_declared"
    message = N_("The buyer has not yet told customs their name; the order page asks for it.")


class NoSuchLoad(DomainError):
    code = "run_load_not_waiting"
    message = N_("One of these stations waits for nothing any more.")


class CountedThere(DomainError):
    code = "stop_counted_there"
    message = N_("What a station gets is counted there; that is the hand-over.")


class MayNotDrive(InvalidInput):
    code = "run_driver_not_allowed"
    message = N_("This person has not agreed to drive. Ask them first, under Drivers.")


class DrivesAlready(DomainError):
    code = "driver_already"
    message = N_("This person hands over as staff and may drive without being asked.")


class NoSuchDriver(NotFound):
    code = "driver_not_found"
    message = N_("There is no such driver.")


class NotAsked(NotFound):
    code = "driver_not_asked"
    message = N_("Nobody has asked you to drive, or it was taken back.")


class NoSuchStop(NotFound):
    code = "stop_not_found"
    message = N_("There is no such stop.")


class BadRun(InvalidInput):
    code = "run_bad"
    message = N_("A run has a name of at most 60 characters, and ends after it begins and after now.")


class InAnotherRun(DomainError):
    code = "run_order_taken"
    message = N_("One of these orders is in another run already.")


class NotWaiting(DomainError):
    code = "run_order_not_waiting"
    message = N_("Order {number} does not wait to be delivered.")


class RunIsOver(DomainError):
    code = "run_over"
    message = N_("This run has begun or is over; it cannot be changed like this.")


class StopIsOver(DomainError):
    code = "stop_over"
    message = N_("This stop is done already.")


class NoLotFit(DomainError):
    code = "fulfilment_no_lot_fit"
    message = N_("{title}: every lot is expired or recalled, so nothing can be handed over.")


class NoneFitHere(DomainError):
    code = "fulfilment_none_fit_here"
    message = N_(
        "{title}: nothing that was counted here may be handed over now. Its lot is paused, recalled or expired, or not counted yet."
    )


class LotHasNotEnough(InvalidInput):
    code = "fulfilment_lot_has_not_enough"
    message = N_("{title}: only {left} of this lot are left. Leave the lot open, and several are taken.")


class LotNotFit(InvalidInput):
    code = "fulfilment_lot_not_fit"
    message = N_("{title}: this lot is expired, recalled or of other goods.")
