"""Orders, payments, what was bought together, stations. Records of trade stay three years at least (E-Commerce Law, article 31)."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q

from quanzi.growth.erasing.fates.vocabulary import NOTHING_SAID, Empty, Erase, Fate, Gone, Keep, Later
from quanzi.trade.polls.rules import KEEPS_WORDS

TRADE_KEPT = timedelta(days=3 * 365)
INVOICES_KEPT = timedelta(days=5 * 365)

_TRADE = "a record of trade, kept for three years at least under a bare number"
_MONEY = "what a payment provider proved: numbers and its own marks"
_INVOICE = "copies of invoices are kept for five years"
_STAFF = "an act of the staff: it is the shop's"

SHOPS = {
    "payments.paymentmove": _MONEY,
    "payments.refund": _MONEY,
    "payments.notification": "kept as the provider signed it; says which payment, not whose",
    "sales.adjustment": "how a price came about",
    "sales.ordermove": _TRADE,
    "sales.orderrefund": _TRADE,
    "sales.orderline": "what was bought",
    "fulfilment.codeguesses": "numbers",
    "fulfilment.parcel": "how goods were carried: marks of the carrier",
    "deals.groupdeal": "terms of the shop",
    "launches.brandday": "terms of the shop",
    "launches.daygood": "terms of the shop",
    "launches.launch": "terms of the shop",
    "launches.seal": "a random mark",
    "fulfilment.dispatchrow": "marks of the carrier",
    "fulfilment.run": "a round of the shop's own",
    "launches.edition": "words of the shop",
    "aftersales.lotpause": "reasons of the staff",
    "aftersales.qualitycheck": "what the staff found in goods",
    "aftersales.recall": "reasons of the staff",
    "stores.store": "a place of the shop",
    "stores.shelfgood": "a count of goods",
    "stores.storeevent": "words of the shop",
    "stores.countersale": "the table at which somebody scanned",
    "preorders.preorder": "terms of the shop",
    "preorders.preordergood": "terms of the shop",
    "preorders.news": "words of the shop",
    "preorders.datechange": "words of the shop",
    "stations.round": "terms of the shop",
    "stations.roundgood": "terms of the shop",
    "stations.arrival": "a count of goods",
    "polls.good": "goods and what they cost",
    "rewards.coupon": "terms of the shop",
}


def _led(gone: Gone) -> Q:
    return Q(leader=gone.member_id, is_open=False)


def _stations_led(gone: Gone) -> Q:
    return Q(point__leader=gone.member_id, point__is_open=False)


def _over(moment: object) -> Q:
    """Orders that ended before."""
    return (Q(completed_at__lt=moment) | Q(ended_at__lt=moment)) & ~Q(ship_to={}, note="")


def _over_entry(moment: object) -> Q:
    return (Q(order__completed_at__lt=moment) | Q(order__ended_at__lt=moment)) & ~Q(to_door="")


def _old_question(moment: object) -> Q:
    return Q(ended_at__lt=moment) & ~Q(words="", told="")


def _old_answer(moment: object) -> Q:
    return Q(poll__ended_at__lt=moment) & ~Q(words="")


def _old_invoice(moment: object) -> Q:
    return Q(member__erased_at__isnull=False) & (Q(issued_at__lt=moment) | Q(issued_at=None)) & ~Q(title=NOTHING_SAID)


def _old_file(moment: object) -> Q:
    return Q(invoice__member__erased_at__isnull=False, uploaded_at__lt=moment) & ~Q(data=b"")


FATES: tuple[Fate, ...] = (
    Keep("payments.payment", {
        "member": _TRADE, "title": "the number of an order", "number": _TRADE, "payable_kind": _MONEY, "provider": _MONEY,
        "provider_ref": _MONEY, "idempotency_key": _MONEY, "pay_url": _MONEY, "return_url": _MONEY}),
    Erase("sales.cartline", "member"),
    # Nothing is open any more when a member is erased: neither return nor claim needs the address.
    Empty("sales.order", "member", {"ship_to": {}, "note": ""}, why=_TRADE),
    Keep("sales.order", {
        "number": _TRADE, "waits_for": "a number", "idempotency_key": "a random mark", "request_hash": "a fingerprint",
        "end_reason": "a word of the shop", "moved_by": "a number", "move_cause": "a word of the shop"}),
    Keep("sales.orderline", {"member": _TRADE}),
    Empty("sales.pickuppoint", _led,
          {"name": NOTHING_SAID, "address": NOTHING_SAID, "hours": NOTHING_SAID, "hours_en": "", "latitude": None, "longitude": None},
          why=_TRADE),
    Keep("sales.pickuppoint", {"leader": _TRADE}),
    Keep("fulfilment.fulfilment", {
        "handed_over_by": _STAFF, "carrier": _TRADE, "tracking": _TRADE, "pickup_code": "opens nothing any more"}),
    Keep("experiences.experience", {"member": "stars are counted, each on goods that were kept; the words go with their post"}),
    Keep("deals.dealuse", {"member": "a count"}),
    Keep("deals.team", {"opener": _TRADE, "code": "a random mark"}),
    Keep("deals.seat", {"member": _TRADE}),
    Empty("deals.seat", "invited_by", {"invited_by": None}, why="the seat is somebody else's"),
    Keep("launches.place", {"member": "the lot of a queue can be drawn again by anybody", "code": "a random mark"}),
    Erase("launches.reminder", "member"),
    Keep("preorders.place", {"member": _TRADE, "idempotency_key": "a random mark", "end_reason": "a word of the shop"}),
    Erase("deals.dealguest", "member"),
    Empty("bargains.bargain", "opener", {"words": ""}, why="what people asked for together, and the answer"),
    Keep("bargains.bargain", {"opener": "a wish for goods", "code": "a random mark", "answer": "a word of the shop"}),
    Keep("bargains.voice", {"member": "one more who would have taken it"}),
    Empty("chains.signup", "member", {"words": ""}, why=_TRADE),
    Keep("chains.chain", {
        "opener": _TRADE, "title": "the circle's own", "note": "the circle's own", "code": "a random mark", "end_reason": "a word of the shop"}),
    Keep("stores.paylink", {
        "only_for": _TRADE, "made_by": _STAFF, "decided_by": _STAFF, "code": "a random mark", "idempotency_key": "a random mark",
        "request_hash": "a fingerprint"}),
    Erase("aftersales.claimpicture", "claim__member"),
    Empty("aftersales.claim", "member", {"note": "", "answer": ""}, why=_TRADE),
    Keep("aftersales.claim", {"decided_by": _STAFF}),
    Empty("aftersales.helpask", "member", {"words": NOTHING_SAID, "title": "", "body": "", "answer": ""}, why=_TRADE),
    Keep("aftersales.helpask", {"answered_by": _STAFF}),
    Erase("aftersales.solved", "claim__member"),
    Empty("aftersales.compensation", "member", {"words": NOTHING_SAID, "send_to": ""}, why=_TRADE),
    Keep("aftersales.compensation", {
        "granted_by": _STAFF, "ended_by": _STAFF, "why_not": _STAFF, "reference": "the bank's mark", "key": "a random mark"}),
    Keep("aftersales.return", {"arrived_by": _STAFF} | dict.fromkeys(("carrier", "tracking", "out_carrier", "out_tracking"), _TRADE)),
    Keep("stations.earning", {"leader": _TRADE}),
    Keep("stations.settlement", {
        "leader": _TRADE, "made_by": _STAFF, "approved_by": _STAFF, "reference": "the bank's mark", "key": "a random mark"}),
    Empty("fulfilment.trackingevent", "parcel__fulfilment__order__member", {"words": "", "place": ""}, why=_TRADE),
    Keep("fulfilment.trackingevent", {"ref": "the carrier's mark", "code": "the carrier's word for a state"}),
    Erase("fulfilment.driver", "member"),
    Keep("stations.freshwait", {"said_by": _STAFF, "note": _STAFF}),
    Empty("fulfilment.declaration", "order__member", {"name": "", "forgotten_at": lambda gone: gone.now}, why="that somebody agreed"),
    Keep("fulfilment.stop", {"ref": "which load of a round it was"}),
    Empty("fulfilment.stop", "fulfilment__order__member", {"picture": None, "note": ""}, why="a stop of the shop's own round"),
    Keep("fulfilment.dispatchbatch", {"made_by": _STAFF, "service": "the carrier", "key": "a random mark"}),
    Keep("fulfilment.run", {"driver": _STAFF}),
    Keep("launches.piece", {"owner": "whose piece it was, under a bare number", "code": "a random mark"}),
    Erase("launches.ask", "member"),
    Keep("launches.handing", {"giver": _TRADE, "taker": _TRADE, "token": "opens nothing any more"}),
    Empty("launches.piecerecord", "writer", {"text": NOTHING_SAID}, why="the record of a piece that others own"),
    Keep("aftersales.dispute", {"decided_by": _STAFF, "appeal_decided_by": _STAFF, "outcome": _STAFF, "appeal_outcome": _STAFF}),
    Erase("aftersales.statementpicture", "statement__author"),
    Empty("aftersales.statement", "author", {"words": NOTHING_SAID}, why=_TRADE),
    Empty("aftersales.invoice", "member", {"email": ""}, why=_INVOICE),
    Keep("aftersales.invoice", {"issued_by": _STAFF, "reversed_by": _STAFF}
         | dict.fromkeys(("title", "tax_number", "number", "red_number"), _INVOICE)),
    Keep("aftersales.invoicefile", {"uploaded_by": _STAFF, "kind": _INVOICE, "sha256": _INVOICE, "data": _INVOICE}),
    Keep("aftersales.lotpause", {"paused_by": _STAFF, "released_by": _STAFF}),
    Keep("aftersales.qualitycheck", {"checked_by": _STAFF}),
    Keep("aftersales.recall", {"started_by": _STAFF}),
    Empty("stations.entry", "member", {"to_door": ""}, why=_TRADE),
    Keep("stations.arrival", {"counted_by": "a count of goods belongs to the station"}),
    Erase("stations.leaderact", "member"),
    Empty("stations.stationapplication", "member",
          {"name": NOTHING_SAID, "area": NOTHING_SAID, "address": NOTHING_SAID, "hours": NOTHING_SAID, "note": "", "answer": "",
           "latitude": None, "longitude": None}, why="what the shop decided"),
    Keep("stations.stationapplication", {"decided_by": _STAFF}),
    Empty("stations.station", _stations_led, {"area": NOTHING_SAID}, why=_TRADE),
    Keep("stations.station", {"code": "a random mark"}),
    Empty("polls.poll", "asker", {"words": "", "told": ""}, why="which goods were held, and what friends said to it"),
    Keep("polls.poll", {"asker": "goods were held for it", "code": "a random mark"}),
    Erase("polls.asked", "member"),
    Erase("polls.openness", "member"),
    Empty("rewards.takencoupon", "member", {"reason": ""}, why="which order a coupon made the price of"),
    Keep("rewards.takencoupon", {"given_by": _STAFF, "key": "a random mark"}),
    Erase("rewards.codetries", "member"),
)  # fmt: skip

LATER: tuple[Later, ...] = (
    Later("polls.poll", _old_question, {"words": "", "told": ""}, KEEPS_WORDS, why="a question among friends is over"),
    Later("polls.asked", _old_answer, {"words": ""}, KEEPS_WORDS, why="a question among friends is over"),
    Later("aftersales.invoicefile", _old_file, {"data": b""}, INVOICES_KEPT, why=_INVOICE),
    Later(
        "aftersales.invoice",
        _old_invoice,
        {"title": NOTHING_SAID, "tax_number": NOTHING_SAID},
        INVOICES_KEPT,
        why=_INVOICE,
    ),
    Later(
        "sales.order",
        _over,
        {"ship_to": {}, "note": ""},
        TRADE_KEPT,
        why="nobody returns, claims or taxes this order any more",
    ),
    Later(
        "stations.entry",
        _over_entry,
        {"to_door": ""},
        TRADE_KEPT,
        why="nobody returns, claims or taxes this order any more",
    ),
)
