"""Pages for what went wrong: what happened, what is safe, what to do. In the reader's language, with the right status."""

from __future__ import annotations

from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext
from django.views.decorators.csrf import requires_csrf_token

from quanzi.base.shop.identity import shop_name
from quanzi.faces.ui.refusals import came_from

TOO_LARGE = 413


@requires_csrf_token
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """A request that cannot be read. An upload beyond the limit has a status and words of its own."""
    if isinstance(exception, (RequestDataTooBig, TooManyFilesSent)):
        text = gettext("Nothing was saved. Send fewer or smaller pictures, each up to 12 MB.")
        return _page(request, TOO_LARGE, gettext("That was too large"), text, back=True)
    return _page(request, 400, gettext("We could not read that"), gettext("Nothing was saved. Go back and try again."))


@requires_csrf_token
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    text = gettext("This page is for others. If you think you should see it, ask the shop.")
    return _page(request, 403, gettext("You may not open this"), text)


@requires_csrf_token
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    text = gettext("It does not exist, was taken back, or is not for you to see. Nothing is broken.")
    return _page(request, 404, gettext("This page is not here"), text)


@requires_csrf_token
def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    text = gettext("This protects accounts from guessing. Wait a few minutes, then go on; nothing is lost.")
    return _page(request, 429, gettext("Too many attempts"), text, back=True)


@requires_csrf_token
def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's proof of origin is missing or old: cookies are off, or the person logged in elsewhere meanwhile."""
    text = gettext(
        "The page was open too long, or cookies are switched off. Nothing was done. Open it again and send it once more."
    )
    return _page(request, 403, gettext("Please send that again"), text, back=True)


def fault(request: HttpRequest) -> HttpResponse:
    """Our mistake. This page asks nothing of the database, which may be what failed."""
    title, text = (
        gettext("That is our mistake"),
        gettext(
            "Money and orders are kept safe: what did not finish was not done at all. Please try again in a minute."
        ),
    )
    if _wants_json(request):
        return JsonResponse({"code": "fault", "message": text}, status=500)
    language = translation.get_language() or "zh-hans"
    page = {
        "title": title, "text": text, "label": gettext("Back to the shop"), "csrf_token": "", "theme": "",
        "html_lang": "zh-Hans" if language.startswith("zh") else "en",
        "shop_name": shop_name(),
    }  # fmt: skip
    return HttpResponse(render_to_string("storefront/fault.html", page), status=500)


def _page(request: HttpRequest, status: int, title: str, text: str, *, back: bool = False) -> HttpResponse:
    if _wants_json(request):
        return JsonResponse({"code": f"http_{status}", "message": text}, status=status)
    href = came_from(request) if back else "/"
    label = gettext("Back") if back and href != "/" else gettext("Back to the shop")
    context = {"status": status, "title": title, "text": text, "href": href, "label": label}
    return render(request, "ui/error.html", context, status=status)


def _wants_json(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")
