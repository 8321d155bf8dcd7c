"""Least privilege, walked: every address of the console, for every role, a member and a visitor."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.urls.resolvers import URLPattern

from quanzi.faces.console.urls import urlpatterns
from quanzi.people.accounts.models import StaffRole
from tests.faces.console.desk import Shop, client_of, small_shop
from tests.factories.people import make_member, make_staff
from tests.staying import staying

pytestmark = pytest.mark.django_db

EVERYBODY = set(StaffRole.values)
HANDLE = {"owner", "operator", "fulfilment"}
REFUND = {"owner", "operator", "finance"}
ORDERS = {"owner", "operator", "fulfilment", "support", "finance"}
BOSSES = {"owner", "operator"}
MONEY = {"owner", "finance"}

WHO: dict[str, set[str]] = {
    "today": EVERYBODY, "search": EVERYBODY,
    "sources": REFUND, "facts": REFUND, "source": REFUND, "recommending": REFUND, "recommending_train": BOSSES,
    "spread": BOSSES, "spread_new": BOSSES, "spread_leaders": BOSSES, "spread_plan": BOSSES,
    "spread_call": BOSSES, "spread_ask": BOSSES, "spread_close": BOSSES, "spread_send": BOSSES,
    "source_new": BOSSES, "source_spend": BOSSES, "source_retire": BOSSES,
    "members": {"owner", "operator", "support", "moderator"}, "member": {"owner", "operator", "support", "moderator"},
    "circles": {"owner", "operator", "moderator"}, "circle": {"owner", "operator", "moderator"},
    "joins": {"owner", "operator", "moderator"}, "join_answer": {"owner", "operator", "moderator"},
    "readers": {"owner", "operator", "moderator"}, "questions": {"owner", "operator", "moderator"}, "reports": {"owner", "operator", "moderator"},
    "leads": {"owner", "operator", "support"}, "leads_act": {"owner", "operator", "support"}, "leads_topic": BOSSES,
    "rings": {"owner", "operator", "moderator"}, "rings_look": {"owner", "operator", "moderator"},
    "ring_decide": {"owner", "operator", "moderator"},
    "circle_split": {"owner", "operator", "moderator"}, "circle_split_act": {"owner", "operator", "moderator"},
    "split_setting": {"owner", "operator"},
    "report_decide": {"owner", "operator", "moderator"}, "post_hide": {"owner", "operator", "moderator"},
    "orders": ORDERS, "order": ORDERS, "claims": ORDERS, "claim_decide": REFUND, "claim_ask_back": REFUND,
    "claim_arrived": REFUND, "claim_exchange": REFUND,
    "disputes": ORDERS, "dispute": ORDERS, "dispute_say": REFUND, "dispute_decide": REFUND,
    "helps": ORDERS, "help_answer": ORDERS, "compensations": ORDERS, "order_compensate": REFUND, "compensation_pay": REFUND,
    "compensation_withdraw": REFUND,
    "invoices": REFUND, "invoice_file": REFUND, "invoice_keep": REFUND, "invoice_issue": REFUND, "invoice_reverse": REFUND,
    "orders_ready": HANDLE, "orders_print": HANDLE, "order_ready": HANDLE, "order_ship": HANDLE, "order_pack": HANDLE,
    "parcel_move": HANDLE, "dispatch": HANDLE, "dispatch_batch": HANDLE, "runs": HANDLE, "product_papers": BOSSES, "product_tastes": BOSSES,
    "drivers": HANDLE, "driver_end": HANDLE, "run": HANDLE, "run_change": HANDLE, "order_hand_over": HANDLE, "order_paid": HANDLE,
    "order_cancel": HANDLE, "order_refund": REFUND,
    "deals": ORDERS, "deal": ORDERS, "teams": ORDERS, "team": ORDERS, "deal_new": BOSSES, "deal_stop": BOSSES,
    "chains": ORDERS, "chain": ORDERS, "chain_call_off": REFUND,
    "bargains": ORDERS, "bargain": ORDERS, "bargain_answer": BOSSES, "build_up": BOSSES,
    "coupons": ORDERS, "coupon": ORDERS, "coupon_new": BOSSES, "coupon_end": BOSSES, "coupon_give": REFUND,
    "needs": BOSSES, "need": BOSSES, "need_answer": BOSSES,
    "search_words": BOSSES, "search_words_act": BOSSES,
    "goods": BOSSES, "lots": BOSSES, "lot": BOSSES, "lot_pause": BOSSES, "lot_check": BOSSES, "lot_release": BOSSES, "lot_recall": BOSSES,
    "lot_clear": BOSSES,
    "lot_list": BOSSES, "quality": BOSSES, "product": BOSSES, "product_new": BOSSES, "product_edit": BOSSES,
    "product_publish": BOSSES, "product_sku": BOSSES, "product_sku_switch": BOSSES, "product_price": BOSSES,
    "product_lot": BOSSES, "product_stock": BOSSES, "product_pictures": BOSSES, "product_picture_remove": BOSSES,
    "product_film": BOSSES, "product_film_remove": BOSSES,
    "ledger": REFUND, "ledger_verify": REFUND, "ledger_order": REFUND, "cases": REFUND, "case_resolve": REFUND,
    "imports": BOSSES, "import_run": BOSSES, "sheet_new": BOSSES, "sheet": BOSSES, "sheet_columns": BOSSES, "sheet_apply": BOSSES,
    "sheet_drop": BOSSES, "goods_sheet": BOSSES, "export_ask": {"owner"}, "export_fetch": {"owner"}, "books": REFUND, "books_check": REFUND,
    "places": BOSSES,
    "preorders": ORDERS, "preorder": ORDERS, "preorder_new": BOSSES, "preorder_act": BOSSES, "preorder_deposit": HANDLE,
    "launches": ORDERS, "launch": ORDERS, "brand_day": ORDERS, "launch_new": BOSSES, "launch_call_off": BOSSES,
    "brand_day_new": BOSSES, "brand_day_call_off": BOSSES, "edition": ORDERS, "edition_new": BOSSES,
    "fresh": ORDERS, "fresh_keep": HANDLE, "fresh_go": REFUND,
    "rounds": ORDERS, "round": ORDERS, "round_new": BOSSES, "round_call_off": BOSSES, "round_end_wait": BOSSES,
    "supplier_score": BOSSES, "station_score": BOSSES, "station_score_show": BOSSES, "stations": BOSSES, "station": BOSSES,
    "station_sheet": BOSSES, "application_decide": BOSSES,
    "freight": BOSSES, "freight_assign": BOSSES,
    "suppliers": BOSSES, "supplier": BOSSES, "supplier_person_end": BOSSES, "offer_sell": BOSSES, "purchases": HANDLE,
    "purchase": HANDLE, "purchase_new": BOSSES, "demand": BOSSES, "demand_buy": BOSSES, "purchase_line": BOSSES,
    "purchase_move": BOSSES, "purchase_receive": HANDLE,
    "setup": BOSSES, "setup_step": BOSSES, "shop": BOSSES, "shop_text": BOSSES, "cards": BOSSES, "pay_links": BOSSES,
    "pay_link_close": BOSSES, "stores": BOSSES, "store_codes": BOSSES, "patterns": BOSSES, "pattern": BOSSES, "pattern_file": BOSSES,
    "pattern_sheet": BOSSES,
    "poster": REFUND, "card": REFUND,
    "payouts": MONEY, "leaders": MONEY, "payout": MONEY, "payout_make": MONEY, "payout_move": MONEY,
    "commission_rules": MONEY, "commission_rule_new": {"owner"}, "commission_rule_end": {"owner"},
    "refund_again": REFUND, "refund_paid": REFUND, "approvals": REFUND, "approval_decide": REFUND, "limits": {"owner"},
    "webhooks": BOSSES, "webhook_kinds": BOSSES, "webhook": BOSSES, "webhook_change": BOSSES, "webhook_secret": BOSSES,
    "webhook_test": BOSSES, "webhook_replay": BOSSES, "webhook_delivery": BOSSES, "webhook_again": BOSSES, "webhook_remove": BOSSES,
    "staff": {"owner"}, "staff_role": {"owner"}, "staff_factor": {"owner"},
    "staff_invite": {"owner"}, "staff_invitation": {"owner"}, "staff_invitation_withdraw": {"owner"},
    "member_erase": {"owner"}, "member_logins": {"owner", "operator", "support"},
    "audit": {"owner", "finance"}, "audit_export": {"owner", "finance"},
}  # fmt: skip
"""Who may open each address. Written out, so that a change of roles or of a page's permission is seen in review."""

POSTS = {
    "recommending_train", "spread_call", "spread_ask", "spread_close", "spread_send",
    "circle_split_act", "split_setting", "pay_link_close", "search_words_act", "need_answer",
    "source_spend", "source_retire", "join_answer", "report_decide", "rings_look", "ring_decide", "leads_act", "leads_topic",
    "post_hide", "claim_decide", "claim_ask_back",
    "claim_arrived", "claim_exchange", "dispute_say", "dispute_decide", "help_answer", "station_score_show", "order_compensate",
    "compensation_pay", "compensation_withdraw", "invoice_issue", "invoice_keep", "invoice_reverse", "orders_ready",
    "orders_print", "order_ready",
    "order_ship", "order_pack", "parcel_move", "run_change", "driver_end", "order_hand_over", "order_paid", "order_cancel", "order_refund",
    "deal_stop", "chain_call_off", "bargain_answer", "coupon_end", "coupon_give",
    "lot_pause", "lot_check", "lot_release", "lot_recall", "lot_clear", "product_publish",
    "product_sku", "product_sku_switch", "product_price", "product_lot", "product_stock", "product_pictures",
    "product_picture_remove", "product_film", "product_film_remove",
    "sheet_new", "sheet_columns", "sheet_apply", "sheet_drop", "export_ask", "export_fetch",
    "ledger_verify", "approval_decide", "limits", "payout_make", "payout_move", "commission_rule_end",
    "audit_export", "member_logins", "refund_again", "refund_paid", "case_resolve", "books_check", "staff_role", "staff_factor",
    "staff_invite", "staff_invitation_withdraw",
    "webhook_change", "webhook_secret", "webhook_test", "webhook_replay", "webhook_again", "webhook_remove",
    "fresh_keep", "fresh_go",
    "round_call_off", "round_end_wait", "application_decide", "launch_call_off", "brand_day_call_off", "preorder_act", "preorder_deposit",
    "freight_assign", "supplier_person_end", "offer_sell", "purchase_new", "demand_buy", "purchase_line", "purchase_move", "purchase_receive",
}  # fmt: skip
"""Addresses that only take what was sent; their answer to who may not come in is the same."""


shop, _django_db_helper = staying("shop", small_shop)


def address(pattern: URLPattern, shop: Shop) -> str:
    names = pattern.pattern.converters
    return reverse(f"console:{pattern.name}", kwargs={name: shop.keys[name] for name in names})


def answer(client: Client, pattern: URLPattern, shop: Shop) -> int:
    """The status of opening a page, or of sending an empty form to an act."""
    where = address(pattern, shop)
    return (client.post(where) if pattern.name in POSTS else client.get(where)).status_code


def test_the_table_names_every_address_and_every_view_has_a_door() -> None:
    assert {pattern.name for pattern in urlpatterns} == set(WHO)
    assert [pattern.name for pattern in urlpatterns if not hasattr(pattern.callback, "needs")] == []


@pytest.mark.parametrize("role", StaffRole.values)
def test_each_role_opens_what_the_table_says_and_nothing_else(role: str, shop: Shop) -> None:
    client = client_of(make_staff(role))
    for pattern in urlpatterns:
        status = answer(client, pattern, shop)
        if role not in WHO[str(pattern.name)]:
            assert status == 403, (pattern.name, status)
        elif pattern.name in POSTS:
            assert status in (200, 302, 404, 409, 422), (pattern.name, status)
        else:
            assert status == 200, (pattern.name, status)


def test_a_member_without_a_role_is_refused_and_a_visitor_is_led_to_log_in(shop: Shop) -> None:
    member, visitor = client_of(make_member()), client_of()
    for pattern in urlpatterns:
        assert answer(member, pattern, shop) == 403, pattern.name
        assert answer(visitor, pattern, shop) == 302, pattern.name
    assert "next=/console/orders" in visitor.get(reverse("console:orders")).url


def test_an_act_is_not_done_by_opening_its_address(shop: Shop) -> None:
    client = client_of(make_staff("owner"))
    for pattern in urlpatterns:
        if pattern.name in POSTS:
            assert client.get(address(pattern, shop)).status_code == 405, pattern.name


def test_somebody_who_left_the_staff_or_is_locked_is_refused() -> None:
    member = make_staff("owner")
    client = client_of(member)
    assert client.get(reverse("console:today")).status_code == 200
    member.is_staff, member.staff_role, member.is_superuser = False, "", False
    member.save()
    assert client.get(reverse("console:today")).status_code == 403


def test_the_rail_shows_only_what_the_role_opens() -> None:
    drawn = client_of(make_staff("fulfilment")).get(reverse("console:today")).content.decode()
    assert reverse("console:orders") in drawn
    for name in ("members", "sources", "ledger", "staff", "audit", "goods", "circles"):
        assert f'href="{reverse(f"console:{name}")}"' not in drawn
