"""Everything out: an archive is asked for, written by a job, and fetched once by whoever asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext

from quanzi.faces.console.doors import WRITE, door, operator_of
from quanzi.faces.console.parsing import Reader
from quanzi.faces.console.viewing import refusal_words
from quanzi.growth.exporting import services
from quanzi.kernel import clock
from quanzi.kernel.errors import DomainError

BLOCK = 1 << 18


@door("data.export", WRITE, recent=True)
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for the archive; the tick says that one knows what is in it."""
    if not Reader(request.POST).ticked("knows"):
        messages.error(request, gettext("Tick that you know what the archive holds."))
        return redirect("console:imports")
    try:
        services.ask(actor=operator_of(request), now=clock.now())
    except DomainError as refused:
        messages.error(request, refusal_words(refused))
    else:
        messages.success(request, gettext("The archive is being written. Load this page again in a moment."))
    return redirect("console:imports")


@door("data.export", WRITE, recent=True)
def fetch(request: HttpRequest, export_id: int) -> HttpResponse:
    """Hand the archive over, once."""
    now = clock.now()
    stream = services.fetch(export_id=export_id, actor=operator_of(request), now=now)
    response: Any = StreamingHttpResponse(_blocks(stream), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="quanzi-{clock.today(now).isoformat()}.zip"'
    response["Cache-Control"] = "private, no-store"
    return cast(HttpResponse, response)  # a door opens to either; Django tells them apart


def _blocks(stream: IO[bytes]) -> Iterator[bytes]:
    with stream:
        while block := stream.read(BLOCK):
            yield block
