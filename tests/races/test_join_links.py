"""A scarce join link and 64 people at the door."""

from __future__ import annotations

import time

import pytest

from quanzi.community.circles import errors, services
from quanzi.community.circles.models import JoinLink, Membership, MembershipState
from quanzi.community.circles.services import links
from quanzi.kernel import clock
from quanzi.people.accounts.models import Member
from tests.factories.community import make_circle, make_person
from tests.races.conftest import Race

pytestmark = pytest.mark.django_db(transaction=True)
USES, CALLERS = 10, 64


def _crowd() -> tuple[str, int, list[Member]]:
    circle = make_circle(admission="invitation")
    link = services.make_join_link(circle=circle, member=circle.founder, uses=USES, now=clock.now())
    return link.token, circle.pk, [make_person() for _ in range(CALLERS)]


def _join(token: str, circle_id: int, member: Member) -> None:
    circle = JoinLink.objects.select_related("circle").get(token=token).circle
    services.ask_to_join(circle=circle, member=member, token=token, now=clock.now())


def _joined(circle_id: int) -> int:
    return Membership.objects.filter(circle_id=circle_id, state=MembershipState.JOINED, role="member").count()


def test_a_link_for_ten_lets_ten_of_sixty_four_in(race: Race) -> None:
    token, circle_id, people = _crowd()
    outcome = race(lambda number: _join(token, circle_id, people[number]), CALLERS).only(errors.LinkUsedUp)
    assert len(outcome.raised(errors.LinkUsedUp)) == CALLERS - USES
    assert _joined(circle_id) == USES


def test_without_the_conditional_update_more_come_in(race: Race, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: read, decide, then write lets the race happen, so the test above proves something."""

    def unguarded(*, circle: object, token: str, now: object) -> JoinLink:
        link = JoinLink.objects.get(token=token)
        if not link.uses_left:
            raise errors.LinkUsedUp
        time.sleep(0.05)
        JoinLink.objects.filter(pk=link.pk).update(uses_left=link.uses_left - 1)
        return link

    monkeypatch.setattr("quanzi.community.circles.services.door.spend_link", unguarded)
    assert links.spend_link is not unguarded
    token, circle_id, people = _crowd()
    race(lambda number: _join(token, circle_id, people[number]), CALLERS)
    assert _joined(circle_id) > USES
