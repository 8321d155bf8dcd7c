"""Start, close, ask, expire, refund: against a provider that really answers, or really does not."""

import time
from datetime import timedelta

import pytest

from quanzi.base.audit.models import AuditEntry
from quanzi.base.fetching.lines import Heard, Line
from quanzi.base.ledger.queries import balance
from quanzi.kernel.money import Money
from quanzi.trade.payments import errors, queries, services
from quanzi.trade.payments.models import Notification, Payment, PaymentMove, Refund
from quanzi.trade.payments.tasks import ask_about_waiting

from .conftest import begin, right_now, violations, work

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def captured(things, member, provider, **facts) -> Payment:
    payment = begin(things.add(member, **facts))
    provider.pay(payment)
    return services.sync(payment_id=payment.pk, now=right_now())


def give_back(payment: Payment, amount_minor: int, key: str = "r1", **options) -> Refund:
    return services.refund(
        payment_id=payment.pk,
        amount_minor=amount_minor,
        reason="坏了",
        idempotency_key=key,
        now=right_now(),
        **options,
    )


def test_the_same_key_finds_the_same_payment_and_page(member, things, provider):
    thing = things.add(member)
    facts = {"payable_kind": "thing", "payable_id": thing.id, "provider": "paysim", "member_id": member.pk}
    facts |= {"idempotency_key": "k", "return_url": "http://127.0.0.1:9/back", "now": right_now()}
    first, again = services.start(**facts), services.start(**facts)
    assert first.pay_url.startswith(provider.application.desk.public_url)
    assert (first.payment.pk, first.pay_url) == (again.payment.pk, again.pay_url)
    with pytest.raises(errors.KeyReused):
        services.start(**facts | {"provider": "offline"})


def test_nobody_pays_for_another_member_for_nothing_or_too_late(member, things, provider):
    others = things.add(member)
    others.member_id += 1
    with pytest.raises(errors.NoSuchPayment):
        services.start(
            payable_kind="thing",
            payable_id=others.id,
            provider="paysim",
            member_id=member.pk,
            idempotency_key="k",
            return_url="",
            now=right_now(),
        )
    for facts in ({"is_payable": False}, {"amount": Money(0)}, {"pay_by": right_now()}):
        with pytest.raises(errors.NotPayable):
            begin(things.add(member, **facts))
    with pytest.raises(errors.NoSuchProvider):
        begin(things.add(member), provider="gold")
    assert not Payment.objects.exists()


def test_a_shop_that_switched_the_simulation_off_starts_none(member, things, provider, settings):
    begun = begin(things.add(member))
    settings.PAYMENT_PROVIDERS = ["offline"]
    with pytest.raises(errors.NoSuchProvider):
        begin(things.add(member))
    provider.pay(begun)
    assert services.sync(payment_id=begun.pk, now=right_now()).state == "captured"


def test_a_silent_provider_is_asked_again_under_the_same_number(member, things, provider):
    provider.plan(fail_after={"create": 1})
    with pytest.raises(errors.ProviderSilent):
        begin(things.add(member))
    payment = begin(things.by_id[1])
    assert payment.pay_url
    assert Payment.objects.count() == 1


def test_a_provider_that_is_not_there_is_silence_not_an_error_page(member, things, provider, settings):
    settings.PAYSIM_URL = "http://127.0.0.1:9"
    with pytest.raises(errors.ProviderSilent) as caught:
        begin(things.add(member))
    assert caught.value.status == 503
    assert Payment.objects.get().state == "created"


def test_an_answer_that_the_provider_did_not_sign_is_silence(member, things, provider, monkeypatch):
    def tampered(self, *said, **more):
        return Heard(200, {}, b'{"pay_url": "https://evil.example"}')

    monkeypatch.setattr(Line, "ask", tampered)
    with pytest.raises(errors.ProviderSilent):
        begin(things.add(member))
    assert Payment.objects.get().pay_url == ""


def test_a_lost_notification_is_found_by_asking(member, things, provider):
    payment = begin(things.add(member))
    ask_about_waiting(now=payment.created_at + timedelta(seconds=59))
    assert work() == 0
    provider.pay(payment)
    ask_about_waiting(now=payment.created_at + timedelta(seconds=61))
    assert work() == 1
    payment.refresh_from_db()
    assert payment.state == "captured"
    assert not violations()


def test_it_is_asked_about_at_its_moments_and_at_its_end_only(member, things, provider):
    payment = begin(things.add(member))
    start, asked = payment.created_at, []
    for minute in range(45):
        now = start + timedelta(minutes=minute, seconds=20)
        if queries.due_to_ask(since=now - timedelta(minutes=1), now=now) == [payment.pk]:
            asked.append(minute)
    assert asked == [1, 3, 10, 15, 30]


def test_an_unpaid_payment_is_closed_at_the_provider_when_it_expires(member, things, provider):
    payment = begin(things.add(member), now=right_now() - HOUR)
    assert services.sync(payment_id=payment.pk, now=right_now()).state == "closed"
    trade = provider.application.desk.trade(provider.application.only_merchant(), payment.number)
    assert trade["state"] == "CLOSED"


def test_closing_a_payment_that_was_just_paid_captures_it(member, things, provider):
    payment = begin(things.add(member))
    provider.pay(payment)
    assert services.close(payment_id=payment.pk, now=right_now()).state == "captured"
    assert things.by_id[1].captured == [payment.number]


def test_closing_while_the_provider_is_silent_leaves_it_open(member, things, provider):
    payment = begin(things.add(member))
    provider.plan(fail_before={"close": 1})
    assert services.close(payment_id=payment.pk, now=right_now()).state == "created"
    assert services.close(payment_id=payment.pk, now=right_now()).state == "closed"
    assert services.close(payment_id=payment.pk, now=right_now()).state == "closed"


def test_a_failed_payment_is_over_and_another_may_follow(member, things, provider):
    payment = begin(things.add(member))
    provider.fail(payment)
    assert services.sync(payment_id=payment.pk, now=right_now()).state == "failed"
    other = begin(things.by_id[1], key="again")
    provider.pay(other)
    assert services.sync(payment_id=other.pk, now=right_now()).state == "captured"


def test_a_query_that_tells_another_amount_opens_a_case_and_never_pays(member, things, provider):
    payment = begin(things.add(member))
    provider.pay(payment)
    with provider.application.store.write() as db:
        db.execute("UPDATE trade SET amount = 1")
    for _ in range(2):
        assert services.sync(payment_id=payment.pk, now=right_now()).state == "created"
    assert Notification.objects.get().verdict == "wrong_amount"


def test_each_change_of_state_is_written_down(member, things, provider):
    payment = captured(things, member, provider)
    assert list(PaymentMove.objects.values_list("payment_id", "before", "after")) == [
        (payment.pk, "created", "captured")
    ]


def test_a_refund_is_in_the_books_at_once_and_at_the_provider_by_a_job(member, things, provider):
    payment = captured(things, member, provider)
    refund = give_back(payment, 300)
    payment.refresh_from_db()
    assert (refund.state, payment.refunded_minor, payment.refundable_minor) == ("requested", 300, 950)
    assert not provider.application.store.rows("SELECT 1 FROM refund")
    work()
    refund.refresh_from_db()
    assert refund.state == "done"
    assert things.by_id[1].refunded == [300]
    assert not violations()
    assert balance("cash.paysim") == Money(950)
    assert AuditEntry.objects.filter(action="payments.refund", target=f"refund:{refund.pk}").exists()


def test_the_same_refund_twice_is_one_and_its_notification_repeats_it(member, things, provider):
    payment = captured(things, member, provider)
    assert give_back(payment, 300).pk == give_back(payment, 300).pk
    with pytest.raises(errors.KeyReused):
        give_back(payment, 301)
    work()
    assert provider.notify() == 200
    work()
    assert Notification.objects.get().decision == "repeated"
    assert things.by_id[1].refunded == [300]


@pytest.mark.parametrize("amount", [0, -1, True, 1.5, "12"])
def test_a_refund_needs_a_whole_amount_above_zero(member, things, provider, amount):
    with pytest.raises(errors.RefundNotPositive):
        give_back(captured(things, member, provider), amount)


def test_more_than_what_is_left_is_refused(member, things, provider):
    payment = captured(things, member, provider)
    give_back(payment, 1000, "a")
    with pytest.raises(errors.RefundTooLarge) as caught:
        give_back(payment, 251, "b")
    assert caught.value.params == {"left": "2.50"}
    unpaid = begin(things.add(member))
    with pytest.raises(errors.NotCaptured):
        give_back(unpaid, 1, "c")


def test_an_answer_lost_after_the_refund_was_made_does_not_refund_twice(member, things, provider):
    payment = captured(things, member, provider)
    provider.plan(fail_after={"refund": 1})
    refund = give_back(payment, 300)
    work()
    refund.refresh_from_db()
    assert (refund.state, refund.attempts) == ("unknown", 1)
    work(after=timedelta(minutes=1))
    refund.refresh_from_db()
    assert (refund.state, refund.attempts, things.by_id[1].refunded) == ("done", 2, [300])
    assert len(provider.application.store.rows("SELECT 1 FROM refund")) == 1


def test_an_answer_that_comes_too_late_is_asked_for_before_sending_again(member, things, provider, monkeypatch):
    """The provider did it and answered when nobody listened any more: one refund, under one number."""
    from quanzi.trade.payments.providers import get

    payment = captured(things, member, provider)
    way, asked = get("paysim"), []
    patient = way.line
    refund = give_back(payment, 300)
    monkeypatch.setattr(way, "line", Line(seconds=0.3))
    provider.plan(slow_s={"refund": 1.0})
    work()
    refund.refresh_from_db()
    assert (refund.state, refund.attempts) == ("unknown", 1)
    time.sleep(1.2)
    provider.plan()
    monkeypatch.setattr(way, "line", patient)
    send = way.refund
    monkeypatch.setattr(way, "refund", lambda order: asked.append(order.number) or send(order), raising=False)
    work(timedelta(hours=1))
    refund.refresh_from_db()
    assert (refund.state, asked) == ("done", [])
    assert not violations()


def test_two_refunds_within_a_minute_wait_for_each_other(member, things, provider):
    payment = captured(things, member, provider)
    provider.plan(refund_gap_s=1.5)
    for key in ("a", "b"):
        give_back(payment, 100, key)
    work()
    assert sorted(Refund.objects.values_list("state", flat=True)) == ["done", "unknown"]
    time.sleep(1.6)
    work(after=timedelta(minutes=1))
    assert set(Refund.objects.values_list("state", flat=True)) == {"done"}
    assert not violations()


def test_a_refund_that_the_provider_refuses_for_good_is_reversed_in_the_books(member, things, provider):
    payment = captured(things, member, provider)
    provider.plan(refund_fails=1)
    refund = give_back(payment, 300)
    work()
    refund.refresh_from_db(), payment.refresh_from_db()
    assert (refund.state, payment.refunded_minor) == ("failed", 0)
    assert not violations()
    assert balance("cash.paysim") == Money(1250)
    assert queries.attention().failed_refunds == 1
    assert things.by_id[1].refunded == []


def test_the_limits_of_the_provider_are_checked_before_anything_is_promised(member, things, provider):
    payment = captured(things, member, provider)
    for index in range(50):
        give_back(payment, 1, f"k{index}")
    with pytest.raises(errors.TooManyRefunds):
        give_back(payment, 1, "one more")
    with pytest.raises(errors.RefundTooLate):
        later = right_now() + timedelta(days=366)
        other = captured(things, member, provider)
        services.refund(payment_id=other.pk, amount_minor=1, reason="", idempotency_key="late", now=later)


def test_a_refund_may_be_borne_by_another_account(member, things, provider):
    payment = captured(things, member, provider)
    give_back(payment, 300, debit_account="cost.refund_after_release")
    assert not violations()
    assert (balance("cost.refund_after_release"), balance("escrow.buyers")) == (Money(300), Money(1250))


def test_the_bill_of_the_day_agrees_and_each_difference_is_found(member, things, provider):
    from quanzi.kernel import clock

    payment = captured(things, member, provider)
    give_back(payment, 300)
    work()
    day = clock.today(right_now())
    assert queries.bill_differences(provider="paysim", day=day) == []
    with provider.application.store.write() as db:
        db.execute("UPDATE capture SET amount = amount + 1")
        db.execute("DELETE FROM refund")
    found = queries.bill_differences(provider="paysim", day=day)
    assert {(one.kind, one.ours, one.theirs) for one in found} == {
        ("capture", Money(1250), Money(1251)),
        ("refund", Money(300), None),
    }
    totals = queries.day_totals(day)
    assert [(one.captured, one.refunded) for one in totals] == [(Money(1250), Money(300))]


def test_cash_is_confirmed_once_by_a_person_and_paid_back_at_once(member, things):
    thing = things.add(member)
    payment = begin(thing, provider="offline")
    for _ in range(2):
        done = services.capture_offline(payment_id=payment.pk, reference="", actor="staff:0", now=right_now())
    assert (done.state, thing.captured) == ("captured", [payment.number])
    assert AuditEntry.objects.filter(action="payments.capture_offline").exists()
    assert give_back(payment, 250).state == "done"
    assert thing.refunded == [250]
    assert not violations()
    assert balance("cash.offline") == Money(1000)


def test_only_offline_payments_are_confirmed_by_hand(member, things, provider):
    payment = begin(things.add(member))
    with pytest.raises(errors.OnlyOffline):
        services.capture_offline(payment_id=payment.pk, reference="x", actor="staff:0", now=right_now())
    closed = begin(things.add(member), provider="offline")
    services.close(payment_id=closed.pk, now=right_now())
    with pytest.raises(errors.NotPayable):
        services.capture_offline(payment_id=closed.pk, reference="x", actor="staff:0", now=right_now())


def test_an_offline_capture_takes_few_queries(member, things, django_assert_max_num_queries):
    things.add(member), things.add(member)
    first = begin(things.by_id[1], provider="offline")
    services.capture_offline(payment_id=first.pk, reference="", actor="replay", now=right_now())
    with django_assert_max_num_queries(7):
        second = begin(things.by_id[2], provider="offline")
    with django_assert_max_num_queries(13):
        services.capture_offline(payment_id=second.pk, reference="", actor="replay", now=right_now())
    with django_assert_max_num_queries(9):
        third = in_hand(things.add(member))
    with django_assert_max_num_queries(12):
        give_back(third, 1250)


def in_hand(thing, key: str = "in hand", **options) -> Payment:
    facts = {"reference": "", "actor": "replay", "now": right_now()} | options
    return services.pay_offline(
        payable_kind="thing", payable_id=thing.id, member_id=thing.member_id, idempotency_key=key, **facts
    )


def test_money_in_hand_is_taken_in_one_step_and_once(member, things):
    thing = things.add(member)
    payment = in_hand(thing, actor="staff:0", reference="receipt 7")
    assert in_hand(thing).pk == payment.pk
    assert thing.captured == [payment.number]
    with pytest.raises(errors.NotPayable):
        in_hand(thing, "another")
    with pytest.raises(errors.KeyReused):
        in_hand(things.add(member))
    assert AuditEntry.objects.filter(action="payments.capture_offline", target=f"payment:{payment.pk}").count() == 1
    unwanted = things.add(member, is_wanted=False)
    back = in_hand(unwanted, "unwanted")
    assert (back.surplus, back.refunded_minor) == (True, 1250)
    assert not violations()
