"""Pickup codes are not for guessing: by one person, or for one order, on whatever page."""

from __future__ import annotations

import contextlib
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from quanzi.base.audit.models import AuditEntry
from quanzi.kernel import clock
from quanzi.kernel.clock import Clock
from quanzi.trade.fulfilment import errors, services
from quanzi.trade.fulfilment.models import CodeGuesses, Fulfilment
from tests.factories.people import log_in, make_member, make_staff
from tests.factories.trade import make_paid_order, make_point, open_fulfilment

pytestmark = pytest.mark.django_db


def ready(leader=None) -> Fulfilment:
    found = open_fulfilment(make_paid_order(point=make_point(leader=leader or make_member())))
    return services.make_ready(fulfilment_id=found.pk, actor="test", now=clock.now())


def wrong(found: Fulfilment, person, times: int = 1) -> None:
    for _ in range(times):
        with pytest.raises(errors.WrongCode):
            services.hand_over(fulfilment_id=found.pk, actor_member=person, code="0", now=clock.now())


def test_after_five_wrong_codes_the_right_one_waits_a_quarter_of_an_hour(time: Clock) -> None:
    found, person = ready(), make_staff("fulfilment")
    wrong(found, person, 5)
    with pytest.raises(errors.TooManyGuesses) as told:
        services.hand_over(fulfilment_id=found.pk, actor_member=person, code=found.pickup_code, now=clock.now())
    assert told.value.params["minutes"] == 15
    assert AuditEntry.objects.filter(action="fulfilment.codes_paused", actor_id=person.pk).count() == 2
    later = clock.now() + timedelta(minutes=15)
    services.hand_over(fulfilment_id=found.pk, actor_member=person, code=found.pickup_code, now=later)


def test_an_order_pauses_for_everybody_and_a_person_for_every_order() -> None:
    found, other_order = ready(), ready()
    one, two = make_staff("fulfilment"), make_staff("fulfilment")
    wrong(found, one, 3)
    wrong(found, two, 2)
    with pytest.raises(errors.TooManyGuesses):
        services.hand_over(fulfilment_id=found.pk, actor_member=make_staff("owner"), code="1", now=clock.now())
    wrong(other_order, one, 2)
    with pytest.raises(errors.TooManyGuesses):
        services.hand_over(fulfilment_id=ready().pk, actor_member=one, code="1", now=clock.now())


def test_a_right_code_begins_the_count_again() -> None:
    found, person = ready(), make_staff("fulfilment")
    wrong(found, person, 4)
    services.hand_over(fulfilment_id=found.pk, actor_member=person, code=found.pickup_code, now=clock.now())
    wrong(ready(), person, 4)
    assert not CodeGuesses.objects.filter(paused_until__isnull=False).exists()


def test_the_leaders_page_counts_codes_that_belong_to_nobody_also_when_they_are_only_looked_up() -> None:
    leader = make_member()
    ready(leader)
    client = log_in(Client(headers={"accept-language": "en"}), leader)
    for number in range(3):
        client.post(reverse("storefront:leader"), {"act": "find", "code": f"00000{number}"})
    for number in range(4):
        page = client.get(reverse("storefront:leader"), {"code": f"11111{number}"})
    assert CodeGuesses.objects.get(subject=f"member:{leader.pk}").paused_until is not None
    assert page.status_code in (200, 422, 429)


def test_the_console_remembers_wrong_codes_though_the_act_is_refused() -> None:
    found, person = ready(), make_staff("fulfilment")
    client = log_in(Client(), person)
    for _ in range(5):
        client.post(reverse("console:order_hand_over", args=[found.order.number]), {"code": "0"})
    answer = client.post(reverse("console:order_hand_over", args=[found.order.number]), {"code": found.pickup_code})
    assert answer.status_code == 429


def test_wrong_codes_of_an_hour_ago_are_not_counted_with_those_of_now(time: Clock) -> None:
    found, person = ready(), make_staff("fulfilment")
    wrong(found, person, 4)
    time.move(timedelta(minutes=15))
    wrong(found, person, 4)
    services.hand_over(fulfilment_id=found.pk, actor_member=person, code=found.pickup_code, now=clock.now())


def test_a_right_code_looked_up_does_not_pay_for_more_guesses() -> None:
    leader = make_member()
    found = ready(leader)
    point = found.order.pickup_point
    for _ in range(5):
        assert services.look_up_code(person=leader, point=point, code="999999x", now=clock.now()) is None
        with contextlib.suppress(errors.TooManyGuesses):
            services.look_up_code(person=leader, point=point, code=found.pickup_code, now=clock.now())
    with pytest.raises(errors.TooManyGuesses):
        services.look_up_code(person=leader, point=point, code=found.pickup_code, now=clock.now())
