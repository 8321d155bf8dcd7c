"""Telling how goods that one kept turned out."""

from __future__ import annotations

from datetime import timedelta
from math import ceil
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from quanzi.community.circles.queries import circle_by_slug, my_circles
from quanzi.faces.storefront.forms import FILM_FIELDS, film_limits, film_of, pictures_of, problems
from quanzi.faces.storefront.viewing import id_in, member_of, members_only, show
from quanzi.kernel import clock
from quanzi.kernel.errors import DomainError, InvalidInput, NotFound
from quanzi.people.accounts.models import Member
from quanzi.people.contact.models import Channel, Purpose
from quanzi.people.contact.services import allows, decide
from quanzi.trade.aftersales.queries import draft_of, help_speed
from quanzi.trade.aftersales.rules import HELP_WITHIN, TOO_FEW
from quanzi.trade.aftersales.services import ask_help
from quanzi.trade.experiences.models import Experience
from quanzi.trade.experiences.services import write_experience
from quanzi.trade.sales.models import OrderLine


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def experience(request: HttpRequest, line_id: int) -> HttpResponse:
    """One experience for each kept order line. Whether people one knows may see the purchase is asked apart, unticked."""
    me = member_of(request)
    line = OrderLine.objects.select_related("product", "order").filter(pk=line_id, member=me).first()
    if line is None:
        raise NotFound
    written = Experience.objects.filter(line=line).first()
    if written is not None:
        return redirect("storefront:post", post_id=written.post_id)
    if request.method != "POST":
        return _form(request, me, line)
    if request.POST.get("act") == "help":
        return _help(request, me, line)
    try:
        made = _write(request, me, line)
    except InvalidInput as refused:
        return _form(request, me, line, refusal=refused)
    messages.success(request, gettext("Thank you. People who know you will see it first."))
    return redirect("storefront:post", post_id=made.post_id)


def _help(request: HttpRequest, me: Member, line: OrderLine) -> HttpResponse:
    """A person of the shop is asked; what was written so far is kept for later."""
    sent, stars = request.POST, request.POST.get("stars", "")
    try:
        made = ask_help(
            line_id=line.pk, member=me, words=sent.get("help", "")[:2_000] or sent.get("title", "")[:500],
            stars=id_in(stars) if stars else None, title=sent.get("title", "")[:500], body=sent.get("body", "")[:20_000], now=clock.now(),
        )  # fmt: skip
    except DomainError as refused:
        return _form(request, me, line, refusal=refused)
    hours = int((made.promised_by - made.asked_at).total_seconds() // 3600)
    messages.success(
        request,
        gettext(
            "Asked. A person answers you within %(hours)d hours. What you wrote is kept; publish it whenever you like."
        )
        % {"hours": hours},
    )
    return redirect("storefront:order", number=line.order.number)


def _form(request: HttpRequest, me: Member, line: OrderLine, *, refusal: DomainError | None = None) -> HttpResponse:
    now = clock.now()
    speed, draft = help_speed(since=now - timedelta(days=90), now=now), draft_of(line.pk, member_id=me.pk)
    kept = {"title": draft.title, "body": draft.body, "stars": str(draft.stars or "")} if draft else {}
    context: dict[str, Any] = {
        "line": line,
        "hours": int(HELP_WITHIN.total_seconds() // 3600),
        "speed": speed,
        "half_hours": ceil(speed.half_within.total_seconds() / 3600) if speed.half_within else 0,
        "too_few": TOO_FEW,
        "asked": draft,
        "places": [(card.slug, card.name) for card in my_circles(me)],
        "sent": {
            key: request.POST.get(key, kept.get(key, ""))
            for key in ("title", "body", "circle", "stars", "help", *FILM_FIELDS)
        },
        "film_limits": film_limits(),
        "problems": problems(refusal),
        "asks_consent": not allows(me.pk, Purpose.SOCIAL_PROOF, Channel.NONE),
    }
    return show(request, "community/experience.html", context, status=refusal.status if refusal else 200)


def _write(request: HttpRequest, me: Member, line: OrderLine) -> Experience:
    now = clock.now()
    slug = request.POST.get("circle", "")
    circle = circle_by_slug(slug) if slug else None
    if slug and circle is None:
        raise NotFound  # words meant for a circle that is gone must not become public
    stars = request.POST.get("stars", "")
    made = write_experience(
        member=me, line_id=line.pk, title=request.POST.get("title", "")[:500], body=request.POST.get("body", "")[:20_000],
        stars=(id_in(stars) or 0) if stars else None, circle=circle,
        pictures=pictures_of(request, "pictures", owner=me, purpose="post", now=now),
        film=film_of(request, owner=me, now=now), now=now,
    )  # fmt: skip
    if request.POST.get("social_proof") == "on":
        decide(member=me, purpose=Purpose.SOCIAL_PROOF, channel=Channel.NONE, granted=True, where="experience", now=now)
    return made
