"""Writes of the room: what goods are like, what a member cares for."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from quanzi.base.audit.services import write as audit
from quanzi.goods.catalogue.models import Product
from quanzi.growth.tastes.models import Pick, Taste, Trait
from quanzi.kernel.errors import InvalidInput
from quanzi.people.accounts.models import Member


@transaction.atomic
def describe(*, product: Product, tastes: Collection[str], actor: Member, now: datetime) -> None:
    """The goods have these traits and no others; audited. Raises InvalidInput for a taste that there is not."""
    wanted = _known(tastes)
    before = set(Trait.objects.filter(product=product).values_list("taste", flat=True))
    if wanted == before:
        return
    Trait.objects.filter(product=product).exclude(taste__in=wanted).delete()
    Trait.objects.bulk_create(
        [
            Trait(product=product, taste=one, said_by=f"staff:{actor.pk}", said_at=now)
            for one in sorted(wanted - before)
        ],
        ignore_conflicts=True,
    )
    audit(
        actor=actor, action="product.traits", target=f"product:{product.pk}", before={"traits": sorted(before)},
        after={"traits": sorted(wanted)}, now=now,
    )  # fmt: skip


@transaction.atomic
def pick(*, member: Member, tastes: Collection[str], now: datetime) -> None:
    """The member cares for these and no others; none is fine. Raises InvalidInput for a taste that there is not."""
    wanted = _known(tastes)
    Pick.objects.filter(member=member).exclude(taste__in=wanted).delete()
    Pick.objects.bulk_create(
        [Pick(member=member, taste=one, picked_at=now) for one in sorted(wanted)], ignore_conflicts=True
    )


def _known(tastes: Collection[str]) -> set[str]:
    if any(one not in Taste for one in tastes):
        raise InvalidInput(field="tastes")
    return set(tastes)
