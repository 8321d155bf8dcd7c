"""Every address of the site, filled with things that belong to somebody else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.contrib import admin
from django.urls import URLResolver, get_resolver, reverse

from quanzi.people.contact.models import Notice
from tests.faces.api.conftest import Caller
from tests.faces.api.shapes import operations
from tests.faces.api.test_bad_input import address, body_for
from tests.faces.api.world import Things, World
from tests.faces.console.desk import Shop

API = "/api/v1"
LEFT_OUT = ("api:", "console:", "admin:jsi18n")
"""The API is walked from its document; the console has a table of its own, tests/faces/console/test_doors.py."""

NOTHING = 999_999_999


@dataclass(frozen=True)
class Route:
    """One address and how it is asked. kind: which part of the site answers. name: as the table writes it."""

    kind: str
    name: str
    method: str
    path: str
    body: dict[str, Any] | None = None

    @property
    def row(self) -> str:
        return f"{self.method} {self.name}"


def every_route(world: World) -> list[Route]:
    return [*_api(world), *_pages(world)]


def _api(world: World) -> Iterator[Route]:
    """With bodies that fit, so that nothing but the person is wrong."""
    theirs = replace(world, me=world.other, other=world.me)
    theirs.me.values["token_id"] = Caller(world.other.member).token.pk
    for one in operations():
        body = body_for(one, theirs) if one.body is not None else None
        yield Route("api", one.path, one.method, API + address(one, theirs), body)


def _pages(world: World) -> Iterator[Route]:
    for name, words in _named(get_resolver(), ""):
        if name.startswith(LEFT_OUT):
            continue
        kind = name.split(":")[0] if ":" in name else "site"
        values = _values(name, world)
        path = reverse(name, kwargs={word: values[word] for word in words})
        yield from (Route(kind, name, method, path) for method in ("GET", "POST"))


def pages_of_the_site(mine: Things, world: World) -> list[str]:
    """Addresses of members' pages about things of one's own."""
    own = replace(world, other=mine)
    return [
        route.path for route in _pages(own) if route.method == "GET" and not route.name.startswith(("admin:", "media:"))
    ]


def pages_of_the_console(shop: Shop) -> list[str]:
    return [
        reverse(name, kwargs={word: shop.keys[word] for word in words})
        for name, words in _named(get_resolver(), "")
        if name.startswith("console:")
    ]


def _named(resolver: URLResolver, space: str, words: tuple[str, ...] = ()) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Names of addresses, each with the words that it takes."""
    for one in resolver.url_patterns:
        wanted = (*words, *one.pattern.regex.groupindex)
        if isinstance(one, URLResolver):
            yield from _named(one, f"{space}{one.namespace}:" if one.namespace else space, wanted)
        elif one.name:
            yield f"{space}{one.name}", wanted


def _values(name: str, world: World) -> dict[str, Any]:
    """Values for the words of an address, by what the address is about."""
    have = world.other.values
    if name.startswith("admin:"):
        return {"object_id": _any_row(name), "app_label": "accounts", "content_type_id": NOTHING, "url": "nothing"}
    special: dict[str, Any] = {
        "slug": have["product"],
        "token": have["link"],
        "kind": "terms",
        "key": "nothing",
        "pk": NOTHING,
    }
    for part, values in {
        "storefront:circle": {"slug": have["circle"]}, "storefront:maker": {"slug": have["maker"]},
        "storefront:pay": {"number": have["payment"]}, "storefront:team": {"code": have["team"]},
        "storefront:chain": {"code": have["chain"]}, "storefront:bargain": {"code": have["bargain"]},
        "storefront:asked": {"code": have["asked"]}, "storefront:film": {"code": "0" * 32}, "storefront:captions": {"code": "0" * 32},
        "storefront:together": {"slug": have["circle"]}, "storefront:chain_new": {"slug": have["circle"], "code": have["chain"]},
        "storefront:card": {"kind": "product", "key": have["product"]}, "storefront:qr": {"kind": "join", "token": have["link"]},
        "storefront:sitemap_part": {"kind": "products", "number": 1}, "storefront:order": {"number": have["paid_order"].number},
        "storefront:drive_run": {"code": have["run"]}, "storefront:drive_stop": {"code": have["run"], "stop_id": have["run_stop"]},
        "storefront:region": {"place": world.sku.product.origin},
        "storefront:order_invoice": {"number": have["refused_order"].number},
        "storefront:order_invoice_paper": {"number": have["issued_order"], "invoice_id": have["issued_id"]},
        "storefront:order_dispute": {"number": have["refused_order"].number, "claim_id": have["refused_claim"]},
        "storefront:chain_sheet": {"code": have["chain"], "kind": "csv"},
        "storefront:experience": {"line_id": have["line_id"]}, "storefront:station": {"code": have["station"]},
        "storefront:store": {"code": have["store"]}, "storefront:till": {"code": have["store"]}, "storefront:pay_link": {"code": have["pay_link"]},
        "storefront:deposit": {"number": have["deposit"]}, "storefront:launch": {"code": have["launch"]}, "storefront:day": {"slug": have["day"]},
        "storefront:edition": {"code": have["edition"]}, "storefront:piece": {"code": have["piece"]},
        "storefront:piece_take": {"token": have["handing"]}, "storefront:for_circle": {"slug": have["circle"]},
        "storefront:taste": {"taste": "by_hand"}, "storefront:coupon": {"code": have["coupon"]},
        "storefront:c_": {"slug": have["circle"]}, "storefront:m_": {"slug": have["maker"]},
        "storefront:s_": {"slug": have["station"]},
    }.items():  # fmt: skip
        if name.startswith(part):
            special |= values
    notice = Notice.objects.filter(member=world.other.member).order_by("pk").first()
    digest = world.picture.sha256
    return {
        **have, "what": str(world.sku.pk), "buyer_id": NOTHING, "size": 192, "part": "orders", "provider": "nobody", "service": "nobody",
        "notice_id": notice.pk if notice else NOTHING, "folder": digest[:2], "sha256": digest, "width": 480, **special,
    }  # fmt: skip


def _any_row(name: str) -> str:
    for model, desk in admin.site._registry.items():
        if name.startswith(f"admin:{model._meta.app_label}_{model._meta.model_name}_") and desk:
            row = model._default_manager.order_by("pk").values_list("pk", flat=True).first()
            return str(row or NOTHING)
    return str(NOTHING)
