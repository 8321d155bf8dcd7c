"""Events are delivered at least once and applied once, in order per key; a failure stays with its consumer."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from quanzi.base import doctor
from quanzi.base.events import queries
from quanzi.base.events.delivery import LONGEST_RETRY, backoff
from quanzi.base.events.events import DomainEvent, class_of
from quanzi.base.events.models import Delivery, Event
from quanzi.base.events.registry import react_to
from quanzi.base.events.services import RecordedOutsideTransaction, deliver_pending, record
from quanzi.base.ledger import chart
from quanzi.base.ledger.models import Account, Transaction
from quanzi.base.ledger.services import account
from quanzi.kernel import clock

from .conftest import NOW, Rung, ring

pytestmark = pytest.mark.django_db(transaction=True)

LATER = timedelta(hours=2)


def test_an_event_reaches_each_consumer_once_with_its_values(react):
    seen = []
    react("left.hears", lambda event, *, now: seen.append(("left", event, now)))
    react("right.hears", lambda event, *, now: seen.append(("right", event, now)))
    event = Rung(number=1, bell="big", at=NOW, tones=(1, 5))
    with transaction.atomic():
        record(event, now=NOW)
    assert deliver_pending(now=NOW) == 1
    assert deliver_pending(now=NOW + LATER) == 0
    assert seen == [("left", event, NOW), ("right", event, NOW)]
    assert Event.objects.get().delivered_at == NOW


def test_an_event_that_nobody_answers_is_delivered_when_it_is_stored():
    ring(1)
    assert Event.objects.get().delivered_at == NOW
    assert deliver_pending(now=NOW) == 0


def test_a_consumer_is_spared_what_it_has_nothing_to_do_with(react):
    heard = []
    react("test.hear", lambda event, *, now: heard.append(event.number), unless=lambda event: event.number > 1)
    for number in (1, 2):
        ring(number)
    assert [event.delivered_at for event in Event.objects.order_by("id")] == [None, NOW]
    assert deliver_pending(now=NOW) == 1
    assert heard == [1]


def test_what_waits_already_is_spared_as_well(react):
    heard = []
    react("test.hear", lambda event, *, now: heard.append(event.number))
    react("test.listen", lambda event, *, now: heard.append(-event.number), unless=lambda event: event.number > 1)
    ring(2)
    assert deliver_pending(now=NOW) == 1
    assert heard == [2]


def test_an_event_is_rolled_back_with_its_change(react):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        record(Rung(number=1), now=NOW)
        raise ZeroDivisionError
    assert not Event.objects.exists()


def test_an_event_cannot_be_recorded_without_a_change():
    with pytest.raises(RecordedOutsideTransaction):
        record(Rung(number=1), now=NOW)


def test_the_clock_dates_an_event_when_nobody_else_does():
    with clock.frozen(NOW), transaction.atomic():
        assert record(Rung(number=1)).occurred_at == NOW


def test_a_crashing_reaction_leaves_nothing_and_is_tried_again_until_it_works(react):
    weather = {"broken": True}

    def moody(event: Rung, *, now: object) -> None:
        account(chart.cash("moody"))
        if weather["broken"]:
            raise RuntimeError("the line is down\nsecret of row 7")

    react("moody.answers", moody)
    ring(1)
    assert deliver_pending(now=NOW) == 0
    assert not Account.objects.exists(), "what the reaction wrote before it crashed is gone"
    row = Delivery.objects.get()
    assert (row.attempts, row.applied_at) == (1, None)
    assert row.last_error == "RuntimeError: the line is down"
    assert row.next_attempt_at == NOW + backoff(1)

    assert deliver_pending(now=NOW) == 0, "not before its time"
    assert Delivery.objects.get().attempts == 1
    weather["broken"] = False
    assert deliver_pending(now=NOW + backoff(1)) == 1
    assert Delivery.objects.get().attempts == 2
    assert Account.objects.count() == 1


def test_poison_stays_with_its_consumer_while_all_others_go_on(react):
    heard = []
    react("poison.fails", lambda event, *, now: 1 / 0)
    react("sound.hears", lambda event, *, now: heard.append(event.number))
    for number in range(5):
        ring(number)
    deliver_pending(now=NOW)
    deliver_pending(now=NOW + LATER)
    assert heard == [0, 1, 2, 3, 4]
    assert set(Delivery.objects.filter(consumer="poison.fails").values_list("attempts", flat=True)) == {2}


def test_events_of_one_key_are_applied_in_order_and_wait_for_the_one_that_failed(react):
    heard, also = {}, {}  # as dicts: what was taken back with a failure may be heard again, its effect counts once
    trouble = {2}

    def picky(event: Rung, *, now: object) -> None:
        if event.number in trouble:
            raise RuntimeError
        heard[event.bell, event.number] = True

    react("picky.hears", picky)
    react("calm.hears", lambda event, *, now: also.setdefault(event.number))
    for number in (1, 2, 3, 4):
        ring(number, bell="big")
    ring(9, bell="small")
    deliver_pending(now=NOW)
    assert list(heard) == [("big", 1), ("small", 9)], "3 and 4 wait for 2, another bell does not"
    assert list(also) == [1, 2, 3, 4, 9], "another consumer does not wait"
    trouble.clear()
    deliver_pending(now=NOW + LATER)
    assert list(heard) == [("big", 1), ("small", 9), ("big", 2), ("big", 3), ("big", 4)]
    assert not Event.objects.filter(delivered_at=None).exists()


def test_a_reaction_refused_at_commit_fails_alone(react):
    """What a deferred constraint refuses shows only at commit; the other consumer still gets its event."""
    account("cash.bank"), account("equity.opening")

    def unbalanced(event: Rung, *, now: object) -> None:
        Transaction.objects.create(key=f"bad-{event.number}", kind="x", occurred_at=NOW, posted_at=NOW)

    heard = []
    react("bad.books", unbalanced)
    react("good.hears", lambda event, *, now: heard.append(event.number) or account("cash.good"))
    ring(1)
    assert deliver_pending(now=NOW) == 0
    rows = {row.consumer: row for row in Delivery.objects.all()}
    assert rows["good.hears"].applied_at == NOW and rows["good.hears"].attempts == 1
    assert rows["bad.books"].applied_at is None and "fewer than two entries" in rows["bad.books"].last_error
    assert not Transaction.objects.exists() and Account.objects.filter(code="cash.good").exists()


def test_a_delivery_is_recorded_once_per_consumer_by_the_database(react):
    react("left.hears", lambda event, *, now: None)
    event = ring(1)
    deliver_pending(now=NOW)
    with pytest.raises(IntegrityError):
        Delivery.objects.create(event=event, consumer="left.hears")


@pytest.mark.parametrize("change", ["payload = '{}'", "name = 'other.Event'", "occurred_at = now()", "key = 'x'"])
def test_what_was_announced_cannot_be_rewritten(change):
    ring(1)
    with pytest.raises(IntegrityError, match="keeps its name"), connection.cursor() as cursor:
        cursor.execute(f"UPDATE events_event SET {change}")


def test_a_payload_from_an_older_version_is_still_read():
    assert Rung.from_payload({"number": 3, "volume": "gone since"}) == Rung(number=3)


def test_an_event_carries_plain_values_only():
    with pytest.raises(TypeError, match="plain"):
        Rung(number=object()).payload()


def test_events_are_named_after_their_room_and_names_are_unique():
    assert Rung.name.endswith(".Rung") and class_of(Rung.name) is Rung
    assert class_of("nobody.Knows") is None
    with pytest.raises(TypeError, match="two events"):
        type("Rung", (DomainEvent,), {"__module__": f"elsewhere.{Rung.__module__.rsplit('.', 1)[-1]}"})


def test_a_consumer_answers_an_event_with_one_function_only(react):
    react("left.hears", print)
    with pytest.raises(ValueError, match="already"):
        react_to(Rung, consumer="left.hears")(repr)


def test_waiting_doubles_up_to_an_hour():
    waits = [backoff(attempts) for attempts in range(1, 40)]
    assert waits[0] == timedelta(seconds=2) and waits[1] == timedelta(seconds=4)
    assert waits == sorted(waits) and waits[-1] == LONGEST_RETRY


def test_the_backlog_tells_failing_events_from_a_standstill(react):
    react("poison.fails", lambda event, *, now: 1 / 0)
    ring(1)
    assert queries.backlog(now=NOW + LATER) == queries.Backlog(1, 0, LATER)
    deliver_pending(now=NOW)
    assert queries.backlog(now=NOW + LATER) == queries.Backlog(1, 1, timedelta())


def test_the_doctor_finds_stuck_events_and_delivers_them_once_the_cause_is_gone(react):
    weather = {"broken": True}

    def moody(event: Rung, *, now: object) -> None:
        if weather["broken"]:
            raise RuntimeError

    react("moody.answers", moody)
    ring(1)
    with clock.frozen(NOW) as hands:
        for _ in range(6):
            deliver_pending(now=hands.move(LATER))
        assert "stuck" in doctor.run(only=["K2"])[0].sample[0]["problem"]
        assert not doctor.run(fix=True, only=["K2"])[0].is_well
        weather["broken"] = False
        assert doctor.run(fix=True, only=["K2"])[0] == doctor.Result(
            "K2", "Each event is applied exactly once by each of its consumers", 0, (), 1, can_fix=True
        )


def test_the_doctor_finds_an_event_marked_delivered_without_having_been_applied(react):
    react("poison.fails", lambda event, *, now: 1 / 0)
    ring(1)
    deliver_pending(now=NOW)
    Event.objects.update(delivered_at=NOW)
    assert doctor.run(only=["K2"])[0].sample[0]["problem"] == "delivered but not applied"


def test_the_doctor_finds_events_that_nobody_delivers(react):
    react("test.hear", lambda event, *, now: None)
    ring(1)
    with clock.frozen(NOW + LATER):
        assert doctor.run(only=["K2"])[0].sample[0]["problem"] == "nobody has delivered it"
