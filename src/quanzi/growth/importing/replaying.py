"""Replaying one record: people, goods, a team opened and joined, each seat paid. All of it in one transaction."""

from __future__ import annotations

from collections import deque
from datetime import datetime

from django.db import IntegrityError, OperationalError, transaction
from django.db.transaction import TransactionManagementError

from quanzi.growth.importing.clock import closing, moment
from quanzi.growth.importing.errors import RecordRefused
from quanzi.growth.importing.log import Record
from quanzi.growth.importing.models import ImportedRecord, ImportRun
from quanzi.growth.importing.stand_ins import ACTOR, KIND, Shelves, members_for
from quanzi.growth.sources.models import Source
from quanzi.kernel.errors import DomainError
from quanzi.people.accounts.models import Member
from quanzi.trade.deals.models import Team
from quanzi.trade.deals.services import fail_due, join_team, open_team
from quanzi.trade.payments.services import pay_offline
from quanzi.trade.sales.models import DeliveryMethod, Order, OrderOrigin

TRIES = 5


class Replayer:
    """Replays the records of one process. Broken records are counted and skipped."""

    def __init__(self, run: ImportRun) -> None:
        assert run.source is not None and run.point_id is not None, "a run has its source and point before it begins"
        self._run = run
        self._source: Source = run.source
        self._point_id: int = run.point_id
        self._shelves = Shelves(run)
        self._open: deque[tuple[datetime, int]] = deque()  # failed launches: when their time is over, their team

    def replay(self, record: Record) -> None:
        """Once: the record's own row says that it happened. Launches whose time is over by then are closed first.

        Raises RecordRefused.
        Two processes may meet the same new person at once; then the database refuses one, which tries again.
        """
        self._close_due(moment(record.number))
        for attempt in range(1, TRIES + 1):
            try:
                with transaction.atomic():
                    team = self._write(record)
                break
            except (IntegrityError, OperationalError, TransactionManagementError):
                self._shelves.forget(record.item)
                if attempt == TRIES:
                    raise
            except DomainError as refusal:
                raise RecordRefused(file=record.file, line=record.line, reason=refusal.text) from refusal
        if record.has_failed and team is not None:
            self._open.append((closing(record.number), team.pk))

    def _close_due(self, now: datetime) -> None:
        """Fail this process's launches whose hour has passed, each in transactions of its own, and refund everybody."""
        due = []
        while self._open and self._open[0][0] <= now:
            due.append(self._open.popleft()[1])
        if due:
            fail_due(now, only=due)

    def _write(self, record: Record) -> Team | None:
        team = None if record.names_somebody_twice else self._gather(record)
        ImportedRecord.objects.create(run=self._run, number=record.number, team=team)
        return team

    def _gather(self, record: Record) -> Team:
        """The opener opens and pays, the others join and pay; the last payment makes the team, unless one is missing."""
        now = moment(record.number)
        members = members_for(record.people, source=self._source, now=now)
        deal_id = self._shelves.deal_for(record.item, team_size=record.team_size, number=record.number, now=now)
        key = f"{KIND}:{self._run.pk}:{record.number}"
        opener = members[record.opener]
        team, order = open_team(
            deal_id=deal_id,
            member=opener,
            method=DeliveryMethod.PICKUP,
            pickup_point_id=self._point_id,
            idempotency_key=key,
            origin=OrderOrigin.REPLAY,
            now=now,
        )
        self._pay(order, opener, record, place=0)
        for place, outside_id in enumerate(record.joiners, start=1):
            _, order = join_team(
                team_code=team.code,
                member=members[outside_id],
                invited_by_id=opener.pk,
                method=DeliveryMethod.PICKUP,
                pickup_point_id=self._point_id,
                idempotency_key=key,
                origin=OrderOrigin.REPLAY,
                now=moment(record.number, place),
            )
            self._pay(order, members[outside_id], record, place=place)
        return team

    def _pay(self, order: Order, member: Member, record: Record, *, place: int) -> None:
        pay_offline(
            payable_kind="order",
            payable_id=order.pk,
            member_id=member.pk,
            reference="",
            actor=ACTOR,
            idempotency_key=f"{KIND}:{self._run.pk}:{record.number}:{place}",
            now=moment(record.number, place),
        )
