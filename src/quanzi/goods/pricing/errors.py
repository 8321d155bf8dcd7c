"""Why no price can be named."""

from quanzi.kernel.errors import DomainError, InvalidInput
from quanzi.kernel.words import N_


class NothingToPrice(DomainError):
    code = "nothing_to_price"
    message = N_("There is nothing to price: choose something first.")
    status = 422


class TooManyLines(DomainError):
    code = "too_many_lines"
    message = N_("At most {most} different things fit into one order.")
    status = 422


class BadQuantity(InvalidInput):
    code = "bad_quantity"
    message = N_("Write a whole number from {least} to {most}.")


class NotOnSale(InvalidInput):
    code = "not_on_sale"
    message = N_("{name} is not on sale at the moment.")


class UnknownGoods(InvalidInput):
    code = "unknown_goods"
    message = N_("These goods do not exist any more.")


class BadMethod(InvalidInput):
    code = "bad_method"
    message = N_("Choose delivery or pickup.")
