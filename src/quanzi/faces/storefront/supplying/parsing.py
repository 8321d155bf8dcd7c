"""Reading what somebody at a supplier's typed, so that bad input becomes a clear refusal."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from quanzi.goods.supply.errors import BadUnits
from quanzi.goods.supply.rules import MOST_UNITS
from quanzi.kernel.clock import SITE_ZONE, midnight
from quanzi.kernel.errors import InvalidInput
from quanzi.kernel.words import N_


class NotADay(InvalidInput):
    code = "supplier_not_a_day"
    message = N_("Please enter a date.")


def units_in(text: str | None, field: str, *, least: int = 0, most: int = MOST_UNITS) -> int:
    """A whole number in ASCII digits. Raises BadUnits."""
    value = (text or "").strip()
    if not (value.isascii() and value.isdigit() and len(value) <= 9 and least <= int(value) <= most):
        raise BadUnits(field=field, least=least, most=most)
    return int(value)


def moment_in(text: str | None, field: str) -> datetime | None:
    """A moment as the browser sends it, in the shop's zone; None for an empty field. Raises NotADay."""
    if not (text or "").strip():
        return None
    try:
        found = datetime.fromisoformat((text or "").strip()[:16])
    except ValueError:
        raise NotADay(field=field) from None
    if not 2000 <= found.year < 2200 or found.tzinfo is not None:
        raise NotADay(field=field)
    return found.replace(tzinfo=SITE_ZONE)


def day_in(text: str | None, field: str) -> date | None:
    """A day; None for an empty field. Raises NotADay."""
    found = moment_in((text or "")[:10], field)
    return found.date() if found else None


def end_of_day(text: str | None, field: str) -> datetime | None:
    """The last moment that still belongs to a day, half-open: midnight after it. Raises NotADay."""
    found = day_in(text, field)
    return midnight(found + timedelta(days=1)) if found else None
