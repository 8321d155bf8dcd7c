"""Why no price can be named."""

from quanzi.kernel.errors import DomainError, InvalidInput, NotFound
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


class NotSentThere(InvalidInput):
    code = "not_sent_there"
    message = N_("{title} is not sent to {region}. Choose another address, or pickup.")


class NoSuchTemplate(NotFound):
    code = "freight_template_not_found"
    message = N_("There is no such freight template.")


class TemplateNeedsName(InvalidInput):
    code = "freight_template_needs_name"
    message = N_("Name the template in at most {most} characters.")


class TemplateNameTaken(InvalidInput):
    code = "freight_template_name_taken"
    message = N_("A template of this name is known already.")


class BadArea(InvalidInput):
    code = "freight_bad_area"
    message = N_("Check this area: known regions, whole numbers, and a step of at least 1.")


class AreaTwice(InvalidInput):
    code = "freight_area_twice"
    message = N_("{region} stands in two areas; “everywhere else” can stand once.")


class BadPart(InvalidInput):
    code = "bad_part_of_price"
    message = N_("A part of a price is not below zero.")
