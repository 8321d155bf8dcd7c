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
from quanzi.faces.console.reading.refs import pages_of
from quanzi.faces.console.reading.targets import KINDS, ONE, pages_of_kinds
from quanzi.goods.stock.models import MovementKind
from quanzi.kernel import clock
from quanzi.people.approvals.models import ApprovalState
from quanzi.trade.aftersales.models import ClaimState
from quanzi.trade.payments.models import Payment
from tests.factories.community import make_circle
from tests.factories.people import log_in, make_member, make_staff
from tests.factories.preorders import hold, make_preorder

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
    assert f"payment:{other.pk}" in page and "付款 " in page and f"payment:{owner.pk}" not in page
    assert "not wanted any more" not in page
    assert f"payment:{owner.pk}" in client.get(reverse("console:audit"), {"actor": owner.pk}).content.decode()
    assert "payment:" not in client.get(reverse("console:audit"), {"actor": "无此人"}).content.decode()


@pytest.mark.django_db
def test_what_is_one_thing_for_the_shop_and_who_opened_it_have_words(client: Client) -> None:
    log_in(client, make_staff("owner"))
    audit.write(actor="opening", action="accounts.set_staff_role", target="word_lines", now=clock.now())
    drawn = client.get(reverse("console:audit")).content.decode()
    assert "开店链接" in drawn and ">opening<" not in drawn
    assert f'<a href="{reverse("console:search_words")}">搜索用词</a>' in drawn


def targets() -> set[str]:
    """The kind of every target that the sources write: target="…", or f"kind:{…}"."""
    found = set()
    for source in SOURCES.rglob("*.py"):
        if "migrations" not in source.parts:
            found |= {
                kind for _f, kind in re.findall(r'target=(f?)"([a-z_]+(?:(?<=shop):1)?)[:"]', source.read_text("utf-8"))
            }
    return found


@pytest.mark.django_db
def test_every_kind_of_subject_has_words_a_name_that_can_be_read_and_a_page_that_exists() -> None:
    kinds = ONE.keys() | KINDS.keys()
    assert len(targets()) > 50
    assert targets() <= kinds, f"without words in targets.py: {sorted(targets() - kinds)}"
    with translation.override("zh-hans"):
        labels = pages_of_kinds([f"{kind}:987654" for kind in KINDS])
        assert [ref for ref, (label, _) in labels.items() if not re.search("[\u4e00-\u9fff]+ 987654$", label)] == []
    for kind in KINDS.values():
        taken = "260101-ABCDE" if kind.key.endswith("number") else 1
        assert not kind.page or reverse(f"console:{kind.page}", args=[taken] if kind.key else [])


@pytest.mark.django_db
def test_a_subject_is_called_by_its_name_leads_to_its_page_and_filters_the_log() -> None:
    owner, circle = make_staff("owner"), make_circle(name="河滨读书")
    for target in (f"circle:{circle.pk}", "circle:999999", "unheard:of"):
        audit.write(actor=owner, action="audit.export", target=target, now=clock.now())
    client = log_in(Client(headers={"accept-language": "zh-hans"}), owner)
    drawn = client.get(reverse("console:audit")).content.decode()
    assert "圈子：河滨读书" in drawn and reverse("console:circle", args=[circle.pk]) in drawn
    assert "圈子 999999" in drawn and reverse("console:circle", args=[999_999]) not in drawn
    assert "unheard:of" in drawn
    one = client.get(reverse("console:audit"), {"target": f"circle:{circle.pk}"}).content.decode()
    assert "圈子：河滨读书" in one and "圈子 999999" not in one


@pytest.mark.django_db
def test_the_money_of_a_deposit_is_called_by_its_buyer_and_batch() -> None:
    place = hold(make_preorder(title="立冬羊毛毯"))
    payment = Payment.objects.get(payable_kind="deposit", payable_id=place.pk)
    label, address = pages_of([f"payment:{payment.pk}"])[f"payment:{payment.pk}"]
    assert "立冬羊毛毯" in label and place.member.name in label
    assert address == reverse("console:preorder", args=[place.preorder_id])
