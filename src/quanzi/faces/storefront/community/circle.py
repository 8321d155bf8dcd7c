"""Circles: finding, founding, joining, inviting, keeping the door."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quanzi.community.circles import policies, queries, services
from quanzi.community.circles.errors import AnswerNeeded, RemovedBefore
from quanzi.community.circles.models import Admission, Circle, CircleRole, MembershipState
from quanzi.faces.storefront.community.feed import circle_or_404
from quanzi.faces.storefront.forms import pictures_of, problems
from quanzi.faces.storefront.viewing import id_in, member_of, members_only, show, viewer_of
from quanzi.growth.replicating.queries import texts_of
from quanzi.growth.splitting.queries import running_for
from quanzi.kernel import clock
from quanzi.kernel.errors import DomainError, InvalidInput, NotAllowed, NotFound
from quanzi.people.accounts.models import Member

LINK_DAYS = 30


@require_safe
def circles(request: HttpRequest) -> HttpResponse:
    """My circles, and those that anybody may find."""
    me = viewer_of(request)
    mine = queries.my_circles(me) if me is not None else []
    others = [card for card in queries.cards() if card.id not in {one.id for one in mine}]
    return show(request, "community/circles.html", {"mine": mine, "others": others, "circle": None})


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def found(request: HttpRequest) -> HttpResponse:
    """Start a circle of one's own."""
    sent: dict[str, Any] = _typed(request)
    if request.method != "POST":
        return show(request, "community/found.html", {"sent": sent, "problems": {}, "circle": None})
    me, now = member_of(request), clock.now()
    try:
        covers = pictures_of(request, "cover", owner=me, purpose="cover", now=now)
        circle = services.create_circle(founder=me, cover=covers[0] if covers else None, now=now, **sent)
    except InvalidInput as refused:
        context = {"sent": sent, "problems": problems(refused), "circle": None}
        return show(request, "community/found.html", context, status=refused.status)
    messages.success(request, gettext("Your circle stands. Invite the first people."))
    return redirect("storefront:circle_invite", slug=circle.slug)


@require_safe
def about(request: HttpRequest, slug: str) -> HttpResponse:
    """Charter, door, and the people of a circle."""
    me, circle = viewer_of(request), circle_or_404(slug)
    context: dict[str, Any] = {"circle": circle, "place": policies.membership_of(me, circle), "members": []}
    context["looks_after"] = me is not None and policies.may_moderate(me, circle)
    context["was_split"] = me is not None and running_for(circle.pk, me.pk, now=clock.now())
    if policies.may_read(me, circle):
        context["members"] = queries.members_page(circle, after=id_in(request.GET.get("after")) or 0)
    return show(request, "community/about.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, slug: str) -> HttpResponse:
    """The door: join at once, answer the question, or learn that an invitation is needed."""
    return _door(request, circle_or_404(slug), token=request.POST.get("token", ""))


@require_http_methods(["GET", "HEAD", "POST"])
def join_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """A join link from a message or a QR code."""
    link = queries.link_by_token(token)
    if link is None:
        raise NotFound
    return _door(request, link.circle, token=token, inviter=link.maker)


def _door(request: HttpRequest, circle: Circle, *, token: str, inviter: Member | None = None) -> HttpResponse:
    me, now = viewer_of(request), clock.now()
    context: dict[str, Any] = {
        "circle": circle, "token": token, "inviter": inviter, "problems": {}, "answer": "",
        "place": policies.membership_of(me, circle), "count": len(queries.member_ids(circle)),
        "faces": queries.faces(circle) if policies.may_read(me, circle) or _opens(token, circle, now=now) else [],
    }  # fmt: skip
    if request.method != "POST":
        if context["place"] is not None and context["place"].state == MembershipState.JOINED:
            return redirect("storefront:circle", slug=circle.slug)
        context["is_dead"] = bool(token) and not _opens(token, circle, now=now)
        if context["place"] is not None and context["place"].state == MembershipState.REMOVED:
            context["removed"] = str(RemovedBefore(reason=context["place"].reason))
        return show(request, "community/join.html", context)
    return _come_in(request, circle, token=token, context=context, now=now)


def _opens(token: str, circle: Circle, *, now: datetime) -> bool:
    """Whether a link still lets people in; a dead one shows nothing of the people behind a closed door."""
    link = queries.link_by_token(token) if token else None
    if link is None or link.circle_id != circle.pk or link.revoked_at is not None or link.uses_left == 0:
        return False
    return link.expires_at is None or link.expires_at > now


@members_only
def _come_in(request: HttpRequest, circle: Circle, *, token: str, context: dict[str, Any], now: Any) -> HttpResponse:
    answer = request.POST.get("answer", "")[:500]
    try:
        place = services.ask_to_join(circle=circle, member=member_of(request), answer=answer, token=token, now=now)
    except AnswerNeeded as refused:
        return show(
            request, "community/join.html", context | {"problems": problems(refused), "answer": answer}, status=422
        )
    if place.state == MembershipState.JOINED:
        messages.success(request, gettext("Welcome. You are in “%(name)s” now.") % {"name": circle.name})
    return redirect(
        "storefront:circle" if place.state == MembershipState.JOINED else "storefront:circle_join", slug=circle.slug
    )


@members_only
@require_POST
def leave(request: HttpRequest, slug: str) -> HttpResponse:
    circle = circle_or_404(slug)
    services.leave(circle=circle, member=member_of(request), now=clock.now())
    messages.success(request, gettext("You left “%(name)s”. What you wrote stays there.") % {"name": circle.name})
    return redirect("storefront:circles")


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest, slug: str) -> HttpResponse:
    """A link and a QR code that let people in; it lives thirty days and can be taken back."""
    me, circle, now = member_of(request), circle_or_404(slug), clock.now()
    if not policies.is_in(me, circle):
        return redirect("storefront:circle_join", slug=slug)
    links = circle.join_links.filter(maker=me, revoked_at=None, expires_at__gt=now).exclude(uses_left=0)
    link = links.order_by("-pk").first()
    if request.method == "POST":
        if link is not None:
            services.revoke_join_link(link=link, member=me, now=now)
        link = None
    if link is None:
        link = services.make_join_link(circle=circle, member=me, expires_at=now + timedelta(days=LINK_DAYS), now=now)
        if request.method == "POST":
            messages.success(request, gettext("The old link no longer works; this is the new one."))
            return redirect("storefront:circle_invite", slug=slug)
    address = request.build_absolute_uri(reverse("storefront:join_link", args=[link.token]))
    return show(request, "community/invite.html", {"circle": circle, "join_link": link, "address": address})


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def manage(request: HttpRequest, slug: str) -> HttpResponse:
    """Requests at the door, the charter, roles."""
    me, circle = member_of(request), circle_or_404(slug)
    if not policies.may_moderate(me, circle):
        raise NotAllowed
    refusal: DomainError | None = None
    if request.method == "POST":
        try:
            return _managed(request, circle, me)
        except InvalidInput as refused:
            refusal = refused
    sent = _typed(request) if refusal is not None and request.POST.get("act") == "update" else vars(circle)
    context = {
        "circle": circle, "requests": queries.requests(circle), "members": queries.members_page(circle, limit=100),
        "sent": sent, "problems": problems(refusal), "may_appoint": policies.may_appoint(me, circle), "roles": CircleRole,
        "starters": any(text.used_at is None for text in texts_of(circle.pk)),
    }  # fmt: skip
    return show(request, "community/manage.html", context, status=refusal.status if refusal else 200)


def _managed(request: HttpRequest, circle: Circle, me: Member) -> HttpResponse:
    now, act = clock.now(), request.POST.get("act", "")
    if act == "update":
        changes: dict[str, Any] = _typed(request)
        covers = pictures_of(request, "cover", owner=me, purpose="cover", now=now)
        services.update_circle(
            circle=circle, moderator=me, changes=changes | ({"cover": covers[0]} if covers else {}), now=now
        )
        messages.success(request, gettext("Saved."))
    elif act in ("accept", "refuse"):
        services.answer_request(
            membership_id=id_in(request.POST.get("membership")) or 0, moderator=me, accept=act == "accept",
            reason=request.POST.get("reason", ""), now=now,
        )  # fmt: skip
    else:
        person = Member.objects.filter(pk=id_in(request.POST.get("member")) or 0).first()
        if person is None or act not in ("remove", *CircleRole.values):
            raise NotFound
        if act == "remove":
            services.remove_member(
                circle=circle, member=person, moderator=me, reason=request.POST.get("reason", ""), now=now
            )
        else:
            services.appoint(circle=circle, member=person, role=act, founder=me, now=now)
    return redirect("storefront:circle_manage", slug=circle.slug)


def _typed(request: HttpRequest) -> dict[str, Any]:
    """What the form of a circle holds, cut to what the fields accept."""
    limits = {"name": 60, "summary": 120, "charter": 500, "place": 60, "question": 200}
    typed: dict[str, Any] = {key: request.POST.get(key, "")[:limit] for key, limit in limits.items()}
    admission = request.POST.get("admission", Admission.OPEN)
    typed["admission"] = admission if admission in Admission.values else Admission.OPEN
    return typed
