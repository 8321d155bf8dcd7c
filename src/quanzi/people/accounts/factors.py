"""How django-allauth's second factors meet our members: sealed secrets, codes good once, passkeys of this very origin."""

from __future__ import annotations

import base64
import json
from typing import Any

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter, get_adapter
from allauth.mfa.base import forms as base_forms
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.webauthn import forms as passkey_forms
from django import forms
from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from quanzi.base.shop.identity import shop_name
from quanzi.kernel.clock import now as clock_now
from quanzi.people.accounts import second_step, services
from quanzi.people.accounts.models import Member
from quanzi.people.accounts.sealing import sealer

SEALED = "f1:"
"""Begins what was sealed this way; another way would begin otherwise."""

SEAL = "second step"

TRIES_LAST_S = 300


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """Secrets are sealed with a key that is not in the database; the staff keeps one factor at least."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("This code is not right, or was used already. Wait for the next one."),
        "cannot_delete_authenticator": _("The staff needs a second step. Add another one before removing this."),
        "unverified_email": _("Prove your e-mail address first."),
    }

    def encrypt(self, text: str) -> str:
        return SEALED + sealer(SEAL).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return sealer(SEAL).decrypt(encrypted_text.removeprefix(SEALED)).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        others = Authenticator.objects.filter(user=authenticator.user_id, type__in=second_step.FACTORS)
        return not authenticator.user.is_staff or others.exclude(pk=authenticator.pk).exists()

    def get_totp_issuer(self) -> str:
        return shop_name()

    def generate_authenticator_name(self, user: Member, type: str) -> str:
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return gettext("Passkey %(n)d") % {"n": number}


class _CountedCode:
    """Five tries in five minutes for each member, counted by the database; a code of the app is good once."""

    user: Member
    authenticator: Authenticator

    def clean_code(self) -> str:
        now = clock_now()
        mark = f"{self.user.pk}:{int(now.timestamp()) // TRIES_LAST_S}"
        if not services.may_try_code(
            process=salted_hmac("accounts.factor", mark, algorithm="sha256").hexdigest(), now=now
        ):
            raise get_adapter().validation_error("incorrect_code")
        code: str = super().clean_code()  # type: ignore[misc]  # allauth's form stands beside this class
        if self.authenticator.type == Authenticator.Type.TOTP and not _use_up(self.authenticator, code):
            raise get_adapter().validation_error("incorrect_code")
        return code


@transaction.atomic
def _use_up(authenticator: Authenticator, code: str) -> bool:
    """Spend the moment that a code stands for; False when it, or a later one, was spent before, in whatever process."""
    row = Authenticator.objects.select_for_update().get(pk=authenticator.pk)
    secret = get_adapter().decrypt(row.data["secret"])
    moments = [
        at for at in yield_hotp_counters_from_time() if format_hotp_value(hotp_value(secret, at)) == code.strip()
    ]
    if not moments or max(moments) <= row.data.get("spent", 0):
        return False
    row.data["spent"] = authenticator.data["spent"] = max(moments)
    row.save(update_fields=["data"])
    return True


class AuthenticateForm(_CountedCode, base_forms.AuthenticateForm):  # type: ignore[misc]
    """The second step of a login."""


class ReauthenticateForm(_CountedCode, base_forms.ReauthenticateForm):  # type: ignore[misc]
    """The second step again, before a dangerous act."""


class ActivateTotpForm(ActivateTOTPForm):  # type: ignore[misc]
    """The first code of a new authenticator."""


class CredentialField(forms.JSONField):
    """What a passkey answered. Also refuses what JSON allows and Python will not read: numbers of thousands of digits."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except (ValueError, RecursionError) as unreadable:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from unreadable


class _OwnOrigin(forms.Form):
    """A passkey answers to this very address: not to a sibling host that the browser would let use it."""

    credential = CredentialField()

    def clean_credential(self) -> Any:
        sent = self.cleaned_data["credential"]
        if origin_of(sent) != f"{context.request.scheme}://{context.request.get_host()}":
            raise get_adapter().validation_error("incorrect_code")
        theirs = getattr(super(), "clean_credential", None)
        return theirs() if theirs else sent


def origin_of(credential: Any) -> str:
    """The origin that the browser wrote into a passkey's answer; "" when it cannot be read."""
    try:
        text = credential["response"]["clientDataJSON"]
        data = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        return str(data["origin"])
    except (KeyError, TypeError, ValueError):
        return ""


class AddPasskeyForm(_OwnOrigin, passkey_forms.AddWebAuthnForm):  # type: ignore[misc]
    """A new passkey, with a name to tell it from others."""

    name = forms.CharField(label=_("What to call it"), required=False, max_length=40)

    def clean(self) -> dict[str, Any]:
        if "credential" not in self.cleaned_data:
            return dict(self.cleaned_data)
        return dict(super().clean() or self.cleaned_data)


class PasskeyForm(_OwnOrigin, passkey_forms.AuthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey as the second step."""


class ReauthenticatePasskeyForm(_OwnOrigin, passkey_forms.ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey again, before a dangerous act."""


class LoginPasskeyForm(_OwnOrigin, passkey_forms.LoginWebAuthnForm):  # type: ignore[misc]
    """A passkey as the whole login."""
