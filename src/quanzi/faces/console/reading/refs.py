"""From the short references that the books and logs keep ("order:12", "payment:7") to pages and words."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Model
from django.urls import reverse
from django.utils.translation import gettext

from quanzi.goods.catalogue.models import Lot, Product
from quanzi.kernel.words import N_
from quanzi.people.accounts.models import Member
from quanzi.trade.payments.models import Payment, Refund
from quanzi.trade.sales.models import Order, OrderLine
from quanzi.trade.stations.models import Round

NAMED: dict[str, tuple[type[Model], str]] = {
    "member": (Member, "name"), "product": (Product, "name"), "round": (Round, "title"), "lot": (Lot, "code"),
}  # fmt: skip

PLACES = {
    "audit": (N_("Audit log"), "console:audit"), "freight": (N_("Freight"), "console:freight"),
    "orders": (N_("Orders"), "console:orders"), "word_lines": (N_("Words of the search"), "console:search_words"),
}  # fmt: skip
"""What is one thing for the whole shop."""


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


def pages_of(refs: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Label and address of the page of each reference that has one."""
    wanted = set(refs)
    numbers = order_numbers(wanted)
    pages = {ref: (number, reverse("console:order", args=[number])) for ref, number in numbers.items()}
    plain = {
        "member": "console:member",
        "source": "console:source",
        "product": "console:product",
        "deal": "console:deal",
        "payout": "console:payout",
        "round": "console:round",
        "chain": "console:chain",
        "station": "console:station",
        "lot": "console:lot",
    }
    names = _names(wanted)
    for ref in wanted - pages.keys():
        kind, _, key = ref.partition(":")
        if ref in PLACES:
            label, name = PLACES[ref]
            pages[ref] = (gettext(label), reverse(name))
        if kind == "leader_settlement":
            pages[ref] = (gettext("Transfer to a leader"), reverse("console:leaders"))
        if kind in plain and key.isdigit() and int(key) > 0:
            pages[ref] = (names.get(ref, ref), reverse(plain[kind], args=[key]))
    return pages


def _names(refs: Iterable[str]) -> dict[str, str]:
    """What people call these: one query for each kind that has a name of its own."""
    found: dict[str, str] = {}
    for kind, (model, field) in NAMED.items():
        keys = [key for ref in refs if ref.startswith(f"{kind}:") and (key := ref.partition(":")[2]).isdigit()]
        if keys:
            rows = model._default_manager.filter(pk__in=keys).values_list("pk", field)
            found |= {f"{kind}:{key}": str(name) for key, name in rows}
    return found
