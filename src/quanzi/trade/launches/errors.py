"""What launches refuse, worded so that a member can act."""

from quanzi.kernel.errors import DomainError, InvalidInput, NotFound
from quanzi.kernel.words import N_


class NoSuchLaunch(NotFound):
    code = "no_such_launch"
    message = N_("This launch does not exist or is no longer here.")


class EntryClosed(DomainError):
    code = "launch_entry_closed"
    message = N_("Nobody can enter this launch now.")


class InAlready(DomainError):
    code = "launch_in_already"
    message = N_("You are in already. One place for each member.")


class NotIn(DomainError):
    code = "launch_not_in"
    message = N_("You have no place in this launch.")


class NotYourTurn(DomainError):
    code = "launch_not_your_turn"
    message = N_("It is not your turn yet. We tell you when it is.")


class TurnOver(DomainError):
    code = "launch_turn_over"
    message = N_("Your turn has passed on to the next. You can enter again at the end of the queue.")


class MoreThanTurn(InvalidInput):
    code = "launch_more_than_turn"
    message = N_("Your turn is for at most {most}.")


class LaunchOver(DomainError):
    code = "launch_over"
    message = N_("This launch is over.")


class BadWanted(InvalidInput):
    code = "launch_bad_wanted"
    message = N_("Choose from 1 to {most}: so many may one member buy.")


class BadLaunchTimes(InvalidInput):
    code = "launch_bad_times"
    message = N_("Entry opens before the start, and the start is before the end and still to come.")


class BadLaunchPrice(InvalidInput):
    code = "launch_bad_price"
    message = N_("Give a price above zero and not above the list price.")


class BadLaunchUnits(InvalidInput):
    code = "launch_bad_units"
    message = N_("Set 1 to 5,000 units aside, a limit for each member within that, and turns of 1 to 60 minutes.")


class NoSuchDay(NotFound):
    code = "no_such_brand_day"
    message = N_("This brand day does not exist or is no longer here.")


class DayNotOpen(DomainError):
    code = "brand_day_not_open"
    message = N_("The prices of this brand day hold from its opening to its end only.")


class NotOfDay(DomainError):
    code = "not_of_brand_day"
    message = N_("One of these goods is not part of this brand day. Order it by itself.")


class DayBegun(DomainError):
    code = "brand_day_begun"
    message = N_("This brand day has begun or was called off.")


class TooManyReminders(DomainError):
    code = "too_many_reminders"
    message = N_("You are reminded of {most} things on that day already. Take one back first.")


class BadDayTimes(InvalidInput):
    code = "brand_day_bad_times"
    message = N_("A brand day ends after it opens, lasts at most 72 hours, and opens later than now.")


class BadDayPrice(InvalidInput):
    code = "brand_day_bad_price"
    message = N_("Choose goods of this maker, each once, at a price above zero and below the list price.")


class NoSuchEdition(NotFound):
    code = "no_such_edition"
    message = N_("These numbered pieces do not exist or are no longer here.")


class NoSuchPiece(NotFound):
    code = "no_such_piece"
    message = N_("This piece does not exist, or it is not yours.")


class NoSuchHanding(NotFound):
    code = "no_such_handing"
    message = N_("This link is not valid any more. Ask for a new one.")


class PieceOnItsWay(DomainError):
    code = "piece_on_its_way"
    message = N_("The piece is still on its way. It can be handed on once it has been received.")


class PieceTaken(DomainError):
    code = "piece_taken"
    message = N_("Somebody else has this number. Choose another, or wait for one.")


class PieceFree(DomainError):
    code = "piece_free"
    message = N_("A piece is free: you can order it now.")


class AskedAlready(DomainError):
    code = "piece_asked_already"
    message = N_("You are waiting for a piece already.")


class OwnPiece(DomainError):
    code = "own_piece"
    message = N_("This piece is yours already.")


class BadRecord(InvalidInput):
    code = "bad_piece_record"
    message = N_("Say what was done, care or repair, in 1 to {most} characters.")


class BadEdition(InvalidInput):
    code = "bad_edition"
    message = N_("Choose a variant of a draft that is not numbered yet.")


class BadSize(InvalidInput):
    code = "bad_edition_size"
    message = N_("Number from 1 to {most} pieces, no more than are free on the shelf.")
