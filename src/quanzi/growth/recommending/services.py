"""Writes of the room: training, and what a member says to what they are offered."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from quanzi.goods.catalogue.models import Product, ProductState
from quanzi.growth.recommending.models import Choice, FeedOrder, NotThis, Shelf
from quanzi.growth.recommending.training import fold_in as fold_in
from quanzi.growth.recommending.training import train as train
from quanzi.kernel.errors import InvalidInput, NotFound
from quanzi.people.accounts.models import Member


def not_this(*, member: Member, slug: str, now: datetime) -> None:
    """The member does not want to be offered these goods again. Safe to repeat. Raises NotFound."""
    product = Product.objects.filter(slug=slug).exclude(state=ProductState.DRAFT).first()
    if product is None:
        raise NotFound
    NotThis.objects.get_or_create(member=member, product=product, defaults={"said_at": now})


def offer_again(*, member: Member, slug: str) -> bool:
    """Take the word back; returns whether it stood."""
    return NotThis.objects.filter(member=member, product__slug=slug).delete()[0] > 0


@transaction.atomic
def choose(*, member: Member, is_personal: bool, now: datetime) -> None:
    """Whether goods are chosen for the member. Off: their shelf is gone at once, and the engine reads nothing of theirs."""
    Choice.objects.update_or_create(member=member, defaults={"is_personal": is_personal, "changed_at": now})
    if not is_personal:
        Shelf.objects.filter(member=member).delete()


def order_feed(*, member: Member, order: str, now: datetime) -> None:
    """In which order the member wants the feed from now on. Raises InvalidInput for an order that there is not."""
    if order not in FeedOrder:
        raise InvalidInput(field="order")
    Choice.objects.update_or_create(member=member, defaults={"feed_order": order, "changed_at": now})
