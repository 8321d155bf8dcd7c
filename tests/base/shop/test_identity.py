"""What the shop says of itself reaches every process, exactly and without a statement."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from quanzi.base.audit.models import AuditEntry
from quanzi.base.shop import identity
from quanzi.base.shop.errors import NotACreditCode, ShopTextNeeded
from quanzi.base.shop.rules import is_credit_code
from quanzi.base.shop.services import update_shop
from quanzi.kernel import clock
from quanzi.kernel.errors import Errors


@pytest.mark.django_db(transaction=True)
def test_a_committed_name_is_the_name_at_once_and_costs_no_statement(django_assert_num_queries: Any) -> None:
    update_shop(actor="test", now=clock.now(), name=" 禾间小店 ", accent="indigo")
    with django_assert_num_queries(0):
        assert identity.shop_name() == "禾间小店"
        assert identity.current().accent == "indigo"


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_was_never_said() -> None:
    update_shop(actor="test", now=clock.now(), name="甲")
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        update_shop(actor="test", now=clock.now(), name="乙")
        raise ZeroDivisionError
    assert identity.shop_name() == "甲"


@pytest.mark.django_db(transaction=True)
def test_another_process_sees_the_change_at_its_next_look(shop_folder: Path) -> None:
    update_shop(actor="test", now=clock.now(), name="甲")
    program = (
        "import django, sys; django.setup()\n"
        "from quanzi.base.shop.identity import shop_name\n"
        "for line in sys.stdin: print(shop_name(), flush=True)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8",
        env=os.environ | {"QUANZI_TEST_HOME": str(shop_folder), "DJANGO_SETTINGS_MODULE": "quanzi.site.testing"},
    ) as other:  # fmt: skip
        assert other.stdin is not None and other.stdout is not None

        def asked() -> str:
            other.stdin.write("?\n")  # type: ignore[union-attr]
            other.stdin.flush()  # type: ignore[union-attr]
            return other.stdout.readline().strip()  # type: ignore[union-attr]

        assert asked() == "甲"
        for name in ("乙", "丙", "丁"):
            update_shop(actor="test", now=clock.now(), name=name)
            assert asked() == name
        other.stdin.close()


@pytest.mark.django_db(transaction=True)
def test_a_file_that_a_dying_process_never_wrote_is_written_at_the_next_start() -> None:
    update_shop(actor="test", now=clock.now(), name="甲")
    identity._path().unlink()
    assert identity.shop_name() != "甲"
    identity.heal()
    assert identity.shop_name() == "甲"


@pytest.mark.django_db
def test_everything_wrong_is_told_at_once_and_nothing_is_kept() -> None:
    with pytest.raises(Errors) as refused:
        update_shop(actor="test", now=clock.now(), name="  ", credit_code="12345", accent="pink", freight_minor=-1)
    assert set(refused.value.fields) == {"name", "credit_code", "accent", "freight_minor"}
    assert isinstance(refused.value.fields["name"], ShopTextNeeded)
    assert isinstance(refused.value.fields["credit_code"], NotACreditCode)
    assert not AuditEntry.objects.exists()


@pytest.mark.django_db
def test_the_audit_log_tells_who_changed_what_but_names_nobody() -> None:
    update_shop(actor="staff:0", now=clock.now(), name="禾间", legal_name="王小丽", phone="13800000000")
    row = AuditEntry.objects.get()
    assert row.after == {"name": "禾间", "changed": ["legal_name", "name", "phone"]}
    update_shop(actor="staff:0", now=clock.now(), name="禾间")
    assert AuditEntry.objects.count() == 1


@pytest.mark.parametrize(
    ("code", "is_right"),
    [
        ("91310000MA1FL0J24Q", False), ("91350100M000100Y43", True), ("91350100M000100Y44", False),
        ("310104600000001", True), ("", False), ("91350100M000100Y4", False), ("91350100m000100y43", False),
    ],
)  # fmt: skip
def test_a_credit_code_is_checked_by_its_last_character(code: str, is_right: bool) -> None:
    assert is_credit_code(code) is is_right
