"""Passwords about this shop are refused; sign-ins are logged without names."""

from __future__ import annotations

import logging
import time
from typing import Any

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client

from quanzi.people.accounts import second_step
from tests.factories.people import log_in, make_member, make_staff

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "password", ["quanzi202611", "Quanzi-Admin-1", "圈子圈子2026密码1", "ｑｕａｎｚｉ!!!12345", "GreenRiver2026"]
)
def test_the_names_of_the_shop_with_figures_are_no_password(password: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quanzi.people.accounts.passwords.shop_name", lambda: "Green River")
    with pytest.raises(ValidationError) as refused:
        validate_password(password)
    assert "password_of_this_shop" in [one.code for one in refused.value.error_list]


def test_figures_alone_are_not_called_the_name_of_the_shop() -> None:
    with pytest.raises(ValidationError) as refused:
        validate_password("1234567890")
    assert "password_of_this_shop" not in [one.code for one in refused.value.error_list]


@pytest.mark.parametrize("password", ["quanzi is where I buy yams", "demo-quanzi-2026", "correct horse battery"])
def test_a_sentence_that_names_the_shop_is_one(password: str) -> None:
    validate_password(password)


def test_sign_ins_are_logged_with_their_address_and_refused_ones_without_a_name(caplog: Any) -> None:
    make_member(email="known@example.com", password="correct horse battery")
    with caplog.at_level(logging.INFO, logger="quanzi.sign_in"):
        Client().post("/account/login/", {"login": "known@example.com", "password": "my secret, wrong"})
        Client().post("/account/login/", {"login": "known@example.com", "password": "correct horse battery"})
    lines = [one.getMessage() for one in caplog.records if one.name == "quanzi.sign_in"]
    assert "refused, from 127.0.0.1" in lines
    assert any(line.startswith("member ") for line in lines)
    assert "known" not in " ".join(lines) and "secret" not in " ".join(lines)


def test_the_second_step_of_the_staff_ends_with_the_working_day(monkeypatch: pytest.MonkeyPatch) -> None:
    browser = log_in(Client(), make_staff("owner"))
    assert browser.get("/console/").status_code == 200
    later = time.time() + second_step.WORKDAY.total_seconds() + 60
    monkeypatch.setattr(second_step.time, "time", lambda: later)  # type: ignore[attr-defined]
    assert browser.get("/console/").status_code in (302, 403)
    assert browser.get("/me").status_code == 200
