"""Serving pictures: always as WebP, never guessed at, for ever the same under one address."""

from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotModified,
)
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from quanzi.base.media import files

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "public, max-age=31536000, immutable",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@require_safe
def picture(request: HttpRequest, sha256: str, width: int) -> HttpResponseBase:
    """One size of one picture. The name is the content's hash, so whoever holds a copy need not ask again."""
    etag = f'"{sha256[:32]}-{width}"'
    response: HttpResponse | FileResponse
    if request.headers.get("If-None-Match") == etag:
        response = HttpResponseNotModified()
    else:
        try:
            response = FileResponse(files.path(sha256, width).open("rb"), content_type="image/webp")
        except FileNotFoundError:
            raise Http404 from None
    for name, value in {**HEADERS, "ETag": etag}.items():
        response[name] = value
    return response
