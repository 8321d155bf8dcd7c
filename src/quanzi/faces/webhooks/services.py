"""Endpoints: made, changed, given a new secret, removed; tests and deliveries asked for once more."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import transaction

from quanzi.base.audit.services import write as audit
from quanzi.faces.webhooks import errors, memory, rules
from quanzi.faces.webhooks.kinds import KINDS, TEST
from quanzi.faces.webhooks.models import Delivery, DeliveryState, Endpoint, EndpointState
from quanzi.faces.webhooks.signing import new_seed, secret_of
from quanzi.faces.webhooks.telling import send_soon, write
from quanzi.kernel.errors import DomainError, Errors
from quanzi.people.accounts.models import Member
from quanzi.people.accounts.rules import visible

MOST_ENDPOINTS = 20
DESCRIPTION_LIMIT = 120


def secrets_of(endpoint: Endpoint, *, now: datetime) -> list[str]:
    """The secrets that sign now, the newest first: two of them for a day after it was renewed."""
    seeds = [endpoint.seed]
    if endpoint.old_seed and endpoint.old_until is not None and now < endpoint.old_until:
        seeds.append(endpoint.old_seed)
    return [secret_of(shop_key=settings.SECRET_KEY, seed=seed) for seed in seeds]


@transaction.atomic
def add(*, url: str, kinds: Iterable[str], description: str = "", actor: Member, now: datetime) -> tuple[Endpoint, str]:
    """A new endpoint and its secret, which is shown this once. It hears what happens from a few seconds later on.

    Raises BadEndpointAddress, UnknownKinds, DescriptionTooLong (together, as Errors), TooManyEndpoints.
    """
    url, chosen, description = _read(url, kinds, description)
    Member.objects.select_for_update(no_key=True).get(pk=actor.pk)
    if Endpoint.objects.count() >= MOST_ENDPOINTS:
        raise errors.TooManyEndpoints(most=MOST_ENDPOINTS)
    made = Endpoint.objects.create(
        url=url, kinds=chosen, description=description, seed=new_seed(), made_by=actor, made_at=now
    )
    _heed()
    audit(actor=actor, action="webhook.add", target=_word(made), after={"url": url, "kinds": chosen}, now=now)
    return made, secrets_of(made, now=now)[0]


@transaction.atomic
def change(
    *, endpoint_id: int, url: str, kinds: Iterable[str], description: str, is_on: bool, actor: Member, now: datetime
) -> Endpoint:
    """Change what an endpoint is and hears; switched on, it gets at once what waits for it.

    Raises EndpointNotFound, and as add.
    """
    found = _locked(endpoint_id)
    before = {"url": found.url, "kinds": found.kinds, "state": found.state}
    found.url, found.kinds, found.description = _read(url, kinds, description)
    if not is_on and found.state == EndpointState.ON:
        found.state = EndpointState.OFF
    if is_on and (found.state != EndpointState.ON or found.url != before["url"]):
        found.state, found.fails, found.failing_since, found.rest_until = EndpointState.ON, 0, None, None
        found.deliveries.filter(state=DeliveryState.WAITING).update(due_at=now, first_at=None, tries=0)
    found.save()
    _heed()
    send_soon()
    after = {"url": found.url, "kinds": found.kinds, "state": found.state}
    audit(actor=actor, action="webhook.change", target=_word(found), before=before, after=after, now=now)
    return found


@transaction.atomic
def renew_secret(*, endpoint_id: int, actor: Member, now: datetime) -> tuple[Endpoint, str]:
    """A new secret, shown this once; the one before signs beside it for a day. Raises EndpointNotFound."""
    found = _locked(endpoint_id)
    found.old_seed, found.seed, found.old_until = found.seed, new_seed(), now + rules.OVERLAP
    found.save(update_fields=["old_seed", "seed", "old_until"])
    audit(actor=actor, action="webhook.renew_secret", target=_word(found), now=now)
    return found, secrets_of(found, now=now)[0]


@transaction.atomic
def remove(*, endpoint_id: int, actor: Member, now: datetime) -> None:
    """The endpoint and its log are gone. Raises EndpointNotFound."""
    found = _locked(endpoint_id)
    audit(actor=actor, action="webhook.remove", target=_word(found), before={"url": found.url}, now=now)
    found.delete()
    _heed()


@transaction.atomic
def send_test(*, endpoint_id: int, actor: Member, now: datetime) -> Delivery:
    """Send a message of the kind "webhook.test" to this endpoint alone. Raises EndpointNotFound, EndpointIsOff."""
    found = _locked(endpoint_id)
    if found.state != EndpointState.ON:
        raise errors.EndpointIsOff
    message = write(kind=TEST, data=TEST.checked({"endpoint_id": found.pk}), endpoints=[found], now=now)
    audit(actor=actor, action="webhook.test", target=_word(found), now=now)
    return message.deliveries.get()


@transaction.atomic
def send_again(*, delivery_id: int, actor: Member, now: datetime) -> Delivery:
    """Send a delivery once more, now, whatever became of it: the same bytes under the same webhook-id.

    Raises DeliveryNotFound, EndpointIsOff.
    """
    found = Delivery.objects.select_for_update(of=("self",)).select_related("endpoint").filter(pk=delivery_id).first()
    if found is None:
        raise errors.DeliveryNotFound(days=rules.KEPT.days)
    if found.endpoint.state != EndpointState.ON:
        raise errors.EndpointIsOff
    found.state, found.due_at, found.first_at, found.tries, found.done_at = DeliveryState.WAITING, now, None, 0, None
    found.save(update_fields=["state", "due_at", "first_at", "tries", "done_at"])
    Endpoint.objects.filter(pk=found.endpoint_id).update(rest_until=None)
    send_soon()
    audit(actor=actor, action="webhook.again", target=f"webhook_delivery:{found.pk}", now=now)
    return found


def _read(url: str, kinds: Iterable[str], description: str) -> tuple[str, list[str], str]:
    url, description, wanted = url.strip(), visible(description), set(kinds)
    wrong: list[DomainError] = []
    if not rules.is_good_address(url, inside=settings.WEBHOOKS_INSIDE):
        ports = ", ".join(str(port) for port in rules.PORTS)
        wrong.append(errors.BadEndpointAddress(field="url", most=rules.LONGEST_URL, ports=ports))
    if not wanted or not wanted <= set(KINDS):
        wrong.append(errors.UnknownKinds(field="kinds"))
    if len(description) > DESCRIPTION_LIMIT:
        wrong.append(errors.DescriptionTooLong(field="description", most=DESCRIPTION_LIMIT))
    Errors.raise_any(wrong)
    return url, [name for name in KINDS if name in wanted], description


def _locked(endpoint_id: int) -> Endpoint:
    found = Endpoint.objects.select_for_update().filter(pk=endpoint_id).first()
    if found is None:
        raise errors.EndpointNotFound
    return found


def _heed() -> None:
    """This process at once, and again after the commit: somebody may have looked in between."""
    memory.forget()
    transaction.on_commit(memory.forget)


def _word(endpoint: Endpoint) -> str:
    return f"webhook_endpoint:{endpoint.pk}"
