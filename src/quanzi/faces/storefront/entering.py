"""When somebody logs in, what this browser did before belongs to them; an invitation ties newcomers to their host."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from quanzi.growth.sources.middleware import visitor_key
from quanzi.growth.sources.services import join_visitor
from quanzi.kernel import clock
from quanzi.people.accounts.models import Member


@receiver(user_logged_in, dispatch_uid="storefront.join_visitor")
def know_visitor(sender: object, request: HttpRequest | None, user: Member, **kwargs: Any) -> None:
    """Nothing happens for a login without a browser (tests, programs), which has no key."""
    key = visitor_key(request) if request is not None and hasattr(request, "COOKIES") else None
    if key is not None:
        is_new = getattr(request, "is_first_login", False)
        join_visitor(visitor_key=key, member_id=user.pk, is_new=is_new, now=clock.now())
