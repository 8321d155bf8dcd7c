"""Why an order history is not taken in."""

from quanzi.kernel.errors import DomainError, InvalidInput
from quanzi.kernel.words import N_


class NoAmount(InvalidInput):
    code = "past_no_amount"
    message = N_("Say which column holds the price of one or what was paid for the line.")


class NumberMissing(InvalidInput):
    code = "past_number_missing"
    message = N_("The order number is missing.")


class OtherCurrency(InvalidInput):
    code = "past_other_currency"
    message = N_(
        "This row is in {told}, and the sheet is read as {read}. Import the rows of each currency as a sheet of its own."
    )


class TextTooLong(InvalidInput):
    code = "past_text_too_long"
    message = N_("At most {most} characters, please.")


class NameOfSource(InvalidInput):
    code = "past_name_of_source"
    message = N_("Name the shop that these orders come from.")


class RowsRefused(DomainError):
    code = "rows_refused"
    message = N_("{count} rows cannot be read. Nothing was imported.")
    status = 422


class NotYours(DomainError):
    code = "past_not_yours"
    message = N_("This order is not in your list.")
    status = 404
