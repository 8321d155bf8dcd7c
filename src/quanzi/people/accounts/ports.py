"""What others may fill: who carries our text messages."""

from __future__ import annotations

from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


class SmsProvider(Protocol):
    """Sends one text message. Raises OSError when it cannot be handed over."""

    def send(self, to: str, text: str) -> None:
        """to: a number in E.164; text: what the person reads."""
        ...


def sms_provider() -> SmsProvider:
    """The provider that SMS_PROVIDER names."""
    provider: SmsProvider = import_string(settings.SMS_PROVIDER)()
    return provider
