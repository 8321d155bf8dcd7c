"""The rules of buying together, without a database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis.strategies import booleans, integers, lists, none, sampled_from

from quanzi.trade.deals import rules
from quanzi.trade.deals.models import RefundRule, SeatState, TeamState
from quanzi.trade.deals.rules import Leaving
from quanzi.trade.deals.states import LIVE_SEATS, SEAT_MOVES, TEAM_MOVES

NOW = datetime(2026, 11, 20, tzinfo=UTC)

people = lists(integers(1, 40), min_size=1, max_size=30, unique=True)


@given(people, integers(1, 40))
def test_ties_go_both_ways_and_never_to_oneself(members: list[int], opener: int) -> None:
    pairs = rules.ties(opener_id=opener, member_ids=members)

    assert len(pairs) == len(set(pairs))
    assert {(other, one) for one, other in pairs} == set(pairs)
    assert all(one != other and {one, other} <= set(members) for one, other in pairs)
    if len(members) <= rules.EVERYBODY_TIED_UP_TO:
        assert len(pairs) == len(members) * (len(members) - 1)
    else:
        assert all(opener in pair for pair in pairs)
        assert len(pairs) == (2 * (len(members) - 1) if opener in members else 0)


@given(integers(1, 100_000), none() | integers(1, 100_000), integers(0, 100_000))
def test_a_team_ends_by_its_window_and_its_deal_and_a_seat_waits_no_longer(
    window: int, end: int | None, after: int
) -> None:
    ends_at = None if end is None else NOW + timedelta(minutes=end)
    deadline = rules.deadline(opened_at=NOW, window_minutes=window, ends_at=ends_at)

    assert NOW < deadline <= NOW + timedelta(minutes=window)
    assert ends_at is None or deadline <= ends_at
    now = NOW + timedelta(minutes=after)
    assert rules.pay_by(deadline=deadline, now=now) <= deadline
    assert rules.takes_people(state=TeamState.FORMING, deadline=deadline, now=now) == (now < deadline)


@given(booleans(), sampled_from(TeamState.values), booleans(), sampled_from(RefundRule.values))
def test_before_success_nobody_is_held_back(paid: bool, team: str, handed_over: bool, rule: str) -> None:
    answer = rules.leaving(is_paid=paid, team_state=team, is_handed_over=handed_over, refund_rule=rule)

    if not paid:
        assert answer is Leaving.CANCEL
    elif team != TeamState.SUCCEEDED:
        assert answer is Leaving.REFUND
    elif handed_over:
        assert answer is Leaving.HANDED_OVER
    else:
        assert (answer is Leaving.REFUND) == (rule == RefundRule.UNTIL_HANDOVER)


@pytest.mark.parametrize(
    ("starts", "ends", "stopped", "is_open"),
    [(0, None, None, True), (1, None, None, False), (-5, 0, None, False), (-5, 1, None, True), (-5, None, 0, False)],
)
def test_a_deal_is_open_in_a_half_open_interval(
    starts: int, ends: int | None, stopped: int | None, is_open: bool
) -> None:
    def at(minutes: int | None) -> datetime | None:
        return None if minutes is None else NOW + timedelta(minutes=minutes)

    start = at(starts)
    assert start is not None
    assert rules.is_open(starts_at=start, ends_at=at(ends), stopped_at=at(stopped), now=NOW) is is_open


def test_a_team_ends_once_and_a_seat_given_back_is_over() -> None:
    assert TEAM_MOVES.paths() == {(TeamState.FORMING, TeamState.SUCCEEDED), (TeamState.FORMING, TeamState.FAILED)}
    assert SEAT_MOVES.is_final(SeatState.REFUNDED)
    assert SEAT_MOVES.reachable(SeatState.PAID) == {SeatState.REFUNDED}
    assert set(LIVE_SEATS) | {SeatState.RELEASED, SeatState.REFUNDED} == set(SeatState.values)
