"""A column of the room's own."""

from __future__ import annotations

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import JSONField
from psycopg.types.json import Json


class OrderedJSONField(JSONField):
    """JSON whose keys stay in the order in which they were written, as a person chose it: PostgreSQL's `json`.

    Django's own field is `jsonb`, which sorts them. There is no equality for `json` in SQL, so nothing groups by this column.
    """

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "json"

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:
        return value if value is None or hasattr(value, "as_sql") else Json(value)

    def from_db_value(self, value: Any, expression: object, connection: BaseDatabaseWrapper) -> Any:
        return value  # the driver has read it
