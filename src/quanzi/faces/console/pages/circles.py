"""Circles: the list, people at the door, reports, and what may be hidden."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext

from quanzi.community.circles import services as circle_services
from quanzi.community.circles.models import Circle
from quanzi.community.posts import services as post_services
from quanzi.community.posts.models import Post
from quanzi.faces.console.doors import WRITE, door, operator_of
from quanzi.faces.console.drawing.relation import with_query
from quanzi.faces.console.parsing import Reader, key_in
from quanzi.faces.console.reading.circles import circle_posts, circle_rows, subjects_of, unanswered, waiting_at_doors
from quanzi.faces.console.viewing import attempt, back_of, show
from quanzi.faces.console.words import lasted
from quanzi.kernel import clock
from quanzi.kernel.errors import NotFound
from quanzi.people.safety import services as safety
from quanzi.people.safety.models import Decision
from quanzi.people.safety.queries import open_reports

PAGE = 50


@door("circles.moderate")
def circles(request: HttpRequest) -> HttpResponse:
    """Circles, newest first."""
    now = clock.now()
    rows = circle_rows(before_id=key_in(request.GET.get("before")), limit=PAGE + 1, now=now)
    context: dict[str, Any] = {
        "here": "circles",
        "crumbs": [(gettext("Relations"), None), (gettext("Circles"), None)],
        "now": now,
        "rows": rows[:PAGE],
        "next": with_query(request.path, before=rows[PAGE - 1].circle.pk) if len(rows) > PAGE else None,
    }
    return show(request, "circles.html", context)


@door("circles.moderate")
def circle(request: HttpRequest, circle_id: int) -> HttpResponse:
    """One circle: its charter and its posts, hidden ones too."""
    found = Circle.objects.select_related("founder").filter(pk=circle_id).first()
    if found is None:
        raise NotFound()
    posts = circle_posts(found, before_id=key_in(request.GET.get("before")), limit=PAGE + 1)
    context: dict[str, Any] = {
        "here": "circles",
        "crumbs": [(gettext("Circles"), reverse("console:circles")), (found.name, None)],
        "circle": found,
        "posts": posts[:PAGE],
        "next": with_query(request.path, before=posts[PAGE - 1].pk) if len(posts) > PAGE else None,
    }
    return show(request, "circle.html", context)


@door("circles.moderate")
def joins(request: HttpRequest) -> HttpResponse:
    """Who waits at some circle's door."""
    now = clock.now()
    rows = [{"place": place, "waited": lasted(now - place.asked_at)} for place in waiting_at_doors()]
    crumbs = [(gettext("Circles"), reverse("console:circles")), (gettext("At the door"), None)]
    return show(request, "joins.html", {"here": "circles", "crumbs": crumbs, "now": now, "rows": rows})


@door("circles.moderate", WRITE)
def answer_join(request: HttpRequest, membership_id: int) -> HttpResponse:
    """Let somebody in, or refuse with a reason that they will read."""
    me, now, reader = operator_of(request), clock.now(), Reader(request.POST)
    accepts = reader.choice("decision", ["accept", "refuse"]) == "accept"
    reason = reader.text("reason", most=200, needed=not accepts)

    def act() -> None:
        reader.check()
        circle_services.answer_request(
            membership_id=membership_id, moderator=me, accept=accepts, reason=reason, now=now
        )

    said = gettext("They are in.") if accepts else gettext("Refused, and they can read why.")
    return attempt(
        request, act, said=said, back=reverse("console:joins"), action="circle.answer_request",
        target=f"membership:{membership_id}", after={"accept": accepts}, now=now,
    )  # fmt: skip


@door("circles.moderate")
def questions(request: HttpRequest) -> HttpResponse:
    """Questions nobody answered."""
    now = clock.now()
    rows = [{"post": post, "waited": lasted(now - post.created_at)} for post in unanswered(now=now)]
    crumbs = [(gettext("Circles"), reverse("console:circles")), (gettext("Unanswered questions"), None)]
    return show(request, "questions.html", {"here": "circles", "crumbs": crumbs, "now": now, "rows": rows})


@door("circles.moderate")
def reports(request: HttpRequest) -> HttpResponse:
    """Undecided reports, the oldest first, with what they are about."""
    now = clock.now()
    rows = open_reports(after_id=key_in(request.GET.get("after")) or 0, limit=PAGE + 1)
    subjects = subjects_of(row.subject for row in rows)
    context: dict[str, Any] = {
        "here": "circles",
        "crumbs": [(gettext("Circles"), reverse("console:circles")), (gettext("Reports"), None)],
        "now": now,
        "rows": [
            {"report": row, "subject": subjects.get(row.subject), "waited": lasted(now - row.made_at)}
            for row in rows[:PAGE]
        ],
        "next": f"{request.path}?after={rows[PAGE - 1].id}" if len(rows) > PAGE else None,
    }
    return show(request, "reports.html", context)


@door("circles.moderate", WRITE)
def decide_report(request: HttpRequest, report_id: int) -> HttpResponse:
    """Decide a report. "Hidden" hides the post with the reason, in the same breath."""
    me, now, reader = operator_of(request), clock.now(), Reader(request.POST)
    decision = reader.choice("decision", [Decision.DISMISSED, Decision.HIDDEN, Decision.WARNED])
    hides = decision == Decision.HIDDEN
    reason, post_id = reader.text("reason", most=200, needed=hides), key_in(request.POST.get("post"))

    def act() -> None:
        reader.check()
        if hides:
            post_services.hide_post(post=_post_or_404(post_id), moderator=me, reason=reason, now=now)
        safety.decide_report(report_id=report_id, moderator=me, decision=decision, now=now)

    said = gettext("Decided. Whoever reported it was told.")
    return attempt(request, act, said=said, back=reverse("console:reports"), now=now)


def _post_or_404(post_id: int | None) -> Post:
    found = Post.objects.select_related("circle", "author").filter(pk=post_id).first() if post_id else None
    if found is None:
        raise NotFound()
    return found


@door("circles.moderate", WRITE)
def hide_post(request: HttpRequest, post_id: int) -> HttpResponse:
    """Hide a post with a reason that its author reads, or show it again."""
    me, now, reader = operator_of(request), clock.now(), Reader(request.POST)
    post = _post_or_404(post_id)
    hides = post.hidden_at is None
    reason = reader.text("reason", most=200, needed=hides)

    def act() -> None:
        reader.check()
        if hides:
            post_services.hide_post(post=post, moderator=me, reason=reason, now=now)
        else:
            post_services.show_post(post=post, moderator=me, now=now)

    said = gettext("Hidden. Its author can read why.") if hides else gettext("Shown again.")
    return attempt(request, act, said=said, back=back_of(request, reverse("console:circles")), now=now)
