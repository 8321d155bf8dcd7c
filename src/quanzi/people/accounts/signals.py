"""Answers to the signals of Django and allauth around login: the device list, the first welcome, second factors."""

from __future__ import annotations

import logging
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.models import EmailAddress
from allauth.account.signals import email_changed, email_confirmed
from allauth.core.internal.httpkit import get_client_ip
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authentication_failed, authenticator_added, authenticator_removed, authenticator_reset
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from quanzi.base.audit import services as audit
from quanzi.kernel.clock import now as clock_now
from quanzi.people.accounts import second_step, services
from quanzi.people.accounts.middleware import remember
from quanzi.people.accounts.models import Member

log = logging.getLogger("quanzi.sign_in")


@receiver(user_login_failed, dispatch_uid="accounts.log_refused")
def log_refused(sender: object, request: HttpRequest | None = None, **kwargs: Any) -> None:
    """That somebody was refused, and from where; never as whom, since people type passwords into the wrong field."""
    log.warning("refused, from %s", get_client_ip(request) if request is not None else "-")


@receiver(user_logged_in, dispatch_uid="accounts.note_login")
def note_login(sender: object, request: HttpRequest | None, user: Member, **kwargs: Any) -> None:
    """The device joins the list; whoever logs in for the first time is a member from now on."""
    now = clock_now()
    is_first = services.welcome(member=user, now=now)
    if request is None or not hasattr(request, "session"):
        return
    request.is_first_login = is_first  # type: ignore[attr-defined]  # upper rooms greet newcomers by it
    if not request.session.session_key:
        request.session.save()
    row = services.note_login(
        member=user, session_key=request.session.session_key or "",
        user_agent=request.META.get("HTTP_USER_AGENT", ""), ip=get_client_ip(request), now=now,
    )  # fmt: skip
    remember(request.session, row, user.language, now)
    log.info("member %s, from %s", user.pk, get_client_ip(request))


@receiver(user_logged_out, dispatch_uid="accounts.forget_login")
def forget_login(sender: object, request: HttpRequest | None, **kwargs: Any) -> None:
    """The device leaves the list."""
    if request is not None and getattr(request, "session", None) is not None and request.session.session_key:
        services.forget_session(session_key=request.session.session_key)


@receiver(email_confirmed, dispatch_uid="accounts.email_confirmed")
def keep_confirmed(sender: object, email_address: EmailAddress, **kwargs: Any) -> None:
    """The code sent by e-mail was entered: the address is the member's."""
    if email_address.primary or email_address.user.email in (None, email_address.email):
        services.confirm_contact(member=email_address.user, email=email_address.email, now=clock_now())


@receiver(email_changed, dispatch_uid="accounts.email_changed")
def keep_changed(sender: object, to_email_address: EmailAddress, **kwargs: Any) -> None:
    """Another address is the main one now."""
    if to_email_address.verified:
        services.confirm_contact(member=to_email_address.user, email=to_email_address.email, now=clock_now())


@receiver(authenticator_added, dispatch_uid="accounts.factor_added")
def keep_factor(
    sender: object, request: HttpRequest, user: Member, authenticator: Authenticator, **kwargs: Any
) -> None:
    """Whoever sets a factor has just shown it: this session has taken the second step. Other devices log in again."""
    if authenticator.type in second_step.FACTORS:
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type, reauthenticated=True)
        user.staff_locked = False
        if user.is_staff:
            services.end_other_sessions(member=user, current_key=request.session.session_key or "", now=clock_now())
    _audit_factor("factor.added", user, authenticator)


@receiver(authenticator_removed, dispatch_uid="accounts.factor_removed")
def note_removed(sender: object, user: Member, authenticator: Authenticator, **kwargs: Any) -> None:
    _audit_factor("factor.removed", user, authenticator)


@receiver(authenticator_reset, dispatch_uid="accounts.factor_reset")
def note_reset(sender: object, user: Member, authenticator: Authenticator, **kwargs: Any) -> None:
    _audit_factor("factor.reset", user, authenticator)


@receiver(authentication_failed, dispatch_uid="accounts.factor_failed")
def note_failed(sender: object, user: Member, authenticator: Authenticator, **kwargs: Any) -> None:
    """Somebody knew the first step of a person of the staff, and not the second."""
    if user.is_staff:
        _audit_factor("factor.refused", user, authenticator)


def _audit_factor(action: str, user: Member, authenticator: Authenticator) -> None:
    audit.write(
        actor=user, action=action, target=f"member:{user.pk}", after={"kind": str(authenticator.type)}, now=clock_now()
    )
