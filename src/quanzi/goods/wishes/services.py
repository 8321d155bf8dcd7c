"""Writes of the room: wishes, alerts, what was seen."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from quanzi.base import planned
from quanzi.base.jobs.services import enqueue
from quanzi.goods.catalogue.models import Product, ProductState, Sku
from quanzi.goods.stock.queries import free
from quanzi.goods.wishes.errors import ListFull, StillInStock
from quanzi.goods.wishes.models import Seen, StockAlert, Wish
from quanzi.goods.wishes.rules import MOST_SEEN, MOST_WISHES, WAVE, wave_size
from quanzi.kernel.errors import NotFound
from quanzi.people.accounts.models import Member
from quanzi.people.contact.services import notify

# Most goods come back with nobody waiting.
WAITING = "SELECT FROM wishes_stockalert WHERE sku_id = %s AND told_at IS NULL LIMIT 1"
WAITING_FOR_PRODUCT = """
SELECT DISTINCT a.sku_id FROM catalogue_sku s JOIN wishes_stockalert a ON a.sku_id = s.id AND a.told_at IS NULL
WHERE s.product_id = %s ORDER BY a.sku_id
"""


@transaction.atomic
def add(*, member: Member, slug: str, now: datetime) -> Wish:
    """Put goods on the member's list; a second time changes nothing. Raises NotFound (also for drafts), ListFull."""
    product = _public(slug)
    Member.objects.select_for_update(no_key=True).get(pk=member.pk)  # two tabs count one after the other
    known = Wish.objects.filter(member=member, product=product).first()
    if known is not None:
        return known
    if Wish.objects.filter(member=member).count() >= MOST_WISHES:
        raise ListFull(most=MOST_WISHES)
    return Wish.objects.create(member=member, product=product, made_at=now)


def remove(*, member: Member, slug: str) -> bool:
    """Take goods off the list; returns whether they stood there."""
    return Wish.objects.filter(member=member, product__slug=slug).delete()[0] > 0


def ask_alert(*, member: Member, sku_id: int, now: datetime) -> StockAlert:
    """Tell the member once when this variant can be bought again. Safe to repeat. Raises NotFound, StillInStock.

    Goods that came back between the look and the row were announced to nobody, so it looks again.
    """
    sku = Sku.objects.filter(pk=sku_id, is_active=True).exclude(product__state=ProductState.DRAFT).first()
    if sku is None:
        raise NotFound
    if free([sku.pk])[sku.pk] > 0:
        raise StillInStock
    alert, _ = StockAlert.objects.get_or_create(member=member, sku=sku, told_at=None, defaults={"asked_at": now})
    if free([sku.pk])[sku.pk] > 0:
        tell_back(sku_id=sku.pk, now=now)
    return alert


def withdraw_alert(*, member: Member, sku_id: int) -> bool:
    """The member no longer wants to be told; returns whether an alert was open."""
    return StockAlert.objects.filter(member=member, sku_id=sku_id, told_at=None).delete()[0] > 0


@transaction.atomic
def tell_back(*, sku_id: int, now: datetime) -> int:
    """Goods are back: tell those who asked first, as many as units are free; the others after WAVE, if some are left.

    Returns how many were told.
    """
    if not planned.rows(WAITING, [sku_id]):
        return 0
    waiting = StockAlert.objects.select_for_update().filter(sku_id=sku_id, told_at=None, sku__is_active=True)
    waiting = waiting.filter(sku__product__state=ProductState.ON_SALE).order_by("id")
    # A return and its publishing may be announced in one go: those told at this very moment have their units already.
    taken = StockAlert.objects.filter(sku_id=sku_id, told_at=now).count()
    told = list(waiting.select_related("sku__product")[: wave_size(free=free([sku_id])[sku_id] - taken)])
    for alert in told:
        product = alert.sku.product
        notify(
            member_id=alert.member_id, kind="back_in_stock", params={"product": product.name},
            link=f"/p/{product.slug}?sku={sku_id}", key=f"back:{alert.pk}", now=now,
        )  # fmt: skip
    StockAlert.objects.filter(pk__in=[alert.pk for alert in told]).update(told_at=now)
    if told and waiting.exists():
        enqueue("wishes.next_wave", run_at=now + WAVE, unique=f"wishes.wave:{sku_id}", sku_id=sku_id)
    return len(told)


def tell_published(*, product_id: int, now: datetime) -> int:
    """A product is on sale again: as tell_back, for each variant that somebody waits for."""
    return sum(tell_back(sku_id=sku_id, now=now) for (sku_id,) in planned.rows(WAITING_FOR_PRODUCT, [product_id]))


@transaction.atomic
def note_seen(*, member: Member, slug: str, now: datetime) -> None:
    """The member looked at these goods and keeps that in their account. Raises NotFound."""
    Seen.objects.update_or_create(member=member, product=_public(slug), defaults={"seen_at": now})
    older = Seen.objects.filter(member=member).order_by("-seen_at", "-id").values_list("pk", flat=True)[MOST_SEEN:]
    Seen.objects.filter(pk__in=list(older)).delete()


def forget_seen(*, member: Member) -> int:
    """Forget what the member looked at; returns how many goods that were."""
    return Seen.objects.filter(member=member).delete()[0]


def _public(slug: str) -> Product:
    product = Product.objects.filter(slug=slug).exclude(state=ProductState.DRAFT).first()
    if product is None:
        raise NotFound
    return product
