"""What replicating refuses, worded so that an operator can act."""

from quanzi.kernel.errors import DomainError, InvalidInput, NotFound
from quanzi.kernel.words import N_


class NoSuchPattern(NotFound):
    code = "no_such_pattern"
    message = N_("This pattern does not exist or is no longer here.")


class NoSuchText(NotFound):
    code = "no_such_starter_text"
    message = N_("This text does not exist or is no longer here.")


class NotAPattern(InvalidInput):
    code = "not_a_pattern"
    message = N_("This file is not a pattern of quanzi, or it is damaged.")


class NewerPattern(InvalidInput):
    code = "newer_pattern"
    message = N_("This pattern was made by a newer quanzi. Update this shop first.")


class PatternTooLarge(InvalidInput):
    code = "pattern_too_large"
    message = N_("A pattern has at most {most} MB.")


class Personal(InvalidInput):
    code = "personal_in_pattern"
    message = N_("“{found}” in “{where}” looks personal. Change the text, or say that the word may stay.")


class AreaNeeded(InvalidInput):
    code = "area_needed"
    message = N_("Name the area, as the texts call it, so that a branch can have its own.")


class BadBranchKey(InvalidInput):
    code = "bad_branch_key"
    message = N_("A branch needs a short name of small letters, digits and dashes.")


class BranchTwice(InvalidInput):
    code = "branch_twice"
    message = N_("This branch stands in the sheet twice.")


class BranchTaken(InvalidInput):
    code = "branch_taken"
    message = N_("A branch of this name was made from another row. Give this one another name.")


class NoSuchLeader(InvalidInput):
    code = "no_such_leader"
    message = N_("Nobody here has this e-mail address or telephone number. The leader signs up first.")


class NoSuchGoods(InvalidInput):
    code = "pattern_goods_unknown"
    message = N_("This shop has no goods “{code}”. Add them, or leave the first round empty.")


class BadPercent(InvalidInput):
    code = "bad_percent"
    message = N_("Prices must be from 1 to 300 percent of the pattern’s.")


class BadMoment(InvalidInput):
    code = "bad_first_round"
    message = N_("Write the first round as 2026-12-01 09:00, in the shop’s time, not in the past.")


class MissingColumn(InvalidInput):
    code = "missing_column"
    message = N_("The sheet has no column “{column}”.")


class TooManyBranches(InvalidInput):
    code = "too_many_branches"
    message = N_("One sheet makes at most {most} branches.")


class UsedAlready(DomainError):
    code = "starter_text_used"
    message = N_("This text is published already.")
