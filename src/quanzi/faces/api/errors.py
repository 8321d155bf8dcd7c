"""What the API itself refuses; every other refusal is worded by the room that makes it."""

from __future__ import annotations

from quanzi.kernel.errors import DomainError, InvalidInput, NotAllowed, NotFound
from quanzi.kernel.words import N_


class SignInNeeded(DomainError):
    code = "sign_in_needed"
    message = N_("Log in, or send a token, to do this.")
    status = 401


class BadToken(DomainError):
    code = "bad_token"
    message = N_("This token is unknown, has expired or was taken back.")
    status = 401


class ReadOnlyToken(NotAllowed):
    code = "token_is_read_only"
    message = N_("This token may only read.")


class CsrfNeeded(NotAllowed):
    code = "csrf_failed"
    message = N_("Send the X-CSRFToken header that GET /session names, or use a token.")


class InvalidRequest(DomainError):
    """The request does not fit the OpenAPI document; `errors` of the answer name each place."""

    code = "invalid_request"
    message = N_("Several things need your attention.")
    status = 422


class MalformedRequest(DomainError):
    code = "malformed_request"
    message = N_("The request cannot be read: it is not valid JSON or not a valid form.")
    status = 400


class RequestTooLarge(DomainError):
    code = "request_too_large"
    message = N_("The request is too large.")
    status = 413


class TooManyCalls(DomainError):
    code = "too_many_calls"
    message = N_("Too many requests in a minute. Please wait a little.")
    status = 429


class MethodNotOffered(DomainError):
    code = "method_not_offered"
    message = N_("This address does not answer to this method.")
    status = 405


class NoSuchAddress(NotFound):
    code = "no_such_address"
    message = N_("The API has nothing at this address.")


class Unexpected(DomainError):
    code = "unexpected"
    message = N_("Something went wrong on our side. It is written down; please try again later.")
    status = 500


class TokenNotFound(NotFound):
    code = "token_not_found"
    message = N_("This token does not exist or was taken back.")


class TooManyTokens(DomainError):
    code = "too_many_tokens"
    message = N_("You keep {limit} tokens already. Take one back first.")


class TokenNameNeeded(InvalidInput):
    code = "token_name_needed"
    message = N_("Please say in 1 to {limit} characters what the token is for.")


class BadLifetime(InvalidInput):
    code = "token_bad_lifetime"
    message = N_("A token lives from 1 to {most} days.")
