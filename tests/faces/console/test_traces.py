"""Every act of the staff stands in the audit log, by construction: the door of each page leaves a row when the service left none."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from quanzi.base.audit import services as audit
from quanzi.base.audit.models import AuditEntry
from quanzi.faces.console import urls
from quanzi.faces.console.doors import FORM, READ, WRITE, door
from quanzi.kernel import clock
from quanzi.trade.payments.queries import of_payable
from tests.faces.console.desk import small_shop
from tests.faces.console.test_doors import POSTS, address
from tests.factories.people import log_in, make_staff
from tests.factories.trade import make_paid_order

pytestmark = pytest.mark.django_db


def sent(view: Any, rf: Any, member: Any) -> list[str]:
    """Actions that one POST to a view leaves in the log."""
    request = rf.post("/console/somewhere", {"note": "x"})
    request.user, request.resolver_match, request.session = member, None, {}
    view(request)
    return list(AuditEntry.objects.filter(actor_id=member.pk).values_list("action", flat=True))


def test_a_silent_act_leaves_a_row_and_one_that_wrote_its_own_leaves_no_second(rf: Any) -> None:
    silent = door("", WRITE)(lambda request: HttpResponse(status=302))
    assert sent(silent, rf, make_staff("owner")) == ["console."]

    @door("", WRITE)
    def telling(request: Any) -> HttpResponse:
        audit.write(actor=request.user, action="own.row", target="t", now=clock.now())
        return HttpResponse(status=302)

    assert sent(telling, rf, make_staff("owner")) == ["own.row"]


def test_what_was_refused_leaves_none(rf: Any) -> None:
    assert sent(door("", WRITE)(lambda request: HttpResponse(status=422)), rf, make_staff("owner")) == []
    client = log_in(Client(), make_staff("owner"))
    client.post(reverse("console:order_refund", args=[make_paid_order().number]), {"reason": "", "key": ""})
    assert not AuditEntry.objects.filter(action__startswith="console.").exists()


def test_every_page_that_writes_stands_behind_such_a_door() -> None:
    for pattern in urls.urlpatterns:
        methods = getattr(pattern.callback, "methods", None)
        assert methods in (READ, WRITE, FORM), pattern.name
        assert (methods == WRITE) == (pattern.name in POSTS), pattern.name


def test_rows_of_the_console_say_who_from_where_before_and_after() -> None:
    owner, other = make_staff("owner"), make_staff("support")
    client = log_in(Client(REMOTE_ADDR="203.0.113.9"), owner)
    client.post(reverse("console:staff_role"), {"member": other.pk, "role": "finance"})
    row = AuditEntry.objects.filter(action="staff.role", target=f"member:{other.pk}").latest("pk")
    assert (row.actor_id, row.ip, row.before, row.after) == (
        owner.pk, "203.0.113.9", {"staff_role": "support"}, {"staff_role": "finance"},
    )  # fmt: skip
    assert row.session.startswith("session:")
    assert row.request_id


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("source_retire", {}),
        ("order_ready", {}),
        ("order_cancel", {"reason": "x"}),
        ("lot_recall", {"reason": "smells"}),
        ("post_hide", {"reason": "advert"}),
        ("join_answer", {"answer": "accept"}),
        ("deal_stop", {}),
        ("ledger_verify", {}),
        ("books_check", {}),
    ],
)
def test_real_acts_leave_rows(name: str, fields: dict[str, str]) -> None:
    shop, me = small_shop(), make_staff("owner")
    client = log_in(Client(), me)
    pattern = next(one for one in urls.urlpatterns if one.name == name)
    answer = client.post(address(pattern, shop), fields)
    done = answer.status_code < 400 and not getattr(answer.wsgi_request, "was_refused", False)
    assert AuditEntry.objects.filter(actor_id=me.pk).exists() is done


def test_the_log_is_filtered_and_taken_along_and_that_stands_in_it_too() -> None:
    owner = make_staff("owner")
    audit.write(actor=owner, action="test.formula", target='=cmd|"/c calc"', now=clock.now())
    client = log_in(Client(), owner)
    page = client.get(reverse("console:audit"), {"actor": owner.pk, "action": "test.formula"}).content.decode()
    assert "test.formula" in page
    answer = client.post(reverse("console:audit_export"), {"action": "test.formula"})
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert answer["Content-Type"].startswith("text/csv")
    assert len(lines) == 2
    assert "'=cmd" in lines[1]
    assert AuditEntry.objects.filter(action="audit.export", actor_id=owner.pk).exists()


def test_the_log_of_an_order_is_found_by_the_number_that_it_shows() -> None:
    order, other = make_paid_order(), make_paid_order()
    for one, name in ((order, "of.this"), (other, "of.another")):
        for ref in (
            f"order:{one.pk}",
            f"payment:{of_payable('order', one.pk)[0].pk}",
            f"order_line:{one.lines.get().pk}",
        ):
            audit.write(actor="test", action=f"{name}.{ref.partition(':')[0]}", target=ref, now=clock.now())
    client = log_in(Client(), make_staff("owner"))
    page = client.get(reverse("console:audit"), {"target": order.number}).content.decode()
    assert all(f"of.this.{kind}" in page for kind in ("order", "payment", "order_line"))
    assert "of.another" not in page
    assert "of.this" not in client.get(reverse("console:audit"), {"target": "261122-NOSUCH"}).content.decode()
