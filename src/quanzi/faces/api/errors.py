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


class SecondStepNeeded(NotAllowed):
    code = "second_step_needed"
    message = N_("Staff take the second step first: on the shop's pages, under Me, Security; then make a new token.")


class ConfirmAgain(NotAllowed):
    code = "confirm_again"
    message = N_("Take the second step again: on the shop's pages, then send this once more.")


class ScopeNeeded(NotAllowed):
    code = "scope_needed"
    message = N_("This token may not do this: it lacks the scope {scope}.")


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


class KeyUsedOtherwise(DomainError):
    code = "key_used_otherwise"
    message = N_("This Idempotency-Key was used for another request.")


class ChangedMeanwhile(DomainError):
    code = "changed_meanwhile"
    message = N_("It has changed since you read it. Read it again, then send your change.")
    status = 412


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


class ScopesNeeded(InvalidInput):
    code = "scopes_needed"
    message = N_("Please choose what the token may be used for.")


class StaffOnlyScopes(InvalidInput):
    code = "staff_only_scopes"
    message = N_("Only the staff, after their second step, give a program rights of the staff.")


class TokenNameNeeded(InvalidInput):
    code = "token_name_needed"
    message = N_("Please say in 1 to {limit} characters what the token is for.")


class BadLifetime(InvalidInput):
    code = "token_bad_lifetime"
    message = N_("A token lives from 1 to {most} days.")


class NotJson(DomainError):
    code = "not_json"
    status = 415
    message = N_("The body must be JSON (Content-Type: application/json).")
