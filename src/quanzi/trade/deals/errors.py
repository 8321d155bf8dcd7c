"""What deals refuse, worded so that a member can act."""

from quanzi.kernel.errors import DomainError, InvalidInput, NotAllowed, NotFound
from quanzi.kernel.words import N_


class NoSuchDeal(NotFound):
    code = "no_such_deal"
    message = N_("This group deal does not exist or is no longer here.")


class NoSuchTeam(NotFound):
    code = "no_such_team"
    message = N_("This team does not exist or is no longer here.")


class DealClosed(DomainError):
    code = "deal_closed"
    message = N_("This group deal takes no new teams now.")


class TeamClosed(DomainError):
    code = "team_closed"
    message = N_("This team takes nobody in any more. You can open one yourself.")


class TeamFull(DomainError):
    """Every seat is paid or held by somebody who is paying."""

    code = "team_full"
    message = N_("All {team_size} seats are taken. A seat may come free when somebody does not pay.")


class AlreadyInTeam(DomainError):
    code = "already_in_team"
    message = N_("You are in this team already; nobody has two seats.")


class LimitReached(DomainError):
    code = "deal_limit_reached"
    message = N_("You are in {limit} team(s) of this deal already, as many as one member may be in.")


class BadSeatQuantity(InvalidInput):
    code = "bad_seat_quantity"
    message = N_("Choose from 1 to {most} for one seat.")


class NotInTeam(NotFound):
    code = "not_in_team"
    message = N_("You have no seat in this team.")


class CannotLeave(DomainError):
    code = "cannot_leave"
    message = N_("The team has succeeded. Under this deal's rule only faults and lawful returns are refunded now.")


class GoodsOnTheWay(DomainError):
    code = "goods_on_the_way"
    message = N_("Your goods are handed over already. Please ask for a return on the order's page.")


class NotInCircle(NotAllowed):
    code = "deal_of_circle"
    message = N_("This deal is for members of the circle “{circle}”. Join it first.")


class NotThroughTeam(DomainError):
    """An order claims a team without having taken a seat there; only a mistake in a program does that."""

    code = "not_through_team"
    message = N_("A seat in a team is taken on the team's page.")


class BadTerms(InvalidInput):
    """One of the terms of a new deal makes no sense; `field` names it."""

    code = "bad_terms"
    message = N_("This must be from {least} to {most}.")


class NotCheaper(InvalidInput):
    code = "not_cheaper"
    message = N_("The price together must be below the price alone.")


class StepNotCheaper(InvalidInput):
    code = "step_not_cheaper"
    message = N_("Each step of the ladder must cost less than the one before.")


class TooManySteps(InvalidInput):
    code = "too_many_steps"
    message = N_("A ladder has at most {most} steps.")


class NotNew(DomainError):
    code = "not_new"
    message = N_("This team is for people who have not bought here before. You can open one yourself, or buy alone.")


class EndsTooEarly(InvalidInput):
    code = "ends_too_early"
    message = N_("A deal must end after it starts.")
