"""What after sales refuses, worded so that a person can act."""

from quanzi.kernel.errors import DomainError, InvalidInput, NotFound
from quanzi.kernel.words import N_


class NoSuchClaim(NotFound):
    code = "claim_not_found"
    message = N_("This request does not exist.")


class UnknownReason(InvalidInput):
    code = "claim_unknown_reason"
    message = N_("Choose what is wrong.")


class NoteTooLong(InvalidInput):
    code = "claim_note_too_long"
    message = N_("At most {most} characters, please.")


class SayMore(InvalidInput):
    code = "claim_say_more"
    message = N_("Say in a few words what is wrong, so that we can decide at once.")


class TooManyPictures(InvalidInput):
    code = "claim_too_many_pictures"
    message = N_("At most {most} pictures, please.")


class TooLateToAsk(DomainError):
    code = "claim_too_late"
    message = N_("The time for this is over, or the money is on its way back already.")


class NoFreeReturn(TooLateToAsk):
    code = "claim_no_free_return"
    message = N_("These goods are not sent back without a reason. If something is wrong with them, say what it is.")


class AlreadyAsked(DomainError):
    code = "claim_already_open"
    message = N_("You asked already; we are looking into it.")


class AnswerNeeded(InvalidInput):
    code = "claim_answer_needed"
    message = N_("Write the buyer an answer, in at most {most} characters.")


class GoodsAreReady(DomainError):
    code = "order_is_prepared"
    message = N_("Your goods are prepared already. Ask for a refund on the order's page instead; a person decides.")


class NoSuchLot(NotFound):
    code = "lot_not_found"
    message = N_("This lot does not exist.")


class ReasonMissing(InvalidInput):
    code = "lot_reason_needed"
    message = N_("Say why, in at most {most} characters.")


class LotIsStopped(DomainError):
    code = "lot_is_stopped"
    message = N_("This lot is paused or recalled already.")


class LotIsNotPaused(DomainError):
    code = "lot_is_not_paused"
    message = N_("This lot is not paused; a recall is never undone.")


class CheckFirst(DomainError):
    code = "check_first"
    message = N_("This lot waits for its quality check. Write down what you found; it goes on when it passes.")


class NothingToCheck(DomainError):
    code = "nothing_to_check"
    message = N_("This lot waits for no quality check.")


class AlreadyCleared(DomainError):
    code = "recall_is_cleared"
    message = N_("What was left of this lot is written off already.")


class CarrierNeeded(InvalidInput):
    code = "return_carrier_needed"
    message = N_("Say who carries it, in at most {most} characters; “in person” will do.")


class OtherGoods(InvalidInput):
    code = "exchange_other_goods"
    message = N_("Choose another variant of the same goods.")


class DifferenceNotPaid(DomainError):
    code = "exchange_difference_not_paid"
    message = N_("The buyer has not paid yet what the other variant costs more.")


class NothingToExchange(DomainError):
    code = "exchange_of_nothing"
    message = N_("No other variant was asked for.")


class NotArrived(DomainError):
    code = "return_not_arrived"
    message = N_("The goods have not arrived yet.")


class GoodsCameBack(DomainError):
    code = "claim_goods_came_back"
    message = N_("The goods have arrived with us. You will get your money or an answer.")


class BackAlready(DomainError):
    code = "return_is_agreed"
    message = N_("These goods are to be sent back already.")


class NoSuchDispute(NotFound):
    code = "dispute_not_found"
    message = N_("This dispute does not exist.")


class CannotContest(DomainError):
    code = "dispute_too_late"
    message = N_("There is nothing to contest, or the seven days for it are over.")


class AlreadyContested(DomainError):
    code = "dispute_already_open"
    message = N_("You contested this answer already.")


class WordsNeeded(InvalidInput):
    code = "dispute_words_needed"
    message = N_("Write a few words, at most {most} characters.")


class TooLateToSay(DomainError):
    code = "dispute_evidence_over"
    message = N_("The time to add something is over; a person decides now.")


class TooEarlyToDecide(DomainError):
    code = "dispute_too_early"
    message = N_("One side has not spoken yet, and still has time.")


class SomebodyElse(DomainError):
    code = "dispute_somebody_else"
    message = N_("You decided about this before. Somebody else must look at it.")


class NoSuchInvoice(NotFound):
    code = "invoice_not_found"
    message = N_("This invoice does not exist.")


class NothingToInvoice(DomainError):
    code = "invoice_of_nothing"
    message = N_("Nothing of this order is paid and kept; there is nothing to invoice.")


class InvoiceAsked(DomainError):
    code = "invoice_already_asked"
    message = N_("An invoice for this order is asked for or issued already.")


class UnknownInvoiceKind(InvalidInput):
    code = "invoice_unknown_kind"
    message = N_("Choose whether it is for a person or a company.")


class TitleNeeded(InvalidInput):
    code = "invoice_title_needed"
    message = N_("Say for whom the invoice is, in at most {most} characters.")


class TaxNumberNeeded(InvalidInput):
    code = "invoice_tax_number_needed"
    message = N_("A company's tax number has 15 to 20 digits and capital letters.")


class BadInvoiceEmail(InvalidInput):
    code = "invoice_bad_email"
    message = N_("This is no e-mail address.")


class NumberNeeded(InvalidInput):
    code = "invoice_number_needed"
    message = N_("Write the number of the invoice: 4 to 40 digits, letters or hyphens.")


class NumberTaken(DomainError):
    code = "invoice_number_taken"
    message = N_("Another invoice has this number.")


class NoSuchCompensation(NotFound):
    code = "compensation_not_found"
    message = N_("This compensation does not exist.")


class UnknownCompensation(InvalidInput):
    code = "compensation_unknown_reason"
    message = N_("Choose what it is for.")


class BadCompensation(InvalidInput):
    code = "compensation_bad_amount"
    message = N_("Write an amount above zero, at most {most}.")


class LessThanTheLaw(InvalidInput):
    code = "compensation_less_than_the_law"
    message = N_("By law this is at least {least}. For less, choose another reason.")


class NothingWasPaid(DomainError):
    code = "compensation_nothing_paid"
    message = N_("The order is not paid; there is nothing to make good.")


class CompensationWordsNeeded(InvalidInput):
    code = "compensation_words_needed"
    message = N_("Say in a few words what it is for, at most {most} characters. The buyer reads them.")


class HowPaidNeeded(InvalidInput):
    code = "compensation_how_paid"
    message = N_("Choose how it was paid.")


class PaymentReferenceNeeded(InvalidInput):
    code = "compensation_reference_needed"
    message = N_("Write the reference of the transfer, at most {most} characters.")


class NotEnoughCash(DomainError):
    code = "compensation_not_enough_cash"
    message = N_("The books show only {there} in cash.")


class NotAnInvoiceFile(InvalidInput):
    code = "invoice_file_unreadable"
    message = N_("Choose the invoice as a PDF or OFD file, at most {most} MB.")


class NoInvoiceFile(NotFound):
    code = "invoice_file_not_found"
    message = N_("There is no file of this invoice.")


class NotIssuedYet(DomainError):
    code = "invoice_not_issued"
    message = N_("First write down its number; then its file can be kept.")


class NotMadeGood(DomainError):
    code = "claim_not_made_good"
    message = N_("The shop gave neither money nor other goods for this; there is nothing to call solved.")


class HelpNotYet(DomainError):
    code = "help_not_yet"
    message = N_("The goods are not with you yet.")


class HelpWordsNeeded(InvalidInput):
    code = "help_words_needed"
    message = N_("Say in a few words what is wrong, at most {most} characters.")


class HelpAsked(DomainError):
    code = "help_already_asked"
    message = N_("You asked about this already; a person answers you. You can publish at any time.")


class NoSuchHelp(NotFound):
    code = "help_not_found"
    message = N_("This question does not exist.")


class HelpAnswered(DomainError):
    code = "help_answered"
    message = N_("Somebody answered this already.")
