"""What the room refuses, worded so that a person can act."""

from quanzi.kernel.errors import DomainError, InvalidInput, NotAllowed, NotFound
from quanzi.kernel.words import N_


class NameNeeded(InvalidInput):
    code = "name_needed"
    message = N_("Please write a name of 1 to {limit} visible characters.")


class NameSpeaksForOthers(InvalidInput):
    code = "name_speaks_for_others"
    message = N_(
        "This looks like the name of the shop or of somebody who stands for it. Please add what tells you apart."
    )


class TextTooLong(InvalidInput):
    code = "text_too_long"
    message = N_("Please keep this within {limit} characters.")


class TextNeeded(InvalidInput):
    code = "text_needed"
    message = N_("Please fill this in.")


class NotAPhone(InvalidInput):
    code = "not_a_phone"
    message = N_("This is not a telephone number. Numbers of mainland China need no country code.")


class UnknownLanguage(InvalidInput):
    code = "unknown_language"
    message = N_("This language is not offered.")


class UnknownDivision(InvalidInput):
    code = "unknown_division"
    message = N_("Please choose the province, the city and the district.")


class PictureNotYours(InvalidInput):
    code = "picture_not_yours"
    message = N_("Please choose a picture of your own.")


class ContactTaken(InvalidInput):
    code = "contact_taken"
    message = N_("This phone number or e-mail address already belongs to a member.")


class WeakPassword(InvalidInput):
    code = "weak_password"
    message = N_("Please choose a password of 10 characters or more that is not a common one.")


class UnknownRole(InvalidInput):
    code = "unknown_role"
    message = N_("This role does not exist.")


class TooManyAddresses(DomainError):
    code = "too_many_addresses"
    message = N_("You keep {limit} addresses already. Remove one first.")


class AddressNotFound(NotFound):
    code = "address_not_found"
    message = N_("This address is no longer in your address book.")


class SessionNotFound(NotFound):
    code = "session_not_found"
    message = N_("This login has already ended.")


class TooManyCodes(DomainError):
    code = "too_many_codes"
    message = N_("We have sent this number {limit} codes today. Try again tomorrow, or use your e-mail address.")
    status = 429


class InvitationOver(NotFound):
    """The same words for a link that never was, was used, was withdrawn, or has expired."""

    code = "invitation_over"
    message = N_("This invitation does not exist or is over. Ask whoever sent it for a new one.")


class NotTheInvited(NotAllowed):
    code = "not_the_invited"
    message = N_("This invitation is for {contact}. Log in with it, or prove it under Me; then open the link again.")


class StaffAlready(DomainError):
    code = "staff_already"
    message = N_("You are of the staff already; an owner changes roles on the page Staff.")


class TooManyInvitations(DomainError):
    code = "too_many_invitations"
    message = N_("{limit} people were invited within a day. Please wait until tomorrow.")
    status = 429


class BadInvitationDays(InvalidInput):
    code = "invitation_days"
    message = N_("An invitation lasts from 1 to {most} days.")


class NotAContact(InvalidInput):
    code = "not_a_contact"
    message = N_("Please write an e-mail address or a phone number.")
