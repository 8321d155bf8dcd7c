"""What giving roles is refused for."""

from quanzi.kernel.errors import DomainError, InvalidInput
from quanzi.kernel.words import N_


class NoSuchMember(InvalidInput):
    code = "console_no_such_member"
    message = N_("No member has this phone number or e-mail address. They sign up first, then get a role.")


class LastOwner(DomainError):
    code = "console_last_owner"
    message = N_("This is the last owner. Make somebody else owner first.")
