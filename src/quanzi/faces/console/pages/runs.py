"""Delivery runs: planned over waiting deliveries, put in order, followed while the driver is under way."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext

from quanzi.base.audit import services as audit
from quanzi.faces.console.doors import FORM, WRITE, door, operator_of
from quanzi.faces.console.parsing import Reader, Sent, key_in, keys_in, problems_of
from quanzi.faces.console.staffing import NoSuchMember
from quanzi.faces.console.viewing import attempt, show
from quanzi.kernel import clock
from quanzi.kernel.errors import DomainError, NotFound
from quanzi.kernel.ids import new_token
from quanzi.people.accounts.models import Member
from quanzi.people.accounts.queries import member_by_contact
from quanzi.trade.fulfilment.models import RunState, StopState
from quanzi.trade.fulfilment.queries import drivers
from quanzi.trade.fulfilment.queries.runs import loads_to_plan, run_page, run_rows, to_plan
from quanzi.trade.fulfilment.services import drivers as services_of_drivers
from quanzi.trade.fulfilment.services import runs as services

STATES = dict(RunState.choices)
STOPS = dict(StopState.choices)
TONES = {"under_way": "accent", "done": "pine", "handed_over": "pine", "missed": "danger", "arrived": "accent"}


@door("orders.handle", FORM)
def runs(request: HttpRequest) -> HttpResponse:
    """Runs, and a form to plan one over the deliveries and stations that wait."""
    refusal: DomainError | None = None
    if request.method == "POST":
        reader, me, now = Reader(request.POST), operator_of(request), clock.now()
        title = reader.text("title", most=60)
        starts_at, ends_at = reader.moment("starts_at"), reader.moment("ends_at")
        try:
            reader.check()
            driver = _driver(request)
            made = services.plan_run(
                title=title, driver=driver, starts_at=starts_at or now, ends_at=ends_at or now,
                fulfilment_ids=keys_in(request.POST.getlist("row")), refs=request.POST.getlist("load")[:80], actor=f"staff:{me.pk}",
                key=request.POST.get("key", "")[:60], now=now,
            )  # fmt: skip
        except DomainError as refused:
            refusal = refused
        else:
            audit.write(actor=me, action="run.plan", target=f"run:{made.pk}", after={"driver": driver.pk}, now=now)
            messages.success(request, gettext("Planned. Every buyer was told the window."))
            return redirect("console:run", run_id=made.pk)
    context: dict[str, Any] = {
        "here": "runs",
        "crumbs": [(gettext("Trade"), None), (gettext("Delivery runs"), None)],
        "runs": run_rows(),
        "waiting": to_plan(),
        "loads": loads_to_plan(now=clock.now()),
        "drivers": [(one.member_id, one.name) for one in drivers.drivers() if one.may_drive],
        "ticked": {*request.POST.getlist("row"), *request.POST.getlist("load")},
        "states": STATES,
        "tones": TONES,
        "key": new_token(),
        "sent": Sent(request.POST.dict()),
        "problems": problems_of(refusal),
    }
    return show(request, "runs.html", context, status=refusal.status if refusal else 200)


@door("orders.handle")
def run(request: HttpRequest, run_id: int) -> HttpResponse:
    """One run with its stops as they stand."""
    found = run_page(run_id=run_id)
    if found is None:
        raise NotFound()
    context = {
        "here": "runs",
        "crumbs": [(gettext("Delivery runs"), reverse("console:runs")), (found.title, None)],
        "run": found,
        "drivers": [(one.member_id, one.name) for one in drivers.drivers() if one.may_drive],
        "states": STATES,
        "stops": STOPS,
        "tones": TONES,
        "address": request.build_absolute_uri(reverse("storefront:drive_run", args=[found.code])),
    }
    return show(request, "run.html", context)


@door("orders.handle", WRITE)
def change_run(request: HttpRequest, run_id: int) -> HttpResponse:
    """Move a stop up or down before the driver sets out, give the run to another driver, or call it off."""
    me, now, verb = operator_of(request), clock.now(), request.POST.get("act", "")
    back = reverse("console:run", args=[run_id])
    if verb == "off":

        def call_off() -> None:
            services.call_off_run(run_id=run_id, now=now)
            audit.write(actor=me, action="run.call_off", target=f"run:{run_id}", now=now)

        return attempt(
            request, call_off, said=gettext("Called off. What was not handed over waits again."), back=back, now=now
        )
    if verb == "give":

        def give() -> None:
            services_of_drivers.give_run(run_id=run_id, driver=_driver(request), actor=me, now=now)

        return attempt(request, give, said=gettext("Another driver has it now."), back=back, now=now)
    stop_id = key_in(request.POST.get("stop")) or 0
    found = run_page(run_id=run_id)
    if found is None or stop_id not in {stop.id for stop in found.stops} or verb not in ("up", "down"):
        raise NotFound()
    return attempt(
        request,
        lambda: services.move_stop(stop_id=stop_id, up=verb == "up", now=now),
        said=gettext("Moved."),
        back=back,
        now=now,
    )


@door("orders.handle", FORM)
def driver_list(request: HttpRequest) -> HttpResponse:
    """Who drives, and a form to ask somebody."""
    refusal: DomainError | None = None
    if request.method == "POST":
        me, now, asked = operator_of(request), clock.now(), member_by_contact(request.POST.get("member", "").strip())
        try:
            if asked is None:
                raise NoSuchMember(field="member")
            services_of_drivers.invite_driver(member=asked, actor=me, now=now)
        except DomainError as refused:
            refusal = refused
        else:
            messages.success(request, gettext("Asked. They drive as soon as they say yes."))
            return redirect("console:drivers")
    context: dict[str, Any] = {
        "here": "runs",
        "crumbs": [(gettext("Delivery runs"), reverse("console:runs")), (gettext("Drivers"), None)],
        "drivers": drivers.drivers(),
        "sent": Sent(request.POST.dict()),
        "problems": problems_of(refusal),
    }
    return show(request, "drivers.html", context, status=refusal.status if refusal else 200)


@door("orders.handle", WRITE)
def end_driver(request: HttpRequest, driver_id: int) -> HttpResponse:
    """Take the right to drive away, or an asking back."""
    me, now = operator_of(request), clock.now()
    return attempt(
        request,
        lambda: services_of_drivers.end_driver(driver_id=driver_id, actor=me, now=now),
        said=gettext("Ended. Their runs can be given to another driver."),
        back=reverse("console:drivers"),
        now=now,
    )


def _driver(request: HttpRequest) -> Member:
    """Who was chosen; whether they may drive is for the service to say. Raises NoSuchMember."""
    found = Member.objects.filter(pk=key_in(request.POST.get("driver")) or 0).first()
    if found is None:
        raise NoSuchMember(field="driver")
    return found
