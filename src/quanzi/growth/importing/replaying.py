"""Replaying records: people, goods, teams opened and joined, each seat paid. Many records share a transaction."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, OperationalError, transaction
from django.db.transaction import TransactionManagementError

from quanzi.base.rows import InsertMany
from quanzi.growth.importing.clock import closing, moment
from quanzi.growth.importing.errors import RecordRefused
from quanzi.growth.importing.log import Record
from quanzi.growth.importing.models import ImportedRecord, ImportRun
from quanzi.growth.importing.stand_ins import ACTOR, KIND, Shelves, members_for
from quanzi.growth.sources.models import Source
from quanzi.kernel.errors import DomainError
from quanzi.trade.deals.models import Team
from quanzi.trade.deals.services import Comer, Launch, fail_due, fail_together, gather
from quanzi.trade.sales.models import OrderOrigin

TRIES = 5

TOGETHER = 400
"""Records of which all is well share a transaction, so many at a time: a crash loses them whole, and they are replayed again."""

_BROKEN = (IntegrityError, OperationalError, TransactionManagementError)
_insert_records = InsertMany(ImportedRecord)


class Replayer:
    """Replays the records of one process. Broken records are counted and skipped."""

    def __init__(self, run: ImportRun) -> None:
        assert run.source is not None and run.point_id is not None, "a run has its source and point before it begins"
        self._run = run
        self._source: Source = run.source
        self._point_id: int = run.point_id
        self._shelves = Shelves(run)
        self._open: deque[tuple[datetime, int]] = deque()  # failed launches: when their time is over, their team

    def replay(self, records: Sequence[Record]) -> None:
        """Each once: its own row says that it happened. Launches whose time is over by then are closed first.

        Raises RecordRefused; records before the refused one are kept.
        """
        self._close_due(moment(records[0].number))
        try:
            self._replay(records)
        except (*_BROKEN, DomainError):
            self._forget(records)
            for record in records:  # one by one shows whose fault it was
                self._replay_one(record)

    def _replay_one(self, record: Record) -> None:
        """Two processes may meet the same new person at once; then the database refuses one, which tries again."""
        for attempt in range(1, TRIES + 1):
            try:
                return self._replay([record])
            except _BROKEN:
                self._forget([record])
                if attempt == TRIES:
                    raise
            except DomainError as refusal:
                raise RecordRefused(file=record.file, line=record.line, reason=refusal.text) from refusal

    def _forget(self, records: Sequence[Record]) -> None:
        for record in records:
            self._shelves.forget(record.item)

    def _replay(self, records: Sequence[Record]) -> None:
        whole = [record for record in records if not record.names_somebody_twice]
        members = members_for(whole, source=self._source)  # ahead, since other processes wait for who makes people
        with transaction.atomic():
            made = self._gather(whole, members) if whole else []
            teams = {record.number: team for record, team in zip(whole, made, strict=True)}
            _insert_records(
                [ImportedRecord(run=self._run, number=one.number, team=teams.get(one.number)) for one in records]
            )
        self._open.extend((closing(one.number), teams[one.number].pk) for one in whole if one.has_failed)

    def _close_due(self, now: datetime) -> None:
        """Fail this process's launches whose hour has passed, and refund everybody: together, or one by one if that is refused."""
        due = []
        while self._open and self._open[0][0] <= now:
            due.append(self._open.popleft()[1])
        while due and fail_all(now, only=due):
            continue

    def _gather(self, records: Sequence[Record], members: dict[str, int]) -> list[Team]:
        """Openers open and pay, the others join and pay; the last payment makes a team, unless somebody is missing."""
        deals = self._shelves.deals_for(records)
        launches = [self._launch(record, deals[record.number], members) for record in records]
        return gather(launches=launches, pickup_point_id=self._point_id, origin=OrderOrigin.REPLAY, actor=ACTOR)

    def _launch(self, record: Record, deal_id: int, members: dict[str, int]) -> Launch:
        key = f"{KIND}:{self._run.pk}:{record.number}"
        return Launch(
            deal_id,
            [
                Comer(members[person], moment(record.number, place), key, f"{key}:{place}")
                for place, person in enumerate(record.people)
            ],
        )


def fail_all(now: datetime, *, only: Sequence[int] | None = None) -> int:
    """Fail launches whose time is over and refund everybody; returns how many were worked on, 0 when none is left."""
    try:
        done = fail_together(now, only=only)
    except (*_BROKEN, DomainError):
        done = 0
    return done or fail_due(now, only=only)
