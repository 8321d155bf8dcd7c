"""Pages of the first tour about trade: the first product, how goods reach people, how they are paid."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.utils.text import slugify

from quanzi.base.shop.identity import current
from quanzi.base.shop.services import update_shop
from quanzi.faces.console.pages.shop import upload
from quanzi.faces.console.parsing import Reader
from quanzi.goods.catalogue import services as catalogue
from quanzi.goods.catalogue.models import Product, ProductPicture, ProductState, ReturnRule
from quanzi.goods.stock import services as stock
from quanzi.kernel.ids import new_code
from quanzi.people.accounts.models import Member
from quanzi.trade.payments import providers
from quanzi.trade.sales.services import open_pickup_point


def first_product(request: HttpRequest, reader: Reader, me: Member, now: datetime) -> None:
    """A product with one variant, a picture and stock, on sale at once. All of it, or nothing.

    Where one is on sale already, the form only adds the picture that it lacks.
    """
    if (there := on_sale_first()) is not None:
        picture = None if has_picture(there) else upload(request, "picture", me=me, alt=there.name, now=now)
        if picture is not None:
            catalogue.add_picture(product=there, picture=picture, actor=f"staff:{me.pk}", now=now)
        return
    name, price = reader.text("product_name", most=80), reader.amount("price")
    quantity, unit = reader.whole("stock", least=1, most=1_000_000), reader.text("unit", most=40, needed=False)
    rule, summary = reader.choice("return_rule", ReturnRule.values), reader.text("summary", needed=False)
    reader.check()
    actor = f"staff:{me.pk}"
    picture = upload(request, "picture", me=me, alt=name, now=now)
    product = catalogue.create_product(
        name=name, slug=_address(name), summary=summary, return_rule=rule, actor=actor, now=now
    )  # fmt: skip
    sku = catalogue.add_sku(
        product=product, code=f"P{new_code(6)}", price_minor=price, options={"规格": unit} if unit else {}, actor=actor, now=now
    )  # fmt: skip
    if picture is not None:
        catalogue.add_picture(product=product, picture=picture, actor=actor, now=now)
    stock.receive(sku_id=sku.pk, quantity=quantity, key=f"opening:{sku.pk}", reason="opening", actor=actor, now=now)
    catalogue.publish(product=product, actor=actor, now=now)


def on_sale_first() -> Product | None:
    """The product that was put on sale first; one without a picture before those that have one."""
    rows = Product.objects.filter(state=ProductState.ON_SALE).annotate(
        is_pictured=Exists(ProductPicture.objects.filter(product_id=OuterRef("pk")))
    )
    return rows.order_by("is_pictured", "pk").first()


def has_picture(product: Product) -> bool:
    return ProductPicture.objects.filter(product=product).exists()


def _address(name: str) -> str:
    """A Latin name reads well in an address; a Chinese one has no spelling that everybody types the same."""
    readable, tail = slugify(name)[:60], new_code(5).lower()
    return f"{readable}-{tail}" if readable else tail


def open_places(request: HttpRequest, reader: Reader, me: Member, now: datetime) -> None:
    """A pickup point that the owner runs, what delivery costs, or both."""
    freight, free_from = reader.amount("freight"), reader.amount("free_from")
    wants_point = any(reader.sent.get(field, "").strip() for field in ("point_name", "address", "open_hours"))
    point = [reader.text(field, most=120, needed=wants_point) for field in ("point_name", "address", "open_hours")]
    reader.check()
    update_shop(actor=me, now=now, freight_minor=freight, freight_free_from_minor=free_from)
    if wants_point:
        open_pickup_point(
            leader=me, name=point[0], address=point[1], hours=point[2], actor=f"staff:{me.pk}", now=now
        )  # fmt: skip


def ways_to_pay(request: HttpRequest) -> dict[str, Any]:
    """What is offered now, and where a provider would send its messages."""
    return {
        "ways": providers.offered_names(),
        "takes_simulated": current().takes_simulated,
        "has_simulated": providers.SIMULATED in providers.switchable_names(),
        "notify": request.build_absolute_uri("/pay/notify/…/"),
        "is_https": request.is_secure(),
    }
