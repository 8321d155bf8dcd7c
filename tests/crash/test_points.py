"""The process dies at every named point of the code; another takes over, and everything is done once.

Each play is performed three times: a child dies at the point, a second one dies there too (when it gets there
again), a third one comes through. Then the doctor looks at everything, and the play at its one effect.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from quanzi.kernel import crash
from tests.crash.conftest import Stage
from tests.crash.plays import PLAYS
from tests.crash.stage import ANSWERED

SOURCES = Path(crash.__file__).parents[1]

POINTS = {
    "aftersales.accept.refunded": "claim",
    "aftersales.ask.disputed": "claim",
    "aftersales.compensate.booked": "compensate",
    "aftersales.compensation.paid": "compensate",
    "aftersales.contest.held": "contest",
    "aftersales.dispute.refunded": "contest",
    "aftersales.exchange.first_of_both": "refund_order_of_dearer",
    "aftersales.exchange.given": "exchange",
    "aftersales.exchange.one_refunded": "refund_dearer",
    "aftersales.exchange.ordered": "exchange_for_dearer",
    "aftersales.exchange.taken_back": "exchange_for_dearer",
    "aftersales.pause.written": "stop_and_go",
    "aftersales.recall.one_settled": "recall",
    "aftersales.recall.refunded": "recall",
    "aftersales.recall.written": "recall",
    "aftersales.release.written": "stop_and_go",
    "bargains.agree.deal_made": "agree",
    "chains.call_off.one_given_back": "call_off_list",
    "chains.close.done": "close_list",
    "chains.close.marked": "close_list",
    "chains.leave.written": "leave_list",
    "chains.sign.changed": "sign_up",
    "chains.sign.written": "sign_up",
    "commission.accrue.written": "accrue",
    "commission.payable.marked": "owe",
    "commission.payout.booked": "pay_out",
    "commission.payout.unbooked": "pay_out_comes_back",
    "commission.payout.written": "pay_out",
    "commission.reverse.written": "owe_no_more",
    "deals.fail_all.seats_given_up": "fail_together",
    "deals.fail_all.written": "fail_together",
    "deals.fail.marked": "fail_team",
    "deals.fail.one_given_back": "fail_team",
    "deals.fail.written": "fail_team",
    "deals.join.place_held": "join_team",
    "deals.join.seated": "join_team",
    "deals.leave.seat_given_up": "leave_team",
    "deals.level.one_given_back": "level_team",
    "deals.level.promised": "level_team",
    "deals.open.team_made": "open_team",
    "deals.pay.seat_paid": "fill_team",
    "deals.succeed.marked": "fill_team",
    "deals.succeed.settled": "fill_team",
    "erasing.erase.emptied": "leave_for_good",
    "erasing.erase.written": "leave_for_good",
    "events.deliver.applied": "tell",
    "events.deliver.claimed": "tell",
    "events.deliver.committed": "tell",
    "events.deliver.marked": "tell",
    "events.deliver.noted": "tell_one_by_one",
    "films.prepare.made": "film",
    "films.prepare.placed": "film",
    "fulfilment.ask.packed": "ask_supplier",
    "fulfilment.batch.written": "dispatch",
    "fulfilment.book.after_carrier": "book_parcel",
    "fulfilment.book.before_carrier": "book_parcel",
    "fulfilment.hand_over.announced": "hand_over",
    "fulfilment.hand_over.written": "hand_over",
    "fulfilment.pack.written": "book_parcel",
    "fulfilment.ready.written": "hand_over",
    "fulfilment.run.written": "drive",
    "fulfilment.ship.written": "ship",
    "fulfilment.stop.given": "drive",
    "importing.goods.written": "sheet",
    "jobs.run.done": "refund",
    "jobs.run.started": "refund",
    "launches.draw.placed": "draw_lot",
    "launches.end.written": "sell_out",
    "launches.give_up.written": "turn_to_the_next",
    "launches.order.goods_free": "use_turn",
    "launches.order.turn_used": "use_turn",
    "launches.piece.free": "piece_comes_back",
    "launches.piece.owned": "own_piece",
    "launches.piece.passed_on": "piece_passes_on",
    "launches.piece.taken": "order_piece",
    "launches.turns.given": "draw_lot",
    "ledger.post.written": "cash",
    "payments.capture.booked": "cash",
    "payments.capture.told": "cash",
    "payments.capture.written": "cash",
    "payments.close.asked": "expire",
    "payments.notice.applied": "hear",
    "payments.notice.stored": "hear",
    "payments.pay_all.booked": "gather",
    "payments.refund_all.booked": "fail_together",
    "payments.refund.after_provider": "refund",
    "payments.refund.before_provider": "refund",
    "payments.refund.booked": "refund",
    "payments.refund.settled": "refund",
    "payments.refund.written": "refund",
    "payments.start.after_provider": "start",
    "payments.start.before_provider": "start",
    "payments.start.written": "start",
    "payments.sync.asked": "poll",
    "polls.ask.held": "ask_friends",
    "polls.end.let_go": "end_question",
    "polls.hold_again.written": "hold_again",
    "polls.order.bound": "order_held",
    "polls.order.goods_free": "order_held",
    "preorders.ask.written": "ask_place",
    "preorders.balance.bound": "order_balance",
    "preorders.balance.ordered": "order_balance",
    "preorders.balance.settled": "pay_balance",
    "preorders.balance.unbound": "cancel_balance",
    "preorders.call_off.written": "call_batch_off",
    "preorders.date.answered": "another_date",
    "preorders.date.asked": "another_date",
    "preorders.decide.written": "miss_batch",
    "preorders.lapse.one_done": "lapse",
    "preorders.make.decided": "make_batch",
    "preorders.make.promised": "make_batch",
    "preorders.receive.written": "batch_is_here",
    "preorders.release.written": "batch_is_here",
    "preorders.return.ended": "miss_batch",
    "preorders.return.one_done": "miss_batch",
    "preorders.return.order_ended": "lapse",
    "preorders.return.promised": "miss_batch",
    "preorders.take.counted": "pay_deposit",
    "preorders.take.held": "pay_deposit",
    "rewards.back.free": "coupon_back",
    "rewards.hold.held": "coupon_spent",
    "rewards.take.written": "coupon_taken",
    "sales.cancel.announced": "cancel",
    "sales.cancel.goods_free": "cancel",
    "sales.cancel.moved": "cancel",
    "sales.credit.written": "order_balance",
    "sales.expire.payments_closed": "expire",
    "sales.hand_over.goods_gone": "hand_over",
    "sales.hand_over.moved": "hand_over",
    "sales.keep.earned": "keep",
    "sales.keep.marked": "keep",
    "sales.pay.moved": "cash",
    "sales.pay_all.written": "gather",
    "sales.place_all.written": "gather",
    "sales.place.written": "place",
    "sales.receive.moved": "hand_over",
    "sales.refund.counted": "refund",
    "sales.refund.first_of_two": "refund_two_payments",
    "sales.refund.promised": "refund",
    "sales.refund.settled": "refund",
    "sales.release.written": "fill_team",
    "spread.ask.held": "ask_for_sample",
    "spread.send.written_off": "send_sample",
    "stations.arrival.written": "count_arrival",
    "stations.close.decided": "cut_off",
    "stations.close.one_settled": "cut_off",
    "stations.close.written": "cut_off",
    "stations.earning.payable": "leader_is_owed",
    "stations.earning.taken_back": "leader_gives_back",
    "stations.enter.goods_taken": "enter_round",
    "stations.enter.written": "enter_round",
    "stations.hand_over.found": "hand_over_at_station",
    "stations.hand_over.given": "hand_over_at_station",
    "stations.leave.place_free": "leave_round",
    "stations.missed.one_refunded": "not_fetched",
    "stations.settlement.written": "settle_leader",
    "stations.short.one_refunded": "short_delivery",
    "stores.answer.written": "answer_amount",
    "stores.ask.written": "ask_amount",
    "stores.enter.taken": "order_at_counter",
    "stores.enter.written": "order_at_counter",
    "stores.leave.given_back": "leave_pay_link",
    "stores.pay.ready": "pay_at_counter",
    "stores.pay.released": "pay_at_counter",
    "stock.consume.ended": "hand_over",
    "stock.move.written": "goods_in",
    "stock.promise.written": "promise_goods",
    "stock.put_back.written": "take_back",
    "supply.call_off.written": "purchase_off",
    "supply.claim.written": "purchase",
    "supply.receive.on_shelf": "delivery_in",
    "supply.receive.written": "delivery_in",
    "supply.sell.received": "sell_from_offer",
    "supply.send.written": "purchase",
    "webhooks.send.answered": "webhook",
}


def points_in_the_code() -> list[str]:
    found = []
    for path in SOURCES.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "crash.point":
                found.append(ast.literal_eval(node.args[0]))
    return sorted(found)


def test_every_point_in_the_code_is_walked_and_names_one_moment() -> None:
    found = points_in_the_code()
    assert len(found) == len(set(found)) >= 30
    assert found == sorted(POINTS)
    assert set(POINTS.values()) <= set(PLAYS)


@pytest.mark.parametrize("point", sorted(POINTS))
def test_who_dies_here_leaves_nothing_half_done(stage: Stage, point: str) -> None:
    play = POINTS[point]
    code, facts = stage.perform(play, crash_at=point)
    assert code == crash.EXIT_CODE, f"{play} never comes to {point}"
    code, _ = stage.perform(play, facts, crash_at=point)
    assert code in (0, crash.EXIT_CODE)
    code, _ = stage.perform(play, facts)
    assert code == 0


@pytest.mark.parametrize("play", sorted(PLAYS))
def test_who_never_heard_the_answer_may_ask_again(stage: Stage, play: str) -> None:
    code, facts = stage.perform(play, crash_at=ANSWERED)
    assert code == crash.EXIT_CODE
    assert stage.perform(play, facts)[0] == 0
