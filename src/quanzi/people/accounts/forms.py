"""Sign-up and login: one field for phone number or e-mail address, a code instead of a password."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from allauth.account.fields import PasswordField
from allauth.core import context, ratelimit
from django import forms
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from quanzi.kernel.clock import now as clock_now
from quanzi.kernel.errors import InvalidInput
from quanzi.people.accounts import queries, services
from quanzi.people.accounts.errors import TooManyCodes
from quanzi.people.accounts.fields import ContactField
from quanzi.people.accounts.models import CodesSent, Member
from quanzi.people.accounts.naming import check_name
from quanzi.people.accounts.rules import NAME_LIMIT, clean_name
from quanzi.people.accounts.words import say


def _check_codes_left(contact: str) -> None:
    """Refuse before sending; the same for numbers with and without an account."""
    if "@" not in contact and not queries.codes_left(recipient=contact, now=clock_now()):
        error = TooManyCodes(limit=CodesSent.LIMIT)
        raise forms.ValidationError(say(error), code=error.code)


class _CountedCode:
    """Counts each try in the database before the code is compared."""

    expected_code: str

    def clean_code(self) -> str:
        request = context.request
        mark = f"{request.session.session_key}:{self.expected_code}"
        process = salted_hmac("accounts.code", mark, algorithm="sha256").hexdigest()
        if not services.may_try_code(process=process, now=clock_now()):
            raise get_adapter().validation_error("incorrect_code")
        code: str = super().clean_code()  # type: ignore[misc]  # allauth's form stands beside this class
        return code


class ConfirmLoginCodeForm(_CountedCode, allauth_forms.ConfirmLoginCodeForm):  # type: ignore[misc]
    """The code of a login."""


class ConfirmEmailCodeForm(_CountedCode, allauth_forms.ConfirmEmailVerificationCodeForm):  # type: ignore[misc]
    """The code that proves an e-mail address."""


class ConfirmResetCodeForm(_CountedCode, allauth_forms.ConfirmPasswordResetCodeForm):  # type: ignore[misc]
    """The code before a new password."""


class VerifyPhoneForm(_CountedCode, allauth_forms.VerifyPhoneForm):  # type: ignore[misc]
    """The code that proves a phone number."""


class SignupForm(allauth_forms.SignupForm):  # type: ignore[misc]
    """A name, and where to send the code. No password: it can be set later, by whoever proved the contact."""

    name = forms.CharField(
        label=_("Name"),
        help_text=_("What people in your circles call you."),
        max_length=NAME_LIMIT,
        widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
    )
    contact = ContactField()
    field_order = ("name", "contact")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for hidden in ("email", "phone"):
            self.fields.pop(hidden, None)
        self.initial.setdefault("contact", self.initial.get("email", ""))
        self._attempt: Member | None = None

    def clean_name(self) -> str:
        try:
            name = clean_name(self.cleaned_data["name"])
            check_name(name)
            return name
        except InvalidInput as error:
            raise forms.ValidationError(say(error), code=error.code) from None

    def clean_contact(self) -> str:
        """Sorts the contact into e-mail or phone for allauth; an unfinished attempt with it is taken up again."""
        contact: str = self.cleaned_data["contact"]
        _check_codes_left(contact)
        self._attempt = queries.unfinished_attempt(contact)
        if "@" in contact:
            self.cleaned_data["email"] = contact if self._attempt else self.validate_unique_email(contact)
        else:
            self.cleaned_data["phone"] = contact
        return contact

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if self._attempt is not None:
            self.account_already_exists = False
        return cleaned

    def save(self, request: HttpRequest) -> Member:
        if self._attempt is None:
            saved: Member = super().save(request)
            return saved
        self._attempt.name = self.cleaned_data["name"]
        self._attempt.save(update_fields=["name"])
        return self._attempt


class LoginForm(allauth_forms.LoginForm):  # type: ignore[misc]
    """Contact and password, for those who have set one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = ContactField()
        self.fields["password"] = PasswordField(label=_("Password"), autocomplete="current-password")
        self.order_fields(["login", "password"])


class RequestLoginCodeForm(allauth_forms.RequestLoginCodeForm):  # type: ignore[misc]
    """Where to send the code. The answer is the same whether somebody has this contact or not."""

    contact = ContactField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for hidden in ("email", "phone"):
            self.fields.pop(hidden, None)
        self._user: Member | None = None

    def clean_contact(self) -> str:
        contact: str = self.cleaned_data["contact"]
        if not ratelimit.consume(context.request, action="request_login_code", key=contact):
            raise get_adapter().validation_error("too_many_login_attempts")
        _check_codes_left(contact)
        self._user = queries.member_by_contact(contact)
        self.cleaned_data["email" if "@" in contact else "phone"] = contact
        return contact
