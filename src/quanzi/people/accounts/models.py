"""Members and what identifies them. One member is one person, buyer, leader or staff alike."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import (
    AbstractBaseUser,
    BaseUserManager,
    PermissionsMixin,
)
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from quanzi.kernel.clock import now as clock_now


class StaffRole(models.TextChoices):
    """Least privilege: what a person of the merchant's staff may do. Policies read these, never a name."""

    OWNER = "owner", _("Owner")
    OPERATOR = "operator", _("Operator")
    FULFILMENT = "fulfilment", _("Fulfilment")
    SUPPORT = "support", _("Support")
    FINANCE = "finance", _("Finance")
    MODERATOR = "moderator", _("Moderator")


class MemberManager(BaseUserManager["Member"]):
    def create_user(
        self,
        *,
        name: str,
        email: str | None = None,
        phone: str | None = None,
        password: str | None = None,
        **extra: Any,
    ) -> Member:
        member = self.model(
            name=name,
            email=self.normalize_email(email) if email else None,
            phone=phone or None,
            **extra,
        )
        member.set_password(password)
        member.save(using=self._db)
        return member

    def create_superuser(self, *, name: str, email: str, password: str, **extra: Any) -> Member:
        return self.create_user(
            name=name,
            email=email,
            password=password,
            is_staff=True,
            is_superuser=True,
            staff_role=StaffRole.OWNER,
            **extra,
        )


class Member(AbstractBaseUser, PermissionsMixin):
    """A person. E-mail and phone are optional, but one of them is needed to log in; both unique.

    `is_demo` marks people whom the demo shop made up; pages say so. Count members by `confirmed_at`: before
    it is set, the row is an attempt to sign up, which `forget_attempts` removes after a day.
    """

    name = models.CharField(max_length=40)
    email = models.EmailField(null=True, blank=True)
    phone = models.CharField(
        max_length=20,
        null=True,
        blank=True,
        help_text=_("E.164, for instance +8613800000001"),
    )
    email_verified_at = models.DateTimeField(null=True, blank=True)
    phone_verified_at = models.DateTimeField(null=True, blank=True)
    avatar = models.ForeignKey(
        "media.Picture",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    bio = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=10, blank=True, help_text=_("Empty follows the browser"))
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    staff_role = models.CharField(max_length=20, choices=StaffRole.choices, blank=True)
    is_leader = models.BooleanField(default=False, help_text=_("Runs a pickup point"))
    is_demo = models.BooleanField(default=False)
    joined_at = models.DateTimeField(default=clock_now)
    # Empty while somebody only tried to sign up and has not yet entered the code they were sent.
    confirmed_at = models.DateTimeField(null=True, blank=True, default=clock_now)
    erased_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[MemberManager] = MemberManager()

    staff_locked = False
    """Not a column: set for the caller of a request who has not taken the staff's second step (second_step.py)."""

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("email"), name="member_email_once"),
            models.UniqueConstraint(fields=["email"], name="member_email_names_one"),
            models.UniqueConstraint(fields=["phone"], name="member_phone_once"),
            models.CheckConstraint(condition=Q(name__regex=r"\S"), name="member_has_a_name"),
            models.CheckConstraint(
                condition=Q(phone=None) | Q(phone__regex=r"^\+[1-9]\d{6,14}$"),
                name="member_phone_is_e164",
            ),
            models.CheckConstraint(
                condition=Q(is_staff=False) | ~Q(staff_role=""),
                name="member_staff_has_a_role",
            ),
            models.CheckConstraint(
                condition=Q(erased_at=None) | (Q(email=None) & Q(phone=None)),
                name="member_erased_has_no_contact",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["joined_at", "id"]),
            models.Index(fields=["id"], condition=Q(is_active=False) | Q(erased_at__isnull=False), name="member_gone"),
        ]

    def __str__(self) -> str:
        return self.name


class Address(models.Model):
    """A delivery address. `region_code` is the six-digit division code of the county or district (GB/T 2260)."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="addresses")
    recipient = models.CharField(max_length=40)
    phone = models.CharField(max_length=20)
    region_code = models.CharField(max_length=6)
    region_name = models.CharField(
        max_length=80,
        help_text=_("Province, city and district as the person chose them"),
    )
    detail = models.CharField(max_length=120)
    is_default = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=clock_now)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["member"],
                condition=Q(is_default=True, removed_at=None),
                name="address_one_default",
            ),
            models.CheckConstraint(
                condition=Q(region_code__regex=r"^\d{6}$"),
                name="address_region_is_a_code",
            ),
        ]


class MemberSession(models.Model):
    """A login on a device, so that the person sees it and can end it. `session_key` is Django's session."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="sessions")
    session_key = models.CharField(max_length=40, unique=True)
    device = models.CharField(max_length=120, blank=True)
    ip = models.GenericIPAddressField(null=True)
    created_at = models.DateTimeField(default=clock_now)
    seen_at = models.DateTimeField(default=clock_now)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(seen_at__gte=F("created_at")),
                name="session_seen_after_made",
            )
        ]


class CodesSent(models.Model):
    """How many codes one phone number or e-mail address was sent on one day; the database keeps the limit."""

    LIMIT = 5

    recipient = models.CharField(max_length=254)
    day = models.DateField(help_text=_("The site's calendar day"))
    sent = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["recipient", "day"], name="codes_sent_once_a_day"),
            models.CheckConstraint(condition=Q(sent__lte=5), name="codes_sent_within_limit"),
        ]


class CodeTries(models.Model):
    """How often one code was tried; the database keeps the limit, also against guesses sent side by side.

    `process` is a keyed hash of the browser's session and the code, so neither can be read here.
    """

    LIMIT = 5

    process = models.CharField(max_length=64, unique=True)
    tried = models.PositiveSmallIntegerField(default=0)
    first_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(tried__lte=5), name="code_tries_within_limit"),
        ]


class StaffInvitation(models.Model):
    """Offers somebody a role of the staff, once, by a link. The link is made from `nonce` and a key that is not in the database.

    contact: an e-mail address or a phone number (E.164) that whoever accepts has proved; empty for whoever holds the link.
    """

    class End(models.TextChoices):
        ACCEPTED = "accepted", _("Accepted")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    role = models.CharField(max_length=20, choices=StaffRole.choices)
    contact = models.CharField(max_length=254, blank=True)
    nonce = models.CharField(max_length=32, unique=True)
    made_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_as = models.CharField(max_length=10, choices=End.choices, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(Member, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ended_as="", ended_at=None, accepted_by=None)
                | Q(ended_as="accepted", ended_at__isnull=False, accepted_by__isnull=False)
                | Q(ended_as="withdrawn", ended_at__isnull=False, accepted_by=None),
                name="invitation_ends_one_way",
            ),
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="invitation_expires_later"),
            models.UniqueConstraint(
                fields=["contact"], condition=Q(ended_as="") & ~Q(contact=""), name="invitation_one_open_for_a_contact"
            ),
        ]
