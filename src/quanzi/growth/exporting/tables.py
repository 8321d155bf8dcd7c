"""Which tables and columns leave the house, in words for whoever reads the archive."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db import models

# What lets its holder in must not lie about in plain files.
_SECRET = re.compile(r"password|secret|(^|_)token|session_key|(^|_)code_hash|private_key|digest")
_SKIPPED_APPS = {"jobs", "sessions"}
_SKIPPED = {
    "importing.sheetcontent", "exporting.dataexport", "api.keptanswer", "shop.openingkey", "launches.seal", "searching.entry", "searching.stale",
    "searching.change",
    "leads.lead", "leads.approach", "leads.mark", "fronts.receipt",
}  # fmt: skip
"""Files that wait to be applied, this room's own, answers kept for a day, what opens an empty shop, seeds of lots not drawn yet,
the index of the search, which is made of the other tables, and leads: who wrote of what leaves the house with nobody."""

_KEPT_BACK = {
    "accounts.staffinvitation": {"nonce"},
    "commission.payoutaccount": {"sealed"},
    "contact.device": {"endpoint", "p256dh", "auth"},
    "fulfilment.fulfilment": {"pickup_code"},
    "payments.notification": {"headers"},
    "payments.payment": {"pay_url"},
    "sources.visitor": {"key"},
    "webhooks.endpoint": {"seed", "old_seed"},
}
"""The same under plainer names: addresses and keys that speak to a device, find a visitor, open a parcel or sign a message."""

_TEXT = {"CharField", "TextField", "SlugField", "EmailField", "JSONField", "GenericIPAddressField", "URLField"}


@dataclass(frozen=True)
class Column:
    name: str
    kind: str
    about: str

    @property
    def is_text(self) -> bool:
        return self.kind in _TEXT


@dataclass(frozen=True)
class Table:
    """One table to write: its file name, its name in the database, the columns that may leave the house."""

    name: str
    table: str
    about: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]


def tables() -> list[Table]:
    """The tables of our own rooms, by floor."""
    ours = [config for config in apps.get_app_configs() if config.name.startswith("quanzi.")]
    found = [model for config in ours if config.label not in _SKIPPED_APPS for model in config.get_models(True)]
    kept = [model for model in found if model._meta.managed and not model._meta.proxy]
    return [_table(model) for model in kept if model._meta.label_lower not in _SKIPPED]


def readme(chosen: list[Table]) -> Iterator[str]:
    """README.md of an archive: every file and every column."""
    yield "# Everything of this shop\n\n"
    yield (
        "`tables/` holds a CSV and a JSON lines (`.jsonl`) file for each table, with the same rows and columns; `media/` the"
        " pictures.\nCSV: UTF-8; moments in UTC; a text that a spreadsheet program would take for a formula has an apostrophe"
        " in front, which the JSON lines do not have.\nAmounts named `…_minor` count the smallest coin (fen). A column"
        " `x_id` holds the `id` of a row of another table.\nPasswords, sessions, keys, tokens and open pickup codes are left out.\n"
    )
    for table in chosen:
        yield f"\n## {table.name}\n\n{table.about}\n\n| column | type | meaning |\n|---|---|---|\n"
        yield from (f"| {one.name} | {one.kind} | {one.about} |\n" for one in table.columns)


def _table(model: type[models.Model]) -> Table:
    meta = model._meta
    kept_back = _KEPT_BACK.get(meta.label_lower, set())
    columns = [
        _column(field)
        for field in meta.concrete_fields
        if not _SECRET.search(str(field.column)) and field.column not in kept_back
    ]
    assert meta.pk is not None
    about = " ".join((model.__doc__ or "").split())
    about = "" if about.startswith(f"{model.__name__}(") else about
    return Table(
        f"{meta.app_label}.{meta.model_name}",
        meta.db_table,
        about,
        tuple(columns),
        tuple(str(one.column) for one in meta.pk_fields),
    )


def _column(field: models.Field[object, object]) -> Column:
    target = field.related_model
    about = f"→ {target._meta.label_lower}" if isinstance(target, type) else str(field.help_text)
    choices = field.flatchoices if field.choices else []
    values = ", ".join(str(value) for value, _ in choices)
    return Column(
        str(field.column), field.get_internal_type(), " · ".join(filter(None, [about, values])).replace("|", "/")
    )
