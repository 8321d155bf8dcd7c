"""How django-allauth, which runs sign-up and login, meets our members."""

from __future__ import annotations

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.stages import EmailVerificationStage
from allauth.core import context
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from quanzi.kernel.clock import now as clock_now
from quanzi.people.accounts import second_step, services
from quanzi.people.accounts.errors import NotAPhone, TooManyCodes
from quanzi.people.accounts.fields import PhoneField
from quanzi.people.accounts.models import Member
from quanzi.people.accounts.ports import sms_provider
from quanzi.people.accounts.rules import clean_phone

log = logging.getLogger(__name__)

WRONG_LOGIN = _("The phone number, e-mail address or password is not right.")


class EmailStageForMailOwners(EmailVerificationStage):  # type: ignore[misc]  # allauth has no types
    """Asks for the e-mail code; whoever signed up by phone has no address to prove."""

    def handle(self) -> Any:
        user = self.login.user
        if user is not None and not self.login.email and not user.email:
            return None, True
        return super().handle()


class MemberAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Phone numbers, text messages, safe redirects, and words of our own."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": WRONG_LOGIN,
        "phone_password_mismatch": WRONG_LOGIN,
        "username_password_mismatch": WRONG_LOGIN,
        "incorrect_code": _("This code is not right. Check the newest message we sent."),
        "too_many_login_attempts": _("Too many attempts. Please wait a few minutes."),
        "rate_limited": _("Too many attempts. Please wait a few minutes."),
    }

    def new_user(self, request: HttpRequest) -> Member:
        return Member(confirmed_at=None, joined_at=clock_now())

    def save_user(self, request: HttpRequest, user: Any, form: Any, commit: bool = True) -> Member:
        """A sign-up is not yet a member: it has a name and a contact, no password, and waits for its code."""
        member: Member = user
        member.name = form.cleaned_data["name"]
        member.email = form.cleaned_data.get("email") or None
        member.phone = form.cleaned_data.get("phone") or None
        member.set_unusable_password()
        if commit:
            member.save()
        return member

    def get_login_stages(self) -> list[str]:
        ours = f"{EmailStageForMailOwners.__module__}.{EmailStageForMailOwners.__name__}"
        theirs = "allauth.account.stages.EmailVerificationStage"
        return [ours if stage == theirs else stage for stage in super().get_login_stages()]

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whoever has just come in by every step of a login is not asked twice; allauth counts only what it asked for later."""
        return super().is_reauthentication_required(app=app, **kwargs) and not second_step.is_fresh(context.request)

    def is_safe_url(self, url: str) -> bool:
        """Only addresses of the very host that was asked, so that no link carries people away after login."""
        host = context.request.get_host()
        return url_has_allowed_host_and_scheme(url, {host}, require_https=context.request.is_secure())

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Attempts are counted for each phone number too, not for all of them together."""
        base = super()._get_login_attempts_cache_key(request, **credentials)
        return f"{base}{credentials.get('phone', '')}"

    def phone_form_field(self, **kwargs: Any) -> PhoneField:
        return PhoneField(**kwargs)

    def get_phone(self, user: Any) -> tuple[str, bool] | None:
        return (user.phone, user.phone_verified_at is not None) if user.phone else None

    def set_phone(self, user: Any, phone: str, verified: bool) -> None:
        services.set_phone(member=user, phone=phone, is_verified=verified, now=clock_now())

    def set_phone_verified(self, user: Any, phone: str) -> None:
        if user.phone == phone and user.phone_verified_at is not None:
            return
        services.confirm_contact(member=user, phone=phone, now=clock_now())

    def get_user_by_phone(self, phone: str) -> Member | None:
        try:
            number = clean_phone(phone)
        except NotAPhone:
            return None
        return Member.objects.filter(phone=number, is_active=True).first()

    def send_verification_code_sms(self, user: Any, phone: str, code: str, **kwargs: Any) -> None:
        self._send(
            phone,
            gettext("{code} is your code for logging in. It is good for 5 minutes. Give it to nobody.").format(
                code=code
            ),
        )

    def send_unknown_account_sms(self, phone: str, **kwargs: Any) -> None:
        self._send(phone, gettext("Somebody asked for a login code for this number, which has no account here yet."))

    def send_account_already_exists_sms(self, phone: str) -> None:
        self._send(
            phone, gettext("Somebody tried to sign up with this number. You have an account already: just log in.")
        )

    def _send(self, phone: str, text: str) -> None:
        """Hand a text over, inside the number's daily allowance. The person is told nothing that names an account."""
        try:
            services.note_code_sent(recipient=phone, now=clock_now())
            sms_provider().send(phone, text)
        except TooManyCodes:
            log.warning("A number has used up its codes of the day.")
        except OSError:
            log.exception("The text message could not be handed over.")
