"""What the room refuses."""

from quanzi.kernel.errors import DomainError, InvalidInput
from quanzi.kernel.words import N_


class UnknownPurpose(InvalidInput):
    code = "unknown_purpose"
    message = N_("This is nothing that we ask consent for.")


class ChannelNotOffered(InvalidInput):
    code = "channel_not_offered"
    message = N_("This consent cannot be given for this way of contact.")


class NoConsentText(DomainError):
    code = "no_consent_text"
    message = N_("There is no published wording to agree to yet.")
