"""The relation ledger as a table and as a share flow: a few sources by name, the others folded into one row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext, ngettext

from quanzi.faces.console.drawing.columns import COLUMNS, MEANINGS, kind_label, people, source_name
from quanzi.faces.ui import formats
from quanzi.faces.ui.charts import shares
from quanzi.growth.insight.queries import LedgerRow, RelationLedger
from quanzi.growth.insight.rules import FEW, WHOLE, CostInterval
from quanzi.growth.sources.models import SourceKind

NAMED = 5
SERIES = ("pine", "blue", "grey-2", "grey", "gold", "brown", "persimmon")
"""Order in the chart: pine never touches brown, persimmon never touches gold (colour safety, measured)."""

OWN_TONE = {
    SourceKind.INVITATION: "pine", SourceKind.CIRCLE: "pine", SourceKind.TEAM: "pine", SourceKind.SHARE: "pine",
    SourceKind.PARCEL: "blue", SourceKind.STATION: "blue", SourceKind.PAY: "blue", SourceKind.SAMPLE: "gold", SourceKind.NOTE: "brown",
    SourceKind.AD: "persimmon",
}  # fmt: skip
FREE_TONES = ("pine", "blue", "gold", "brown", "persimmon")
STEPS = ("spend_minor", "visits", "members", "first_orders", "repeat_buyers", "margin_minor")
PEOPLE = ("visits", "contacts", "members", "circle_joins", "first_orders", "repeat_buyers")
SORTS: dict[str, Callable[[LedgerRow], int]] = {
    "spend": lambda row: row.spend_minor,
    **{name: lambda row, name=name: getattr(row, name) for name in PEOPLE},  # type: ignore[misc]
    "margin": lambda row: row.margin_minor,
}


@dataclass(frozen=True)
class Drawn:
    """One row of the table. ids: the sources in it (several in the folded row); tone: its colour in the chart."""

    name: str
    second: str
    tone: str
    row: LedgerRow
    folded: int

    @property
    def short(self) -> str:
        """The name beside a band of the chart."""
        if self.folded:
            return self.name
        brief = {SourceKind.DIRECT: gettext("Direct"), SourceKind.CHAIN: gettext("Passed on, ads")}
        return brief.get(SourceKind(self.row.kind), self.row.name)

    @property
    def source_id(self) -> int | None:
        return None if self.folded else self.row.source_id


def drawn_rows(ledger: RelationLedger, *, sort: str, all_rows: bool) -> list[Drawn]:
    """Rows of the table, sorted by a key of SORTS, the folded one last; `all_rows` folds nothing."""
    named = _named(ledger.rows)
    tones = _tones([row for row in ledger.rows if row.source_id in named])
    shown = [row for row in ledger.rows if all_rows or row.source_id in named]
    found = [_drawn(row, tones.get(row.source_id, "grey-2")) for row in shown]
    found.sort(key=lambda one: SORTS[sort](one.row), reverse=True)
    rest = [row for row in ledger.rows if row.source_id not in named]
    return found if all_rows or not rest else [*found, _folded(rest)]


def _named(rows: Sequence[LedgerRow]) -> set[int]:
    """Direct visits, and the sources with the largest share of any step."""
    totals = {step: sum(max(0, getattr(row, step)) for row in rows) or 1 for step in STEPS}
    weight = {row.source_id: max(max(0, getattr(row, step)) / totals[step] for step in STEPS) for row in rows}
    direct = {row.source_id for row in rows if row.kind == SourceKind.DIRECT}
    others = sorted((one for one in weight if one not in direct), key=lambda one: (-weight[one], one))
    room = NAMED if len(others) != NAMED + 1 else NAMED + 1  # nobody folds a single row
    return direct | set(others[: min(room, len(FREE_TONES))])


def _tones(rows: Sequence[LedgerRow]) -> dict[int, str]:
    """The kind's own colour for the first source of it, else the next free one; direct visits are grey."""
    tones: dict[int, str] = {}
    free = list(FREE_TONES)
    for row in sorted(rows, key=lambda row: row.source_id):
        own = "grey" if row.kind == SourceKind.DIRECT else OWN_TONE.get(row.kind, "")  # type: ignore[call-overload]
        if own in free or own == "grey":
            tones[row.source_id] = own
            free = [tone for tone in free if tone != own]
    for row in rows:
        if row.source_id not in tones:
            tones[row.source_id] = free.pop(0) if free else "grey-2"
    return tones


def _drawn(row: LedgerRow, tone: str) -> Drawn:
    return Drawn(source_name(row), kind_label(row.kind), tone, row, 0)


def _folded(rows: Sequence[LedgerRow]) -> Drawn:
    names = ("spend_minor", *PEOPLE, "margin_minor")
    sums = {name: sum(getattr(row, name) for row in rows) for name in names}
    both = LedgerRow(source_id=0, kind="", name="", token="", owner_name=None, **sums)
    name = ngettext("One other source", "%(n)s other sources", len(rows)) % {"n": len(rows)}
    return Drawn(name, gettext("folded"), "grey-2", both, len(rows))


def flow(rows: Sequence[Drawn], total: LedgerRow, href: Callable[[str], str]) -> dict[str, Any] | None:
    """Steps and sources for `ui.share_flow`; None when nobody came."""
    if not total.visits:
        return None
    order = sorted(rows, key=lambda one: SERIES.index(one.tone))
    strong = {one.name for one in sorted(rows, key=lambda one: -one.row.repeat_buyers)[:2] if not one.folded}
    steps = [
        {"label": COLUMNS[name.removesuffix("_minor")], "total": figure(total, name), "href": href(name.removesuffix("_minor")),
         "values": [max(0, getattr(one.row, name)) for one in order]}
        for name in STEPS
        if sum(max(0, getattr(one.row, name)) for one in order)
    ]  # fmt: skip
    sources = [{"name": one.short, "tone": one.tone, "strong": one.name in strong} for one in order]
    return {"steps": steps, "sources": sources}


def figure(row: LedgerRow, name: str) -> str:
    """A figure of the ledger as text."""
    value: int = getattr(row, name)
    return f"¥{formats.plain_money(value)}" if name.endswith("_minor") else people(value)


def finding(ledger: RelationLedger) -> str:
    """The title: who brought the people who stay, and where the money went. No percentages of fewer than thirty people."""
    total = ledger.total
    if not ledger.rows or not total.visits:
        return gettext("Nobody has arrived within these dates")
    column = next(
        (name for name in ("repeat_buyers", "first_orders", "members", "visits") if getattr(total, name)), "visits"
    )
    best = max(ledger.rows, key=lambda row: (getattr(row, column), -row.spend_minor))
    words = {
        "name": source_name(best), "column": str(COLUMNS[column]).lower() if column != "visits" else COLUMNS[column],
        "part": _part(getattr(best, column), getattr(total, column)),
    }  # fmt: skip
    first = gettext("%(name)s leads in “%(column)s” with %(part)s") % words
    costly = max(ledger.rows, key=lambda row: row.spend_minor)
    if not costly.spend_minor or costly.source_id == best.source_id:
        return first
    share = shares([costly.spend_minor, total.spend_minor - costly.spend_minor])[0]
    more = {"name": source_name(costly), "share": share, "part": _part(getattr(costly, column), getattr(total, column))}
    return f"{first}{gettext('; %(name)s took %(share)s%% of the spend and brought %(part)s') % more}"


def _part(count: int, whole: int) -> str:
    if whole >= FEW * WHOLE:
        return f"{shares([count, whole - count])[0]}%"
    return gettext("%(n)s of %(all)s") % {"n": people(count), "all": people(whole)}


def cost_words(cost: CostInterval | None, *, spend_minor: int) -> tuple[str, str]:
    """What one lasting relation cost, and its 95 % interval or why there is none."""
    if cost is None:
        reason = gettext("nothing spent") if not spend_minor else gettext("no repeat buyer yet")
        return gettext("n/a"), reason
    low = formats.plain_money(cost.low_minor)
    if cost.high_minor is None:
        return f"¥{formats.plain_money(cost.minor)}", gettext("%(low)s or more") % {"low": low}
    return f"¥{formats.plain_money(cost.minor)}", f"{low} – {formats.plain_money(cost.high_minor)}"


def strip(one: Drawn, column: str) -> dict[str, str]:
    """The chosen cell: whose figure, the figure, and what it counts."""
    name = {"spend": "spend_minor", "margin": "margin_minor"}.get(column, column)
    return {
        "where": f"{one.name} / {COLUMNS[column]}",
        "value": figure(one.row, name),
        "meaning": str(MEANINGS[column]),
    }


def with_query(address: str, **values: object) -> str:
    """An address with those values that are set."""
    query = urlencode({key: value for key, value in values.items() if value not in (None, "")})
    return f"{address}?{query}" if query else address
