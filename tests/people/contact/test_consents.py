"""Consents: off by default, versioned, one decision a row, edited by nobody."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import Error, connection, transaction
from django.utils import translation

from quanzi.base.doctor import run
from quanzi.base.events.models import Event
from quanzi.kernel import clock
from quanzi.people.contact import errors, queries, services
from quanzi.people.contact.models import Channel, Consent, ConsentText, Permission, Purpose
from quanzi.people.contact.rules import channels_of
from tests.factories.people import make_member

pytestmark = pytest.mark.django_db

ALL = [(purpose, channel) for purpose in Purpose for channel in channels_of(purpose)]


def decide(member, purpose=Purpose.SOCIAL_PROOF, channel=Channel.NONE, granted=True, now=None):
    return services.decide(
        member=member, purpose=purpose, channel=channel, granted=granted, where="/me/consents", now=now or clock.now()
    )


@pytest.mark.parametrize(("purpose", "channel"), ALL)
def test_every_consent_is_off_until_given(purpose, channel):
    member = make_member()
    assert not services.allows(member.pk, purpose, channel)
    assert not any(row.granted for row in queries.consents(member))


@pytest.mark.parametrize(("purpose", "channel"), ALL)
def test_each_consent_stands_alone_and_is_withdrawn_as_easily(purpose, channel):
    member = make_member()
    decide(member, purpose, channel)
    assert [pair for pair in ALL if services.allows(member.pk, *pair)] == [(purpose, channel)]
    decide(member, purpose, channel, granted=False)
    assert not services.allows(member.pk, purpose, channel)
    assert [row.granted for row in queries.history(member)] == [False, True]


def test_the_same_decision_again_adds_nothing():
    member = make_member()
    assert decide(member).pk == decide(member).pk
    assert Consent.objects.count() == 1 and Event.objects.filter(name="contact.ConsentDecided").count() == 1


def test_a_new_wording_is_agreed_to_anew():
    member, now = make_member(), clock.now()
    first = decide(member)
    ConsentText.objects.create(purpose=Purpose.SOCIAL_PROOF, version=2, text_zh="新", text_en="new", published_at=now)
    second = decide(member, now=now + timedelta(seconds=1))
    assert (first.text.version, second.text.version) == (1, 2)


@pytest.mark.parametrize(
    ("purpose", "channel", "error"),
    [
        ("spying", "none", errors.UnknownPurpose),
        (Purpose.SOCIAL_PROOF, Channel.SMS, errors.ChannelNotOffered),
        (Purpose.DEALS, Channel.NONE, errors.ChannelNotOffered),
        (Purpose.DEALS, "pigeon", errors.ChannelNotOffered),
    ],
)
def test_what_is_not_asked_cannot_be_decided(purpose, channel, error):
    with pytest.raises(error):
        decide(make_member(), purpose, channel)
    assert not Consent.objects.exists()


def test_many_people_are_asked_in_one_query(django_assert_num_queries):
    yes, no = make_member(), make_member()
    decide(yes)
    with django_assert_num_queries(1):
        assert services.allowing(Purpose.SOCIAL_PROOF, [yes.pk, no.pk]) == {yes.pk}
    assert services.allowing(Purpose.SOCIAL_PROOF, []) == set()


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE contact_consent SET granted = true",
        "UPDATE contact_consent SET decided_at = now()",
        "DELETE FROM contact_consent",
        "UPDATE contact_permission SET granted = NOT granted",
        "UPDATE contact_consenttext SET text_zh = '同意一切'",
        "DELETE FROM contact_consenttext",
        "INSERT INTO contact_permission (member_id, purpose, channel, granted, consent_id)"
        " SELECT member_id, 'deals', 'sms', true, id FROM contact_consent",
    ],
)
def test_raw_sql_cannot_edit_or_invent_a_consent(sql):
    member = make_member()
    decide(member, granted=False)
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert not services.allows(member.pk, Purpose.SOCIAL_PROOF)


def test_a_decision_written_by_raw_sql_still_moves_the_permission():
    member = make_member()
    made = decide(member)
    with connection.cursor() as cursor:
        cursor.execute(
            'INSERT INTO contact_consent (member_id, purpose, channel, granted, text_id, decided_at, "where")'
            " SELECT member_id, purpose, channel, false, text_id, now(), 'console' FROM contact_consent WHERE id = %s",
            [made.pk],
        )
    assert not services.allows(member.pk, Purpose.SOCIAL_PROOF)


def test_the_doctor_finds_and_repairs_permissions_that_left_their_consent():
    member = make_member()
    decide(member, granted=False)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE contact_permission DISABLE TRIGGER contact_permission_follows")
        Permission.objects.update(granted=True)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE contact_permission ENABLE TRIGGER contact_permission_follows")
    assert run(only=["N1"])[0].violations == 1
    result = run(fix=True, only=["N1"])[0]
    assert (result.violations, result.fixed) == (0, 1)
    assert not services.allows(member.pk, Purpose.SOCIAL_PROOF)


def test_the_consent_page_speaks_the_readers_language():
    member = make_member()
    texts = {}
    for language in ("zh-hans", "en"):
        with translation.override(language):
            texts[language] = {row.text for row in queries.consents(member)}
    assert len(texts["zh-hans"]) == len(texts["en"]) == len(Purpose) and not texts["zh-hans"] & texts["en"]
