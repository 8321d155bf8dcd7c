"""Form fields that understand what people type."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import EmailValidator
from django.utils.translation import gettext_lazy as _

from quanzi.kernel.errors import InvalidInput
from quanzi.people.accounts.rules import clean_phone
from quanzi.people.accounts.words import say


class PhoneField(forms.CharField):
    """A telephone number; mainland numbers without +86."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Phone number"))
        kwargs.setdefault("max_length", 30)
        kwargs.setdefault("widget", forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        try:
            return clean_phone(text) if text else ""
        except InvalidInput as error:
            raise forms.ValidationError(say(error), code=error.code) from None


class ContactField(forms.CharField):
    """A phone number or an e-mail address, whichever the person likes to be reached by."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Phone number or e-mail address"))
        kwargs.setdefault("max_length", 254)
        kwargs.setdefault("widget", forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        if "@" in text:
            EmailValidator(_("This is not an e-mail address."))(text)
            return text.lower()
        try:
            return clean_phone(text) if text else ""
        except InvalidInput:
            message = _("Write a phone number (mainland China without country code) or an e-mail address.")
            raise forms.ValidationError(message, code="not_a_contact") from None
