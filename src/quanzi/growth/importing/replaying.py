"""Replaying one record: people, goods, a team opened and joined, each seat paid. All of it in one transaction."""

from __future__ import annotations

from django.db import IntegrityError, OperationalError, transaction
from django.db.transaction import TransactionManagementError

from quanzi.growth.importing.clock import moment
from quanzi.growth.importing.errors import RecordRefused
from quanzi.growth.importing.log import Record
from quanzi.growth.importing.models import ImportedRecord, ImportRun
from quanzi.growth.importing.stand_ins import ACTOR, KIND, Shelves, members_for
from quanzi.growth.sources.models import Source
from quanzi.kernel.errors import DomainError
from quanzi.people.accounts.models import Member
from quanzi.trade.deals.models import Team
from quanzi.trade.deals.services import join_team, open_team
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

    def replay(self, record: Record) -> None:
        """Once: the record's own row says that it happened. Raises RecordRefused.

        Two processes may meet the same new person at once; then the database refuses one, which tries again.
        """
        for attempt in range(1, TRIES + 1):
            try:
                with transaction.atomic():
                    self._write(record)
                return
            except (IntegrityError, OperationalError, TransactionManagementError):
                self._shelves.forget(record.item)
                if attempt == TRIES:
                    raise
            except DomainError as refusal:
                raise RecordRefused(file=record.file, line=record.line, reason=refusal.text) from refusal

    def _write(self, record: Record) -> None:
        team = None if record.names_somebody_twice else self._gather(record)
        ImportedRecord.objects.create(run=self._run, number=record.number, team=team)

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
