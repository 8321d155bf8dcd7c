"""The member's own page, and their profile."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from quanzi.faces.storefront.forms import pictures_of, problems
from quanzi.faces.storefront.viewing import member_of, members_only, show
from quanzi.goods.supply.policies import suppliers_of
from quanzi.growth.tastes.queries import speaks_for_goods
from quanzi.kernel import clock
from quanzi.kernel.errors import DomainError, Errors, InvalidInput
from quanzi.people.accounts.models import Member
from quanzi.people.accounts.services import update_profile
from quanzi.people.trust.queries import requests_to
from quanzi.trade.experiences.queries import writable_lines
from quanzi.trade.fulfilment.queries.runs import run_rows
from quanzi.trade.preorders.queries import unsettled_count
from quanzi.trade.sales.queries import group_counts
from quanzi.trade.stores.queries import stores_kept

LANGUAGE_AGE_S = 365 * 24 * 3600


@members_only
@require_safe
def me(request: HttpRequest) -> HttpResponse:
    """Where everything of one's own is found, with what waits for the member first."""
    member = member_of(request)
    context = {
        "orders": group_counts(member_id=member.pk),
        "to_write": len(writable_lines(member.pk, limit=20)),
        "asked": len(requests_to(member)),
        "preorders": unsettled_count(member_id=member.pk, now=clock.now()),
        "suppliers": suppliers_of(member),
        "speaks_for_goods": speaks_for_goods(member.pk),
        "runs": run_rows(driver_id=member.pk, only_open=True, limit=5),
        "keeps_store": (member.is_leader or member.is_staff) and bool(stores_kept(member)),
        "may_use_console": member.is_staff,  # who has not taken the second step is led to it there
    }
    return show(request, "community/me/hub.html", context)


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """What others see: name, picture, a few words; and the language the member reads."""
    member = member_of(request)
    if request.method != "POST":
        return _profile(request, {"name": member.name, "bio": member.bio, "language": member.language})
    sent = {key: request.POST.get(key, "")[:400] for key in ("name", "bio", "language")}
    try:
        saved = _save(request, member, sent)
    except (InvalidInput, Errors) as refused:
        return _profile(request, sent, refusal=refused)
    if saved.language:
        translation.activate(saved.language)
    messages.success(request, gettext("Saved."))
    response = redirect("storefront:me")
    if saved.language:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, saved.language, max_age=LANGUAGE_AGE_S, samesite="Lax", httponly=True,
            secure=request.is_secure(),
        )  # fmt: skip
    return response


def _save(request: HttpRequest, member: Member, sent: dict[str, str]) -> Member:
    now = clock.now()
    pictures = pictures_of(request, "avatar", owner=member, purpose="avatar", most=1, now=now)
    avatar = pictures[0] if pictures else None if request.POST.get("no_avatar") == "on" else member.avatar
    return update_profile(member=member, avatar=avatar, now=now, **sent)


def _profile(request: HttpRequest, sent: dict[str, Any], *, refusal: DomainError | None = None) -> HttpResponse:
    context = {"sent": sent, "problems": problems(refusal), "languages": settings.LANGUAGES}
    return show(request, "community/me/profile.html", context, status=refusal.status if refusal else 200)
