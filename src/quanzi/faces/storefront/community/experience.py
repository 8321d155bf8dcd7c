"""Telling how goods that one kept turned out."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from quanzi.community.circles.queries import circle_by_slug, my_circles
from quanzi.faces.storefront.forms import pictures_of, problems
from quanzi.faces.storefront.viewing import id_in, member_of, members_only, show
from quanzi.kernel import clock
from quanzi.kernel.errors import DomainError, InvalidInput, NotFound
from quanzi.people.accounts.models import Member
from quanzi.people.contact.models import Channel, Purpose
from quanzi.people.contact.services import allows, decide
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
    try:
        made = _write(request, me, line)
    except InvalidInput as refused:
        return _form(request, me, line, refusal=refused)
    messages.success(request, gettext("Thank you. People who know you will see it first."))
    return redirect("storefront:post", post_id=made.post_id)


def _form(request: HttpRequest, me: Member, line: OrderLine, *, refusal: DomainError | None = None) -> HttpResponse:
    context: dict[str, Any] = {
        "line": line,
        "places": [(card.slug, card.name) for card in my_circles(me)],
        "sent": {key: request.POST.get(key, "") for key in ("title", "body", "circle", "stars")},
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
        pictures=pictures_of(request, "pictures", owner=me, purpose="post", now=now), now=now,
    )  # fmt: skip
    if request.POST.get("social_proof") == "on":
        decide(member=me, purpose=Purpose.SOCIAL_PROOF, channel=Channel.NONE, granted=True, where="experience", now=now)
    return made
