"""What stations refuse, worded so that a member or a leader can act."""

from quanzi.kernel.errors import DomainError, InvalidInput, NotFound
from quanzi.kernel.words import N_


class NoSuchStation(NotFound):
    code = "no_such_station"
    message = N_("This station does not exist or is no longer here.")


class NoSuchApplication(NotFound):
    code = "no_such_application"
    message = N_("This application does not exist or is no longer here.")


class NoSuchRound(NotFound):
    code = "no_such_round"
    message = N_("This round does not exist or is no longer here.")


class AppliedAlready(DomainError):
    code = "applied_already"
    message = N_("Your application is waiting for an answer. You can send another one after that.")


class OwnApplication(DomainError):
    code = "own_application"
    message = N_("Somebody else must decide about your application.")


class BadPlace(InvalidInput):
    code = "bad_place"
    message = N_("Please give latitude and longitude in degrees, or neither.")


class BadCapacity(InvalidInput):
    code = "bad_capacity"
    message = N_("This must be from 1 to 2,000 orders.")


class BadTimes(InvalidInput):
    code = "bad_times"
    message = N_("A round opens before its cut-off, and goods are picked up after it.")


class BadWait(InvalidInput):
    code = "fresh_wait_bad"
    message = N_("Fresh goods wait until a moment that is to come, three days after the pickup window at most.")


class LeaderPartCurrency(InvalidInput):
    code = "leader_part_currency"
    message = N_("Leaders are paid in CNY. These goods cost another currency: let the leader have no part of them.")


class BadGood(InvalidInput):
    code = "bad_round_good"
    message = N_("Give a price below the list price, and a minimum that is not above the number there is.")


class EmptyRound(InvalidInput):
    code = "empty_round"
    message = N_("A round needs goods and at least one station.")


class RoundClosed(DomainError):
    code = "round_closed"
    message = N_("This round takes no orders now.")


class NotInRound(DomainError):
    code = "not_in_round"
    message = N_("One of these goods is not part of this round. Order it by itself.")


class StationNotInRound(DomainError):
    code = "station_not_in_round"
    message = N_("This round does not come to that station. Choose another one.")


class RoundSoldOut(DomainError):
    code = "round_sold_out"
    message = N_("“{title}” has no more than {left} left in this round.")


class StationFull(DomainError):
    code = "station_full"
    message = N_("This station has taken as many orders as it can hold. Choose another one.")


class NoDoor(DomainError):
    code = "no_door_delivery"
    message = N_("The leader of this station does not carry goods to the door.")


class ActReused(DomainError):
    code = "act_reused"
    message = N_("This was sent before with another content. Please look at the list and try once more.")


class BadCount(InvalidInput):
    code = "bad_count"
    message = N_("No more can be damaged than arrived.")


class UnreadableCount(InvalidInput):
    code = "unreadable_count"
    message = N_("Write how many as a whole number, like 12.")


class BadTemperature(InvalidInput):
    code = "bad_temperature"
    message = N_("Write the temperature in degrees, from −60 to 80, like 3.5.")


class NotOfRound(InvalidInput):
    code = "lot_not_of_round"
    message = N_("This lot is not of goods that were ordered here in this round.")


class NotCutOff(DomainError):
    code = "round_not_cut_off"
    message = N_("The round still takes orders; goods are counted after its cut-off.")


class NothingMissed(DomainError):
    code = "nothing_missed"
    message = N_("This order is not waiting any more.")


class NothingCounted(DomainError):
    code = "nothing_counted"
    message = N_("Nothing was counted at this station yet, so nobody knows what is missing.")


class NothingDue(DomainError):
    code = "nothing_due"
    message = N_("Nothing is owed to this leader now.")
