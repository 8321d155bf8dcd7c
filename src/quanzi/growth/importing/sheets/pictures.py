"""Pictures that a sheet names by their addresses: fetched one by one, shown with their product."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from quanzi.base.fetching import Limits, fetch, public_addresses
from quanzi.base.fetching.fetching import Resolver
from quanzi.base.media.models import Picture
from quanzi.base.media.services import Prepared, keep_picture, prepare
from quanzi.goods.catalogue.services import add_picture
from quanzi.growth.importing.models import WantedPicture
from quanzi.kernel import clock
from quanzi.kernel.errors import DomainError

MOST_AT_ONCE = 200
LIMITS = Limits(most_bytes=12_000_000, seconds=20)
WELL = range(200, 300)


def fetch_waiting(*, resolve: Resolver = public_addresses, limits: Limits = LIMITS) -> int:
    """Fetch what waits, the oldest first; returns how many were tried. Each is tried once; a sheet may ask again."""
    waiting = list(WantedPicture.objects.filter(fetched_at=None).order_by("asked_at", "pk")[:MOST_AT_ONCE])
    for wanted in waiting:
        _fetch(wanted, resolve, limits)
    return len(waiting)


def _fetch(wanted: WantedPicture, resolve: Resolver, limits: Limits) -> None:
    try:
        answer = fetch(wanted.url, limits=limits, resolve=resolve)
        if answer.status not in WELL:
            _end(wanted, trouble=f"status {answer.status}")
            return
        prepared = prepare(data=answer.body, purpose="product")
    except DomainError as refused:
        _end(wanted, trouble=refused.code)
        return
    _show(wanted, prepared, clock.now())


@transaction.atomic
def _show(wanted: WantedPicture, prepared: Prepared, now: datetime) -> None:
    """The same picture that the product shows already is not shown twice."""
    shown = Picture.objects.filter(sha256=prepared.sha256)
    picture = shown.first() or keep_picture(prepared=prepared, owner_id=None, alt=wanted.product.name, now=now)
    add_picture(product=wanted.product, picture=picture, actor="import", now=now)
    _end(wanted, picture=picture)


def _end(wanted: WantedPicture, *, picture: Picture | None = None, trouble: str = "") -> None:
    wanted.picture, wanted.trouble, wanted.fetched_at = picture, trouble, clock.now()
    wanted.save(update_fields=["picture", "trouble", "fetched_at"])
