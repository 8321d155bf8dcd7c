"""Devices that may show notices, and the notices on their way there."""

from __future__ import annotations

import json
from datetime import datetime

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import translation

from quanzi.people.accounts.models import Member, MemberSession
from quanzi.people.contact.errors import BadSubscription, NotAPushService, TooManyDevices
from quanzi.people.contact.models import Channel, Device, Permission, Push, PushState
from quanzi.people.contact.notices import words_of
from quanzi.people.contact.pushing.post import Address, Outcome, are_keys, deliver, is_push_service
from quanzi.people.contact.wordings import WORDINGS

MOST_DEVICES = 10


class TryAgain(Exception):
    """The push service is busy or away; the job comes back."""


@transaction.atomic
def add_device(*, member: Member, session_key: str, endpoint: str, p256dh: str, auth: str, now: datetime) -> Device:
    """Let this browser show notices, for as long as its login lasts; the same browser again is the same device.

    Nothing is sent by this alone: each purpose needs its consent. Raises NotAPushService, BadSubscription, TooManyDevices.
    """
    if len(endpoint) > 1000 or not is_push_service(endpoint, settings.QUANZI_PUSH_SERVICES):
        raise NotAPushService(field="endpoint")
    session = MemberSession.objects.filter(member=member, session_key=session_key).first()
    if session is None or not are_keys(p256dh, auth):
        raise BadSubscription(field="p256dh")
    Member.objects.select_for_update(no_key=True).get(pk=member.pk)
    others = Device.objects.filter(member=member).exclude(endpoint=endpoint)
    if others.count() >= MOST_DEVICES:
        raise TooManyDevices(most=MOST_DEVICES)
    # Whoever used this browser before is not told there any more, nor does a letter to them wait.
    Device.objects.filter(endpoint=endpoint).exclude(member=member).delete()
    fields = {"member": member, "session": session, "p256dh": p256dh, "auth": auth, "name": session.device}
    device, _ = Device.objects.update_or_create(
        endpoint=endpoint, defaults=fields, create_defaults=fields | {"made_at": now}
    )
    return device


def remove_device(*, member: Member, device_id: int) -> bool:
    """No more notices there; returns whether it was one of the member's devices."""
    return Device.objects.filter(member=member, pk=device_id).delete()[0] > 0


def send(*, push_id: int, now: datetime) -> None:
    """Bring one notice to one device, unless the consent or the login ended meanwhile. Raises TryAgain.

    A device that the push service no longer knows is forgotten. Sent twice it shows once: the tag is the notice's.
    """
    push = Push.objects.select_related("notice", "device__session", "device__member").filter(pk=push_id).first()
    if push is None or push.state != PushState.WAITING:
        return
    if not _is_wanted(push, now):
        _end(push, PushState.WITHDRAWN, now)
        return
    device = push.device
    address = Address(device.endpoint, device.p256dh, device.auth)
    outcome = deliver(address, text=_text(push), tag=f"notice-{push.notice_id}", now=now)
    if outcome is Outcome.LATER:
        raise TryAgain
    if outcome is Outcome.GONE:
        device.delete()
    else:
        _end(push, PushState.SENT if outcome is Outcome.SENT else PushState.FAILED, now)


def _is_wanted(push: Push, now: datetime) -> bool:
    """The consent stands, and the device is still logged in as this member."""
    member_id = push.notice.member_id
    allowed = Permission.objects.filter(
        member_id=member_id, purpose=push.purpose, channel=Channel.PUSH, granted=True
    ).exists()
    key = push.device.session.session_key
    return (
        allowed
        and push.device.member_id == member_id
        and Session.objects.filter(session_key=key, expire_date__gt=now).exists()
    )


def _text(push: Push) -> bytes:
    """Title, one line, and the page in this shop, in the member's language."""
    with translation.override(push.device.member.language or settings.LANGUAGE_CODE):
        words = words_of(push.notice.kind, push.notice.params)
    wording = WORDINGS.get(push.notice.kind)
    body = "" if wording is None or wording.is_discreet else words.body
    told = {
        "title": words.title,
        "body": body,
        "link": f"/messages/{push.notice_id}",
        "tag": f"notice-{push.notice_id}",
    }
    return json.dumps(told, ensure_ascii=False).encode()


def _end(push: Push, state: PushState, now: datetime) -> None:
    Push.objects.filter(pk=push.pk).update(state=state, ended_at=now)
