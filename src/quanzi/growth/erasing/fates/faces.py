"""Programs that act for members, and what other programs were told."""

from __future__ import annotations

from django.db.models import Q

from quanzi.growth.erasing.fates.vocabulary import Erase, Fate, Gone, Keep

_STAFF = "an act of the staff: it is the shop's"
_TOLD = "numbers and states, forgotten after thirty days"

SHOPS = {
    "webhooks.endpoint": "programs of the merchant",
    "webhooks.message": _TOLD,
    "webhooks.attempt": _TOLD,
    "webhooks.delivery": _TOLD,
    "webhooks.replay": _TOLD,
    "console.checkup": "what the doctor found",
}


def _told_posts(gone: Gone) -> Q:
    """Messages carry the titles of posts."""
    mine = Q(body__contains=f'"author_id":{gone.member_id},') | Q(body__contains=f'"author_id":{gone.member_id}}}')
    return mine & Q(kind__in=("post.published", "experience.published"))


FATES: tuple[Fate, ...] = (
    Keep("webhooks.endpoint", {"made_by": _STAFF}),
    Erase("webhooks.message", _told_posts),
    Keep("webhooks.replay", {"asked_by": _STAFF}),
    Erase("api.apitoken", "member"),
    Erase("api.keptanswer", "member"),
    Erase("api.spentrefresh", "member"),
    Erase("allauth_idp_oidc.token", "user"),
    Erase("allauth_idp_oidc.client", "owner"),
)
