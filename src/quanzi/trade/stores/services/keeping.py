"""A store opens, says what stands in it, and what happens there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction

from quanzi.base.audit import services as audit
from quanzi.base.events.services import record
from quanzi.goods.catalogue.models import Sku
from quanzi.kernel.errors import Errors, InvalidInput, NotAllowed
from quanzi.kernel.ids import new_code
from quanzi.people.accounts.models import Member
from quanzi.trade.sales.models import PickupPoint
from quanzi.trade.sales.rules import clean
from quanzi.trade.stores import errors, policies, rules
from quanzi.trade.stores.events import StoreOpened
from quanzi.trade.stores.models import ShelfGood, Store, StoreEvent

CODE_LENGTH = 8
MOST_COUNTED = 9_999


@transaction.atomic
def open_store(
    *, point: PickupPoint, about: str = "", phone: str = "", takes_amounts: bool = True, actor: str, now: datetime
) -> Store:
    """Let people walk in at a pickup point. Raises StoreTaken, or every text that is too long."""
    said = _checked({"about": about, "phone": phone})
    try:
        with transaction.atomic():
            made: Store = Store.objects.create(
                point=point, code=new_code(CODE_LENGTH).lower(), takes_amounts=takes_amounts, opened_at=now, **said
            )
    except IntegrityError as taken:
        raise errors.StoreTaken() from taken
    audit.write(actor=actor, action="stores.open", target=f"store:{made.pk}", after={"point": point.pk}, now=now)
    record(StoreOpened(made.pk, point_id=point.pk), now=now)
    return made


@transaction.atomic
def change_store(
    *, store_id: int, about: str, phone: str, takes_amounts: bool, by: Member, actor: str, now: datetime
) -> Store:
    """What people read about the store, by who keeps it. Raises NoSuchStore, or every text that is too long."""
    store = kept_store(store_id, by)
    before = {"about": store.about, "phone": store.phone, "takes_amounts": store.takes_amounts}
    after = {**_checked({"about": about, "phone": phone}), "takes_amounts": takes_amounts}
    for field, value in after.items():
        setattr(store, field, value)
    store.save(update_fields=list(after))
    audit.write(actor=actor, action="stores.change", target=f"store:{store.pk}", before=before, after=after, now=now)
    return store


@transaction.atomic
def count_shelf(*, store_id: int, counts: Mapping[int, int], by: Member, now: datetime) -> None:
    """So many of these SKUs stand in the store now; 0 takes one from the shelf. Goods that are paid and not yet fetched count.

    Raises NoSuchStore, BadShelfCount, InvalidInput for goods that are not on sale.
    """
    store = kept_store(store_id, by)
    if any(type(units) is not int or not 0 <= units <= MOST_COUNTED for units in counts.values()):
        raise errors.BadShelfCount(field="counts")
    known = set(Sku.objects.filter(pk__in=counts).exclude(product__state="apart").values_list("pk", flat=True))
    if known != set(counts):
        raise InvalidInput(field="counts")
    for sku_id in sorted(counts):
        ShelfGood.objects.update_or_create(
            store=store,
            sku_id=sku_id,
            defaults={"counted": counts[sku_id], "counted_at": now, "counted_by": f"member:{by.pk}"},
        )


@transaction.atomic
def plan_event(
    *, store_id: int, title: str, text: str = "", starts_at: datetime, ends_at: datetime, by: Member, now: datetime
) -> StoreEvent:
    """Tell of something that happens in the store. Raises NoSuchStore, BadEventTimes, or the text that is missing or too long."""
    store = kept_store(store_id, by)
    said = _checked({"title": title, "text": text}, needed=("title",))
    if not now < ends_at or not starts_at < ends_at:
        raise errors.BadEventTimes(field="ends_at")
    made: StoreEvent = StoreEvent.objects.create(store=store, starts_at=starts_at, ends_at=ends_at, **said)
    return made


@transaction.atomic
def call_off_event(*, event_id: int, by: Member, now: datetime) -> None:
    """It will not happen; the page says so. Raises NoSuchStore when there is none, or not at a store of this keeper."""
    found = StoreEvent.objects.select_for_update().filter(pk=event_id).first()
    if found is None:
        raise errors.NoSuchStore()
    kept_store(found.store_id, by)
    if found.called_off_at is None:
        found.called_off_at = now
        found.save(update_fields=["called_off_at"])


def kept_store(store_id: int, keeper: Member) -> Store:
    """The store, locked, for who keeps it; for anybody else there is none. Raises NoSuchStore."""
    found = Store.objects.select_for_update(of=("self",)).select_related("point").filter(pk=store_id).first()
    if found is None or not policies.may_keep(keeper, found):
        raise errors.NoSuchStore()
    return found


def require(allowed: bool) -> None:
    """Raises NotAllowed."""
    if not allowed:
        raise NotAllowed()


def _checked(texts: Mapping[str, str], needed: tuple[str, ...] = ()) -> dict[str, str]:
    said = {field: clean(value) for field, value in texts.items()}
    Errors.raise_any(
        [
            InvalidInput(field=field)
            for field, value in said.items()
            if len(value) > rules.LONGEST[field] or (field in needed and not value)
        ]
    )
    return said
