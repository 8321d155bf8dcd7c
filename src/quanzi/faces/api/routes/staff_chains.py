"""Sign-up chains for the staff."""

from __future__ import annotations

from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router
from ninja.responses import Status

from quanzi.faces.api.document import needs_scope, refuses
from quanzi.faces.api.routes.staff_orders import asked_out
from quanzi.faces.api.schemas.common import Cursor, Id, Key, Limit, Page, page_of
from quanzi.faces.api.schemas.staff import AskedOut
from quanzi.faces.api.schemas.staff_chains import ChainReasonIn, StaffChainOut, StaffChainPageOut
from quanzi.faces.api.security import staff_of
from quanzi.kernel import clock
from quanzi.people.accounts.models import Member
from quanzi.people.accounts.policies import may_see
from quanzi.people.approvals.errors import KeyReused
from quanzi.trade.chains import asking, errors
from quanzi.trade.chains.queries.watching import ChainRow, SignedRow, chain_row, chain_rows, signed_rows

router = Router(tags=["staff"])


@router.get("/staff/chains", response=Page[StaffChainOut], summary="Every sign-up chain")
def list_every_chain(
    request: HttpRequest,
    state: Literal["open", "closed", "called_off"] | None = None,
    cursor: Cursor | None = None,
    limit: Limit = 20,
) -> dict[str, Any]:
    """Newest first, of all circles. Needs orders.view."""
    me = staff_of(request, "orders.view")
    found = chain_rows(state=state or "", before_id=cursor, limit=limit)
    return page_of([_row(row, me) for row in found], limit)


@router.get(
    "/staff/chains/{chain_id}", response=StaffChainPageOut, summary="A sign-up chain and everybody in it", openapi_extra=refuses(errors.NoSuchChain)
)  # fmt: skip
def get_every_chain(request: HttpRequest, chain_id: Id) -> dict[str, Any]:
    """The list in its order, then who is out of it. Needs orders.view."""
    return _page(chain_id, staff_of(request, "orders.view"))


@router.post(
    "/staff/chains/{chain_id}/call-off",
    response={200: StaffChainPageOut, 202: AskedOut},
    summary="Call a sign-up chain off as staff",
    openapi_extra=needs_scope("staff:money", errors.NoSuchChain, errors.ChainClosed, KeyReused),
)
def call_any_chain_off(
    request: HttpRequest, chain_id: Id, body: ChainReasonIn, idempotency_key: Key
) -> Status[dict[str, Any]]:
    """Everybody gets all of it back; above a limit a second person is asked first (202). Needs orders.refund."""
    me = staff_of(request, "orders.refund")
    asked = asking.call_off_or_ask(
        chain_id=chain_id, reason=body.reason, staff=me, idempotency_key=f"api:{idempotency_key}", now=clock.now()
    )
    return Status(202, asked_out(asked)) if asked else Status(200, _page(chain_id, me))


def _page(chain_id: int, me: Member) -> dict[str, Any]:
    return {
        "chain": _row(chain_row(chain_id=chain_id), me),
        "signed": [_signed(one, me) for one in signed_rows(chain_id=chain_id)],
    }


def _row(row: ChainRow, me: Member) -> dict[str, Any]:
    chain = row.chain
    kept = ("code", "title", "state", "opened_at", "closes_at", "pay_until", "ended_at", "end_reason")
    return {
        "id": chain.pk, "circle_name": chain.circle.name, "opener_name": chain.opener.name, "people": row.people, "paid": row.paid,
        "asked": row.asked, "money": row.money, "back": row.back if may_see(me, "refund") else None,
        **{name: getattr(chain, name) for name in kept},
    }  # fmt: skip


def _signed(one: SignedRow, me: Member) -> dict[str, Any]:
    kept = ("number", "member_id", "name", "words", "order_number", "state", "amount", "signed_at", "ended_at")
    return {
        **{name: getattr(one, name) for name in kept},
        "lines": [{"title": title, "quantity": quantity} for title, quantity in one.lines],
        "back": one.back if may_see(me, "refund") else None,
    }
