"""How a program speaks for a member, and what it was answered."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class ApiToken(models.Model):
    """A token is shown once, when it is made; `digest` is all that is kept of it (SHA-256 of 32 random bytes, so no salt)."""

    member = models.ForeignKey("accounts.Member", on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=60, help_text=_("What it is used for"))
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.TextField(help_text=_("What it may be used for, with blanks between"))
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True, help_text=_("Kept to about ten minutes"))
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["member", "-id"], name="api_token_of_member")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(digest__regex=r"^[0-9a-f]{64}$"), name="api_token_digest_is_one"),
        ]

    def __str__(self) -> str:
        return self.name


class KeptAnswer(models.Model):
    """What a write with an Idempotency-Key was answered, for the same request sent again within a day."""

    member = models.ForeignKey("accounts.Member", on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)
    request_digest = models.CharField(max_length=64, help_text=_("Of method, address and body"))
    status = models.PositiveSmallIntegerField(null=True)
    body = models.TextField(blank=True)
    made_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["member", "key"], name="api_answer_once")]

    def __str__(self) -> str:
        return self.key


class SpentRefresh(models.Model):
    """A code or refresh token of an app that was turned over. Whoever shows it again has a copy: all tokens of the two end."""

    digest = models.CharField(max_length=64, primary_key=True)
    client = models.ForeignKey("allauth_idp_oidc.Client", on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey("accounts.Member", on_delete=models.CASCADE, related_name="+")
    spent_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.digest[:8]
