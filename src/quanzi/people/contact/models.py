"""What a member allows, and what we told them. Consent is off until given, separate by purpose and channel."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Purpose(models.TextChoices):
    DEALS = "deals", _("Deals and new goods")
    CIRCLE = "circle", _("What happens in my circles")
    TEAM_INVITATION = "team_invitation", _("Invitations to buy together")
    SOCIAL_PROOF = "social_proof", _("Let people I know see what I bought and kept")
    RECOMMENDATION = "recommendation", _("Use my ties to recommend goods to me")
    AFFAIRS = "affairs", _("My orders, teams and ties")
    RESTOCK = "restock", _("Goods that I wait for are back")
    SAMPLES = "samples", _("Ask me whether I would try new goods")
    REACH = "reach", _("Tell me how many people I reach")
    LEADING = "leading", _("Ask me whether I would look after a station")
    OFFERS = "offers", _("Offers about what I write, topic by topic")


class Channel(models.TextChoices):
    IN_APP = "in_app", _("In the shop")
    EMAIL = "email", _("E-mail")
    SMS = "sms", _("Text message")
    PUSH = "push", _("Notification")
    NONE = "none", _("Not a message")


class ConsentText(models.Model):
    """The exact words that people agreed to; a new wording is a new version, never an edit."""

    purpose = models.CharField(max_length=20, choices=Purpose.choices)
    version = models.PositiveIntegerField()
    text_zh = models.TextField()
    text_en = models.TextField()
    published_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["purpose", "version"], name="consent_text_version_once")
        ]


class Consent(models.Model):
    """One decision of a member, append-only; the newest for (member, purpose, channel) is in force."""

    member = models.ForeignKey("accounts.Member", on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=20, choices=Purpose.choices)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    granted = models.BooleanField()
    text = models.ForeignKey(ConsentText, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    where = models.CharField(max_length=40, help_text=_("The page on which the person decided"))

    class Meta:
        indexes: ClassVar = [models.Index(fields=["member", "purpose", "channel", "-id"])]


class Permission(models.Model):
    """The decision in force, one row for each (member, purpose, channel); kept by a trigger, checked by doctor."""

    member = models.ForeignKey("accounts.Member", on_delete=models.CASCADE, related_name="permissions")
    purpose = models.CharField(max_length=20, choices=Purpose.choices)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    granted = models.BooleanField()
    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["member", "purpose", "channel"], name="permission_once")
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["purpose", "member"],
                condition=Q(granted=True),
                name="permission_granted",
            )
        ]


class Notice(models.Model):
    """What a member must know about their own affairs (an order, a team, a tie), shown in the shop. Never advertising.

    `kind` names the wording; `params` fills it, so that each reader sees it in their language.
    """

    member = models.ForeignKey("accounts.Member", on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=40)
    params = models.JSONField(default=dict)
    link = models.CharField(max_length=200, blank=True)
    key = models.CharField(max_length=80, help_text=_("Says the same thing once"))
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["member", "key"], name="notice_once")]
        indexes: ClassVar = [models.Index(fields=["member", "-id"])]


class Device(models.Model):
    """A browser that may show notices while the shop is closed: where its push service listens, and the keys to write to it.

    It belongs to one login and goes with it, so that the next person at the device sees nothing.
    """

    member = models.ForeignKey("accounts.Member", on_delete=models.CASCADE, related_name="devices")
    session = models.ForeignKey("accounts.MemberSession", on_delete=models.CASCADE, related_name="+")
    endpoint = models.CharField(max_length=1000, unique=True)
    p256dh = models.CharField(max_length=120, help_text=_("The browser's public key, base64url"))
    auth = models.CharField(max_length=40, help_text=_("The secret of the subscription, base64url"))
    name = models.CharField(max_length=120, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["member"], name="device_of_member")]


class PushState(models.TextChoices):
    WAITING = "waiting"
    SENT = "sent"
    WITHDRAWN = "withdrawn"
    FAILED = "failed"


class Push(models.Model):
    """One notice on its way to one device. A row cannot be written without the member's standing consent (trigger)."""

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="pushes")
    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="pushes")
    purpose = models.CharField(max_length=20, choices=Purpose.choices)
    state = models.CharField(max_length=10, choices=PushState.choices, default=PushState.WAITING)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["notice", "device"], name="push_once"),
            models.CheckConstraint(
                condition=Q(state="waiting", ended_at=None) | (~Q(state="waiting") & Q(ended_at__isnull=False)),
                name="push_ended_when_over",
            ),
        ]
