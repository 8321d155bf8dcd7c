"""The provider of development: text messages go to the terminal and into a file, to nobody's telephone."""

from __future__ import annotations

import os
import sys

from django.conf import settings

from quanzi.kernel.clock import local, now

FILE = "sms.log"


class ConsoleSms:
    """Prints each message and appends it to sms.log in the data folder (readable by its owner only).

    A line is: moment, number and text, with a tab between.
    """

    def send(self, to: str, text: str) -> None:
        line = f"{local(now()):%Y-%m-%d %H:%M:%S}\t{to}\t{' '.join(text.split())}\n"
        path = settings.QUANZI_HOME / FILE
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a", encoding="utf-8") as file:
            file.write(line)
        sys.stderr.write(f"SMS {line}")


class KeptSms:
    """The provider of tests: keeps what was sent."""

    sent: list[tuple[str, str]] = []  # one list for all, so that a test sees every message

    def send(self, to: str, text: str) -> None:
        self.sent.append((to, text))
