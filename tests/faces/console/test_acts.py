"""What the staff does through the console: it happens once, it is accounted for, and a refusal says why beside its field."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from quanzi.base.audit.models import AuditEntry
from quanzi.base.ledger.queries import balance, settle_deferred, verify_chain
from quanzi.community.circles.models import Membership
from quanzi.goods.catalogue.models import PriceChange, Product, Sku
from quanzi.goods.stock.queries import levels
from quanzi.growth.sources.models import Source, Spend
from quanzi.kernel import clock
from quanzi.people.accounts.models import Member
from quanzi.people.approvals.models import Limit
from quanzi.people.approvals.rules import REFUND_ORDER
from quanzi.people.safety.models import Report
from quanzi.trade.aftersales.models import Claim
from quanzi.trade.aftersales.services import ask
from quanzi.trade.deals.models import GroupDeal
from quanzi.trade.fulfilment.models import Fulfilment
from quanzi.trade.sales.models import Order
from tests.faces.console.desk import client_of, page, small_shop, staff_client
from tests.factories.goods import make_product, make_sku
from tests.factories.people import make_member, make_staff
from tests.factories.trade import make_order, make_paid_order, make_point, make_received_order, open_fulfilment

pytestmark = pytest.mark.django_db


def send(client: Client, page_name: str, /, *args: object, status: int = 302, **form: Any) -> str:
    """Send a form; the words on the page it leads to."""
    response = client.post(reverse(f"console:{page_name}", args=args), form)
    assert response.status_code == status, (page_name, response.status_code, response.content.decode()[-600:])
    if status != 302:
        return response.content.decode()
    return client.get(response.url).content.decode()


def was_written(action: str, target: str) -> bool:
    return AuditEntry.objects.filter(action=action, target=target, actor_id__isnull=False).exists()


def test_an_order_is_prepared_and_handed_over_with_its_code() -> None:
    order = make_paid_order(point=make_point())
    open_fulfilment(order)
    client = staff_client("fulfilment", "en")
    assert "Ready. The buyer has the pickup code now." in send(client, "order_ready", order.number)
    drawn = send(client, "order_hand_over", order.number, code="000", status=422)
    assert "This pickup code is not right" in drawn
    code = Fulfilment.objects.get(order=order).pickup_code
    assert "Handed over and received." in send(client, "order_hand_over", order.number, code=code)
    assert Order.objects.get(pk=order.pk).state == "received"
    assert was_written("order.ready", f"order:{order.pk}")
    assert was_written("order.hand_over", f"order:{order.pk}")


def test_a_batch_answers_for_each_row_and_one_refusal_stops_no_other() -> None:
    pickup, delivery = make_paid_order(point=make_point()), make_paid_order()
    for order in (pickup, delivery):
        open_fulfilment(order)
    drawn = send(staff_client("fulfilment", "en"), "orders_ready", row=[pickup.pk, delivery.pk, "x"], status=200)
    assert "1 of 2 done" in drawn
    assert "This order is delivered, not picked up." in drawn
    assert {row.order_id: row.state for row in Fulfilment.objects.all()} == {pickup.pk: "ready", delivery.pk: "waiting"}


def test_money_in_hand_pays_an_order_once() -> None:
    order = make_order(point=make_point())
    client = staff_client("operator", "en")
    for _ in range(2):
        client.post(reverse("console:order_paid", args=[order.number]), {"reference": "bank-7", "key": "one-form"})
    settle_deferred()
    assert Order.objects.get(pk=order.pk).state == "paid"
    assert balance("escrow.buyers").minor == order.amount_minor
    assert AuditEntry.objects.filter(action="payments.capture_offline").count() == 1


def test_an_unpaid_order_is_cancelled_with_a_reason() -> None:
    order = make_order()
    client = staff_client("operator", "en")
    assert "Please fill this in." in send(client, "order_cancel", order.number, reason=" ", status=422)
    send(client, "order_cancel", order.number, reason="买家来电取消")
    assert Order.objects.get(pk=order.pk).end_reason == "买家来电取消"


def test_a_refund_needs_a_reason_keeps_what_was_typed_and_happens_once() -> None:
    order = make_paid_order()
    client = staff_client("finance", "en")
    line = order.lines.get()
    drawn = send(client, "order_refund", order.number, line=line.pk, amount="1.50", reason="", key="k1", status=422)
    assert 'value="1.50"' in drawn
    assert "At most" in send(
        client, "order_refund", order.number, line=line.pk, amount="99999", reason="坏", key="k1", status=422
    )
    for _ in range(2):
        send(client, "order_refund", order.number, line=line.pk, amount="1.50", reason="坏了一个", key="k2")
    order.refresh_from_db()
    assert order.refunded_minor == 150
    other = make_paid_order()
    assert client.post(
        reverse("console:order_refund", args=[other.number]),
        {"line": line.pk, "amount": "1", "reason": "x", "key": "k3"},
    ).status_code in (404, 422)
    drawn = send(client, "order_refund", order.number, amount="2", reason="整单", key="k4", status=422)
    assert "Choose the line that this amount is for" in drawn and 'value="2"' in drawn
    send(client, "order_refund", order.number, reason="整单", key="k4")
    order.refresh_from_db()
    assert (order.state, order.refunded_minor) == ("refunded", order.amount_minor)
    assert AuditEntry.objects.filter(action="payments.refund").count() == 2
    drawn = page(client, "ledger_order", order.number)
    assert "1.50" in drawn


def test_a_claim_is_accepted_in_part_or_declined_with_an_answer() -> None:
    client = staff_client("finance", "en")
    claims = []
    for _ in range(2):
        order = make_received_order()
        claims.append(
            ask(line_id=order.lines.get().pk, member=order.member, reason="spoiled", note="坏", now=clock.now())
        )
    drawn = send(client, "claim_decide", claims[0].pk, decision="decline", answer="")
    assert "Please fill this in." in drawn
    send(client, "claim_decide", claims[0].pk, decision="decline", answer="照片里是好的")
    send(client, "claim_decide", claims[1].pk, decision="accept", amount="2.00")
    assert [claim.state for claim in Claim.objects.order_by("pk")] == ["declined", "accepted"]
    assert Claim.objects.order_by("pk")[1].refund.amount_minor == 200  # type: ignore[union-attr]


def test_a_source_is_made_spent_on_once_and_retired() -> None:
    client = staff_client("operator", "en")
    assert "one slash" in send(client, "source_new", kind="parcel", name="卡片", target="//evil.example", status=422)
    send(client, "source_new", kind="parcel", name="春季卡片", target="/p/yam", utm_source="WeChat")
    source = Source.objects.get(name="春季卡片")
    drawn = page(client, "source", source.pk)
    assert f"/i/{source.token}" in drawn
    assert "<svg" in drawn
    for _ in range(2):
        send(
            client,
            "source_spend",
            source.pk,
            amount="120.50",
            spent_on=clock.today(clock.now()).isoformat(),
            what="印卡片",
            key="f1",
        )
    assert list(Spend.objects.values_list("amount_minor", flat=True)) == [12050]
    bad = send(client, "source_spend", source.pk, amount="１２", spent_on="tomorrow", what="", key="f2", status=422)
    assert bad.count('class="error"') == 3
    send(client, "source_retire", source.pk)
    assert Source.objects.get(pk=source.pk).retired_at is not None
    assert was_written("source.retire", f"source:{source.pk}")


def test_a_product_goes_from_draft_to_sale() -> None:
    client = staff_client("operator", "en")
    form = {"name": "烟薯", "slug": "yam", "return_rule": "seven_days", "return_days": "3", "claim_hours": "48"}
    drawn = send(client, "product_new", **form, status=422)
    assert 'id="f-return_days-error"' in drawn
    send(client, "product_new", **(form | {"return_days": "7"}))
    product = Product.objects.get(slug="yam")
    assert "variant" in send(client, "product_publish", product.pk, to="on_sale")
    assert 'id="f-price_minor-error"' in send(
        client, "product_sku", product.pk, code="YAM", price_minor="free", status=422
    )
    send(client, "product_sku", product.pk, code="YAM", option="5 斤", price_minor="26.80", cost_minor="14")
    sku = product.skus.get()
    send(client, "product_lot", product.pk, sku=sku.pk, code="LOT-A", storage="ambient", expires_at="2099-01-01")
    for _ in range(2):
        send(
            client,
            "product_stock",
            product.pk,
            what="receive",
            sku=sku.pk,
            quantity="40",
            lot=sku.lots.get().pk,
            reason="到货单 7",
            key="s1",
        )
    assert levels([sku.pk])[sku.pk].free == 40
    assert "Only" in send(
        client, "product_stock", product.pk, what="scrap", sku=sku.pk, quantity="41", reason="坏", key="s2", status=409
    )
    Sku.objects.filter(pk=sku.pk).update(unit_note="约 5.36 元一斤")
    send(client, "product_price", product.pk, sku=sku.pk, price="26.80")  # the same price keeps its words
    assert Sku.objects.get(pk=sku.pk).unit_note == "约 5.36 元一斤"
    send(client, "product_price", product.pk, sku=sku.pk, price="25.80", unit_note="约 5.16 元一斤")
    assert Sku.objects.get(pk=sku.pk).unit_note == "约 5.16 元一斤"
    send(client, "product_price", product.pk, sku=sku.pk, price="25.00")  # the words were of the old price
    assert Sku.objects.get(pk=sku.pk).unit_note == ""
    assert list(PriceChange.objects.filter(sku=sku).order_by("pk").values_list("price_minor", flat=True)) == [
        2680,
        2580,
        2500,
    ]
    send(client, "product_publish", product.pk, to="on_sale")
    send(client, "product_edit", product.pk, **(form | {"return_days": "7", "name": "烟薯 25"}))
    product.refresh_from_db()
    assert (product.state, product.name) == ("on_sale", "烟薯 25")
    send(client, "lot_recall", sku.lots.get().pk, reason="投诉三起")
    assert sku.lots.get().recalled_at is not None
    assert was_written("catalogue.create_product", f"product:{product.pk}") or AuditEntry.objects.filter(
        action="catalogue.create_product", actor_label__startswith="staff:"
    )


def test_a_file_that_is_no_picture_is_refused_with_words() -> None:
    product, client = make_product(), staff_client("operator", "en")
    file = SimpleUploadedFile("x.png", b"not a picture", content_type="image/png")
    response = client.post(reverse("console:product_pictures", args=[product.pk]), {"pictures": file})
    assert response.status_code in (409, 413, 422)
    assert "picture" in response.content.decode()


def test_a_deal_is_opened_and_stopped() -> None:
    sku, client = make_sku(price_minor=3_990), staff_client("operator", "en")
    drawn = send(client, "deal_new", sku=sku.pk, team_size="1", price_minor="50", refund_rule="until_handover", window_hours="24",
                 per_member_limit="1", max_per_seat="1", status=422)  # fmt: skip
    assert 'id="f-team_size-error"' in drawn
    assert 'id="f-price_minor-error"' in drawn
    drawn = send(client, "deal_new", sku=sku.pk, team_size="2", price_minor="34.90", refund_rule="until_handover", window_hours="24",
                 per_member_limit="1", max_per_seat="1", people_0="2", step_1="x", status=422)  # fmt: skip
    assert all(f'id="f-{field}-error"' in drawn for field in ("people_0", "step_0", "people_1", "step_1"))
    send(client, "deal_new", sku=sku.pk, team_size="3", price_minor="34.90", refund_rule="until_handover", window_hours="24",
         per_member_limit="1", max_per_seat="1")  # fmt: skip
    deal = GroupDeal.objects.get()
    send(client, "deal_stop", deal.pk)
    deal.refresh_from_db()
    assert deal.stopped_at is not None


def test_a_moderator_lets_in_hides_and_decides() -> None:
    shop, client = small_shop(), staff_client("moderator", "en")
    keys = shop.keys
    assert "Please fill this in." in send(client, "join_answer", keys["membership_id"], decision="refuse")
    send(client, "join_answer", keys["membership_id"], decision="accept")
    assert Membership.objects.get(pk=keys["membership_id"]).state == "joined"
    send(client, "report_decide", keys["report_id"], decision="hidden", post=keys["post_id"], reason="广告")
    assert Report.objects.get(pk=keys["report_id"]).decision == "hidden"
    assert was_written("post.hide", f"post:{keys['post_id']}")
    send(client, "post_hide", keys["post_id"], back=reverse("console:circle", args=[keys["circle_id"]]))
    assert was_written("post.show", f"post:{keys['post_id']}")


def test_a_refused_half_leaves_the_whole_undone() -> None:
    shop, client = small_shop(), staff_client("moderator", "en")
    send(client, "report_decide", shop.keys["report_id"], decision="hidden", post="", reason="广告")
    assert Report.objects.get(pk=shop.keys["report_id"]).decided_at is None


def test_roles_are_given_by_the_owner_and_the_last_owner_stays() -> None:
    owner = make_staff("owner")
    client, newcomer = client_of(owner, "en"), make_member()
    assert "sign up first" in send(client, "staff_role", contact="nobody@nowhere.example", role="support")
    send(client, "staff_role", contact=newcomer.email, role="support")
    newcomer.refresh_from_db()
    assert (newcomer.staff_role, newcomer.is_staff) == ("support", True)
    assert was_written("staff.role", f"member:{newcomer.pk}")
    assert "last owner" in send(client, "staff_role", member=owner.pk, role="")
    assert Member.objects.get(pk=owner.pk).staff_role == "owner"


def test_the_chain_is_recomputed_on_demand() -> None:
    make_paid_order()
    settle_deferred()
    assert verify_chain() is None
    assert "agrees" in send(staff_client("finance", "en"), "ledger_verify")


def test_the_doctor_is_asked_once() -> None:
    client = staff_client("finance", "en")
    for _ in range(2):
        assert "on the way" in send(client, "books_check")


def test_few_left_is_shown_where_goods_are_looked_after_at_the_number_that_was_said() -> None:
    client, sku = staff_client("owner"), make_sku(stock_of=9)
    assert sku.product.name not in client.get("/console/goods?show=low").content.decode()
    send(client, "product_stock", sku.product_id, what="warn", sku=sku.pk, quantity="9", reason="旺季", key="w")
    assert levels([sku.pk])[sku.pk].is_low
    assert sku.product.name in client.get("/console/goods?show=low").content.decode()
    assert sku.product.name not in client.get("/console/goods?show=empty").content.decode()
    assert "快卖完了" in client.get("/console/").content.decode()
    assert was_written("stock.warn_at", f"sku:{sku.pk}")


def test_picked_orders_are_printed_as_one_pdf_and_that_is_written_down() -> None:
    orders = [make_paid_order(point=make_point()), make_paid_order()]
    for order in orders:
        open_fulfilment(order)
    client = staff_client("fulfilment")
    for paper in ("labels", "packing", "picking"):
        answer = client.post(reverse("console:orders_print"), {"row": [order.pk for order in orders], "paper": paper})
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
        assert answer.content.startswith(b"%PDF") and answer.headers["Cache-Control"] == "private, no-store"
    written = AuditEntry.objects.filter(action="orders.print")
    assert written.order_by("pk")[0].after == {"paper": "labels", "orders": [order.pk for order in orders]}
    assert client.post(reverse("console:orders_print"), {"row": [1], "paper": "poster"}).status_code == 302
    assert written.count() == 3


def test_a_refund_that_waits_for_a_second_person_stands_on_its_order() -> None:
    order = make_paid_order(sku=make_sku(price_minor=90_000, stock_of=1))
    line, client = order.lines.get(), staff_client("operator", "en")
    Limit.objects.create(name=REFUND_ORDER, amount_minor=1_000, changed_at=clock.now())
    send(client, "order_refund", order.number, line=line.pk, amount="500", reason="spoiled", key="k")
    drawn = page(client, "order", order.number)
    assert "Waits for a second person" in drawn and "500.00</span> to go back" in drawn
    assert "Waits for a second person" not in page(staff_client("fulfilment", "en"), "order", order.number)
