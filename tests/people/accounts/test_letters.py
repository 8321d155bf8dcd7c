"""Every letter that the sign-in library can send is the shop's own, in both languages."""

from __future__ import annotations

from pathlib import Path

import allauth
import pytest
from allauth.account.adapter import get_adapter
from allauth.core import context
from django.core import mail
from django.template.loader import get_template
from django.test import RequestFactory
from django.utils import translation

from quanzi.people.accounts.models import Member
from tests.factories.people import make_member

LIBRARY = Path(allauth.__file__).parent / "templates"
NEVER_SENT = {"account/email/password_reset_key"}
"""A link to set a new password: here a code does it (ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED)."""

LETTERS = sorted(
    f"{app}/email/{found.name.removesuffix('_subject.txt')}"
    for app in ("account", "mfa")
    for found in (LIBRARY / app / "email").glob("*_subject.txt")
)


def test_the_library_sends_no_letter_of_its_own() -> None:
    assert len(LETTERS) >= 18
    for letter in set(LETTERS) - NEVER_SENT:
        for part in ("subject", "message"):
            origin = get_template(f"{letter}_{part}.txt").template.filename
            assert "quanzi" in Path(origin).parts, f"{letter}_{part}.txt"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "word", "foreign"), [("zh-hans", "你的账号", "your"), ("en", "your account", "你")]
)
@pytest.mark.parametrize("letter", [one for one in LETTERS if one.startswith("mfa/")])
def test_letters_about_the_second_step_speak_as_the_shop(letter: str, language: str, word: str, foreign: str) -> None:
    request = RequestFactory().get("/")
    request.user = member = make_member(email=f"{letter.rpartition('/')[2]}@example.com".lower())
    with translation.override(language), context.request_context(request):
        get_adapter().send_mail(letter, str(member.email), {"user": Member.objects.get(pk=member.pk)})
    (sent,) = mail.outbox
    text = sent.subject + sent.body
    assert word in text.lower() and foreign not in text
    assert "example.com" not in text and "Hello" not in text and "127.0.0.1" not in text
