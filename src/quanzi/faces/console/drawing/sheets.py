"""A sheet's plan and problems, in the reader's words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext

from quanzi.faces.ui import formats
from quanzi.faces.ui.environment import problem
from quanzi.goods.catalogue.models import ProductState, ReturnRule
from quanzi.growth.importing.goods.fields import FIELDS as GOODS
from quanzi.growth.importing.goods.planning import Change, Plan
from quanzi.growth.importing.models import Sheet
from quanzi.growth.importing.sheets.services import fields_of
from quanzi.growth.importing.tables.errors import ColumnMissing, RowProblem
from quanzi.growth.importing.tables.reading import Table
from quanzi.kernel.errors import DomainError, fill

SHOWN_ROWS, SHOWN_PROBLEMS, MOST_TEXT, LOOKED_AT = 200, 50, 60, 200
_LABELS = {field.name: field.label for field in GOODS}
_FIELD_OF = {"price_minor": "price", "cost_minor": "cost", "is_active": "active"}
ORDER = {"refused": 0, "new": 1, "change": 2, "same": 3}


def column_rows(sheet: Sheet, table: Table) -> list[dict[str, Any]]:
    """Each field with the column chosen for it and what stands there. is_first: it has one, or must have one."""
    sample = table.sample()
    return [
        {
            "name": field.name,
            "label": gettext(field.label),
            "needed": field.is_needed,
            "is_first": field.is_needed or bool(sheet.mapping.get(field.name)),
            "value": sheet.mapping.get(field.name, ""),
            "sample": _sample(sample, table.headings, sheet.mapping.get(field.name, "")),
        }
        for field in fields_of(sheet.kind)
    ]


def _sample(rows: list[Any], headings: tuple[str, ...], heading: str) -> str:
    if heading not in headings:
        return ""
    place = headings.index(heading)
    return " · ".join(_short(row.cells[place]) for row in rows if row.cells[place])


def left_columns(sheet: Sheet, table: Table) -> list[str]:
    """Columns with something in their first rows that no field takes."""
    taken = set(sheet.mapping.values())
    filled = {
        heading
        for row in table.sample(LOOKED_AT)
        for heading, cell in zip(table.headings, row.cells, strict=False)
        if heading and cell
    }
    return [heading for heading in dict.fromkeys(table.headings) if heading in filled - taken]


def plan_rows(plan: Plan) -> list[dict[str, Any]]:
    """What is refused, made and changed first, then what stays."""
    rows = sorted(plan.rows(), key=lambda row: (ORDER[row.verb], row.row))[:SHOWN_ROWS]
    return [
        {
            "row": row.row,
            "verb": row.verb,
            "name": row.name,
            "code": row.code,
            "changes": [_change(one) for one in row.changes],
        }
        for row in rows
    ]


def _change(one: Change) -> dict[str, str]:
    name = _FIELD_OF.get(one.field, one.field)
    return {
        "label": gettext(_LABELS.get(name, name)),
        "before": _value(one.field, one.before),
        "after": _value(one.field, one.after),
    }


def _value(field: str, value: Any) -> str:
    if value is None:
        return ""
    if field.endswith("_minor"):
        return formats.plain_money(value)
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, dict):
        return " · ".join(f"{name}: {text}" for name, text in value.items())
    if field == "state":
        return str(dict(ProductState.choices).get(value, value))
    if field == "return_rule":
        return str(dict(ReturnRule.choices).get(value, value))
    return _short(str(value))


def problem_rows(sheet: Sheet, problems: list[RowProblem]) -> list[dict[str, Any]]:
    """Each with its heading; of a field that has no column here, what it is."""
    labels = {one.name: one.label for one in fields_of(sheet.kind) if one.name not in sheet.mapping.values()}
    return [
        {
            "row": one.row,
            "column": gettext(labels[one.column]) if one.column in labels else one.column,
            "text": problem(one.reason),
        }
        for one in problems[:SHOWN_PROBLEMS]
    ]


def refusal(refused: DomainError) -> str:
    """A refusal of a whole sheet; names of fields in the reader's language."""
    if isinstance(refused, ColumnMissing):
        return gettext(refused.message).format(fields=", ".join(gettext(label) for label in refused.labels))
    return problem(refused)


def reported_refusal(report: dict[str, Any]) -> str:
    """Why applying failed, as the report keeps it."""
    return fill(gettext(report["message"]), report.get("params", {})) if "message" in report else ""


def _short(text: str) -> str:
    return text if len(text) <= MOST_TEXT else text[: MOST_TEXT - 1] + "…"
