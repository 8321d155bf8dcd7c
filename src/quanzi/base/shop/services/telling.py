"""What the shop says of itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from quanzi.base.audit.services import Person, write
from quanzi.base.shop import rules
from quanzi.base.shop.identity import write_down
from quanzi.base.shop.models import Shop
from quanzi.kernel.errors import Errors

PLAIN = ("name", "accent", "language", "freight_minor", "freight_free_from_minor", "takes_simulated", "registration", "taxpayer")  # fmt: skip
"""Their values stand in the audit log; of the others only that they changed, since they may name people."""

TOLD = (*PLAIN, "about", "logo", "phone", "email", "hours", "legal_name", "credit_code", "licence", "permits", "address", "invoices")  # fmt: skip


@transaction.atomic
def update_shop(*, actor: Person | str, now: datetime, **values: Any) -> Shop:
    """Change some of TOLD; all pages say so as soon as it is committed. Raises what `rules.problems` finds, all at once."""
    unknown = set(values) - set(TOLD)
    if unknown:
        raise TypeError(f"a shop does not tell {sorted(unknown)}")
    said = {name: _tidy(name, value) for name, value in values.items()}
    Errors.raise_any(rules.problems(said))
    Shop.objects.get_or_create(pk=1)
    row = Shop.objects.select_for_update(of=("self",)).get(pk=1)
    changed = {name: value for name, value in said.items() if getattr(row, name) != value}
    if not changed:
        return row
    before = {name: getattr(row, name) for name in changed if name in PLAIN}
    for name, value in changed.items():
        setattr(row, name, value)
    row.updated_at = now
    row.save(update_fields=[*changed, "updated_at"])
    Shop.objects.filter(pk=1).update(version=F("version") + 1)
    after = {name: value for name, value in changed.items() if name in PLAIN}
    write(
        actor=actor, action="shop.update", target="shop:1", before=before,
        after=after | {"changed": sorted(changed)}, now=now,
    )  # fmt: skip
    transaction.on_commit(write_down)
    return row


def _tidy(name: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    text = value.replace("\x00", "").strip()
    return "".join(text.split()).upper() if name == "credit_code" else text
