"""Publishing the rules of the shop."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from quanzi.base.audit.services import Person, write
from quanzi.base.shop import errors, rules
from quanzi.base.shop.models import RuleText, TextKind
from quanzi.kernel.clock import local


@transaction.atomic
def publish_text(
    *, kind: str, body: str, body_en: str = "", effective_at: datetime | None = None, actor: Person | str, now: datetime
) -> RuleText:
    """The next version of a text. The first holds at once; a later one from `effective_at`, or from the earliest lawful day.

    Raises ShopChoice, ShopTextNeeded, ShopTextTooLong, NothingChanged, HoldsTooSoon.
    """
    if kind not in TextKind.values:
        raise errors.ShopChoice(field="kind")
    body, body_en = _clean(body, "body"), _clean(body_en, "body_en") if body_en.strip() else ""
    with connection.cursor() as cursor:  # one after the other, also for the very first
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"shop.text.{kind}"])
    last = RuleText.objects.filter(kind=kind).order_by("-version").first()
    if last is not None and (last.body, last.body_en) == (body, body_en):
        raise errors.NothingChanged(field="body")
    made = RuleText.objects.create(
        kind=kind, version=last.version + 1 if last else 1, body=body, body_en=body_en, published_at=now,
        effective_at=_from(effective_at, now) if last else now,
    )  # fmt: skip
    write(
        actor=actor, action="shop.publish_text", target=f"text:{kind}",
        after={"version": made.version, "effective_at": made.effective_at.isoformat()}, now=now,
    )  # fmt: skip
    return made


def _from(wanted: datetime | None, now: datetime) -> datetime:
    earliest = rules.earliest(now)
    if wanted is None:
        return earliest
    if wanted < earliest:
        raise errors.HoldsTooSoon(field="effective_on", earliest=local(earliest).date().isoformat())
    return wanted


def _clean(text: str, field: str) -> str:
    text = text.replace("\x00", "").replace("\r\n", "\n").strip()
    if not text:
        raise errors.ShopTextNeeded(field=field)
    if len(text) > rules.LONGEST_RULES:
        raise errors.ShopTextTooLong(field=field, most=rules.LONGEST_RULES)
    return text
