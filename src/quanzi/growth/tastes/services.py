"""Writes of the room: what goods are like, what a member cares for."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from quanzi.base.audit.services import write as audit
from quanzi.goods.catalogue.models import Product
from quanzi.growth.tastes import errors
from quanzi.growth.tastes.models import Pick, TakenAway, Taste, Trait
from quanzi.growth.tastes.policies import spoken_for_by
from quanzi.kernel.errors import InvalidInput, NotFound
from quanzi.people.accounts.models import Member

MAKER = "maker:"
"""What `said_by` begins with where the maker, or a supplier, ticked it themselves."""


@transaction.atomic
def describe(*, product: Product, tastes: Collection[str], actor: Member, now: datetime) -> None:
    """The shop's word: the goods have these traits and no others; audited. What a maker had said and this leaves out, the maker
    does not tick again. Raises InvalidInput for a taste that there is not."""
    wanted = _known(tastes)
    theirs = Trait.objects.filter(product=product, said_by__startswith=MAKER)
    gone = theirs.exclude(taste__in=wanted).values_list("taste", flat=True)
    TakenAway.objects.bulk_create(
        [TakenAway(product=product, taste=one, at=now) for one in sorted(gone)], ignore_conflicts=True
    )
    TakenAway.objects.filter(product=product, taste__in=wanted).delete()
    _write(product, wanted, f"staff:{actor.pk}", actor, now)


@transaction.atomic
def say(*, product_id: int, tastes: Collection[str], member: Member, now: datetime) -> None:
    """The word of whoever makes or supplies the goods; audited. Raises NotFound for goods of others, TakenAway, InvalidInput."""
    product = spoken_for_by(member.pk).filter(pk=product_id).first()
    if product is None:
        raise NotFound
    wanted = _known(tastes)
    if TakenAway.objects.filter(product=product, taste__in=wanted).exists():
        raise errors.TakenAway(field="tastes")
    _write(product, wanted, f"{MAKER}{member.pk}", member, now)


def _write(product: Product, wanted: set[str], said_by: str, actor: Member, now: datetime) -> None:
    before = set(Trait.objects.filter(product=product).values_list("taste", flat=True))
    if wanted == before:
        return
    Trait.objects.filter(product=product).exclude(taste__in=wanted).delete()
    Trait.objects.bulk_create(
        [Trait(product=product, taste=one, said_by=said_by, said_at=now) for one in sorted(wanted - before)],
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
