"""The audit log reads in words: every action that the sources write has its own, in both languages."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

import quanzi.kernel
from quanzi.base.audit import services as audit
from quanzi.faces.console.acts_in_words import ACTS, act
from quanzi.goods.stock.models import MovementKind
from quanzi.kernel import clock
from quanzi.people.approvals.models import ApprovalState
from quanzi.trade.aftersales.models import ClaimState
from tests.factories.people import log_in, make_member, make_staff

SOURCES = Path(quanzi.kernel.__path__[0]).parent
CODE = re.compile(r"[a-z]+\.[a-z_]+")
MADE = {
    *(f"stock.{kind}" for kind in MovementKind.values),
    *(f"claim.{state}" for state in ClaimState.values if state != ClaimState.OPEN),
    *(f"approval.{state}" for state in ApprovalState.values if state != ApprovalState.WAITING),
}
"""Codes that are put together from a state."""


def written() -> set[str]:
    """Every code that is given to the audit log as it stands: action="…", or handed to a helper that signs."""
    found = {audit.REFUSED}
    for source in SOURCES.rglob("*.py"):
        if "migrations" in source.parts:
            continue
        for node in ast.walk(ast.parse(source.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            given = [keyword.value for keyword in node.keywords if keyword.arg == "action"]
            given += node.args if ast.unparse(node.func) in ("_note", "_audit_factor") else []
            found |= {one.value for one in given if isinstance(one, ast.Constant) and CODE.fullmatch(str(one.value))}
    return found


def test_every_action_in_the_sources_has_words_in_both_languages() -> None:
    codes = written() | MADE
    assert len(codes) > 90
    assert codes <= ACTS.keys(), f"without words in acts_in_words.py: {sorted(codes - ACTS.keys())}"
    with translation.override("zh-hans"):
        bare = [code for code in [*ACTS, "console.any", "api.any"] if not re.search("[\u4e00-\u9fff]", act(code))]
    assert bare == []


@pytest.mark.django_db
def test_the_log_is_filtered_by_a_name_and_tells_our_own_reasons_in_the_readers_language() -> None:
    owner, other = make_staff("owner", name="周敏"), make_member(name="何冰")
    for actor in (owner, other):
        audit.write(
            actor=actor, action="payments.refund", target=f"payment:{actor.pk}",
            after={"reason": "not wanted any more"}, now=clock.now(),
        )  # fmt: skip
    client = log_in(Client(headers={"accept-language": "zh-hans"}), owner)
    page = client.get(reverse("console:audit"), {"actor": "何"}).content.decode()
    assert f"payment:{other.pk}" in page and f"payment:{owner.pk}" not in page
    assert "not wanted any more" not in page
    assert f"payment:{owner.pk}" in client.get(reverse("console:audit"), {"actor": owner.pk}).content.decode()
    assert "payment:" not in client.get(reverse("console:audit"), {"actor": "无此人"}).content.decode()


@pytest.mark.django_db
def test_what_is_one_thing_for_the_shop_and_who_opened_it_have_words(client: Client) -> None:
    log_in(client, make_staff("owner"))
    audit.write(actor="opening", action="accounts.set_staff_role", target="word_lines", now=clock.now())
    drawn = client.get(reverse("console:audit")).content.decode()
    assert "开店链接" in drawn and ">opening<" not in drawn
    assert reverse("console:search_words") in drawn and ">word_lines<" not in drawn
