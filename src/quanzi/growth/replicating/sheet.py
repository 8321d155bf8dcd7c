"""The sheet of branches: one row each. Which columns it has follows from the pattern; everything wrong with a row is said at once."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone

from quanzi.growth.importing.tables import reading, writing
from quanzi.growth.replicating.content import Content
from quanzi.growth.replicating.errors import (
    BadBranchKey,
    BadMoment,
    BadPercent,
    MissingColumn,
    NoSuchLeader,
    TooManyBranches,
)
from quanzi.kernel.errors import DomainError, InvalidInput
from quanzi.people.accounts.models import Member
from quanzi.people.accounts.queries import member_by_contact
from quanzi.people.accounts.rules import clean_phone
from quanzi.trade.stations.rules import is_place

MOST_BRANCHES = 200
MOST_BYTES = 2_000_000
KEY = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")
FIRST = ("branch", "area", "leader", "percent", "first_round")
PLACE = ("address", "latitude", "longitude")


@dataclass(frozen=True)
class Where:
    address: str
    latitude: float | None
    longitude: float | None


@dataclass(frozen=True)
class Plan:
    """One row as it was understood. percent: of the pattern's prices; first_round: when its rounds open, None: none yet."""

    row: int
    key: str
    area: str
    leader: Member | None
    percent: int
    first_round: datetime | None
    addresses: tuple[Where, ...]
    problems: list[tuple[str, DomainError]] = field(default_factory=list)


def columns_of(content: Content) -> list[str]:
    """The headings of a sheet for this pattern: a place for each of its pickup points."""
    places = [f"{name}_{number}" for number in range(1, len(content["points"]) + 1) for name in PLACE]
    return [*FIRST, *places]


def blank(content: Content) -> bytes:
    """A sheet to fill, with one row that shows how."""
    shown = {
        "branch": "east-gate", "area": "锦绣东门", "leader": "leader@example.com", "percent": "100",
        "first_round": "2026-12-01 09:00", "latitude": "31.2304", "longitude": "121.4737", "address": "人民路 1 号",
    }  # fmt: skip
    names = columns_of(content)
    return writing.as_csv(names, [[shown[name.rpartition("_")[0] if name[-1].isdigit() else name] for name in names]])


def plans_of(data: bytes, *, file_name: str, content: Content, now: datetime) -> list[Plan]:
    """What the sheet asks for. Raises TooManyBranches, and what `rows_of` raises."""
    return plans_from(rows_of(data, file_name=file_name, content=content), content=content, now=now)


def rows_of(data: bytes, *, file_name: str, content: Content) -> list[tuple[int, dict[str, str]]]:
    """Number and texts by column of each row. Raises MissingColumn, and what reading a sheet raises."""
    table = reading.read(data, file_name=file_name, most_bytes=MOST_BYTES, most_rows=MOST_BRANCHES * 2)
    headings = [heading.strip().lower() for heading in table.headings]
    missing = next((name for name in columns_of(content) if name not in headings), None)
    if missing is not None:
        raise MissingColumn(field="sheet", column=missing)
    wanted = columns_of(content)
    rows = [(row.number, dict(zip(headings, row.cells, strict=True))) for row in table.rows()]
    return [(number, {name: cells[name] for name in wanted}) for number, cells in rows]


def plans_from(rows: Sequence[tuple[int, Mapping[str, str]]], *, content: Content, now: datetime) -> list[Plan]:
    """The same from rows that a program sends: number, and texts by column."""
    if len(rows) > MOST_BRANCHES:
        raise TooManyBranches(field="sheet", most=MOST_BRANCHES)
    return [_plan(number, cells, len(content["points"]), now) for number, cells in rows]


def _plan(number: int, cells: Mapping[str, str], points: int, now: datetime) -> Plan:
    problems: list[tuple[str, DomainError]] = []
    key, area = cells.get("branch", "").strip(), cells.get("area", "").strip()
    if not KEY.fullmatch(key):
        problems.append(("branch", BadBranchKey(field="branch")))
    if not 1 <= len(area) <= 60:
        problems.append(("area", InvalidInput(field="area")))
    leader = _member(cells.get("leader", "").strip())
    if leader is None:
        problems.append(("leader", NoSuchLeader(field="leader")))
    percent = _percent(cells.get("percent", ""), problems)
    first_round = _moment(cells.get("first_round", "").strip(), now, problems)
    places = tuple(_where(cells, one, problems) for one in range(1, points + 1))
    return Plan(number, key, area, leader, percent, first_round, places, problems)


def _member(contact: str) -> Member | None:
    try:
        return member_by_contact(contact if "@" in contact else clean_phone(contact))
    except DomainError:
        return None


def _percent(text: str, problems: list[tuple[str, DomainError]]) -> int:
    said = text.strip().rstrip("%％") or "100"
    if said.isascii() and said.isdigit() and len(said) <= 3 and 1 <= int(said) <= 300:
        return int(said)
    problems.append(("percent", BadPercent(field="percent")))
    return 100


def _moment(text: str, now: datetime, problems: list[tuple[str, DomainError]]) -> datetime | None:
    if not text:
        return None
    try:
        found = timezone.make_aware(datetime.fromisoformat(text[:19]))
        if found < now:
            raise ValueError
    except ValueError:
        problems.append(("first_round", BadMoment(field="first_round")))
        return None
    return found


def _where(cells: Mapping[str, str], number: int, problems: list[tuple[str, DomainError]]) -> Where:
    address, numbers = cells.get(f"address_{number}", "").strip(), []
    if not 1 <= len(address) <= 120:
        problems.append((f"address_{number}", InvalidInput(field=f"address_{number}")))
    for name in ("latitude", "longitude"):
        text = cells.get(f"{name}_{number}", "").strip()
        try:
            numbers.append(float(text) if text else None)
        except ValueError:
            problems.append((f"{name}_{number}", InvalidInput(field=f"{name}_{number}")))
            numbers.append(None)
    latitude, longitude = numbers
    if not is_place(latitude, longitude):
        problems.append((f"latitude_{number}", InvalidInput(field=f"latitude_{number}")))
    return Where(address, latitude, longitude)
