"""A branch of a pattern begins: texts that wait for its leader, each published in the leader's own name or not at all."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from quanzi.community.circles.policies import may_moderate
from quanzi.faces.storefront.community.feed import circle_or_404
from quanzi.faces.storefront.viewing import id_in, member_of, members_only, show
from quanzi.faces.ui.environment import problem
from quanzi.growth.replicating.queries import texts_of
from quanzi.growth.replicating.services import publish_text
from quanzi.kernel import clock
from quanzi.kernel.errors import DomainError, NotFound


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, slug: str) -> HttpResponse:
    """For those who moderate the circle; for everybody else this page does not exist."""
    me, circle = member_of(request), circle_or_404(slug)
    texts = texts_of(circle.pk)
    if not may_moderate(me, circle) or not texts:
        raise NotFound
    if request.method == "POST":
        try:
            post = publish_text(text_id=id_in(request.POST.get("text")) or 0, by=me, now=clock.now())
            return redirect("storefront:post", post_id=post.pk)
        except NotFound:
            raise
        except DomainError as refused:
            messages.error(request, problem(refused))
            return redirect("storefront:circle_start", slug=slug)
    return show(request, "community/start.html", {"circle": circle, "texts": texts})
