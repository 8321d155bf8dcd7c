"""Notices: said once, in the reader's language, to their owner only."""

from __future__ import annotations

import string

import pytest
from django.utils import translation

from quanzi.kernel import clock
from quanzi.people.contact import queries, services
from quanzi.people.contact.models import Notice
from quanzi.people.contact.notices import words_of
from quanzi.people.contact.wordings import WORDINGS
from tests.factories.people import make_member

pytestmark = pytest.mark.django_db


def tell(member, key="order:1", kind="order_paid", **params):
    given = {"number": "261121-7K3QX9", "amount": "¥12.50"} | params
    return services.notify(member_id=member.pk, kind=kind, params=given, link="/o/1", key=key, now=clock.now())


def test_the_same_thing_is_said_once():
    member = make_member()
    assert tell(member) is not None
    assert tell(member) is None
    assert Notice.objects.count() == 1


def test_a_notice_is_read_in_the_readers_language():
    member = make_member()
    tell(member)
    said = {}
    for language in ("zh-hans", "en"):
        with translation.override(language):
            said[language] = queries.notices(member)[0]
    assert said["en"].title == "Order 261121-7K3QX9 is paid"
    assert "261121-7K3QX9" in said["zh-hans"].title


def test_a_reason_of_the_programs_own_is_told_in_words_and_a_persons_as_it_was_written():
    with translation.override("en"):
        assert words_of("order_refunded", {"reason": "lot_recalled"}).body == "Reason: the lot was recalled"
        assert words_of("order_refunded", {"reason": "two were soft"}).body == "Reason: two were soft"


def test_a_kind_without_wording_is_a_mistake_of_the_program():
    with pytest.raises(ValueError):
        tell(make_member(), kind="surprise")


def test_a_notice_whose_kind_was_forgotten_or_whose_values_are_missing_still_shows():
    assert words_of("old_kind", {}).title == "old_kind"
    with translation.override("en"):
        assert words_of("order_paid", {}).title == "Order {number} is paid"


def test_no_wording_looks_into_its_values():
    for wording in WORDINGS.values():
        for text in (wording.title, wording.body):
            names = [name for _, name, _, _ in string.Formatter().parse(text) if name is not None]
            assert all(name.isidentifier() for name in names)


def test_notices_come_in_pages_newest_first_with_few_queries(django_assert_num_queries):
    member = make_member()
    for number in range(25):
        tell(member, key=f"order:{number}")
    with django_assert_num_queries(1):
        first = queries.notices(member)
    second = queries.notices(member, before_id=first[-1].id)
    assert (len(first), len(second)) == (20, 5)
    assert [row.id for row in first + second] == sorted((row.id for row in first + second), reverse=True)


def test_reading_marks_ones_own_notices_only():
    member, other = make_member(), make_member()
    mine, theirs = tell(member), tell(other)
    assert queries.unread_count(member) == 1
    assert services.mark_read(member=member, notice_ids=[mine.pk, theirs.pk], now=clock.now()) == 1
    assert (queries.unread_count(member), queries.unread_count(other)) == (0, 1)
    assert services.mark_read(member=other, now=clock.now()) == 1
