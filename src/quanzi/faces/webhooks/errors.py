"""What the room refuses."""

from __future__ import annotations

from quanzi.kernel.errors import DomainError, InvalidInput, NotFound
from quanzi.kernel.words import N_


class EndpointNotFound(NotFound):
    code = "webhook_endpoint_not_found"
    message = N_("There is no such webhook endpoint.")


class DeliveryNotFound(NotFound):
    code = "webhook_delivery_not_found"
    message = N_("There is no such webhook delivery; the log is kept for {days} days.")


class BadEndpointAddress(InvalidInput):
    code = "webhook_bad_address"
    message = N_(
        "Please give an https:// address of at most {most} characters, on port {ports}, without a name or password in it."
    )


class UnknownKinds(InvalidInput):
    code = "webhook_unknown_kinds"
    message = N_("Please choose at least one of the kinds of event.")


class DescriptionTooLong(InvalidInput):
    code = "webhook_description_too_long"
    message = N_("At most {most} characters, please.")


class TooManyEndpoints(DomainError):
    code = "webhook_too_many_endpoints"
    message = N_("The shop keeps {most} webhook endpoints already. Remove one first.")


class EndpointIsOff(DomainError):
    code = "webhook_endpoint_is_off"
    message = N_("Switch the endpoint on first.")


class BadRange(InvalidInput):
    code = "webhook_bad_range"
    message = N_("Please give a beginning and an end after it, within the last {days} days.")


class ReplayUnderWay(DomainError):
    code = "webhook_replay_under_way"
    message = N_("A replay to this endpoint is under way; wait until it has ended.")
