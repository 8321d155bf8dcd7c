"""Commercial messages between two people, and their answers. The database decides whether one may go; here its refusal gets words."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from quanzi.base.audit import services as audit
from quanzi.goods.catalogue.models import Product, ProductState
from quanzi.growth.leads import errors
from quanzi.growth.leads.models import Answer, Approach, ApproachKind, Lead, LeadState
from quanzi.growth.leads.queries import hours_of
from quanzi.growth.leads.rules import shows_at
from quanzi.kernel.errors import DomainError, NotFound
from quanzi.people.accounts.models import Member
from quanzi.people.contact.services import notify

LONGEST = 300
REFUSALS: dict[str, type[DomainError]] = {
    "leads_consent": errors.NoConsent, "leads_cools": errors.CoolsDown, "leads_pressed": errors.TooMuch,
    "leads_attention": errors.BeyondAttention, "leads_approach_lead_id_key": errors.OfferedOnce,
}  # fmt: skip

# An offer is told only while its author is still open to it; a suggestion while both consents stand.
UNTOLD = """
SELECT a.id FROM leads_approach a LEFT JOIN leads_lead l ON l.id = a.lead_id
WHERE a.told_at IS NULL AND a.shows_at <= %s AND (a.lead_id IS NULL OR leads_is_open(l.opening_id, a.sender_id, a.for_shop, %s))
ORDER BY a.id LIMIT 500
"""


@transaction.atomic
def offer(
    *,
    sender: Member,
    lead_id: int,
    words: str,
    product_id: int | None = None,
    for_shop: bool = False,
    now: datetime,
) -> Approach:
    """Offer something to the author of a lead, once. for_shop: the caller proves that the sender may.

    Raises NotFound, WordsNeeded, NoConsent, OfferedOnce, BeyondAttention, TooMuch, CoolsDown.
    """
    lead = Lead.objects.select_for_update(of=("self",)).select_related("post").filter(
        pk=lead_id, owner=None if for_shop else sender, shown_at__isnull=False
    ).first()  # fmt: skip
    if lead is None:
        raise NotFound
    if Approach.objects.filter(lead=lead).exists():
        raise errors.OfferedOnce
    made = Approach(
        sender=sender, for_shop=for_shop, recipient_id=lead.post.author_id, kind=ApproachKind.OFFER, lead=lead,
        product=_goods(product_id), words=_words(words), sent_at=now,
    )  # fmt: skip
    _send(made, now)
    Lead.objects.filter(pk=lead.pk).update(state=LeadState.OFFERED)
    if for_shop:
        audit.write(actor=sender, action="leads.offer", target=f"lead:{lead.pk}", after={"words": made.words}, now=now)
    return made


@transaction.atomic
def suggest(*, sender: Member, recipient_id: int, product_id: int, words: str, now: datetime) -> Approach:
    """Tell somebody one knows about goods, in the shop. Raises NotFound, WordsNeeded, NoConsent, BeyondAttention, TooMuch, CoolsDown."""
    goods = _goods(product_id)
    if goods is None or recipient_id == sender.pk or not Member.objects.filter(pk=recipient_id).exists():
        raise NotFound
    made = Approach(
        sender=sender, recipient_id=recipient_id, kind=ApproachKind.SUGGESTION, product=goods, words=_words(words),
        sent_at=now,
    )  # fmt: skip
    _send(made, now)
    return made


@transaction.atomic
def send_news(
    *, sender: Member, recipient_id: int, of: str, words: str, product_id: int | None = None, now: datetime
) -> Approach:
    """News of a page to somebody who follows it; of: whose page it is, as its reader is told.

    Raises NotFound, WordsNeeded, NoConsent, BeyondAttention, TooMuch, CoolsDown.
    """
    made = Approach(
        sender=sender, recipient_id=recipient_id, kind=ApproachKind.UPDATE, product=_goods(product_id), words=_words(words),
        sent_at=now,
    )  # fmt: skip
    _send(made, now, of=of)
    return made


def tell(*, now: datetime) -> int:
    """Messages whose time has come reach their readers; answers how many."""
    with transaction.atomic():
        ids = [row.pk for row in Approach.objects.raw(UNTOLD, [now, now])]
        rows = Approach.objects.select_for_update(of=("self",)).select_related("sender", "product")
        for row in rows.filter(pk__in=ids, told_at=None).order_by("pk"):
            _tell(row, now)
    return len(ids)


@transaction.atomic
def note_opened(*, member: Member, now: datetime) -> None:
    """The member has looked at what came."""
    Approach.objects.filter(recipient=member, told_at__isnull=False, opened_at=None).update(opened_at=now)


@transaction.atomic
def answer(*, member: Member, approach_id: int, said: str, now: datetime) -> Approach:
    """Thanks, tell me more, or no. A no closes the lead and keeps its sender away for ninety days. Raises NotFound, AnsweredOnce."""
    mine = Approach.objects.select_for_update(of=("self",)).select_related("recipient", "product")
    row = mine.filter(pk=approach_id, recipient=member, told_at__isnull=False).first()
    if row is None or said not in (Answer.THANKS, Answer.ASK, Answer.NO):
        raise NotFound
    if row.answer:
        raise errors.AnsweredOnce
    row.answer, row.answered_at = said, now
    row.opened_at = row.opened_at or now
    row.save(update_fields=["answer", "answered_at", "opened_at"])
    state = LeadState.CLOSED if said == Answer.NO else LeadState.ANSWERED
    if row.lead_id is not None:
        Lead.objects.filter(pk=row.lead_id).update(state=state)
    if said == Answer.NO:
        _close_the_rest(row)
    else:
        _tell_sender(row, now)
    return row


def _tell_sender(row: Approach, now: datetime) -> None:
    kind, link = f"offer_{row.answer}", f"/me/leads?show=answered#a{row.pk}"
    if row.kind == ApproachKind.UPDATE:
        kind, link = f"update_{row.answer}", f"/u/{row.recipient_id}"
    elif row.for_shop:
        link = "/console/leads?show=answered"
    params = {"name": row.recipient.name}
    notify(member_id=row.sender_id, kind=kind, params=params, link=link, key=f"offer:{row.pk}", now=now)


def _close_the_rest(row: Approach) -> None:
    owner = None if row.for_shop else row.sender_id
    Lead.objects.filter(owner_id=owner, post__author_id=row.recipient_id, state=LeadState.NEW).update(
        state=LeadState.CLOSED
    )


def _send(made: Approach, now: datetime, *, of: str = "") -> None:
    made.shows_at = shows_at(now, *hours_of(made.recipient_id))
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as refused:
        cause = getattr(getattr(refused.__cause__, "diag", None), "constraint_name", None)
        if cause not in REFUSALS:
            raise
        raise REFUSALS[cause] from refused
    if made.shows_at <= now:
        _tell(made, now, of=of)


def _tell(row: Approach, now: datetime, *, of: str = "") -> None:
    Approach.objects.filter(pk=row.pk).update(told_at=now)
    kind = "offer_came_shop" if row.for_shop else f"{row.kind}_came"
    params = {"name": of or row.sender.name, "product": row.product.name if row.product is not None else ""}
    notify(member_id=row.recipient_id, kind=kind, params=params, link=f"/me/offers#a{row.pk}", key=f"offer:{row.pk}", now=now)  # fmt: skip


def _words(words: str) -> str:
    text = words.strip().replace("\x00", "")
    if not 1 <= len(text) <= LONGEST:
        raise errors.WordsNeeded(field="words")
    return text


def _goods(product_id: int | None) -> Product | None:
    if product_id is None:
        return None
    found = Product.objects.filter(pk=product_id, state=ProductState.ON_SALE).first()
    if found is None:
        raise NotFound
    return found
