"""A member's address book."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from quanzi.kernel.errors import DomainError, Errors, InvalidInput
from quanzi.people.accounts import divisions, errors
from quanzi.people.accounts.models import Address, Member
from quanzi.people.accounts.rules import NAME_LIMIT, clean_phone, clean_text

ADDRESS_LIMIT = 20
DETAIL_LIMIT = 120


@transaction.atomic
def add_address(
    *,
    member: Member,
    recipient: str,
    phone: str,
    region_code: str,
    detail: str,
    is_default: bool = False,
    now: datetime,
) -> Address:
    """Keep a delivery address; the first one becomes the default.

    Raises TooManyAddresses, and for single fields TextNeeded, TextTooLong, NotAPhone, UnknownDivision (together).
    """
    Member.objects.select_for_update(no_key=True).get(pk=member.pk)  # two tabs add one after the other
    book = _book(member)
    count = book.count()
    if count >= ADDRESS_LIMIT:
        raise errors.TooManyAddresses(limit=ADDRESS_LIMIT)
    values = _cleaned(recipient=recipient, phone=phone, region_code=region_code, detail=detail)
    is_default = is_default or count == 0
    if is_default:
        book.update(is_default=False)
    return Address.objects.create(member=member, is_default=is_default, created_at=now, **values)


@transaction.atomic
def update_address(
    *,
    member: Member,
    address_id: int,
    recipient: str,
    phone: str,
    region_code: str,
    detail: str,
    is_default: bool = False,
    now: datetime,
) -> Address:
    """Change an address. Orders keep the words they were placed with. Raises AddressNotFound and as add_address."""
    address = _mine(member, address_id)
    for field, value in _cleaned(recipient=recipient, phone=phone, region_code=region_code, detail=detail).items():
        setattr(address, field, value)
    if is_default and not address.is_default:
        _book(member).update(is_default=False)
        address.is_default = True
    address.save()
    return address


@transaction.atomic
def remove_address(*, member: Member, address_id: int, now: datetime) -> None:
    """Take an address out of the book; the newest of the others becomes the default. Raises AddressNotFound."""
    address = _mine(member, address_id)
    was_default = address.is_default
    address.removed_at, address.is_default = now, False
    address.save(update_fields=["removed_at", "is_default"])
    newest = _book(member).order_by("-created_at", "-id").first() if was_default else None
    if newest is not None:
        newest.is_default = True
        newest.save(update_fields=["is_default"])


@transaction.atomic
def set_default_address(*, member: Member, address_id: int, now: datetime) -> Address:
    """Offer this address first from now on. Raises AddressNotFound."""
    address = _mine(member, address_id)
    _book(member).update(is_default=False)
    address.is_default = True
    address.save(update_fields=["is_default"])
    return address


def _book(member: Member) -> QuerySet[Address]:
    return Address.objects.filter(member=member, removed_at=None)


def _mine(member: Member, address_id: int) -> Address:
    """Somebody else's address looks like one that does not exist."""
    found = _book(member).select_for_update().filter(pk=address_id).first()
    if found is None:
        raise errors.AddressNotFound()
    return found


def _cleaned(*, recipient: str, phone: str, region_code: str, detail: str) -> dict[str, str]:
    """Every field cleaned, or every refusal at once."""
    found: list[DomainError] = []
    values: dict[str, str] = {}
    checks: dict[str, Callable[[], str]] = {
        "recipient": lambda: clean_text(recipient, field="recipient", limit=NAME_LIMIT, is_needed=True),
        "phone": lambda: clean_phone(phone),
        "detail": lambda: clean_text(detail, field="detail", limit=DETAIL_LIMIT, is_needed=True),
    }
    for field, check in checks.items():
        try:
            values[field] = check()
        except InvalidInput as error:
            found.append(error)
    if not divisions.is_district(region_code):
        found.append(errors.UnknownDivision(field="region_code"))
    Errors.raise_any(found)
    return {**values, "region_code": region_code, "region_name": divisions.name_of(region_code)}
