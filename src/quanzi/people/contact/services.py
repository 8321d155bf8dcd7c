"""Writes of the room: consents and notices."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from psycopg.types.json import Jsonb

from quanzi.base import planned
from quanzi.base.events.services import record
from quanzi.base.jobs.services import enqueue
from quanzi.people.accounts.models import Member
from quanzi.people.contact import errors
from quanzi.people.contact.events import ConsentDecided
from quanzi.people.contact.models import Channel, Consent, ConsentText, Notice, Permission, Purpose
from quanzi.people.contact.rules import channels_of
from quanzi.people.contact.wordings import WORDINGS

# The notice, and a letter to each device of a member who allows that: one statement, since every flow of the shop says something.
SAY = """
WITH said AS (
    INSERT INTO contact_notice (member_id, kind, params, link, key, created_at)
    VALUES (%(member)s, %(kind)s, %(params)s, %(link)s, %(key)s, %(now)s::timestamptz)
    ON CONFLICT (member_id, key) DO NOTHING RETURNING id, member_id
), pushed AS (
    INSERT INTO contact_push (notice_id, device_id, purpose, state, made_at)
    SELECT said.id, device.id, %(purpose)s::text, 'waiting', %(now)s FROM said
    JOIN contact_device device ON device.member_id = said.member_id
    JOIN contact_permission allowed ON allowed.member_id = said.member_id
        AND allowed.purpose = %(purpose)s AND allowed.channel = 'push' AND allowed.granted
    RETURNING id
)
SELECT (SELECT id FROM said), coalesce((SELECT array_agg(id) FROM pushed), '{}')
"""


@transaction.atomic
def decide(*, member: Member, purpose: str, channel: str, granted: bool, where: str, now: datetime) -> Consent:
    """Give or withdraw one consent, to the newest published wording; the same decision again adds nothing.

    where: the page on which the person decided. Raises UnknownPurpose, ChannelNotOffered, NoConsentText.
    """
    if purpose not in Purpose.values:
        raise errors.UnknownPurpose(field="purpose")
    if channel not in channels_of(purpose):
        raise errors.ChannelNotOffered(field="channel")
    text = ConsentText.objects.filter(purpose=purpose, published_at__lte=now).order_by("-version").first()
    if text is None:
        raise errors.NoConsentText()
    # Two tabs decide one after the other; the later decision is the newer row.
    Member.objects.select_for_update(no_key=True).get(pk=member.pk)
    newest = Consent.objects.filter(member=member, purpose=purpose, channel=channel).order_by("-id").first()
    if newest is not None and newest.granted == granted and newest.text_id == text.pk:
        return newest
    decided = Consent.objects.create(
        member=member, purpose=purpose, channel=channel, granted=granted, text=text, decided_at=now, where=where[:40]
    )
    record(ConsentDecided(member_id=member.pk, purpose=purpose, channel=channel, granted=granted), now=now)
    return decided


@transaction.atomic
def withdraw_all(*, member: Member, where: str, now: datetime) -> None:
    """Withdraw every consent that stands, each to the wording it was given to."""
    for row in Permission.objects.filter(member=member, granted=True).select_related("consent").order_by("pk"):
        Consent.objects.create(
            member=member, purpose=row.purpose, channel=row.channel, granted=False, text_id=row.consent.text_id, decided_at=now,
            where=where[:40],
        )  # fmt: skip
        record(ConsentDecided(member_id=member.pk, purpose=row.purpose, channel=row.channel, granted=False), now=now)


def allows(member_id: int, purpose: str, channel: str = Channel.NONE) -> bool:
    """Whether the member's consent stands now. Without a decision: no."""
    return Permission.objects.filter(member_id=member_id, purpose=purpose, channel=channel, granted=True).exists()


def allowing(purpose: str, member_ids: Iterable[int], channel: str = Channel.NONE) -> set[int]:
    """Those of the members whose consent stands, in one query."""
    wanted = list(member_ids)
    if not wanted:
        return set()
    rows = Permission.objects.filter(purpose=purpose, channel=channel, granted=True, member_id__in=wanted)
    return set(rows.values_list("member_id", flat=True))


@planned.joined()
def notify(
    *, member_id: int, kind: str, params: Mapping[str, Any], link: str = "", key: str, now: datetime
) -> Notice | None:
    """Tell a member something about their own affairs, once for each key; None when it was said before.

    kind: one of `notices.WORDINGS` (ValueError otherwise); params: plain values that fill its wording.
    """
    if kind not in WORDINGS:
        raise ValueError(f"no wording for the notice {kind}")
    values: dict[str, Any] = {
        "member": member_id, "kind": kind, "params": Jsonb(dict(params)), "link": link, "key": key, "now": now,
        "purpose": WORDINGS[kind].purpose,
    }  # fmt: skip
    [(notice_id, push_ids)] = planned.rows(SAY, values)
    for push_id in push_ids:
        enqueue("contact.push", push_id=push_id)
    if notice_id is None:
        return None
    return Notice(pk=notice_id, member_id=member_id, kind=kind, params=dict(params), link=link, key=key, created_at=now)


@transaction.atomic
def mark_read(*, member: Member, notice_ids: Collection[int] | None = None, now: datetime) -> int:
    """Mark the member's notices as read: those named, or all. Returns how many were unread."""
    unread = Notice.objects.filter(member=member, read_at=None, created_at__lte=now)
    if notice_ids is not None:
        unread = unread.filter(pk__in=notice_ids)
    return unread.update(read_at=now)
