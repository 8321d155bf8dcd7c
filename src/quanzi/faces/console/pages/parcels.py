"""Parcels: packing an order in several, and sending many orders off in one act."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from quanzi.base.audit import services as audit
from quanzi.faces.console.doors import FORM, WRITE, door, operator_of
from quanzi.faces.console.pages.order_acts import acted, fulfilment_id_of, order_or_404
from quanzi.faces.console.parsing import Reader, Sent, keys_in, problems_of
from quanzi.faces.console.viewing import show
from quanzi.growth.importing.tables.reading import read
from quanzi.growth.importing.tables.writing import as_xlsx
from quanzi.kernel import clock
from quanzi.kernel.errors import DomainError, NotFound
from quanzi.kernel.ids import new_token
from quanzi.kernel.words import N_
from quanzi.trade.fulfilment import carriers, services
from quanzi.trade.fulfilment.errors import NothingToSend
from quanzi.trade.fulfilment.models import Parcel
from quanzi.trade.fulfilment.queries.dispatching import SendRow, batch_page, recent_batches, to_send
from quanzi.trade.fulfilment.services import batches, booking, supplied
from quanzi.trade.fulfilment.services.batches import Sending

SHEET_BYTES = 2_000_000


@door("orders.handle", WRITE)
def pack(request: HttpRequest, number: str) -> HttpResponse:
    """Put some of the order into a parcel; fields without a number stay here."""
    found, reader = order_or_404(number), Reader(request.POST)
    lines = {
        int(name[5:]): reader.whole(name, least=0, most=1_000_000)
        for name, value in request.POST.items()
        if name.startswith("line-") and name[5:].isdigit() and str(value).strip()
    }

    def act() -> None:
        reader.check()
        services.pack(
            fulfilment_id=fulfilment_id_of(found), actor_member=operator_of(request), lines=lines,
            key=request.POST.get("key", "")[:60], now=clock.now(),
        )  # fmt: skip

    return acted(request, found, act, said=gettext("Packed. Print its label, then send it."), action="order.pack")


@door("orders.handle", WRITE)
def move(request: HttpRequest, parcel_id: int) -> HttpResponse:
    """Send a parcel, open it again, say that it came back, or ask a carrier for its number."""
    parcel = Parcel.objects.select_related("fulfilment__order").filter(pk=parcel_id).first()
    verb = request.POST.get("act", "")
    if parcel is None or verb not in ACTS:
        raise NotFound()
    said, action = ACTS[verb]
    me, now = operator_of(request), clock.now()

    def act() -> None:
        if verb == "ship":
            carrier, tracking = request.POST.get("carrier", ""), request.POST.get("tracking", "")
            services.ship_parcel(parcel_id=parcel_id, actor_member=me, carrier=carrier, tracking=tracking, now=now)
        elif verb == "ask":
            booking.ask_number(parcel_id=parcel_id, actor_member=me, service=request.POST.get("service", ""), now=now)
        else:
            (services.unpack if verb == "unpack" else services.take_back)(parcel_id=parcel_id, actor_member=me, now=now)

    return acted(
        request, parcel.fulfilment.order, act, said=[said], action=action, after={"parcel": parcel.position}
    )  # fmt: skip


ACTS = {
    "ship": (N_("The parcel is on its way. The buyer was told."), "order.ship"),
    "ask": (N_("The carrier is being asked for a number."), "parcel.ask"),
    "unpack": (N_("Opened again. What was in it can be packed anew."), "parcel.unpack"),
    "back": (N_("Noted: it came back. Send it again, or refund it."), "parcel.back"),
}


@door("orders.handle", FORM)
def dispatch(request: HttpRequest) -> HttpResponse:
    """Deliveries that wait: tick them, say their numbers or let a carrier give them, and send them all off; also by a sheet."""
    problem: DomainError | None = None
    wrong: list[tuple[str, str]] = []
    rows = to_send()
    if request.GET.get("sheet"):
        return _sheet_out(request, rows)
    if request.method == "POST" and request.POST.get("act") == "ask_suppliers":
        return _ask_suppliers(request, rows)
    if request.method == "POST":
        try:
            wanted, wrong = _by_sheet(request) if request.FILES.get("sheet") else (_by_form(request, rows), [])
            if not wrong:
                made = batches.start(
                    rows=wanted, service=request.POST.get("service", ""), actor_member=operator_of(request),
                    key=request.POST.get("key", "")[:60] or new_token(), now=clock.now(),
                )  # fmt: skip
                return redirect("console:dispatch_batch", batch_id=made.pk)
        except DomainError as refused:
            problem = refused
    context: dict[str, Any] = {
        "here": "orders",
        "crumbs": [(gettext("Orders"), reverse("console:orders")), (gettext("Send off"), None)],
        "rows": rows,
        "ticked": set(keys_in(request.POST.getlist("row"), most=batches.MOST)),
        "services": carriers.offered(),
        "recent": recent_batches(),
        "wrong": wrong,
        "sent": Sent(request.POST.dict()),
        "problems": problems_of(problem) if problem else Sent(),
        "key": new_token(),
    }
    status = problem.status if problem else 422 if wrong else 200
    return show(request, "dispatch.html", context, status=status)


def _ask_suppliers(request: HttpRequest, rows: Sequence[SendRow]) -> HttpResponse:
    """The ticked orders go from the suppliers' stock straight to their buyers; each on its own."""
    me, now, ticked = operator_of(request), clock.now(), set(keys_in(request.POST.getlist("row"), most=batches.MOST))
    asked = refused_ones = 0
    for row in rows:
        if row.order_id in ticked:
            try:
                asked += len(supplied.ask_suppliers(fulfilment_id=row.fulfilment_id, actor_member=me, now=now))
            except DomainError:
                refused_ones += 1
    said = ngettext("%(n)s parcel is asked of its supplier.", "%(n)s parcels are asked of their suppliers.", asked)
    messages.success(request, said % {"n": asked}) if asked else None
    if refused_ones or not asked:
        left = ngettext(
            "%(n)s order has nothing at a supplier's.", "%(n)s orders have nothing at a supplier's.", refused_ones
        )
        messages.error(request, left % {"n": refused_ones} if refused_ones else gettext("No order was ticked."))
    return redirect("console:dispatch")


def _by_form(request: HttpRequest, rows: Sequence[SendRow]) -> list[Sending]:
    ticked = set(keys_in(request.POST.getlist("row"), most=batches.MOST))
    usual, service = request.POST.get("carrier", "").strip()[:40], request.POST.get("service", "")
    found = []
    for row in rows:
        tracking = request.POST.get(f"tracking-{row.order_id}", "").strip()[:60]
        if row.order_id not in ticked:
            continue
        if row.tracking:
            found.append(Sending(row.fulfilment_id, row.carrier, row.tracking))
        else:
            found.append(Sending(row.fulfilment_id, usual if tracking or not service else "", tracking))
    return found


def _by_sheet(request: HttpRequest) -> tuple[list[Sending], list[tuple[str, str]]]:
    """What the sheet says, or what is wrong with it, row by row; then nothing is sent."""
    upload = request.FILES["sheet"]
    assert isinstance(upload, UploadedFile)
    table = read(
        upload.read(SHEET_BYTES + 1), file_name=upload.name or "", most_bytes=SHEET_BYTES, most_rows=batches.MOST
    )
    cells = [(row.number, [*row.cells, "", "", ""]) for row in table.rows()]
    known = {row.number: row for row in to_send(numbers=[one[0] for _, one in cells], limit=batches.MOST)}
    found, wrong = [], []
    for position, (number, carrier, tracking, *_) in cells:
        if number not in known:
            wrong.append((str(position), gettext("%(number)s does not wait to be sent.") % {"number": number or "–"}))
        elif not carrier and not tracking:
            continue
        elif not carrier or len(carrier) > 40 or len(tracking) > 60:
            wrong.append(
                (
                    str(position),
                    gettext("%(number)s: say the carrier, and a number of at most 60 characters.") % {"number": number},
                )
            )
        else:
            found.append(Sending(known[number].fulfilment_id, carrier, tracking))
    if not found and not wrong:
        raise NothingToSend()
    return found, wrong


def _sheet_out(request: HttpRequest, rows: Sequence[SendRow]) -> HttpResponse:
    """The waiting deliveries as a sheet whose first three columns come back filled in."""
    head = [gettext("Order"), gettext("Carrier"), gettext("Tracking number"), gettext("Recipient"), gettext("Phone"),
            gettext("Region"), gettext("Address"), gettext("Goods"), gettext("Note of the buyer")]  # fmt: skip
    cells = [
        [row.number, row.carrier, row.tracking, row.recipient, row.phone, row.region, row.address, row.goods, row.note]
        for row in rows
    ]
    now = clock.now()
    after = {"orders": len(rows)}
    audit.write(actor=operator_of(request), action="orders.sheet", target="orders", after=after, now=now)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    response = HttpResponse(as_xlsx(head, cells, title=gettext("Send off")), content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="send-{now:%Y%m%d-%H%M}.xlsx"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


@door("orders.handle")
def batch(request: HttpRequest, batch_id: int) -> HttpResponse:
    """How far a batch is; the page asks again by itself until nothing waits."""
    found = batch_page(batch_id)
    if found is None:
        raise NotFound()
    context = {
        "here": "orders",
        "crumbs": [(gettext("Orders"), reverse("console:orders")), (gettext("Send off"), reverse("console:dispatch")), (str(found.id), None)],
        "batch": found,
        "done": found.count("done"),
        "refused": found.count("refused"),
        "waiting": found.count("waiting"),
    }  # fmt: skip
    return show(request, "dispatch_batch.html", context)
