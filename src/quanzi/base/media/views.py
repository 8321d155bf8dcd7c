"""Serving pictures: always as WebP, never guessed at, for ever the same under one address."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.views.decorators.http import require_safe

from quanzi.base.media import files

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "public, max-age=31536000, immutable",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@require_safe
def picture(request: HttpRequest, folder: str, sha256: str, width: str) -> HttpResponse:
    """One size of one picture; the pattern of the address has already checked every part.

    The name is the content's hash, so whoever holds a copy need not ask again.
    """
    headers = {**HEADERS, "ETag": f'"{sha256[:32]}-{width}"'}
    if request.headers.get("If-None-Match") == headers["ETag"]:
        return HttpResponseNotModified(headers=headers)
    try:
        # A few hundred kilobytes at most, so there is nothing to stream.
        data = files.path(sha256, int(width)).read_bytes()
    except FileNotFoundError:
        raise Http404 from None
    return HttpResponse(data, content_type="image/webp", headers={**headers, "Content-Length": str(len(data))})
