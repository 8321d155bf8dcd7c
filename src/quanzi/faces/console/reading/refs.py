"""From the short references that the books and logs keep ("order:12", "payment:7") to pages and words."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext

from quanzi.faces.console.reading.targets import Page, pages_of_kinds
from quanzi.trade.payments.models import Payment, Refund
from quanzi.trade.preorders.models import Place
from quanzi.trade.sales.models import Order, OrderLine


def order_numbers(refs: Iterable[str]) -> dict[str, str]:
    """The order that each reference is about, by number; in at most four queries, whatever their count."""
    ids: dict[str, set[int]] = {}
    for ref in set(refs):
        kind, _, key = ref.partition(":")
        if key.isdigit():
            ids.setdefault(kind, set()).add(int(key))
    orders: dict[str, int] = {f"order:{key}": key for key in ids.get("order", ())}
    if "payment" in ids:
        paid = Payment.objects.filter(pk__in=ids["payment"], payable_kind="order").values_list("pk", "payable_id")
        orders |= {f"payment:{key}": order_id for key, order_id in paid}
    if "refund" in ids:
        back = Refund.objects.filter(pk__in=ids["refund"], payment__payable_kind="order")
        orders |= {f"refund:{key}": order_id for key, order_id in back.values_list("pk", "payment__payable_id")}
    if "order_line" in ids:
        lines = OrderLine.objects.filter(pk__in=ids["order_line"]).values_list("pk", "order_id")
        orders |= {f"order_line:{key}": order_id for key, order_id in lines}
    numbers = dict(Order.objects.filter(pk__in=set(orders.values())).values_list("pk", "number")) if orders else {}
    return {ref: numbers[order_id] for ref, order_id in orders.items() if order_id in numbers}


def refs_of_order(number: str) -> list[str]:
    """Every reference that `pages_of` shows as this order: itself, its lines, payments and refunds; [] when there is none."""
    key = Order.objects.filter(number=number).values_list("pk", flat=True).first()
    if key is None:
        return []
    payments = list(Payment.objects.filter(payable_kind="order", payable_id=key).values_list("pk", flat=True))
    lines = OrderLine.objects.filter(order_id=key).values_list("pk", flat=True)
    refunds = Refund.objects.filter(payment_id__in=payments).values_list("pk", flat=True)
    found = {"order": [key], "payment": payments, "refund": refunds, "order_line": lines}
    return [f"{kind}:{one}" for kind, keys in found.items() for one in keys]


def pages_of(refs: Iterable[str]) -> dict[str, Page]:
    """Label of each reference of a known kind, and the address of its page where it has one."""
    wanted = set(refs)
    numbers = order_numbers(wanted)
    pages = {ref: (number, reverse("console:order", args=[number])) for ref, number in numbers.items()}
    pages |= _deposits(wanted - pages.keys())
    return pages_of_kinds(wanted - pages.keys()) | pages


def _deposits(refs: Iterable[str]) -> dict[str, Page]:
    """Payments of a deposit and their refunds: whose place in which batch; in at most three queries."""
    ids = {
        kind: [int(ref.partition(":")[2]) for ref in refs if re.fullmatch(kind + r":\d{1,18}", ref)]
        for kind in ("payment", "refund")
    }
    places: dict[str, int] = {}
    if ids["payment"]:
        paid = Payment.objects.filter(pk__in=ids["payment"], payable_kind="deposit").values_list("pk", "payable_id")
        places |= {f"payment:{key}": place_id for key, place_id in paid}
    if ids["refund"]:
        back = Refund.objects.filter(pk__in=ids["refund"], payment__payable_kind="deposit")
        places |= {f"refund:{key}": place_id for key, place_id in back.values_list("pk", "payment__payable_id")}
    found = Place.objects.filter(pk__in=set(places.values())).select_related("preorder", "member") if places else ()
    pages = {
        place.pk: (
            gettext("Deposit of %(name)s, %(title)s") % {"name": place.member.name, "title": place.preorder.title},
            reverse("console:preorder", args=[place.preorder_id]),
        )
        for place in found
    }
    return {ref: pages[place_id] for ref, place_id in places.items() if place_id in pages}
