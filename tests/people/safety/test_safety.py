"""Block, mute, report."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from quanzi.base.audit.models import AuditEntry
from quanzi.base.events.models import Event
from quanzi.kernel import clock
from quanzi.kernel.errors import NotAllowed
from quanzi.people.accounts.models import StaffRole
from quanzi.people.contact.models import Notice
from quanzi.people.safety import errors, queries, services
from quanzi.people.safety.models import Block, Report
from tests.factories.people import make_member, make_staff

pytestmark = pytest.mark.django_db


def test_a_block_is_seen_from_both_sides_and_a_mute_from_one():
    one, other = make_member(), make_member()
    for _ in range(2):
        services.block(member=one, other=other, now=clock.now())
        services.mute(member=one, other=other, now=clock.now())
    assert queries.blocked_ids(one.pk) == {other.pk} and queries.blocked_ids(other.pk) == {one.pk}
    assert queries.muted_ids(one.pk) == {other.pk} and queries.muted_ids(other.pk) == set()
    assert [row.other_id for row in queries.blocks_of(one)] == [other.pk] and queries.blocks_of(other) == []
    assert Event.objects.filter(name="safety.MemberBlocked").count() == 1


def test_taking_a_block_back_leaves_the_others_block():
    one, other = make_member(), make_member()
    services.block(member=one, other=other, now=clock.now())
    services.block(member=other, other=one, now=clock.now())
    services.unblock(member=one, other=other, now=clock.now())
    assert queries.are_blocked(one.pk, other.pk)
    services.unblock(member=other, other=one, now=clock.now())
    assert not queries.are_blocked(one.pk, other.pk)


def test_nobody_blocks_mutes_or_reports_oneself():
    one = make_member()
    for act in (services.block, services.mute):
        with pytest.raises(errors.NotOneself):
            act(member=one, other=one, now=clock.now())
    with pytest.raises(errors.NotOneself):
        services.report(member=one, subject=f"member:{one.pk}", reason="spam", now=clock.now())
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO safety_block (member_id, other_id, made_at) VALUES (%s, %s, now())", [one.pk, one.pk]
        )


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"subject": "order:1"}, errors.UnknownSubject),
        ({"subject": "post:0"}, errors.UnknownSubject),
        ({"subject": "post:１"}, errors.UnknownSubject),
        ({"subject": "post:1; DROP"}, errors.UnknownSubject),
        ({"reason": "boring"}, errors.UnknownReason),
        ({"note": "长" * 501}, errors.NoteTooLong),
    ],
)
def test_a_bad_report_is_refused(change, error):
    with pytest.raises(error):
        services.report(
            **{"member": make_member(), "subject": "post:1", "reason": "spam", "now": clock.now(), **change}
        )
    assert not Report.objects.exists()


def test_a_report_waits_once_and_is_decided_once_by_a_moderator():
    one, moderator = make_member(), make_staff(StaffRole.MODERATOR)
    made = services.report(member=one, subject="post:7", reason="abuse", note=" <b>骂人</b>\u202e ", now=clock.now())
    assert services.report(member=one, subject="post:7", reason="spam", now=clock.now()).pk == made.pk
    services.report(member=make_member(), subject="post:7", reason="abuse", now=clock.now())
    first = queries.open_reports()[0]
    assert (first.id, first.again, first.note) == (made.pk, 1, "<b>骂人</b>")
    for nobody in (one, make_staff(StaffRole.FULFILMENT)):
        with pytest.raises(NotAllowed):
            services.decide_report(report_id=made.pk, moderator=nobody, decision="hidden", now=clock.now())
    with pytest.raises(errors.UnknownDecision):
        services.decide_report(report_id=made.pk, moderator=moderator, decision="shot", now=clock.now())
    services.decide_report(report_id=made.pk, moderator=moderator, decision="hidden", now=clock.now())
    with pytest.raises(errors.AlreadyDecided):
        services.decide_report(report_id=made.pk, moderator=moderator, decision="removed", now=clock.now())
    with pytest.raises(errors.ReportNotFound):
        services.decide_report(report_id=0, moderator=moderator, decision="removed", now=clock.now())
    assert AuditEntry.objects.filter(action="report.decided").count() == 1
    assert list(Notice.objects.filter(kind="report_decided").values_list("member_id", flat=True)) == [one.pk]


def test_the_list_of_reports_takes_the_same_queries_for_one_and_for_twenty(django_assert_num_queries):
    one = make_member()
    for number in range(1, 21):
        services.report(member=one, subject=f"post:{number}", reason="spam", now=clock.now())
        if number in (1, 20):
            with django_assert_num_queries(2):
                assert len(queries.open_reports()) == number


def test_blocks_of_strangers_are_not_listed():
    one, other, third = make_member(), make_member(), make_member()
    Block.objects.create(member=other, other=third, made_at=clock.now())
    assert queries.blocked_ids(one.pk) == set()
