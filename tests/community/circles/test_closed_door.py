"""What was written behind a closed door stays behind it."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from quanzi.community.circles.errors import DoorStaysClosed
from quanzi.community.circles.models import Circle
from quanzi.community.circles.services import answer_request, ask_to_join, update_circle
from quanzi.kernel import clock
from tests.factories.community import make_circle
from tests.factories.people import make_member

pytestmark = pytest.mark.django_db


def joined_circle() -> Circle:
    circle = make_circle(admission="question", question="住几号楼")
    place = ask_to_join(circle=circle, member=make_member(), answer="3 号", now=clock.now())
    answer_request(membership_id=place.pk, moderator=circle.founder, accept=True, reason="", now=clock.now())
    return circle


def change(circle: Circle, **changes: object) -> Circle:
    return update_circle(circle=circle, moderator=circle.founder, changes=changes, now=clock.now())


def test_a_circle_that_others_joined_behind_a_closed_door_is_not_opened() -> None:
    circle = joined_circle()
    with pytest.raises(DoorStaysClosed):
        change(circle, admission="open")
    with pytest.raises(IntegrityError), transaction.atomic():
        Circle.objects.filter(pk=circle.pk).update(admission="open")


def test_one_closed_door_becomes_another_and_an_open_one_is_closed() -> None:
    assert change(joined_circle(), admission="invitation").admission == "invitation"
    assert change(make_circle(), admission="invitation").admission == "invitation"


def test_a_founder_who_is_still_alone_may_open_it() -> None:
    assert change(make_circle(admission="question", question="谁"), admission="open").admission == "open"
