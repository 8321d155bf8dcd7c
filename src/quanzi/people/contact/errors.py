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


class NotAPushService(InvalidInput):
    code = "not_a_push_service"
    message = N_("This browser's push service is not known to the shop, so nothing was switched on.")


class BadSubscription(InvalidInput):
    code = "bad_subscription"
    message = N_("The browser did not say how to reach it. Nothing was switched on.")


class TooManyDevices(DomainError):
    code = "too_many_devices"
    message = N_("You have {most} devices with notices. Take one off first.")
