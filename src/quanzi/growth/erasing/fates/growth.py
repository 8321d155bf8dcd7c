"""How people came, what leaders earned, what another shop's records say."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Coalesce, Concat, Now

from quanzi.growth.commission.models import Payout, PayoutState
from quanzi.growth.erasing.fates.vocabulary import Empty, Erase, Fate, Gone, Keep, Later

PAYOUTS_KEPT = timedelta(days=5 * 365)

_PAID = "to whom the shop paid commission, which it declares for tax: five years"
_STAFF = "an act of the staff: it is the shop's"
_FIGURES = "what a way in was worth, counted under bare numbers"
_NO_MARK = Concat(Value("gone-"), Cast("pk", CharField()))

SHOPS = {
    "sources.spend": "what the shop spent",
    "tastes.trait": "what goods are like",
    "tastes.takenaway": "what goods are not like",
    "insight.reading": "leads to a browser, and that to nobody any more",
    "recommending.training": "figures of the engine",
    "recommending.circleshelf": "goods for a circle",
    "recommending.again": "after how many days goods are used up",
    "searching.entry": "made of what everything else says, and follows it in the same moment",
    "searching.stale": "numbers of what is read again",
    "searching.change": "numbers that say only that the index changed",
    "needs.need": "words that nobody's name stands at; a question is read where it stands",
    "leads.topic": "the shop's topics and their words",
    "leads.mark": "numbers of what is read again",
    "searching.word": "the merchant's words",
    "searching.miss": "words that found nothing, without whose they were",
    "splitting.setting": "a number that the shop chose",
    "splitting.look": "figures of a circle",
    "commission.commissionrule": "rules of the shop",
    "commission.accrual": "numbers",
    "commission.payoutline": "numbers",
    "importing.importrun": "figures of an import",
    "importing.importedproduct": "goods",
    "importing.pastorder": "numbers of another shop's orders",
    "importing.pastline": "goods that were bought there",
    "importing.sheet": "how a sheet was read",
    "importing.sheetcontent": "a sheet on its way in; it goes when it was applied or put away",
    "importing.wantedpicture": "pictures of goods",
    "exporting.dataexport": "an archive that the staff fetches within a day",
    "erasing.erasure": "numbers",
    "replicating.pattern": "a community without any person in it",
    "replicating.branch": "a community without any person in it",
    "replicating.startertext": "a community without any person in it",
}


def _links(gone: Gone) -> Q:
    return Q(owner=gone.member_id)


def _never_paid(gone: Gone) -> Q:
    return Q(~Exists(_paid_to(OuterRef("pk"))), member=gone.member_id)


def _paid_to(account: OuterRef) -> QuerySet[Payout]:
    return Payout.objects.filter(account=account, state__in=(PayoutState.SENT, PayoutState.DONE))


def _long_paid(moment: object) -> Q:
    return Q(
        ~Exists(Payout.objects.filter(account=OuterRef("pk"), made_at__gte=moment)), member__erased_at__isnull=False
    ) & ~Q(holder="")


_NO_ACCOUNT = {"holder": "", "sealed": "", "tail": ""}

FATES: tuple[Fate, ...] = (
    Empty("sources.source", _links, {"name": lambda gone: gone.former, "retired_at": Coalesce(F("retired_at"), Now())}, why=_FIGURES),
    Keep("sources.source", {"owner": _FIGURES, "token": "a random mark", "utm": "the shop's own", "target": "a page of the shop"}),
    # The cookie of their browser leads to nobody any more.
    Empty("sources.visitor", "member", {"key": _NO_MARK, "member": None}, why=_FIGURES),
    Keep("sources.touch", {"member": _FIGURES, "path": "a page of the shop"}),
    Keep("commission.commissionrule", {"signed_by": _STAFF}),
    Keep("commission.accrual", {"beneficiary": _PAID, "buyer": "a record of trade under a bare number"}),
    Empty("commission.payoutaccount", _never_paid, _NO_ACCOUNT, why=_PAID),
    Keep("commission.payoutaccount", {"member": _PAID, "holder": _PAID, "sealed": _PAID, "tail": _PAID}),
    Keep("commission.payout", {
        "beneficiary": _PAID, "made_by": _STAFF, "approved_by": _STAFF, "key": "a random mark", "reference": "the bank's mark",
        "reason": "a word of the staff"}),
    Erase("tastes.pick", "member"),
    Erase("recommending.shelf", "member"),
    Erase("recommending.notthis", "member"),
    Erase("recommending.choice", "member"),
    Erase("splitting.place", "member"),
    Empty("splitting.part", "leader", {"leader": None}, why="a circle stays without whom it was offered to"),
    Keep("splitting.part", {"name": "the name of a circle", "leaders": "figures under bare numbers", "words": "words that several people use"}),
    Keep("splitting.split", {"decided_by": "that it was decided", "flows": "counts"}),
    Erase("fronts.receipt", "member"),
    Erase("fronts.mute", "member"),
    Erase("fronts.update", "sender"),
    Erase("leads.approach", "sender"),
    Erase("leads.approach", "recipient"),
    Erase("leads.fewer", "member"),
    Erase("leads.fewer", "other"),
    Erase("leads.attention", "member"),
    Erase("leads.lead", "owner"),
    Erase("leads.lead", "post__author"),
    Erase("leads.watch", "owner"),
    Erase("leads.opening", "member"),
    Erase("needs.support", "member"),
    Erase("spread.reach", "member"),
    Erase("spread.call", "member"),
    Empty("spread.seed", "member", {"address": None}, why="what became of a sample, under a bare number"),
    Keep("spread.plan", {"made_by": _STAFF, "name": "the shop's own word", "outcome": "figures"}),
    Keep("spread.call", {"asked_by": _STAFF}),
    Erase("searching.choice", "member"),
    Erase("searching.past", "member"),
    Erase("fronts.pin", "line__member"),
    Erase("fronts.front", "member"),
    Erase("fronts.front", "station__point__leader"),
    Erase("importing.importedmember", "member"),
    Empty("importing.pastbuyer", "member", {"outside_id": _NO_MARK, "phone_digest": "", "email_digest": ""}, why=_FIGURES),
    Keep("importing.sheet", {"actor": _STAFF}),
    Keep("exporting.dataexport", {"asked_by": _STAFF}),
    Empty("erasing.erasure", "member", {"why": ""}, why="that it was asked for, and done"),
    Keep("erasing.erasure", {"asked_by": _STAFF}),
)  # fmt: skip

LATER: tuple[Later, ...] = (Later("commission.payoutaccount", _long_paid, _NO_ACCOUNT, PAYOUTS_KEPT, why=_PAID),)
