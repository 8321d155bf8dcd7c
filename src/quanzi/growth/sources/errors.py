"""Refusals around sources and spend."""

from quanzi.kernel.errors import InvalidInput
from quanzi.kernel.words import N_


class SourceNameNeeded(InvalidInput):
    code = "source_name_needed"
    message = N_("Please name this source, at most 80 characters.")


class TargetNotAPath(InvalidInput):
    code = "target_not_a_path"
    message = N_("A source leads to a page of this shop: the path begins with one slash.")


class UtmTaken(InvalidInput):
    code = "utm_taken"
    message = N_("Another source has these campaign words already.")


class AmountNotPositive(InvalidInput):
    code = "amount_not_positive"
    message = N_("Please enter an amount above zero.")


class SpentInTheFuture(InvalidInput):
    code = "spent_in_the_future"
    message = N_("The day of this spend lies in the future.")
