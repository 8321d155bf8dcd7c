"""Posts: reading, writing, answering, finding useful, hiding."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quanzi.community.circles.models import Circle
from quanzi.community.circles.queries import circle_by_slug, my_circles
from quanzi.community.posts import policies, queries, services
from quanzi.community.posts.filming import Filmed, change_film
from quanzi.community.posts.models import Comment, Post, PostKind
from quanzi.faces.storefront.community.drawing import counts_of, goods_of
from quanzi.faces.storefront.community.films import drawn
from quanzi.faces.storefront.forms import FILM_FIELDS, film_limits, film_of, pictures_of, problems
from quanzi.faces.storefront.shopping.proving import beside
from quanzi.faces.storefront.telling import structured
from quanzi.faces.storefront.telling.head import Head, head_of_page
from quanzi.faces.storefront.viewing import id_in, member_of, members_only, show, viewer_of
from quanzi.goods.catalogue.models import Product, ProductState
from quanzi.growth.discovery.queries.feed import tagged_products
from quanzi.growth.leads.queries import seen_by
from quanzi.kernel import clock
from quanzi.kernel.errors import DomainError, InvalidInput, NotFound
from quanzi.people.accounts.models import Member
from quanzi.people.safety.models import Reason
from quanzi.people.safety.queries import blocked_ids, muted_ids
from quanzi.people.safety.services import report
from quanzi.people.trust.queries import tie_labels
from quanzi.trade.aftersales.queries import solved_beside
from quanzi.trade.experiences.models import Experience
from quanzi.trade.experiences.queries import of_posts


@require_safe
def read(request: HttpRequest, post_id: int) -> HttpResponse:
    """A post, what it is about, and the talk under it."""
    return _page(request, _readable(request, post_id))


@members_only
@require_POST
def comment(request: HttpRequest, post_id: int) -> HttpResponse:
    me, post = member_of(request), _readable(request, post_id)
    body = request.POST.get("body", "")[:2000]
    answers = Comment.objects.filter(pk=id_in(request.POST.get("answers")) or 0, post=post).first()
    try:
        row = services.comment(post=post, author=me, body=body, answers=answers, now=clock.now())
    except InvalidInput as refused:
        return _page(request, post, refusal=refused, body=body)
    return redirect(f"{reverse('storefront:post', args=[post.pk])}#c{row.pk}")


@members_only
@require_POST
def act(request: HttpRequest, post_id: int) -> HttpResponse:
    """Useful or not, accept an answer, take back, hide, report: one small verb each."""
    me, post, now = member_of(request), _readable(request, post_id), clock.now()
    verb, here = request.POST.get("act", ""), reverse("storefront:post", args=[post_id])
    row = post.comments.filter(pk=id_in(request.POST.get("comment")) or 0).first()
    if verb == "useful":
        services.react(post=post, member=me, now=now)
    elif verb == "not_useful":
        services.unreact(post=post, member=me, now=now)
    elif verb == "accept" and row is not None:
        services.accept_answer(post=post, comment=row, member=me, now=now)
    elif verb == "remove_comment" and row is not None:
        services.remove_comment(comment=row, member=me, now=now)
    elif verb == "remove":
        services.remove_post(post=post, member=me, now=now)
        messages.success(request, gettext("Taken back."))
        return redirect("storefront:feed")
    elif verb == "hide":
        services.hide_post(post=post, moderator=me, reason=request.POST.get("reason", ""), now=now)
    elif verb == "show":
        services.show_post(post=post, moderator=me, now=now)
    elif verb == "report":
        report(
            member=me,
            subject=f"post:{post.pk}",
            reason=request.POST.get("reason", "other"),
            note=request.POST.get("note", "")[:500],
            now=now,
        )
        messages.success(request, gettext("Thank you. A moderator will look at it and tell you."))
    else:
        raise NotFound
    return redirect(here)


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest) -> HttpResponse:
    """Write a note or ask a question, in a circle or on one's own page, with pictures and goods."""
    me = member_of(request)
    if request.method != "POST":
        return _form(request, me, sent=request.GET)
    try:
        post = _written(request, me)
    except InvalidInput as refused:
        return _form(request, me, sent=request.POST, refusal=refused)
    return redirect("storefront:post", post_id=post.pk)


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, post_id: int) -> HttpResponse:
    """Change the words of one's own post."""
    me, post = member_of(request), _readable(request, post_id)
    if not policies.may_edit(me, post):
        raise NotFound
    refusal: DomainError | None = None
    sent, kept = {"title": post.title, "body": post.body}, getattr(post, "post_film", None)
    film = (
        {"film_code": "", "film_words": kept.words, "film_silent": "on" if kept.is_silent else ""}
        if kept is not None
        else dict.fromkeys(FILM_FIELDS, "")
    )
    if request.method == "POST":
        sent = {"title": request.POST.get("title", "")[:200], "body": request.POST.get("body", "")[:6000]}
        film = {name: request.POST.get(name, "") for name in FILM_FIELDS}
        try:
            _change(request, me, post, sent)
            return redirect("storefront:post", post_id=post.pk)
        except InvalidInput as refused:
            refusal = refused
    context = {
        "post": post, "sent": sent | film, "film": kept, "film_limits": film_limits(), "problems": problems(refusal),
    }  # fmt: skip
    return show(request, "community/edit.html", context, status=refusal.status if refusal else 200)


@transaction.atomic
def _change(request: HttpRequest, me: Member, post: Post, sent: dict[str, str]) -> None:
    now, kept = clock.now(), getattr(post, "post_film", None)
    services.edit_post(post=post, member=me, now=now, **sent)
    film = film_of(request, owner=me, now=now)
    if film is None and kept is not None:
        if request.POST.get("film_gone") == "on":
            change_film(post=post, member=me, filmed=None)
            return
        film = Filmed(kept.film, request.POST.get("film_words", "")[:20_000], request.POST.get("film_silent") == "on")
    if film is not None:
        change_film(post=post, member=me, filmed=film)


def _readable(request: HttpRequest, post_id: int) -> Post:
    post = queries.post_by_id(post_id)
    if post is None or not policies.may_read(viewer_of(request), post):
        raise NotFound
    return post


def _page(request: HttpRequest, post: Post, *, refusal: DomainError | None = None, body: str = "") -> HttpResponse:
    me, now = viewer_of(request), clock.now()
    unwanted = blocked_ids(me.pk) | muted_ids(me.pk) if me is not None else set()
    talk = queries.comments(post, unwanted=unwanted)
    people = {post.author_id, *(row.author_id for row in talk)}
    useful = queries.useful_count(post)
    answers = sum(row.removed_at is None and row.hidden_at is None for row in talk)
    tagged = tagged_products([row.product_id for row in post.post_products.all()])
    film = drawn(post, is_author=policies.may_edit(me, post))
    context: dict[str, Any] = {
        "post": post, "comments": talk, "body": body, "problems": problems(refusal),
        "pictures": [row.picture for row in post.post_pictures.all() if film is None or row.picture_id != film["film"].poster_id],
        "film": film,
        "goods": [goods_of(product) for product in tagged.values()],
        "beside": beside(me, {one.id: (one.slug, one.name) for one in tagged.values()}, now=now),
        "experience": of_posts([post.pk]).get(post.pk),
        "solved": solved_beside([post.pk]).get(post.pk) if post.kind == PostKind.EXPERIENCE else None,
        "ties": tie_labels(me.pk, people, now) if me is not None else {},
        "useful": useful, "counts": counts_of(useful, answers, is_question=post.kind == PostKind.QUESTION),
        "is_useful": me is not None and post.pk in queries.reacted_ids(me.pk, [post.pk]),
        "reasons": Reason.choices,
        "may_comment": policies.may_comment(me, post), "may_edit": policies.may_edit(me, post), "may_hide": policies.may_hide(me, post),
    }  # fmt: skip
    if me is not None and me.pk == post.author_id:
        context["shown_to"] = len(seen_by(me, post_id=post.pk))
    if policies.may_read(None, post):
        context["head"] = _head(request, post, context["experience"])
    return show(request, "community/post.html", context, status=refusal.status if refusal else 200)


def _form(request: HttpRequest, me: Member, *, sent: Any, refusal: DomainError | None = None) -> HttpResponse:
    kind = sent.get("kind", PostKind.NOTE)
    slug = sent.get("product", "")
    context = {
        "kind": kind if kind in (PostKind.NOTE, PostKind.QUESTION) else PostKind.NOTE,
        "places": [(card.slug, card.name) for card in my_circles(me)],
        "sent": {key: sent.get(key, "") for key in ("title", "body", "circle", *FILM_FIELDS)},
        "film_limits": film_limits(),
        "product": Product.objects.filter(slug=slug, state=ProductState.ON_SALE).first() if slug else None,
        "problems": problems(refusal),
    }
    return show(request, "community/write.html", context, status=refusal.status if refusal else 200)


def _written(request: HttpRequest, me: Member) -> Post:
    now, slug = clock.now(), request.POST.get("circle", "")
    circle: Circle | None = None
    if slug:
        circle = circle_by_slug(slug)
        if circle is None:
            raise NotFound
    products = Product.objects.filter(slug=request.POST.get("product", ""), state=ProductState.ON_SALE)
    kind = request.POST.get("kind", "")
    return services.write_post(
        author=me, circle=circle, kind=kind if kind in PostKind.values else PostKind.NOTE,
        title=request.POST.get("title", "")[:500], body=request.POST.get("body", "")[:20_000],
        pictures=pictures_of(request, "pictures", owner=me, purpose="post", now=now), products=list(products),
        film=film_of(request, owner=me, now=now), now=now,
    )  # fmt: skip


def _head(request: HttpRequest, post: Post, experience: Experience | None) -> Head:
    """Of a post that everybody may read; an experience is told as a review of its goods."""
    here, shots = reverse("storefront:post", args=[post.pk]), list(post.post_pictures.all())
    shown = (post.title, post.body, post.author.name, shots[0].picture_id if shots else None)
    card = reverse("storefront:card", args=["n", post.pk])
    things = []
    if experience is not None and experience.voided_at is None:
        goods = {one.product_id: (one.product.slug, one.product.name) for one in post.post_products.all()}
        told = structured.review(
            request, post_id=post.pk, author=post.author.name, title=post.title, body=post.body, stars=experience.stars,
            written_at=post.created_at, about=goods.get(experience.product_id),
        )  # fmt: skip
        things.append(told)
    return head_of_page(request, here, name=post.title, card=card, mark=shown, kind="article", things=things)
