"""Where codes and letters go while nobody has named a provider: into files of the data folder, for the owner only."""

from __future__ import annotations

import stat

from django.core.mail import EmailMessage, mailers

from quanzi.people.accounts.mail import FolderMail
from quanzi.people.accounts.ports import sms_provider
from quanzi.people.accounts.sms import ConsoleSms, KeptSms


def test_a_text_message_is_printed_and_kept_in_a_file_that_others_cannot_read(tmp_path, settings, capsys):
    settings.QUANZI_HOME = tmp_path / "new"
    ConsoleSms().send("+8613900000001", "123456 is your code.\nGive it to nobody.")
    path = tmp_path / "new" / "sms.log"
    moment, number, text = path.read_text(encoding="utf-8").rstrip("\n").split("\t")
    assert (number, text) == ("+8613900000001", "123456 is your code. Give it to nobody.") and moment
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "123456" in capsys.readouterr().err


def test_a_letter_becomes_a_file(tmp_path, settings, capsys):
    path = f"{FolderMail.__module__}.{FolderMail.__name__}"
    settings.MAILERS = {"default": {"BACKEND": path, "OPTIONS": {"file_path": str(tmp_path)}}}
    assert (
        mailers.default.send_messages([EmailMessage("Your code", "123456", "shop@example.com", ["a@example.com"])]) == 1
    )
    assert "123456" in next(iter(tmp_path.iterdir())).read_text()
    assert "a@example.com" in capsys.readouterr().err


def test_the_provider_is_the_one_that_the_settings_name(settings):
    settings.SMS_PROVIDER = "quanzi.people.accounts.sms.KeptSms"
    assert isinstance(sms_provider(), KeptSms)
