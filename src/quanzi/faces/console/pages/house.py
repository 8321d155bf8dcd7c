"""The house itself: imports, the staff and their roles."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext

from quanzi.faces.console.doors import WRITE, door, operator_of
from quanzi.faces.console.pages.invitations import rows
from quanzi.faces.console.parsing import Reader, key_in
from quanzi.faces.console.reading.members import hidden_contact
from quanzi.faces.console.staffing import LastOwner, NoSuchMember
from quanzi.faces.console.viewing import attempt, show
from quanzi.faces.console.words import PERMISSIONS, lasted, why_no_picture
from quanzi.growth.exporting.models import DataExport
from quanzi.growth.importing.models import ImportRun, Sheet, WantedPicture
from quanzi.growth.importing.sheets.services import MOST_BYTES
from quanzi.kernel import clock
from quanzi.kernel.errors import NotFound
from quanzi.people.accounts.models import Member, StaffRole
from quanzi.people.accounts.policies import ROLE_PERMISSIONS, can
from quanzi.people.accounts.queries import member_by_contact
from quanzi.people.accounts.rules import clean_phone
from quanzi.people.accounts.services import reset_second_step, set_staff_role
from quanzi.people.accounts.services.invitations import MOST_DAYS, USUAL_DAYS

RUNS = 50


@door("imports.run")
def imports(request: HttpRequest) -> HttpResponse:
    """Goods and orders in, everything out; sheets and runs of imports with what they reported."""
    me, now = operator_of(request), clock.now()
    runs = ImportRun.objects.order_by("-started_at", "-pk")[:RUNS]
    context: dict[str, Any] = {
        "here": "imports",
        "crumbs": [(gettext("House"), None), (gettext("Import and export"), None)],
        "now": now,
        "sheets": list(Sheet.objects.select_related("actor").order_by("-created_at", "-pk")[:RUNS]),
        "pictures": _pictures() if can(me, "goods.edit") else None,
        "most_mb": MOST_BYTES // 1_000_000,
        "may_export": can(me, "data.export"),
        "exports": list(DataExport.objects.filter(asked_by=me).order_by("-asked_at")[:5]),
        "runs": [{"run": run, "took": lasted((run.finished_at or run.updated_at) - run.started_at)} for run in runs],
    }
    return show(request, "imports.html", context)


def _pictures() -> dict[str, Any] | None:
    """Pictures that sheets named by their address: how many are waited for, and those that could not be had, the newest first."""
    waiting = WantedPicture.objects.filter(fetched_at=None).count()
    failed = WantedPicture.objects.exclude(trouble="").select_related("product").order_by("-asked_at", "-pk")
    rows = [(one.product, one.url, why_no_picture(one.trouble)) for one in failed[:RUNS]]
    return {"waiting": waiting, "failed": rows, "more": max(0, failed.count() - RUNS)} if waiting or rows else None


@door("imports.run")
def import_run(request: HttpRequest, import_id: int) -> HttpResponse:
    """One run with its report."""
    run = ImportRun.objects.filter(pk=import_id).first()
    if run is None:
        raise NotFound()
    figures, tables = _report(run.report)
    context: dict[str, Any] = {
        "here": "imports",
        "crumbs": [(gettext("Imports"), reverse("console:imports")), (run.folder_name, None)],
        "run": run,
        "took": lasted((run.finished_at or run.updated_at) - run.started_at),
        "figures": figures,
        "tables": tables,
    }
    return show(request, "import_run.html", context)


def _report(report: dict[str, Any]) -> tuple[list[tuple[str, Any]], list[dict[str, Any]]]:
    """A report's plain values, and its lists of rows as tables, whatever the import chose to write."""
    figures = [(name, value) for name, value in report.items() if isinstance(value, str | int | float)]
    tables = []
    for name, value in report.items():
        if isinstance(value, dict):
            tables.append(
                {
                    "name": name,
                    "heads": [gettext("Name"), gettext("Value")],
                    "rows": [list(pair) for pair in value.items()],
                }
            )
        if isinstance(value, list) and value and all(isinstance(row, dict) for row in value):
            heads = list(value[0])
            tables.append(
                {"name": name, "heads": heads, "rows": [[row.get(head, "") for head in heads] for row in value]}
            )
        elif isinstance(value, list) and value and all(isinstance(row, list) for row in value):
            tables.append({"name": name, "heads": ["" for _ in value[0]], "rows": value})
    return figures, tables


@door("staff.manage")
def staff(request: HttpRequest) -> HttpResponse:
    """Who of the staff may do what."""
    people = Member.objects.filter(is_staff=True, erased_at=None).select_related("avatar").order_by("staff_role", "pk")
    context: dict[str, Any] = {
        "here": "staff",
        "crumbs": [(gettext("House"), None), (gettext("Staff"), None)],
        "people": [
            {"member": one, "contact": hidden_contact(one), "is_me": one.pk == operator_of(request).pk}
            for one in people
        ],
        "roles": StaffRole.choices,
        "invitations": rows(),
        "day_choices": [(str(days), lasted(timedelta(days=days))) for days in (1, USUAL_DAYS, 7, MOST_DAYS)],
        "permissions": PERMISSIONS,
        "table": [(label, ROLE_PERMISSIONS[role]) for role, label in StaffRole.choices],
    }
    return show(request, "staff.html", context)


@door("staff.manage", WRITE, recent=True)
def give_role(request: HttpRequest) -> HttpResponse:
    """Give a member a role, or take it. The last owner stays, so that somebody can still give roles."""
    me, now, reader = operator_of(request), clock.now(), Reader(request.POST)
    role = reader.choice("role", [*StaffRole.values, ""], otherwise="")
    contact, member_id = reader.text("contact", most=254, needed=False), key_in(request.POST.get("member"))

    def act() -> None:
        reader.check()
        found = Member.objects.filter(pk=member_id).first() if member_id else _by_contact(contact)
        if found is None:
            raise NoSuchMember(field="contact")
        if found.staff_role == StaffRole.OWNER and role != StaffRole.OWNER and not _other_owners(found):
            raise LastOwner()
        set_staff_role(member=found, role=role, actor=me, now=now)

    said = gettext("The role holds from now on.") if role else gettext("They are not of the staff any more.")
    return attempt(request, act, said=said, back=reverse("console:staff"), now=now)


@door("staff.manage", WRITE, recent=True)
def reset_factor(request: HttpRequest, member_id: int) -> HttpResponse:
    """For somebody of the staff who lost every factor: they set a new one at the next login, and are told."""
    me, now = operator_of(request), clock.now()
    return attempt(
        request, lambda: reset_second_step(member_id=member_id, by=me, now=now),
        said=gettext("Their second step is gone; they set a new one at the next login."), back=reverse("console:staff"), now=now,
    )  # fmt: skip


def _by_contact(contact: str) -> Member | None:
    if not contact:
        return None
    return member_by_contact(contact if "@" in contact else clean_phone(contact))


def _other_owners(found: Member) -> bool:
    owners = Member.objects.select_for_update().filter(staff_role=StaffRole.OWNER, is_active=True).exclude(pk=found.pk)
    return bool(list(owners.values_list("pk", flat=True)))
