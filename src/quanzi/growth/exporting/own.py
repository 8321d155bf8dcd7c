"""Everything about one member, for themselves: which rows of which tables, and what of them is told.

What becomes of each table when a member is erased stands in `growth/erasing/fates`; a new table is declared in both.

Of other people nothing is told but names; what others wrote or decided about the member for themselves stays theirs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.apps import apps


@dataclass(frozen=True)
class Part:
    """Rows of one table that are about a member. whose: the path from the row to them; tells: word → path, or a path that is its
    own word. Amounts named `…_minor` count the smallest coin."""

    name: str
    model: str
    whose: str
    tells: tuple[str | tuple[str, str], ...]

    def rows(self, member_id: int) -> list[dict[str, Any]]:
        """Oldest first."""
        pairs = [(one, one) if isinstance(one, str) else one for one in self.tells]
        manager = apps.get_model(self.model)._default_manager
        found = manager.filter(**{self.whose: member_id}).order_by("pk").values_list(*(path for _, path in pairs))
        words = [word for word, _ in pairs]
        return [dict(zip(words, row, strict=True)) for row in found]


_GOODS = ("goods", "sku__product__name")
_ORDER = ("order", "order__number")

PARTS = (
    Part("addresses", "accounts.address", "member",
         ("recipient", "phone", ("region", "region_name"), "detail", "is_default", "created_at", "removed_at")),
    Part("login_addresses", "account.emailaddress", "user", ("email", "verified", "primary")),
    Part("sessions", "accounts.membersession", "member", ("device", "ip", "created_at", "seen_at")),
    Part("second_steps", "mfa.authenticator", "user", (("kind", "type"), "created_at", "last_used_at")),
    Part("tokens", "api.apitoken", "member", ("name", "scopes", "made_at", "expires_at", "used_at", "revoked_at")),
    Part("apps", "allauth_idp_oidc.token", "user",
         (("app", "client__name"), ("kind", "type"), "scopes", "created_at", "expires_at")),
    Part("apps_made", "allauth_idp_oidc.client", "owner", ("name", "scopes", "redirect_uris", "created_at")),
    Part("consents", "contact.consent", "member",
         ("purpose", "channel", "granted", ("at", "decided_at"), "where", ("wording", "text__text_zh"))),
    Part("permissions", "contact.permission", "member", ("purpose", "channel", "granted")),
    Part("notices", "contact.notice", "member", ("kind", "params", "link", "created_at", "read_at")),
    Part("devices_with_notices", "contact.device", "member", (("device", "name"), ("since", "made_at"))),
    Part("customs", "fulfilment.declaration", "order__member", (_ORDER, "name", "agreed_at", "forgotten_at")),
    Part("driving", "fulfilment.driver", "member", ("invited_at", "accepted_at", "ended_at")),
    Part("blocked", "safety.block", "member", (("name", "other__name"), ("at", "made_at"))),
    Part("muted", "safety.mute", "member", (("name", "other__name"), ("at", "made_at"))),
    Part("reports", "safety.report", "member", ("subject", "reason", "note", "made_at", "decided_at")),
    Part("ties", "trust.tie", "source",
         (("name", "target__name"), "kind", ("word", "label"), "made_at", "withdrawn_at", "hidden", ("used", "is_used"))),
    Part("left_out_of_counts", "trust.ringmember", "member",
         ("left_out", ("found_at", "ring__found_at"), ("decided_at", "ring__decided_at"), ("because", "ring__reason"))),
    Part("ties_asked_for", "trust.tierequest", "source", (("name", "target__name"), "kind", ("word", "label"), "made_at")),
    Part("ties_asked_of_me", "trust.tierequest", "target",
         (("name", "source__name"), "kind", "made_at", "answered_at", "accepted")),
    Part("maker", "catalogue.maker", "member", ("name", "place", "story")),
    Part("supplies_for", "supply.supplierperson", "member", (("supplier", "supplier__name"), "since", "ended_at")),
    Part("wishlist", "wishes.wish", "member", (("goods", "product__name"), ("at", "made_at"))),
    Part("waiting_for", "wishes.stockalert", "member", (_GOODS, "asked_at", "told_at")),
    Part("looked_at", "wishes.seen", "member", (("goods", "product__name"), ("at", "seen_at"))),
    Part("circles", "circles.membership", "member",
         (("circle", "circle__name"), "role", "state", "answer", "reason", "asked_at", "joined_at", "ended_at")),
    Part("circles_founded", "circles.circle", "founder", ("name", "created_at", "closed_at")),
    Part("circle_invitations", "circles.joinlink", "maker",
         (("circle", "circle__name"), "uses_left", "made_at", "expires_at", "revoked_at")),
    Part("posts", "posts.post", "author",
         ("kind", ("circle", "circle__name"), "title", ("text", "body"), ("at", "created_at"), "edited_at", "removed_at",
          ("hidden_because", "hidden_reason"))),
    Part("replies", "posts.comment", "author",
         (("to", "post__title"), ("text", "body"), ("at", "created_at"), "removed_at", ("hidden_because", "hidden_reason"))),
    Part("found_useful", "posts.reaction", "member", (("post", "post__title"), ("at", "created_at"))),
    Part("experiences", "experiences.experience", "member",
         (("goods", "product__name"), "stars", ("at", "created_at"), "voided_at")),
    Part("cart", "sales.cartline", "member", (_GOODS, ("options", "sku__options"), "quantity", "added_at")),
    Part("orders", "sales.order", "member",
         ("number", "state", "currency", "amount_minor", "goods_minor", "freight_minor", "discount_minor", "refunded_minor",
          "method", ("picked_up_at", "pickup_point__name"), ("delivered_to", "ship_to"), "note", "placed_at", "paid_at",
          "handed_over_at", "received_at", "completed_at", "ended_at", "end_reason")),
    Part("order_lines", "sales.orderline", "member",
         (_ORDER, ("goods", "title"), "quantity", "unit_minor", "paid_minor", "refunded_minor", "received_at", "kept_at",
          "returned_at", "dropped_at")),
    Part("payments", "payments.payment", "member",
         ("number", ("for", "title"), "amount_minor", "currency", ("way", "provider"), "state", "refunded_minor", "created_at",
          "captured_at", "closed_at")),
    Part("refunds", "sales.orderrefund", "order__member",
         (_ORDER, "amount_minor", ("currency", "order__currency"), "reason", "refunded_at",
          ("paid_back_at", "payment_refund__done_at"))),
    Part("claims", "aftersales.claim", "member",
         (("order", "line__order__number"), ("goods", "line__title"), "reason", "note", "state", "opened_at", "decided_at",
          "answer")),
    Part("statements", "aftersales.statement", "author",
         (("order", "dispute__claim__line__order__number"), "side", "words", "said_at")),
    Part("help_asked", "aftersales.helpask", "member",
         (("order", "line__order__number"), ("goods", "line__title"), "words", "stars", "title", "body", "asked_at", "answer", "answered_at")),
    Part("compensations", "aftersales.compensation", "member",
         (("order", "line__order__number"), ("goods", "line__title"), "reason", "words", "amount_minor", "currency", "state", "granted_at",
          "send_to", "paid_how", "reference", "ended_at", "why_not")),
    Part("invoices", "aftersales.invoice", "member",
         (_ORDER, "kind", "title", "tax_number", "email", "state", "amount_minor", "number", "red_number", "asked_at",
          "issued_at", "reversed_at")),
    Part("team_seats", "deals.seat", "member",
         (("team", "team__code"), _ORDER, "state", "taken_at", "paid_at", "ended_at")),
    Part("teams_opened", "deals.team", "opener", ("code", "state", "opened_at", "deadline", "succeeded_at", "failed_at")),
    Part("lists", "chains.signup", "member", (("list", "chain__title"), _ORDER, "words", "signed_at", "ended_at")),
    Part("lists_opened", "chains.chain", "opener", ("code", "title", "note", "state", "opened_at", "closes_at")),
    Part("prices_wished_for", "bargains.bargain", "opener",
         (_GOODS, "wish_minor", "words", "state", "opened_at", "answered_at", "answer")),
    Part("voices", "bargains.voice", "member",
         (("goods", "bargain__sku__product__name"), "quantity", "said_at", "withdrawn_at")),
    Part("launches", "launches.place", "member",
         ("launch__title", "code", "wanted", "entered_at", "position", "state", "turn_from", "turn_until", "ended_at", _ORDER)),
    Part("preorders", "preorders.place", "member",
         ("preorder__title", ("goods", "good__sku__product__name"), "quantity", "deposit_minor", "currency", "state", "asked_at",
          "held_at", "settled_at", "ended_at", "end_reason", _ORDER)),
    Part("pieces", "launches.piece", "owner", (("edition", "edition__code"), "number", "code", "state")),
    Part("pieces_asked", "launches.ask", "member", (("edition", "edition__code"), "state", "asked_at", "turn_until", "ended_at")),
    Part("pieces_handed_on", "launches.handing", "giver", (("piece", "piece__code"), "offered_at", "taken_at", "withdrawn_at")),
    Part("pieces_taken", "launches.handing", "taker", (("piece", "piece__code"), "taken_at")),
    Part("piece_records", "launches.piecerecord", "writer", (("piece", "piece__code"), "kind", "text", "written_at")),
    Part("day_reminders", "launches.reminder", "member", (("day", "day__title"), "asked_at", "told_at")),
    Part("rounds", "stations.entry", "member",
         (("round", "stop__round__title"), _ORDER, "to_door", "entered_at", "ended_at", "missed_at", "reminded_at")),
    Part("station_applications", "stations.stationapplication", "member",
         ("name", "area", "address", "hours", "note", "state", "asked_at", "decided_at", "answer")),
    Part("pay_links", "stores.paylink", "made_by",
         (("for", "sku__product__name"), "quantity", "state", "most", "created_at", "expires_at")),
    Part("friends_asked", "polls.poll", "asker",
         ("words", "asked_at", "closes_at", "ended_at", "end_reason", "decision", "told", "told_at")),
    Part("goods_asked_about", "polls.good", "poll__asker", (_GOODS, "price_minor", "currency", _ORDER)),
    Part("asked_by_friends", "polls.asked", "member",
         (("by", "poll__asker__name"), "asked_at", "says", ("goods", "good__sku__product__name"), "words", "has_it", "is_for_all",
          "answered_at", "thanked_at")),
    Part("may_be_asked", "polls.openness", "member", ("may_be_asked", "changed_at")),
    Part("arrivals", "sources.touch", "member", (("by", "source__name"), "path", ("at", "happened_at"), ("hands", "depth"))),
    Part("samples", "spread.seed", "member",
         (("goods", "plan__sku__product__name"), "state", "asked_at", "answered_at", "sent_at")),
    Part("reach", "spread.reach", "member", ("within", "low", "high", "counted_at")),
    Part("asked_about_a_station", "spread.call", "member", ("area", "reasons", "state", "asked_at", "answered_at")),
    Part("browsers", "sources.visitor", "member", ("first_seen_at",)),
    Part("posts_read", "insight.reading", "visitor__member", (("post", "post__title"), "read_at")),
    Part("links", "sources.source", "owner", ("kind", "name", "target", "created_at", "retired_at")),
    Part("offered_to_me", "recommending.shelf", "member", (("goods_because_tied", "places"), "trained_at")),
    Part("not_offered_again", "recommending.notthis", "member", (("goods", "product__name"), ("at", "said_at"))),
    Part("chosen_for_me", "recommending.choice", "member", ("is_personal", "feed_order", "changed_at")),
    Part("wanted", "needs.support", "member", (("words", "need__words"), ("question", "need__post__title"), ("state", "need__state"), ("at",
    "said_at"))),
    Part("search_choices", "searching.choice", "member", ("is_findable", "remembers")),
    Part("searched", "searching.past", "member", ("words", ("at", "searched_at"))),
    Part("front", "fronts.front", "member", ("intro", "sections", "shows_record", "changed_at")),
    Part("pins", "fronts.pin", "front__member",
         (("post", "post__title"), ("goods", "product__name"), ("kept", "line__title"), "note", ("at", "pinned_at"))),
    Part("stood_by", "fronts.pin", "line__member", (("goods", "line__title"), "note", ("at", "pinned_at"))),
    Part("circle_splits", "splitting.place", "member",
         (("circle", "split__circle__name"), ("part", "part__name"), ("between_parts", "is_bridge"), ("found_at", "split__found_at"), "chosen_at")),
    Part("asked_to_lead", "splitting.part", "leader",
         (("circle", "split__circle__name"), "name", ("agreed", "leader_agreed"), ("answered_at", "leader_answered_at"))),
    Part("pickup_points_led", "sales.pickuppoint", "leader", ("name", "address", "hours")),
    Part("commission", "commission.accrual", "beneficiary",
         (("goods", "line__title"), "depth", "amount_minor", "reversed_minor", ("currency", "line__order__currency"), "state",
          "created_at", "payable_at")),
    Part("payout_accounts", "commission.payoutaccount", "member",
         (("way", "method"), "holder", ("ends_in", "tail"), "added_at", "retired_at")),
    Part("payouts", "commission.payout", "beneficiary",
         ("amount_minor", ("to", "account__tail"), "state", "made_at", "sent_at", "reference", "ended_at", "reason")),
    Part("station_pay", "stations.earning", "leader",
         (("goods", "line__title"), "amount_minor", "reversed_minor", "made_at", "payable_at")),
    Part("station_settlements", "stations.settlement", "leader", ("amount_minor", "currency", "reference", "made_at")),
    Part("erasures", "erasing.erasure", "member", ("keeps_words", "asked_at", "due_at", "withdrawn_at")),
    Part("orders_from_before", "importing.pastorder", "buyer__member",
         (("shop", "source__name"), "number", "placed_at", "currency", "bought_minor", "returned_minor")),
    Part("lines_from_before", "importing.pastline", "order__buyer__member",
         (("order", "order__number"), "title", "quantity", "amount_minor")),
)  # fmt: skip

_WORK = "an act of the staff: it belongs to the shop and stands in the audit log"
_THEIRS = "what somebody else decided for themselves"
LEFT_OUT = {
    "accounts.member_groups.member": "groups of the back room, which the shop gives",
    "accounts.member_user_permissions.member": "rights of the back room, which the shop gives",
    "accounts.staffinvitation.accepted_by": _WORK,
    "accounts.staffinvitation.made_by": _WORK,
    "admin.logentry.user": _WORK,
    "aftersales.claim.decided_by": _WORK,
    "aftersales.compensation.ended_by": _WORK,
    "aftersales.compensation.granted_by": _WORK,
    "aftersales.dispute.appeal_decided_by": _WORK,
    "aftersales.dispute.decided_by": _WORK,
    "aftersales.helpask.answered_by": _WORK,
    "aftersales.invoicefile.uploaded_by": _WORK,
    "aftersales.invoice.issued_by": _WORK,
    "aftersales.invoice.reversed_by": _WORK,
    "aftersales.lotpause.paused_by": _WORK,
    "aftersales.lotpause.released_by": _WORK,
    "aftersales.qualitycheck.checked_by": _WORK,
    "aftersales.recall.started_by": _WORK,
    "aftersales.return.arrived_by": _WORK,
    "api.keptanswer.member": "an answer that a program may fetch again for a day",
    "api.spentrefresh.member": "fingerprints of tokens that are over",
    "approvals.approval.asked_by": _WORK,
    "approvals.approval.decided_by": _WORK,
    "circles.membership.invited_by": "whom one invited is the membership of the one who came",
    "commission.accrual.buyer": "what a leader earns is the leader's",
    "commission.commissionrule.signed_by": _WORK,
    "commission.payout.approved_by": _WORK,
    "commission.payout.made_by": _WORK,
    "deals.dealguest.member": "the voices that are told made somebody a guest",
    "deals.dealuse.member": "a count of the seats that are told",
    "deals.seat.invited_by": "whom one invited is the seat of the one who came",
    "erasing.erasure.asked_by": _WORK,
    "stations.settlement.approved_by": _WORK,
    "stations.settlement.made_by": _WORK,
    "exporting.dataexport.asked_by": _WORK,
    "fulfilment.fulfilment.handed_over_by": _WORK,
    "fulfilment.dispatchbatch.made_by": _WORK,
    "fulfilment.run.driver": _WORK,
    "importing.sheet.actor": _WORK,
    "importing.importedmember.member": "a mark on who came from a recorded log, which nobody logs in as",
    "safety.block.other": _THEIRS,
    "safety.mute.other": _THEIRS,
    "safety.report.decided_by": _WORK,
    "spread.plan.made_by": _WORK,
    "spread.call.asked_by": _WORK,
    "splitting.split.decided_by": "a decision about a circle stands in the audit log",
    "stations.freshwait.said_by": _WORK,
    "stations.arrival.counted_by": "a count of goods belongs to the station",
    "stations.leaderact.member": "keys of what a leader's phone sent, whose effects are told where they belong",
    "stations.stationapplication.decided_by": _WORK,
    "stores.paylink.decided_by": _WORK,
    "stores.paylink.only_for": "an amount that one typed oneself stands among the links that one made",
    "supply.offer.offered_by": "an offer is the supplier's",
    "trust.edge.source": "the sum of the ties that are told",
    "trust.edge.target": _THEIRS,
    "trust.ring.decided_by": _WORK,
    "trust.tie.target": _THEIRS,
    "webhooks.endpoint.made_by": _WORK,
    "webhooks.replay.asked_by": _WORK,
}
"""Columns that point at a member and are not told, with the reason."""


def everything_about(member_id: int) -> dict[str, list[dict[str, Any]]]:
    """Every part by its name, in one query each."""
    return {part.name: part.rows(member_id) for part in PARTS}
