"""Arranging one's own page: words, sections, pins, and whether the record is shown."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from quanzi.community.posts.models import Post
from quanzi.goods.catalogue.models import Product, ProductState
from quanzi.growth.fronts import errors
from quanzi.growth.fronts.centres import Centre
from quanzi.growth.fronts.models import Front, Pin
from quanzi.growth.fronts.policies import may_keep
from quanzi.growth.fronts.rules import INTRO_LIMIT, MOST_PINS, NOTE_LIMIT, SECTIONS, moved
from quanzi.kernel.errors import NotAllowed, NotFound
from quanzi.people.accounts.models import Member
from quanzi.people.accounts.rules import visible
from quanzi.trade.sales.models import OrderLine


@transaction.atomic
def arrange(*, member: Member, centre: Centre, intro: str, sections: Sequence[str], now: datetime) -> Front:
    """What the page says first, and its sections in order; those not named are hidden. Raises NotAllowed, IntroTooLong, UnknownSection."""
    front = _mine(member, centre, now)
    intro = visible(intro)
    if len(intro) > INTRO_LIMIT:
        raise errors.IntroTooLong(field="intro", limit=INTRO_LIMIT)
    if any(name not in SECTIONS for name in sections) or len(set(sections)) < len(sections):
        raise errors.UnknownSection(field="sections")
    front.intro, front.sections, front.changed_at = intro, " ".join(sections), now
    front.save(update_fields=["intro", "sections", "changed_at"])
    return front


@transaction.atomic
def pin(
    *,
    member: Member,
    centre: Centre,
    post_id: int | None = None,
    product_id: int | None = None,
    line_id: int | None = None,
    note: str = "",
    now: datetime,
) -> Pin:
    """Put a note, goods, or goods that one kept on the page, behind the others; what is there already only gets the new words.

    Raises NotAllowed, NotToPin, TooManyPins, IntroTooLong.
    """
    front = _mine(member, centre, now)
    note = visible(note)
    if len(note) > NOTE_LIMIT:
        raise errors.IntroTooLong(field="note", limit=NOTE_LIMIT)
    if sum(one is not None for one in (post_id, product_id, line_id)) != 1 or not (
        (post_id is not None and _is_own_post(centre, post_id))
        or (product_id is not None and Product.objects.filter(pk=product_id, state=ProductState.ON_SALE).exists())
        or (line_id is not None and OrderLine.objects.filter(pk=line_id, member=member, kept_at__isnull=False).exists())
    ):
        raise errors.NotToPin(field="what")
    what = {"post_id": post_id, "product_id": product_id, "line_id": line_id}
    known = front.pins.filter(**what).first()
    if known is not None:
        known.note = note
        known.save(update_fields=["note"])
        return known
    others = list(front.pins.order_by("-position", "-pk").values_list("position", flat=True))
    if len(others) >= MOST_PINS:
        raise errors.TooManyPins(most=MOST_PINS)
    return Pin.objects.create(front=front, position=others[0] + 1 if others else 0, note=note, pinned_at=now, **what)


@transaction.atomic
def unpin(*, member: Member, centre: Centre, pin_id: int, now: datetime) -> None:
    """Take a pin off. Raises NotAllowed, NotFound."""
    if not _mine(member, centre, now).pins.filter(pk=pin_id).delete()[0]:
        raise NotFound


@transaction.atomic
def move(*, member: Member, centre: Centre, pin_id: int, up: bool, now: datetime) -> None:
    """One place up or down; at the end nothing changes. Raises NotAllowed, NotFound."""
    pins = list(_mine(member, centre, now).pins.order_by("position", "pk"))
    if pin_id not in {one.pk for one in pins}:
        raise NotFound
    order = moved([one.pk for one in pins], pin_id, up=up)
    for one in pins:
        one.position = order.index(one.pk)
    Pin.objects.bulk_update(pins, ["position"])


@transaction.atomic
def publish_record(*, member: Member, centre: Centre, shown: bool, now: datetime) -> None:
    """Show one's own record, or no longer; whoever sells or leads has it shown by that. Raises NotAllowed."""
    if centre.kind != "u":
        raise NotAllowed
    front = _mine(member, centre, now)
    if front.shows_record != shown:
        front.shows_record, front.changed_at = shown, now
        front.save(update_fields=["shows_record", "changed_at"])


def _mine(member: Member, centre: Centre, now: datetime) -> Front:
    """The front, locked, made when it is first arranged."""
    if not may_keep(member, centre):
        raise NotAllowed
    Front.objects.get_or_create(**centre.of_front, defaults={"changed_at": now})
    return Front.objects.select_for_update().get(**centre.of_front)


def _is_own_post(centre: Centre, post_id: int) -> bool:
    """A note of the circle; for a person one that they wrote."""
    of = {"circle_id": centre.id} if centre.kind == "c" else {"author_id": centre.member_id}
    return Post.objects.filter(pk=post_id, hidden_at=None, removed_at=None, **of).exists()
