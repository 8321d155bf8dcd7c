"""Sheets from the upload to the report. What a sheet holds is kept for a day at most, since it may name people."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import connection, transaction

from quanzi.base.aside import aside
from quanzi.base.audit import services as audit
from quanzi.base.jobs.services import enqueue
from quanzi.growth.importing.goods import fields as goods_fields
from quanzi.growth.importing.goods import services as goods_services
from quanzi.growth.importing.goods.planning import Plan, plan
from quanzi.growth.importing.goods.reading import read_goods
from quanzi.growth.importing.models import Sheet, SheetContent, SheetKind, SheetState
from quanzi.growth.importing.past import fields as past_fields
from quanzi.growth.importing.past.reading import Log, currency_in, read_log, sums
from quanzi.growth.importing.past.services import take_in
from quanzi.growth.importing.sheets.errors import SheetBusy, SheetGone, SheetStuck
from quanzi.growth.importing.tables.mapping import Field, checked, guess
from quanzi.growth.importing.tables.reading import Table, read
from quanzi.kernel import clock, crash
from quanzi.kernel.errors import DomainError
from quanzi.kernel.money import Money
from quanzi.people.accounts.models import Member

MOST_BYTES = 32_000_000
MOST_GOODS = 20_000
MOST_ORDERS = 200_000
AT_ONCE = 300
"""Rows up to which a sheet is applied while the person waits."""
KEPT = timedelta(days=1)
SILENT = timedelta(hours=1)
"""A sheet under way that says nothing for so long has lost its job."""
IN_HAND = (SheetState.UPLOADED, SheetState.FAILED)
UNDER_WAY = (SheetState.WAITING, SheetState.APPLYING)
REPORTED_PROBLEMS = 50
TOLD_EVERY_SECONDS = 1
PROGRESS = "UPDATE importing_sheet SET done = %s, updated_at = %s WHERE id = %s"


def fields_of(kind: str) -> tuple[Field, ...]:
    return goods_fields.FIELDS if kind == SheetKind.GOODS else past_fields.FIELDS


def _guessed(kind: str, headings: tuple[str, ...]) -> dict[str, str]:
    return guess(headings, goods_fields.FIELDS) if kind == SheetKind.GOODS else past_fields.guessed(headings)


@transaction.atomic
def send_in(*, kind: str, data: bytes, file_name: str, actor: Member, now: datetime) -> Sheet:
    """Keep a sheet with its columns guessed. Raises the refusals of `tables.errors`."""
    table = _read(kind, data, file_name)
    rows = sum(1 for _ in table.rows())
    sheet = Sheet.objects.create(
        kind=SheetKind(kind),
        file_name=file_name[-120:] or "sheet",
        fingerprint=hashlib.sha256(data).hexdigest(),
        size=len(data),
        mapping=_guessed(kind, table.headings),
        options=_usual(kind, table),
        rows=rows,
        actor=actor,
        created_at=now,
        updated_at=now,
    )
    SheetContent.objects.create(sheet=sheet, data=data)
    audit.write(
        actor=actor, action="importing.send_in", target=f"sheet:{sheet.pk}", after={"kind": kind, "rows": rows}, now=now
    )
    return sheet


def table_of(sheet: Sheet) -> Table:
    """The sheet's content. Raises SheetGone."""
    content = SheetContent.objects.filter(sheet=sheet).first()
    if content is None:
        raise SheetGone()
    return _read(sheet.kind, bytes(content.data), sheet.file_name, str(sheet.options.get("worksheet", "")))


def _read(kind: str, data: bytes, file_name: str, worksheet: str = "") -> Table:
    """Of a workbook the named sheet, or the one in which most columns are known: many exports begin with a sheet of explanations."""
    return read(
        data, file_name=file_name, most_bytes=MOST_BYTES, most_rows=_most(kind), worksheet=worksheet,
        likeness=lambda headings: len(_guessed(kind, headings)),
    )  # fmt: skip


@transaction.atomic
def choose(*, sheet: Sheet, mapping: Mapping[str, str], options: Mapping[str, str], now: datetime) -> Sheet:
    """Say which column holds what, and the rest that a sheet does not tell. Raises SheetBusy, UnknownHeading, ColumnMissing …

    options: another "worksheet" than before has columns of its own, which are guessed; the mapping is not looked at.
    """
    sheet = Sheet.objects.select_for_update().get(pk=sheet.pk)
    if sheet.state not in IN_HAND:
        raise SheetBusy()
    before = sheet.options.get("worksheet")
    sheet.options = {**sheet.options, **options}
    table = table_of(sheet)
    sheet.options["worksheet"] = table.worksheet
    if before in (table.worksheet, None):
        sheet.mapping = checked(mapping, table.headings, fields_of(sheet.kind))
    else:
        sheet.mapping, sheet.rows = _guessed(sheet.kind, table.headings), sum(1 for _ in table.rows())
        sheet.options |= _usual(sheet.kind, table)
    if sheet.kind == SheetKind.ORDERS:
        Money.zero(str(sheet.options.get("currency", "CNY")))
    sheet.updated_at = now
    sheet.save(update_fields=["mapping", "options", "rows", "updated_at"])
    return sheet


def goods_plan(sheet: Sheet) -> Plan:
    """What applying a sheet of goods would do now. Raises ColumnMissing, SheetGone."""
    goods = read_goods(table_of(sheet), sheet.mapping)
    return plan(goods, with_stock=bool(sheet.options.get("stock")), columns=sheet.mapping)


def order_log(sheet: Sheet) -> Log:
    """What a sheet of orders holds. Raises ColumnMissing, NoAmount, SheetGone."""
    options = sheet.options
    return read_log(
        table_of(sheet), sheet.mapping, currency=options.get("currency") or "CNY", dates=options.get("dates", "")
    )


@transaction.atomic
def start(*, sheet: Sheet, expected: str = "", at_once: bool = False, actor: Member, now: datetime) -> Sheet:
    """Let a sheet be applied by a job, once. expected: fingerprint of the plan that was looked at (goods only).

    at_once: the caller applies it itself when this has committed.

    Raises SheetBusy, SheetGone.
    """
    moved = Sheet.objects.filter(pk=sheet.pk, state__in=IN_HAND).update(
        state=SheetState.WAITING, options={**sheet.options, "expected": expected}, updated_at=now, report={}, done=0
    )
    if not moved:
        raise SheetBusy()
    if not SheetContent.objects.filter(sheet=sheet).exists():
        raise SheetGone()
    audit.write(
        actor=actor, action="importing.apply", target=f"sheet:{sheet.pk}", after={"file": sheet.file_name}, now=now
    )
    if not at_once:
        enqueue("importing.apply_sheet", sheet_id=sheet.pk, unique=f"sheet:{sheet.pk}")
    return Sheet.objects.get(pk=sheet.pk)


def apply(*, sheet_id: int, now: datetime) -> Sheet:
    """Apply a sheet that was started. A refusal is kept as its report; run again, it does nothing twice."""
    sheet = Sheet.objects.get(pk=sheet_id)
    if sheet.state not in UNDER_WAY:
        return sheet
    _note(sheet, state=SheetState.APPLYING, now=now)
    try:
        if sheet.kind == SheetKind.GOODS:
            return _apply_goods(sheet, now)
        report = _apply_orders(sheet, now)
    except DomainError as refused:
        return _note(sheet, state=SheetState.FAILED, report=_refusal(refused), now=clock.now())
    return _finish(sheet, report)


@transaction.atomic
def drop(*, sheet: Sheet, actor: Member, now: datetime) -> None:
    """Forget a sheet that was not applied. Raises SheetBusy."""
    left = Sheet.objects.filter(pk=sheet.pk, state__in=IN_HAND)
    if not left.update(state=SheetState.DROPPED, updated_at=now):
        raise SheetBusy()
    SheetContent.objects.filter(sheet=sheet).delete()
    audit.write(actor=actor, action="importing.drop", target=f"sheet:{sheet.pk}", now=now)


@transaction.atomic
def forget_old(*, now: datetime) -> int:
    """Delete what sheets held that nobody applied within a day, also of those whose job died; returns how many."""
    give_up_silent(now=now)
    old = Sheet.objects.filter(created_at__lt=now - KEPT, state__in=IN_HAND)
    ids = list(old.values_list("pk", flat=True))
    SheetContent.objects.filter(sheet_id__in=ids).delete()
    return Sheet.objects.filter(pk__in=ids).update(state=SheetState.DROPPED, updated_at=now)


@transaction.atomic
def give_up_silent(*, now: datetime) -> int:
    """A sheet whose job died for good is refused, so that somebody can start it again or drop it; returns how many."""
    silent = Sheet.objects.filter(state__in=UNDER_WAY, updated_at__lt=now - SILENT)
    return silent.update(state=SheetState.FAILED, report=_refusal(SheetStuck()), updated_at=now)


@transaction.atomic
def _finish(sheet: Sheet, report: dict[str, object]) -> Sheet:
    SheetContent.objects.filter(sheet=sheet).delete()
    return _note(sheet, state=SheetState.DONE, report=report, done=sheet.rows, finished_at=clock.now(), now=clock.now())


@transaction.atomic
def _apply_goods(sheet: Sheet, now: datetime) -> Sheet:
    """The goods and the note that they are there in one transaction: a second run would find another plan than was looked at.

    A lock beside the row keeps a second run out, so that how far it is can be written into the row from aside.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('importing.apply_goods'), %s)", [sheet.pk])
    sheet = Sheet.objects.get(pk=sheet.pk)
    if sheet.state not in UNDER_WAY:
        return sheet
    goods = read_goods(table_of(sheet), sheet.mapping)
    with aside() as say:
        told_at = time.monotonic()

        def progress(done: int, total: int) -> None:
            nonlocal told_at
            if time.monotonic() - told_at > TOLD_EVERY_SECONDS:
                say(PROGRESS, [sheet.rows * done // total, clock.now(), sheet.pk])
                told_at = time.monotonic()

        done = goods_services.apply(
            goods=goods,
            columns=sheet.mapping,
            with_stock=bool(sheet.options.get("stock")),
            expected=str(sheet.options.get("expected", "")),
            key=f"sheet:{sheet.pk}",
            actor=f"staff:{sheet.actor_id}",
            progress=progress,
            now=now,
        )
    if done.counts()["pictures"]:
        enqueue("importing.fetch_pictures", unique="importing.fetch_pictures")
    crash.point("importing.goods.written")
    return _finish(sheet, dict(done.counts()))


def _apply_orders(sheet: Sheet, now: datetime) -> dict[str, object]:
    log = order_log(sheet)

    def progress(done: int, total: int) -> None:
        Sheet.objects.filter(pk=sheet.pk).update(done=sheet.rows * done // max(total, 1), updated_at=clock.now())

    taken = take_in(
        log=log,
        source_name=str(sheet.options.get("source", "")),
        sheet=sheet,
        skip_problems=bool(sheet.options.get("skip")),
        progress=progress,
        now=now,
    )
    counts = {name: value for name, value in sums(log) if not name.endswith("_minor")}
    return {**counts, "new_orders": taken.new, "known_orders": taken.known, "new_people": taken.people,
            "left_out": log.skipped.total() + log.problem_rows, "source_id": taken.source_id}  # fmt: skip


def _usual(kind: str, table: Table) -> dict[str, str]:
    if kind == SheetKind.GOODS:
        return {"layout": goods_fields.recognised(table.headings), "worksheet": table.worksheet}
    label, source, currency = past_fields.recognised(table.headings)
    named = currency_in(table, past_fields.guessed(table.headings), usual=currency)
    return {"layout": label, "source": source, "currency": named, "worksheet": table.worksheet}


def _most(kind: str) -> int:
    return MOST_GOODS if kind == SheetKind.GOODS else MOST_ORDERS


def _note(sheet: Sheet, *, now: datetime, **values: object) -> Sheet:
    for name, value in {**values, "updated_at": now}.items():
        setattr(sheet, name, value)
    sheet.save(update_fields=[*values, "updated_at"])
    return sheet


def _refusal(refused: DomainError) -> dict[str, object]:
    """A refusal as a report: its words stay untranslated with their values, so that each reader gets them in theirs."""
    plain = {name: value for name, value in refused.params.items() if isinstance(value, str | int)}
    return {"refused": refused.code, "message": refused.message, "params": plain}
