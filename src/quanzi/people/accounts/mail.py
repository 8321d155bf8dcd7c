"""The mailer of development: each letter becomes a file in the data folder, to nobody's mailbox."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends.filebased import EmailBackend


class FolderMail(EmailBackend):
    """Writes letters like Django's file mailer and says on the terminal where they are."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        count: Any = super().send_messages(email_messages)
        for message in email_messages:
            sys.stderr.write(f"MAIL to {', '.join(message.to)}: {message.subject} (in {self.file_path})\n")
        return int(count or 0)
