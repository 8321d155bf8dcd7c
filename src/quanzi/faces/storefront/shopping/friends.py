"""Asking friends before buying: the question, its page for the asker and for the asked, and all of one's own."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from quanzi.faces.storefront.forms import problems
from quanzi.faces.storefront.viewing import id_in, member_of, members_only, show
from quanzi.goods.catalogue.queries import product_page
from quanzi.kernel import clock
from quanzi.kernel.errors import DomainError, NotFound
from quanzi.people.accounts.models import Member
from quanzi.trade.experiences.queries import writable_lines
from quanzi.trade.polls import queries, rules, services
from quanzi.trade.polls.models import Decision, Poll

MOST_SENT = 60


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def ask_friends(request: HttpRequest, slug: str) -> HttpResponse:
    """Which goods, whom, and in which words."""
    me, now, refusal = member_of(request), clock.now(), None
    found, sent = product_page(slug), request.POST
    skus = [one for one in map(id_in, sent.getlist("sku")[:MOST_SENT]) if one is not None]
    people = [one for one in map(id_in, sent.getlist("people")[:MOST_SENT]) if one is not None]
    if request.method == "POST":
        try:
            made = services.ask(asker=me, sku_ids=skus, member_ids=people, words=sent.get("words", ""), now=now)
        except DomainError as refused:
            refusal = refused
        else:
            messages.success(request, gettext("Asked. Until it ends, price and goods are held for you."))
            return redirect("storefront:asked", code=made.code)
    choices = queries.candidates(member_id=me.pk, product_id=found.id, now=now)
    chosen = skus or [id_in(request.GET.get("sku")) or next((one.sku_id for one in choices if one.rank == 0), 0)]
    context: dict[str, Any] = {
        "product": found,
        "goods": choices,
        "chosen": chosen,
        "people": queries.askable(member_id=me.pk, now=now),
        "picked": people,
        "words": sent.get("words", ""),
        "most": rules,
        "problems": problems(refusal),
    }
    return show(request, "shopping/ask_friends.html", context, status=refusal.status if refusal else 200)


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def all_asked(request: HttpRequest) -> HttpResponse:
    """What I ask and am asked, and whether I may be."""
    me, now = member_of(request), clock.now()
    if request.method == "POST":
        services.set_open(member=me, may_be_asked=request.POST.get("may_be_asked") == "on", now=now)
        messages.success(request, gettext("Saved."))
        return redirect("storefront:all_asked")
    rows = queries.polls_of(viewer_id=me.pk, now=now)
    context = {
        "of_me": [row for row in rows if not row.is_mine],
        "mine": [row for row in rows if row.is_mine],
        "may_be_asked": queries.may_be_asked(me.pk),
    }
    return show(request, "shopping/all_asked.html", context)


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def asked(request: HttpRequest, code: str) -> HttpResponse:
    """One question: who says what for the asker, the answer for who was asked."""
    me, now, refusal = member_of(request), clock.now(), None
    found = queries.find_poll(code, viewer_id=me.pk)
    if request.method == "POST":
        try:
            return _act(request, found)
        except NotFound:
            raise
        except DomainError as refused:
            refusal = refused
    page = queries.poll_page(poll=found, viewer_id=me.pk, now=now)
    context = {
        "page": page,
        "decisions": [(one.value, str(one.label)) for one in Decision if one],
        "to_tell": _to_tell(me, page),
        "tellable": _tellable(me, found, page),
        "problems": problems(refusal),
        "longest": rules.LONGEST,
        "sent": request.POST,
    }
    template = "shopping/asked_mine.html" if page.card.is_mine else "shopping/asked.html"
    return show(request, template, context, status=refusal.status if refusal else 200)


def _to_tell(me: Member, page: queries.PollPage) -> int | None:
    """The line of which somebody who was asked and kept the goods may write an experience."""
    if page.mine is None or not page.mine.kept:
        return None
    slugs = {good.product_slug for good in page.card.goods}
    return next((line.pk for line in writable_lines(me.pk) if line.product.slug in slugs), None)


def _tellable(me: Member, found: Poll, page: queries.PollPage) -> list[queries.GoodCard]:
    """Goods of the question that somebody who was asked kept and may tell others about; nothing when they did already."""
    if page.mine is None or page.mine.told_id is not None or not page.card.is_open:
        return []
    kept = dict(queries.tellable(poll_id=found.pk, member_id=me.pk))
    return [good for good in page.card.goods if good.id in kept]


def _act(request: HttpRequest, found: Poll) -> HttpResponse:
    """Answer, or take back what others read of it; or, of one's own question, tell what came of it, or end it."""
    me, now, sent = member_of(request), clock.now(), request.POST
    act = sent.get("do", "")
    if act == "answer":
        _answer(request, found)
    elif act == "take_back":
        services.take_back(poll=found, member=me, now=now)
        messages.success(
            request, gettext("Taken back. Only %(name)s still has your answer.") % {"name": found.asker.name}
        )
    elif act == "decide":
        thanked = [one for one in map(id_in, sent.getlist("thanked")[:MOST_SENT]) if one is not None]
        services.decide(
            poll=found, asker=me, decision=sent.get("decision", ""), words=sent.get("words", ""), thanked=thanked, now=now
        )  # fmt: skip
        messages.success(request, gettext("Told. Thank you for letting them know."))
    elif act == "end":
        services.withdraw(poll=found, asker=me, now=now)
        messages.success(request, gettext("Ended; the goods are free again."))
    return redirect("storefront:asked", code=found.code)


def _answer(request: HttpRequest, found: Poll) -> None:
    me, now, sent = member_of(request), clock.now(), request.POST
    good = sent.get("good", "")
    services.answer(
        poll=found, member=me, good_id=None if good == "none" else id_in(good) or 0, words=sent.get("words", ""),
        has_it=sent.get("has_it") == "on", tells=id_in(sent.get("tells")), now=now,
    )  # fmt: skip
    messages.success(request, gettext("Answered. You may change it until the question ends."))
