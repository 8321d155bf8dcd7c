"""After sales on the pages, from the buyer's phone to the staff's desk: ticking, sending back, contesting, invoices, lots."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from quanzi.kernel import clock
from quanzi.trade.aftersales import services
from quanzi.trade.aftersales.models import Claim, Compensation, Dispute, HelpAsk, Invoice, LotPause, Recall, Return
from quanzi.trade.experiences.models import Experience
from quanzi.trade.fulfilment import services as fulfilment
from quanzi.trade.sales import services as sales
from quanzi.trade.sales.models import Order, OrderLine
from tests.faces.console.desk import client_of, page, staff_client
from tests.factories.goods import bring_in, make_lot, make_product, make_sku
from tests.factories.people import make_member
from tests.factories.trade import make_paid_order, make_point, make_received_order, make_staff, open_fulfilment, pay

pytestmark = pytest.mark.django_db


def test_the_box_is_never_ticked_beforehand_and_counts_for_this_purchase_only() -> None:
    sku = make_sku(product=make_product(on_sale=True, return_rule="opened"), stock_of=5)
    point, buyer = make_point(), client_of(make_member())
    for ticked in (True, False):
        shown = buyer.get("/checkout", {"line": f"{sku.pk}:1", "method": "pickup"}).content.decode()
        box = re.search(r'<input class="check"[^>]*name="gives_up"[^>]*>', shown)
        assert box and " checked" not in box[0]
        assert "拆封后易影响人身健康" in shown
        typed = dict(re.findall(r'<input type="hidden" name="(key|expected)" value="([^"]+)"', shown))
        form = typed | {"line": f"{sku.pk}:1", "method": "pickup", "point": str(point.pk), "provider": "offline"}
        sent = buyer.post(reverse("storefront:checkout"), form | ({"gives_up": str(sku.pk)} if ticked else {}))
        assert sent.status_code == 302
        assert Order.objects.latest("pk").lines.get().gave_up_return is ticked


def received_line() -> OrderLine:
    product = make_product(on_sale=True)
    line = make_received_order(sku=make_sku(product=product, price_minor=3_000, stock_of=5)).lines.get()
    assert isinstance(line, OrderLine)
    make_sku(product=product, price_minor=2_500, stock_of=2)
    return line


def test_goods_go_back_and_another_variant_comes() -> None:
    line = received_line()
    buyer, staff, number = client_of(line.member), staff_client("owner"), line.order.number
    assert "前可无理由退货" in buyer.get(f"/o/{number}").content.decode()
    form = buyer.get(f"/o/{number}/claim").content.decode()
    other = re.search(r'<option value="(\d+)"', form[form.index('name="instead"') :])
    assert other
    asked = {"line": line.pk, "reason": "return", "note": "", "instead": other[1]}
    assert buyer.post(f"/o/{number}/claim", asked).status_code == 302
    claim = Claim.objects.get()
    assert "我已寄出" in buyer.get(f"/o/{number}").content.decode()
    buyer.post(f"/o/{number}/act", {"act": "sent_back", "line": line.pk, "carrier": "顺丰", "tracking": "SF1"})
    assert Return.objects.get().state == "sent"
    assert "货已退到" in page(staff, "claims")
    staff.post(reverse("console:claim_arrived", args=[claim.pk]))
    assert "换发" in page(staff, "claims")
    staff.post(reverse("console:claim_exchange", args=[claim.pk]), {"is_sellable": "on", "carrier": "顺丰"})
    claim.refresh_from_db()
    line.refresh_from_db()
    assert (claim.state, line.refunded_minor) == ("exchanged", 500)
    assert "正在寄给你" in buyer.get(f"/o/{number}").content.decode()


def test_the_form_asks_where_a_dearer_variant_goes_and_staff_reads_what_comes_with_it() -> None:
    line = received_line()
    other = make_sku(product=line.product, price_minor=3_500, stock_of=2)
    buyer, staff, number, point = client_of(line.member), staff_client("owner"), line.order.number, make_point()
    assert f'value="point:{point.pk}"' in buyer.get(f"/o/{number}/claim").content.decode()
    asked = {"line": line.pk, "reason": "return", "note": "", "instead": other.pk, "where": f"point:{point.pk}"}
    assert buyer.post(f"/o/{number}/claim", asked).status_code == 302
    order = Return.objects.select_related("new_order", "claim").get().new_order
    assert order is not None and order.pickup_point_id == point.pk
    pay(order)
    services.arrive(claim_id=Return.objects.get().claim_id, actor_member=make_staff(), now=clock.now())
    services.exchange(
        claim_id=Return.objects.get().claim_id, actor_member=make_staff(), is_sellable=True, now=clock.now()
    )
    assert "30.00" in staff.get(reverse("console:order", args=[order.number])).content.decode()


def test_an_answer_is_contested_decided_and_appealed() -> None:
    line = received_line()
    buyer, number = client_of(line.member), line.order.number
    claim = services.ask(line_id=line.pk, member=line.member, reason="spoiled", note="碎了", now=clock.now())
    services.decline(claim_id=claim.pk, actor_member=make_staff("finance"), answer="看不出", now=clock.now())
    place = f"/o/{number}/dispute/{claim.pk}"
    assert place in buyer.get(f"/o/{number}").content.decode()
    assert buyer.post(place, {"words": "里面是碎的"}).status_code == 302
    assert buyer.post(place, {"words": " "}).status_code == 422
    assert client_of(make_member()).get(place).status_code == 404
    dispute, staff = Dispute.objects.get(), staff_client("finance")
    assert line.title in page(staff, "disputes")
    staff.post(reverse("console:dispute_say", args=[dispute.pk]), {"words": "发货时是好的"})
    staff.post(reverse("console:dispute_decide", args=[dispute.pk]), {"amount": "1", "words": "各担一半"})
    assert "各担一半" in page(staff, "dispute", dispute.pk)
    assert buyer.post(place, {"words": "请再看"}).status_code == 302
    dispute.refresh_from_db()
    assert (dispute.state, dispute.refund and dispute.refund.amount_minor) == ("appealed", 100)

    # Whoever had a say reads who may decide now, instead of a form that refuses them.
    other = make_staff("owner")
    asked = reverse("console:dispute_decide", args=[dispute.pk])
    assert asked not in page(staff, "dispute", dispute.pk) and other.name in page(staff, "dispute", dispute.pk)
    assert asked in page(client_of(other), "dispute", dispute.pk)


def test_an_invoice_is_asked_for_issued_and_kept_on_paper() -> None:
    order = make_paid_order()
    buyer, staff, place = client_of(order.member), staff_client("finance"), f"/o/{order.number}/invoice"
    assert buyer.post(place, {"kind": "company", "title": "合作社", "tax_number": "1"}).status_code == 422
    buyer.post(place, {"kind": "company", "title": "合作社", "tax_number": "91330000MA27XXXX0A"})
    found = Invoice.objects.get()
    assert "合作社" in page(staff, "invoices")
    staff.post(reverse("console:invoice_issue", args=[found.pk]), {"number": "25332000000012345678"})
    assert "25332000000012345678" in buyer.get(place).content.decode()
    assert buyer.get(f"{place}/{found.pk}").content.startswith(b"%PDF")
    assert "1" in page(staff, "invoices", query="?show=issued")
    assert client_of(make_member()).get(place).status_code == 404
    bad = SimpleUploadedFile("invoice.pdf", b"<html>", content_type="application/pdf")
    staff.post(reverse("console:invoice_keep", args=[found.pk]), {"file": bad})
    assert buyer.get(f"{place}/{found.pk}/file").status_code == 404
    staff.post(reverse("console:invoice_keep", args=[found.pk]), {"file": SimpleUploadedFile("x", b"%PDF-1.7 %%EOF")})
    kept = buyer.get(f"{place}/{found.pk}/file")
    assert (kept.content, kept.headers["X-Content-Type-Options"]) == (b"%PDF-1.7 %%EOF", "nosniff")
    assert client_of(make_member()).get(f"{place}/{found.pk}/file").status_code == 404


def test_compensation_is_promised_on_the_order_and_paid_where_the_buyer_wants_it() -> None:
    line = received_line()
    order, buyer, staff = line.order, client_of(line.member), staff_client("finance")
    form = {"line": line.pk, "for": "goodwill", "extra": "8", "words": "一点心意", "key": "once"}
    for _ in range(2):
        staff.post(reverse("console:order_compensate", args=[order.number]), form)
    made = Compensation.objects.get()
    assert "一点心意" in buyer.get(f"/o/{order.number}").content.decode()
    buyer.post(f"/o/{order.number}/act", {"act": "where", "compensation": made.pk, "send_to": "支付宝 abc"})
    assert "支付宝 abc" in page(staff, "compensations")
    staff.post(reverse("console:compensation_pay", args=[made.pk]), {"paid_how": "alipay", "reference": "2026A"})
    assert "2026A" in buyer.get(f"/o/{order.number}").content.decode()


def test_who_is_not_content_asks_a_person_and_publishes_whenever_they_like() -> None:
    line = received_line()
    sales.say_kept(line_id=line.pk, member=line.member, now=clock.now())
    buyer, staff = client_of(line.member), staff_client("support")
    draft = {"stars": "2", "title": "压坏了", "body": "", "circle": ""}
    buyer.post(f"/experience/{line.pk}", draft | {"act": "help", "help": "想换一份"})
    asked = HelpAsk.objects.get()
    assert "压坏了" in buyer.get(f"/experience/{line.pk}").content.decode()
    assert buyer.post(f"/experience/{line.pk}", draft).status_code == 302
    assert Experience.objects.get(line=line).stars == 2
    assert "想换一份" in page(staff, "helps")
    staff.post(reverse("console:help_answer", args=[asked.pk]), {"answer": "给你补一份"})
    assert "给你补一份" in buyer.get(f"/o/{line.order.number}").content.decode()


def test_a_lot_is_paused_released_recalled_and_listed() -> None:
    sku = make_sku()
    lot = make_lot(sku=sku, expires_at=clock.now() + timedelta(days=9))
    bring_in(sku, 5, lot=lot)
    order = make_paid_order(sku=sku)
    fulfilment.ship(fulfilment_id=open_fulfilment(order).pk, actor_member=make_staff(), carrier="顺丰", now=clock.now())
    sales.confirm_receipt(order_id=order.pk, member=order.member, now=clock.now())
    staff = staff_client("owner")
    assert "样本太少" in page(staff, "lot", lot.pk)
    staff.post(reverse("console:lot_pause", args=[lot.pk]), {"reason": "先看一看"})
    assert lot.code in page(staff, "quality") and "已暂停" in page(staff, "lots", query="?show=paused")
    staff.post(reverse("console:lot_release", args=[lot.pk]), {"reason": "没有问题"})
    assert LotPause.objects.get().release_reason == "没有问题"
    staff.post(reverse("console:lot_recall", args=[lot.pk]), {"reason": "农残超标"})
    services.carry_on_recalls(clock.now())
    drawn = page(staff, "lot", lot.pk)
    assert order.number in drawn and "召回" in drawn
    assert order.number in page(staff, "lot_list", lot.pk)
    staff.post(reverse("console:lot_clear", args=[lot.pk]), {"quantity": "4"})
    assert Recall.objects.get().cleared_at is not None
