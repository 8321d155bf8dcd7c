"""Personal tokens: how a program of a member's own speaks for them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class ApiToken(models.Model):
    """A token is shown once, when it is made; `digest` is all that is kept of it (SHA-256 of 32 random bytes, so no salt)."""

    member = models.ForeignKey("accounts.Member", on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=60, help_text=_("What it is used for"))
    digest = models.CharField(max_length=64, unique=True)
    is_read_only = models.BooleanField(default=False)
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
