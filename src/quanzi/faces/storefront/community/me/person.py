"""A member's page as others see it: what they wrote, how one knows them, and what one may do about it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from quanzi.community.circles.queries import my_circle_ids, shared_circles
from quanzi.community.posts.queries import feed
from quanzi.faces.storefront.community.drawing import note_of
from quanzi.faces.storefront.forms import problems
from quanzi.faces.storefront.fronts.drawing import front_of
from quanzi.faces.storefront.shopping.discover import shelf_of
from quanzi.faces.storefront.telling.head import head_of_page
from quanzi.faces.storefront.viewing import id_in, member_of, members_only, show, viewer_of
from quanzi.goods.catalogue.queries import product_cards
from quanzi.growth.discovery.queries import post_cards
from quanzi.growth.fronts.centres import of_member
from quanzi.growth.fronts.queries.fronts import followers
from quanzi.growth.fronts.queries.record import standing_of
from quanzi.kernel import clock
from quanzi.kernel.errors import DomainError, InvalidInput, NotFound
from quanzi.people.accounts.models import Member
from quanzi.people.safety import services as safety
from quanzi.people.safety.models import Reason
from quanzi.people.safety.queries import blocked_ids, blocks_of, muted_ids
from quanzi.people.trust import services as ties
from quanzi.people.trust.models import TieKind
from quanzi.people.trust.queries import live_kinds, requests_from, requests_to, tie_label

PAGE = 20
OWN_GOODS = 6


@require_safe
def person(request: HttpRequest, member_id: int) -> HttpResponse:
    """Visitors see people who have written something public; others are shown to members only."""
    return _page(request, visible(request, member_id))


@members_only
@require_POST
def act(request: HttpRequest, member_id: int) -> HttpResponse:
    """Follow, ask for a tie, mute, block, report, and each back again."""
    me, other, verb = member_of(request), visible(request, member_id), request.POST.get("act", "")
    done = _verbs(request, me, other).get(verb)
    if done is None:
        raise NotFound
    try:
        done()
    except InvalidInput as refused:
        return _page(request, other, refusal=refused)
    messages.success(request, _told(verb, other))
    return redirect(reverse("storefront:member", args=[other.pk]))


def _verbs(request: HttpRequest, me: Member, other: Member) -> dict[str, Callable[[], object]]:
    now, sent = clock.now(), request.POST
    return {
        "follow": partial(ties.follow, member=me, target=other, now=now),
        "unfollow": partial(ties.unfollow, member=me, target=other, now=now),
        "mute": partial(safety.mute, member=me, other=other, now=now),
        "unmute": partial(safety.unmute, member=me, other=other, now=now),
        "block": partial(safety.block, member=me, other=other, now=now),
        "unblock": partial(safety.unblock, member=me, other=other, now=now),
        "ask": partial(
            ties.ask_tie, source=me, target=other, kind=sent.get("kind", ""), label=sent.get("label", "")[:60], now=now
        ),
        "report": partial(
            safety.report, member=me, subject=f"member:{other.pk}", reason=sent.get("reason", ""),
            note=sent.get("note", "")[:600], now=now,
        ),
    }  # fmt: skip


def visible(request: HttpRequest, member_id: int) -> Member:
    """Across a block that the other one made, and after erasure, a person is not there."""
    me = viewer_of(request)
    other = Member.objects.select_related("avatar").filter(pk=member_id, is_active=True, erased_at=None).first()
    if other is None or other.confirmed_at is None:
        raise NotFound
    if me is not None and other.pk in blocked_ids(me.pk) and other.pk not in _blocked_by_me(me):
        raise NotFound
    return other


def _blocked_by_me(me: Member) -> set[int]:
    return {row.other_id for row in blocks_of(me)}


def _page(request: HttpRequest, other: Member, *, refusal: DomainError | None = None) -> HttpResponse:
    me, now = viewer_of(request), clock.now()
    is_blocked = me is not None and other.pk in _blocked_by_me(me)
    circle_ids = my_circle_ids(me) if me is not None else ()
    items = [] if is_blocked else feed(
        circle_ids=circle_ids, author_id=other.pk,
        kind="experience" if request.GET.get("only") == "experience" else None,
        before=id_in(request.GET.get("before")), limit=PAGE,
    )  # fmt: skip
    standing = standing_of(other.pk)
    if me is None and not items and not standing.is_public:
        return redirect_to_login(request.get_full_path())
    here = reverse("storefront:member", args=[other.pk])
    only = "experience" if request.GET.get("only") == "experience" else "all"
    context: dict[str, Any] = {
        "person": other, "is_me": me is not None and me.pk == other.pk, "is_blocked": is_blocked,
        "notes": [note_of(card) for card in post_cards(items, viewer_id=me.pk if me else None, now=now)],
        "next": f"{here}?only={only}&before={items[-1].id}" if len(items) == PAGE else None,
        "tabs": [(gettext("All"), here, only == "all"), (gettext("Experiences"), f"{here}?only=experience", only != "all")],
        "problems": problems(refusal), "reasons": Reason.choices,
        "sent": {key: request.POST.get(key, "") for key in ("kind", "label", "note", "reason", "act")},
    }  # fmt: skip
    if me is not None and not context["is_me"]:
        context |= _between(me, other)
    is_first = request.GET.get("before") is None and only == "all" and not is_blocked
    context |= {
        "standing": standing,
        "followers": followers(other.pk),
        "front": front_of(of_member(other), me, circle_ids, now=now) if is_first else None,
        "own_goods": shelf_of(product_cards(maker=standing.maker_slug, limit=OWN_GOODS), me, now)
        if is_first and standing.maker_slug
        else [],
    }
    if items or standing.is_public:
        context["head"] = head_of_page(
            request, here, name=other.name, card=reverse("storefront:card", args=["u", other.pk]),
            mark=(other.name, other.bio, other.avatar_id), feed=reverse("storefront:member_feed", args=[other.pk]), kind="profile",
        )  # fmt: skip
    return show(request, "community/me/person.html", context, status=refusal.status if refusal else 200)


def _between(me: Member, other: Member) -> dict[str, Any]:
    """What stands between the reader and this person."""
    live = live_kinds(me.pk, other.pk)
    label = tie_label(me.pk, other.pk, clock.now())
    return {
        "tie": label.words if label else None,
        "kinds": live,
        "follows": TieKind.FOLLOW in live,
        "is_muted": other.pk in muted_ids(me.pk),
        "circle": shared_circles(me.pk, [other.pk]).get(other.pk),
        "asked": next((row for row in requests_to(me) if row.card.id == other.pk), None),
        "waits": any(row.card.id == other.pk for row in requests_from(me)),
    }


def _told(verb: str, other: Member) -> str:
    return {
        "follow": gettext("You follow %(name)s now."),
        "unfollow": gettext("You no longer follow %(name)s."),
        "mute": gettext("You see no posts of %(name)s from now on. They are not told."),
        "unmute": gettext("You see posts of %(name)s again."),
        "block": gettext("You and %(name)s no longer see each other."),
        "unblock": gettext("The block is taken back."),
        "ask": gettext("%(name)s decides now. You are told only of a yes."),
        "report": gettext("Thank you. A moderator will look at it and tell you."),
    }[verb] % {"name": other.name}
