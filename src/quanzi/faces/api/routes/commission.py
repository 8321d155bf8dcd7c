"""Commission: the member's own, and payouts by those who keep the books."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router

from quanzi.faces.api.document import asks_again, needs_scope, refuses
from quanzi.faces.api.schemas.commission import (
    CommissionRuleIn,
    CommissionRuleOut,
    DueOut,
    EarningOut,
    FailedIn,
    PayoutAccountIn,
    PayoutAccountOut,
    PayoutIn,
    PayoutOut,
    PayoutPageOut,
    SentIn,
    StandingOut,
)
from quanzi.faces.api.schemas.common import Cursor, Id, Key, Limit, Page, next_of
from quanzi.faces.api.security import PEOPLE, member_of, staff_of, sure_of
from quanzi.growth.commission import errors, queries, services
from quanzi.growth.commission.models import Payout, PayoutAccount
from quanzi.growth.commission.queries import RuleRow, StatementLine
from quanzi.growth.commission.rules import ACCOUNT_HOLD
from quanzi.kernel import clock
from quanzi.kernel.errors import Errors, IllegalMove, NotFound

mine = Router(tags=["me"])
router = Router(tags=["staff"])


@mine.get("/me/commission", response=StandingOut, summary="What I earn")
def get_commission(request: HttpRequest) -> dict[str, Any]:
    """Sums: what waits until goods are kept, what is due, what is being paid, what was paid."""
    found = queries.standing_of(member_of(request).pk)
    return {
        "waiting": _money(found.waiting_minor), "due": _money(found.due_minor), "open": _money(found.open_minor),
        "paid": _money(found.paid_minor),
    }  # fmt: skip


@mine.get("/me/commission/lines", response=Page[EarningOut], summary="What I earn, line by line")
def list_earnings(request: HttpRequest, cursor: Cursor | None = None, limit: Limit = 20) -> dict[str, Any]:
    """Newest first."""
    rows = queries.earnings_of(member_of(request).pk, before_id=cursor, limit=limit)
    return {"items": [_earning(one) for one in rows], "next": next_of(rows, limit, "accrual_id")}


@mine.get("/me/payouts", response=list[PayoutOut], summary="Payouts to me")
def list_my_payouts(request: HttpRequest) -> list[dict[str, Any]]:
    """Newest first, at most 50."""
    return [_payout(one) for one in queries.payouts_to(member_of(request).pk)]


@mine.get(
    "/me/payout-account", response=PayoutAccountOut, summary="Where my commission goes", openapi_extra=refuses(NotFound)
)
def get_payout_account(request: HttpRequest) -> dict[str, Any]:
    """Without its number; 404 until one is entered."""
    found = queries.account_of(member_of(request).pk)
    if found is None:
        raise NotFound
    return _account(found)


@mine.put(
    "/me/payout-account",
    response=PayoutAccountOut,
    auth=PEOPLE,
    summary="Say where my commission goes",
    openapi_extra=asks_again(refuses(NotFound, Errors, errors.BadAccount, errors.HolderNeeded)),
)
def put_payout_account(request: HttpRequest, body: PayoutAccountIn) -> dict[str, Any]:
    """By the member with their session, not by a token. Money follows it after 24 hours."""
    me = sure_of(request)
    return _account(services.set_account(member=me, now=clock.now(), **body.model_dump()))


@router.get("/staff/commission", response=list[DueOut], summary="Commission that is due")
def list_due(request: HttpRequest) -> list[dict[str, Any]]:
    """By person, the most first, at most 200. Needs payouts.make."""
    staff_of(request, "payouts.make")
    return [
        {"member_id": one.member_id, "name": one.name, "due": _money(one.minor), "lines": one.lines,
         "usable_at": one.usable_at, "open_payout_id": one.open_payout_id}
        for one in queries.people_due()
    ]  # fmt: skip


@router.get("/staff/commission/rules", response=list[CommissionRuleOut], summary="Rules of commission")
def list_commission_rules(request: HttpRequest) -> list[dict[str, Any]]:
    """Newest first, with what each came to. Needs payouts.make."""
    staff_of(request, "payouts.make")
    return [_rule(one) for one in queries.rule_rows(now=clock.now())]


@router.post(
    "/staff/commission/rules",
    response={201: CommissionRuleOut},
    summary="Write a rule of commission",
    openapi_extra=needs_scope(
        "staff:money",
        Errors,
        errors.RuleRuns,
        errors.RatesTooHigh,
        errors.RuleNameNeeded,
        errors.BadRate,
        errors.BadDepth,
        errors.SignatureNeeded,
        errors.EndsTooEarly,
    ),
)
def add_commission_rule(request: HttpRequest, body: CommissionRuleIn, idempotency_key: Key) -> dict[str, Any]:
    """Speaks of orders paid from its beginning on. Needs commission.rules."""
    me, now = staff_of(request, "commission.rules"), clock.now()
    terms = body.model_dump() | {"starts_at": max(now, body.starts_at or now)}
    made = services.create_rule(**terms, actor=me, now=now)
    return _rule(next(one for one in queries.rule_rows(now=now) if one.id == made.pk))


@router.post(
    "/staff/commission/rules/{rule_id}/end",
    response=CommissionRuleOut,
    summary="End a rule of commission",
    openapi_extra=needs_scope("staff:money", errors.NoSuchRule),
)
def end_commission_rule(request: HttpRequest, rule_id: Id) -> dict[str, Any]:
    """Nothing more is earned by it; again changes nothing. Needs commission.rules."""
    me, now = staff_of(request, "commission.rules"), clock.now()
    services.end_rule(rule_id=rule_id, actor=me, now=now)
    return _rule(next(one for one in queries.rule_rows(now=now) if one.id == rule_id))


@router.get("/staff/payouts", response=Page[PayoutOut], summary="Payouts of commission")
def list_payouts(request: HttpRequest, cursor: Cursor | None = None, limit: Limit = 20) -> dict[str, Any]:
    """Newest first. Needs payouts.make."""
    staff_of(request, "payouts.make")
    rows = queries.payouts(before_id=cursor, limit=limit)
    return {"items": [_payout(one) for one in rows], "next": next_of(rows, limit)}


@router.get(
    "/staff/payouts/{payout_id}",
    response=PayoutPageOut,
    summary="One payout",
    openapi_extra=refuses(errors.NoSuchPayout),
)
def get_payout(request: HttpRequest, payout_id: Id) -> dict[str, Any]:
    """With every line that it settles. Needs payouts.make."""
    staff_of(request, "payouts.make")
    found = queries.payout_of(payout_id)
    if found is None:
        raise errors.NoSuchPayout
    return _payout(found) | {"lines": [_earning(one) for one in queries.statement(found.pk)]}


@router.post(
    "/staff/payouts",
    response={201: PayoutOut},
    summary="Make a payout",
    openapi_extra=needs_scope(
        "staff:money", errors.NothingToPay, errors.NoPayoutAccount, errors.PayoutOpen, errors.PayoutKeyReused
    ),
)
def make_payout(request: HttpRequest, body: PayoutIn, idempotency_key: Key) -> dict[str, Any]:
    """Everything due to one person; above a limit it waits for a second person. Needs payouts.make."""
    me = staff_of(request, "payouts.make")
    return _payout(
        services.make_payout(member_id=body.member_id, staff=me, idempotency_key=f"api:{idempotency_key}", now=clock.now())
    )  # fmt: skip


@router.post(
    "/staff/payouts/{payout_id}/sent",
    response=PayoutOut,
    summary="The money of a payout was sent",
    openapi_extra=needs_scope(
        "staff:money",
        errors.NoSuchPayout,
        errors.AccountTooNew,
        errors.AccountChanged,
        errors.StatementChanged,
        errors.ReferenceNeeded,
        IllegalMove,
    ),
)
def send_payout(request: HttpRequest, payout_id: Id, body: SentIn) -> dict[str, Any]:
    """Booked now; the same reference again changes nothing. Needs payouts.make."""
    me = staff_of(request, "payouts.make")
    return _payout(services.mark_sent(payout_id=payout_id, reference=body.reference, staff=me, now=clock.now()))


@router.post(
    "/staff/payouts/{payout_id}/done",
    response=PayoutOut,
    summary="The money of a payout has arrived",
    openapi_extra=needs_scope("staff:money", errors.NoSuchPayout, IllegalMove),
)
def finish_payout(request: HttpRequest, payout_id: Id) -> dict[str, Any]:
    """Again changes nothing. Needs payouts.make."""
    me = staff_of(request, "payouts.make")
    return _payout(services.mark_done(payout_id=payout_id, staff=me, now=clock.now()))


@router.post(
    "/staff/payouts/{payout_id}/failed",
    response=PayoutOut,
    summary="A payout is dropped, or came back",
    openapi_extra=needs_scope("staff:money", errors.NoSuchPayout, errors.PayoutReasonNeeded, IllegalMove),
)
def fail_payout(request: HttpRequest, payout_id: Id, body: FailedIn) -> dict[str, Any]:
    """What it settled is payable again. Again changes nothing. Needs payouts.make."""
    me = staff_of(request, "payouts.make")
    return _payout(services.fail_payout(payout_id=payout_id, reason=body.reason, staff=me, now=clock.now()))


def _rule(row: RuleRow) -> dict[str, Any]:
    return {
        "id": row.id, "name": row.name, "depth": row.depth, "rate_bp": row.rate_bp, "starts_at": row.starts_at,
        "ends_at": row.ends_at, "signed_by": row.signed_by, "state": row.state, "lines": row.lines,
        "earned": _money(row.earned_minor), "waiting": _money(row.waiting_minor),
    }  # fmt: skip


def _money(minor: int) -> dict[str, Any]:
    return {"minor": minor, "currency": "CNY"}


def _account(found: PayoutAccount) -> dict[str, Any]:
    return {
        "method": found.method, "holder": found.holder, "tail": found.tail, "usable_at": found.added_at + ACCOUNT_HOLD,
    }  # fmt: skip


def _payout(found: Payout) -> dict[str, Any]:
    return {
        "id": found.pk, "member_id": found.beneficiary_id, "amount": _money(found.amount_minor), "state": found.state,
        "needs_second": found.needs_second, "approval_id": found.approval_id, "account_tail": found.account.tail,
        "made_at": found.made_at, "sent_at": found.sent_at, "reference": found.reference, "reason": found.reason,
    }  # fmt: skip


def _earning(one: StatementLine) -> dict[str, Any]:
    return {
        "accrual_id": one.accrual_id, "line_id": one.line_id, "title": one.title, "amount": _money(one.minor),
        "rate_bp": one.rate_bp, "state": one.state, "at": one.at, "payout_id": one.payout_id,
    }  # fmt: skip
