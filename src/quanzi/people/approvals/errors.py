"""What the room refuses."""

from __future__ import annotations

from typing import Any

from quanzi.kernel.errors import DomainError, InvalidInput, NotAllowed, NotFound
from quanzi.kernel.words import N_


class SecondPersonNeeded(DomainError):
    """Raised by a deed that is above its limit; `limit`, `amount` are for people, `amount_minor` for the request."""

    code = "second_person_needed"
    message = N_("Above {limit} a second person must agree. Ask for it, and somebody else approves.")

    def __init__(self, *, amount_minor: int, **params: Any) -> None:
        super().__init__(**params)
        self.amount_minor = amount_minor


class NoSuchApproval(NotFound):
    code = "no_such_approval"
    message = N_("This request does not exist.")


class SamePerson(NotAllowed):
    code = "approval_same_person"
    message = N_("You asked for it yourself. Somebody else decides.")


class AlreadyDecided(DomainError):
    code = "approval_already_decided"
    message = N_("This request is decided already.")


class ApprovalExpired(DomainError):
    code = "approval_expired"
    message = N_("This request has expired. It can be asked again.")


class AskerLeft(DomainError):
    code = "approval_asker_left"
    message = N_("Whoever asked may no longer do this. Somebody else can ask again.")


class AmountGrew(DomainError):
    code = "approval_amount_grew"
    message = N_("By now this would be {amount}, more than what was asked for. It can be asked again.")


class AnswerNeeded(InvalidInput):
    code = "approval_answer_needed"
    message = N_("Please say why, in 1 to {most} characters.")


class KeyReused(DomainError):
    code = "approval_key_reused"
    message = N_("This request was sent before with other content. Reload the page.")


class BadLimit(InvalidInput):
    code = "limit_out_of_range"
    message = N_("A limit is an amount from 0 to {most}.")
