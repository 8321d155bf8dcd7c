"""Every column with words, and every column that points at a member, says what becomes of it when somebody is erased."""

from __future__ import annotations

import re
from typing import Any

from django.apps import apps
from django.db import models

from quanzi.growth.erasing.fates import FATES, FLOORS, LATER, SHOPS, Empty, Erase, Keep
from quanzi.growth.erasing.fates.people import MEMBER
from quanzi.growth.erasing.notices import ABOUT, ASKED_AT_THE_DOOR, HARMLESS
from quanzi.people.accounts.models import Member
from quanzi.people.contact.wordings import WORDINGS

WORDS = (models.CharField, models.TextField, models.JSONField, models.GenericIPAddressField, models.BinaryField)
PLAIN = {"currency", "region_code"}
"""Columns that never hold more than a word of a short list."""

HOW = """
Say in src/quanzi/growth/erasing/fates/ (one file for each floor) what becomes of it when a member is erased:
  Erase("room.table", "path_to_member")                          the rows go
  Empty("room.table", "path_to_member", {"column": ""}, why=…)   the row stays, these columns lose what they held
  Keep("room.table", {"column": "reason"})                       it stays, under a bare number
  SHOPS["room.table"] = "reason"                                 no word in it is of or about members
And in growth/exporting/own.py whether /me/data tells it.
"""


def own_tables() -> list[Any]:
    return [
        model for model in apps.get_models(include_auto_created=True) if model._meta.managed and model is not Member
    ]


def declared(kind: type, label: str) -> list[Any]:
    return [fate for fate in FATES if isinstance(fate, kind) and fate.model == label]


def columns_said(label: str) -> set[str]:
    """Columns of a table of which it is said what becomes of them."""
    said = {name for fate in declared(Keep, label) for name in fate.columns}
    for fate in declared(Empty, label):
        said |= set(fate.to) | ({fate.where} if isinstance(fate.where, str) else set())
    return said | {fate.where for fate in declared(Erase, label) if isinstance(fate.where, str)}


def test_every_column_that_points_at_a_member_has_its_fate() -> None:
    missing = [
        f"{model._meta.label_lower}.{field.name}"
        for model in own_tables()
        for field in model._meta.concrete_fields
        if field.related_model is Member and field.name not in columns_said(model._meta.label_lower)
    ]
    assert not missing, HOW


def test_every_column_with_words_has_its_fate() -> None:
    missing = []
    for model in own_tables():
        label = model._meta.label_lower
        if label in SHOPS or declared(Erase, label):
            continue
        missing += [
            f"{label}.{field.name}"
            for field in model._meta.concrete_fields
            if isinstance(field, WORDS) and not field.choices and field.name not in PLAIN | columns_said(label)
        ]
    assert not missing, HOW


def test_the_members_own_row_loses_every_word() -> None:
    words = {field.name for field in Member._meta.concrete_fields if isinstance(field, WORDS)}
    assert words == set(MEMBER)


def test_what_is_declared_is_there_and_gives_its_reason() -> None:
    tables = {model._meta.label_lower for model in apps.get_models(include_auto_created=True)}
    assert {fate.model for fate in (*FATES, *LATER)} | SHOPS.keys() <= tables
    assert sum(len(floor.SHOPS) for floor in FLOORS) == len(SHOPS) and all(SHOPS.values())
    for fate in FATES:
        columns = {field.name for field in apps.get_model(fate.model)._meta.concrete_fields}
        if isinstance(fate, Empty):
            assert set(fate.to) <= columns and fate.why
        if isinstance(fate, Keep):
            assert set(fate.columns) <= columns and all(fate.columns.values())


def test_every_notice_that_names_somebody_is_quieted_when_they_leave() -> None:
    naming = {kind for kind, words in WORDINGS.items() if re.search(r"{name}", words.title + words.body)}
    handled = {kind for kind in naming if f"'{kind}" in ABOUT + ASKED_AT_THE_DOOR}
    missing = naming - handled - HARMLESS.keys()
    assert not missing, "Say in growth/erasing/notices.py which notices of this kind speak of a member"
