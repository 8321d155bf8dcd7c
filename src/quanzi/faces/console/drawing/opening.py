"""The checklist of a new shop: words and places for each fact of reading.opening."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext

from quanzi.faces.console.reading.opening import Opening

STEPS = ("shop", "look", "circle", "product", "delivery", "payment", "invite")
"""The wizard's pages, in order."""


@dataclass(frozen=True)
class Item:
    """One line: done says a fact. href: where it is done."""

    key: str
    title: str
    second: str
    is_done: bool
    href: str


def step_titles() -> dict[str, str]:
    return {
        "shop": gettext("Name and contact"), "look": gettext("Look"), "circle": gettext("First circle"),
        "product": gettext("First product"), "delivery": gettext("Pickup and delivery"), "payment": gettext("Payment"),
        "invite": gettext("Invitation"),
    }  # fmt: skip


def checklist(state: Opening, *, takes_real_money: bool) -> list[Item]:
    """Everything between an empty shop and a first order, and what the law wants besides."""
    titles = step_titles()
    settings = reverse("console:shop")
    rows = [
        ("shop", titles["shop"], gettext("a name, and a phone number or e-mail address"), state.shop, ""),
        ("look", titles["look"], gettext("a logo; the colour is yours to choose"), state.look, ""),
        ("circle", titles["circle"], gettext("where the first people talk about the goods"), state.circle, ""),
        ("product", titles["product"], gettext("on sale, with a picture and something in stock"), state.product, ""),
        ("delivery", titles["delivery"], gettext("a pickup point, or what delivery costs"), state.delivery, ""),
        ("invite", titles["invite"], gettext("somebody came through an invitation, a poster or a card"), state.invite, ""),
        ("order", gettext("First paid order"), gettext("try it yourself; a test payment costs nothing"), state.order, reverse("console:orders")),
        ("merchant", gettext("Who sells here"), gettext("the licence, or why none is needed, in public"), state.merchant, settings + "#merchant"),
        ("rules", gettext("Terms, privacy, returns"), gettext("a draft of each is ready to read and change"), state.rules, settings + "#rules"),
        ("payment", gettext("Real money only"), gettext("the simulated payment is off, and another way to pay is there"), takes_real_money, ""),
    ]  # fmt: skip
    return [
        Item(key, title, second, is_done, href or reverse("console:setup_step", args=[key]))
        for key, title, second, is_done, href in rows
    ]
