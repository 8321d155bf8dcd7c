"""Reads of the room."""

from __future__ import annotations

from django.apps import apps

from quanzi.growth.erasing.fates import Erase
from quanzi.growth.erasing.models import Erasure


def request_of(member_id: int) -> Erasure | None:
    """The newest request of a member, whatever became of it."""
    return Erasure.objects.filter(member=member_id).order_by("-pk").first()


def left_behind(fate: Erase) -> str:
    """SQL for rows of a table that erasing should have taken: one line for each erased member."""
    path = str(fate.where)
    rows = apps.get_model(fate.model)._base_manager.filter(**{f"{path}__erased_at__isnull": False}).order_by()
    return f"SELECT 'member:' || who, 'is erased and left rows in {fate.model}' FROM ({rows.values_list(path).query}) AS left_rows(who)"
