"""Other programs are told. They may hear a message twice, under one id; they never miss it."""

from __future__ import annotations

from datetime import timedelta

from quanzi.faces.webhooks import services
from quanzi.faces.webhooks.models import Delivery
from quanzi.faces.webhooks.posting import Outcome, Parcel
from quanzi.faces.webhooks.sending import LEASE, send_due
from quanzi.kernel import clock
from quanzi.people.accounts.models import Member
from tests.crash.plays.play import PLAYS, Facts, Play
from tests.factories.trade import make_staff


def _to_tell() -> Facts:
    owner = make_staff("owner")
    url = f"https://hooks.example.com/{owner.pk}"
    endpoint, _ = services.add(url=url, kinds=["order.placed"], actor=owner, now=clock.now())
    delivery = services.send_test(endpoint_id=endpoint.pk, actor=owner, now=clock.now())
    return {"owner": owner.pk, "endpoint": endpoint.pk, "delivery": delivery.pk}


def _is_heard(parcel: Parcel) -> Outcome:
    return Outcome(status=200, ms=1)


def _send(facts: Facts) -> None:
    """Each time later than what a sender that died had claimed."""
    tries = Delivery.objects.get(pk=facts["delivery"]).tries
    with clock.frozen(clock.now() + 2 * LEASE * tries):
        send_due(send=_is_heard, round_s=0.1)


def _is_told(facts: Facts) -> None:
    delivery = Delivery.objects.get(pk=facts["delivery"])
    assert (delivery.state, delivery.status) == ("delivered", 200)
    assert delivery.attempts.count() == 1
    owner = Member.objects.get(pk=facts["owner"])
    services.remove(endpoint_id=facts["endpoint"], actor=owner, now=clock.now() + timedelta(minutes=1))


PLAYS["webhook"] = Play(_to_tell, _send, _is_told)
