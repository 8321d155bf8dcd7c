"""Reads of the room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language

from quanzi.people.accounts.models import Member
from quanzi.people.contact.models import Channel, Consent, ConsentText, Device, Notice, Permission, Purpose
from quanzi.people.contact.notices import words_of
from quanzi.people.contact.rules import channels_of
from quanzi.people.contact.wordings.reasons import reason_in_words as reason_in_words

PAGE = 20


@dataclass(frozen=True)
class NoticeRow:
    """One notice in the reader's language."""

    id: int
    kind: str
    icon: str
    title: str
    body: str
    link: str
    created_at: datetime
    is_read: bool


@dataclass(frozen=True)
class ConsentRow:
    """One question of the consent page. version: of the words shown; decided_at: when the decision in force was made,
    None for never asked; agreed_version: of the words it was about, 0 for never asked."""

    purpose: str
    purpose_label: str
    channel: str
    channel_label: str
    text: str
    version: int
    granted: bool
    decided_at: datetime | None
    agreed_version: int


@dataclass(frozen=True)
class DeviceRow:
    """A device that may show notices."""

    id: int
    name: str
    made_at: datetime
    is_current: bool


def notices(member: Member, before_id: int | None = None, limit: int = PAGE) -> list[NoticeRow]:
    """A member's notices, newest first, before the last one of the page above."""
    rows = Notice.objects.filter(member=member).order_by("-id")
    if before_id is not None:
        rows = rows.filter(pk__lt=before_id)
    return [_row(notice) for notice in rows[: max(1, min(limit, 100))]]


def unread_count(member: Member) -> int:
    """How many notices wait, for the badge."""
    return Notice.objects.filter(member=member, read_at=None).count()


def consents(member: Member) -> list[ConsentRow]:
    """Every consent that we ask for, with its wording and what the member decided."""
    is_english = (get_language() or "").startswith("en")
    texts: dict[str, ConsentText] = {text.purpose: text for text in ConsentText.objects.order_by("version")}
    standing = {
        (row.purpose, row.channel): row
        for row in Permission.objects.filter(member=member).select_related("consent__text")
    }
    rows = []
    for purpose in Purpose:
        text = texts.get(purpose)
        for channel in channels_of(purpose):
            found = standing.get((purpose, channel))
            words = (text.text_en if is_english else text.text_zh) if text else ""
            rows.append(
                ConsentRow(
                    purpose.value, str(purpose.label), channel.value, str(Channel(channel).label), words,
                    text.version if text else 0, found.granted if found else False,
                    found.consent.decided_at if found else None, found.consent.text.version if found else 0,
                )
            )  # fmt: skip
    return rows


def devices(member: Member, *, current_key: str = "") -> list[DeviceRow]:
    """Devices that the member switched on, the newest first. current_key: the session that asks."""
    rows = Device.objects.filter(member=member).select_related("session").order_by("-id")
    return [DeviceRow(row.pk, row.name, row.made_at, row.session.session_key == current_key) for row in rows]


def history(member: Member) -> list[Consent]:
    """Every decision a member ever made, newest first, with the wording agreed to."""
    return list(Consent.objects.filter(member=member).select_related("text").order_by("-id"))


def _row(notice: Notice) -> NoticeRow:
    words = words_of(notice.kind, notice.params)
    return NoticeRow(
        notice.pk, notice.kind, words.icon, words.title, words.body, notice.link, notice.created_at,
        notice.read_at is not None,
    )  # fmt: skip
