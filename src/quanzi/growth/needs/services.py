"""Gathering, standing behind, answering."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection, transaction

from quanzi.base.audit import services as audit
from quanzi.goods.catalogue.models import Product, ProductState
from quanzi.growth.needs import errors
from quanzi.growth.needs.models import ENDED, Need, NeedState, Support
from quanzi.growth.needs.queries import need_row
from quanzi.growth.searching.folding import fold
from quanzi.growth.searching.rules import may_be_kept
from quanzi.kernel.clock import today
from quanzi.kernel.errors import NotFound
from quanzi.people.accounts.models import Member
from quanzi.people.contact.services import notify
from quanzi.trade.preorders.models import Preorder, PreorderState

LEAST_SEARCHES, WITHIN, SILENT = 3, timedelta(days=30), timedelta(days=1)
MOST_OF_ONE = 50

FROM_SEARCHES = """
INSERT INTO needs_need (words, state, answer, opened_at)
SELECT m.words, 'open', '', %(now)s FROM searching_miss m WHERE m.day >= %(since)s GROUP BY m.words HAVING sum(m.times) >= %(least)s
ON CONFLICT DO NOTHING
"""
FROM_QUESTIONS = """
INSERT INTO needs_need (words, post_id, state, answer, opened_at)
SELECT '', p.id, 'open', '', %(now)s FROM posts_post p LEFT JOIN circles_circle c ON c.id = p.circle_id
WHERE p.kind = 'question' AND p.hidden_at IS NULL AND p.removed_at IS NULL AND (p.circle_id IS NULL OR c.admission = 'open')
  AND p.created_at <= %(silent)s AND p.created_at > %(back)s AND p.accepted_comment_id IS NULL
  AND NOT EXISTS (SELECT FROM posts_comment k WHERE k.post_id = p.id AND k.author_id <> p.author_id AND k.removed_at IS NULL AND k.hidden_at IS NULL)
ON CONFLICT DO NOTHING RETURNING id, post_id
"""


@transaction.atomic
def gather(*, now: datetime) -> None:
    """What was searched for in vain often enough, and public questions that nobody answered; their authors stand behind them."""
    with connection.cursor() as cursor:
        cursor.execute(FROM_SEARCHES, {"now": now, "since": today(now - WITHIN), "least": LEAST_SEARCHES})
        cursor.execute(FROM_QUESTIONS, {"now": now, "silent": now - SILENT, "back": now - WITHIN})
        new = [row[0] for row in cursor.fetchall()]
    Support.objects.bulk_create(
        [Support(need=need, member_id=need.post.author_id, said_at=now)
         for need in Need.objects.select_related("post").filter(pk__in=new) if need.post is not None],
        ignore_conflicts=True,
    )  # fmt: skip


@transaction.atomic
def want(*, member: Member, words: str, now: datetime) -> Need:
    """Put words on the board, or stand behind them when they are there. Raises WordsNeeded, TooManyNeeds."""
    folded = fold(words)
    if not (may_be_kept(words.strip()) and may_be_kept(folded)):
        raise errors.WordsNeeded(field="words")
    need, _ = Need.objects.get_or_create(words=folded, defaults={"opened_at": now})
    support(member=member, need_id=need.pk, now=now)
    need.refresh_from_db()
    return need


@transaction.atomic
def support(*, member: Member, need_id: int, now: datetime) -> None:
    """I want it too; a second time changes nothing. An answer that is a month old, or whose goods are gone, is asked for again.

    Raises NotFound, TooManyNeeds.
    """
    row = need_row(need_id)
    if row is None:
        raise NotFound
    if row.may_be_asked_again(now):
        _open_again(need_id, row.answered_at)
    Member.objects.select_for_update(no_key=True).get(pk=member.pk)  # two tabs count one after the other
    mine = Support.objects.filter(member=member)
    if mine.filter(need_id=need_id).exists():
        return
    if mine.exclude(need__state__in=ENDED).count() >= MOST_OF_ONE:
        raise errors.TooManyNeeds(most=MOST_OF_ONE)
    Support.objects.create(need_id=need_id, member=member, said_at=now)


def _open_again(need_id: int, answered_at: datetime | None) -> None:
    """Unless the shop has answered anew meanwhile."""
    Need.objects.filter(pk=need_id, answered_at=answered_at, state__in=ENDED).update(
        state=NeedState.OPEN, answer="", answered_at=None, product=None, preorder=None
    )


def withdraw(*, member: Member, need_id: int) -> bool:
    """I do not want it any more; answers whether I had."""
    return Support.objects.filter(member=member, need_id=need_id).delete()[0] > 0


@transaction.atomic
def answer(
    *,
    need_id: int,
    state: str,
    words: str = "",
    product_id: int | None = None,
    preorder_id: int | None = None,
    actor: Member,
    now: datetime,
) -> Need:
    """What the merchant says: seeking, found (with goods on sale), preorder (an open one), or declined with a reason.

    Whoever wants it is told each answer once; another answer may follow. Raises NotFound, NeedAnswered, NoSuchGoods, ReasonNeeded.
    """
    need = Need.objects.select_for_update(of=("self",)).select_related("post").filter(pk=need_id).first()
    if need is None or state not in NeedState.values or state == NeedState.OPEN:
        raise NotFound
    words = words.strip().replace("\x00", "")
    if len(words) > 200 or (state == NeedState.DECLINED and not words):
        raise errors.ReasonNeeded(field="words")
    said = _said(need)
    need.state, need.answer, need.answered_at = state, words, now
    need.product = _product(product_id) if state == NeedState.FOUND else None
    need.preorder = _preorder(preorder_id, now) if state == NeedState.PREORDER else None
    if _said(need) == said:
        raise errors.NeedAnswered
    need.save(update_fields=["state", "answer", "answered_at", "product", "preorder"])
    audit.write(
        actor=actor, action="needs.answer", target=f"need:{need.pk}",
        after={"state": state, "answer": words, "product": product_id, "preorder": preorder_id}, now=now,
    )  # fmt: skip
    _tell(need, now)
    return need


def _said(need: Need) -> tuple[str, str, int | None, int | None]:
    return need.state, need.answer, need.product_id, need.preorder_id


def _tell(need: Need, now: datetime) -> None:
    """Words are named; a question's stay where they stand, and go with it."""
    params = {"answer": need.answer or "–"} | ({"what": need.words} if need.words else {})
    kind = f"wanted_{need.state}" if need.words else f"need_{need.state}"
    for member_id in need.supports.values_list("member_id", flat=True):
        notify(
            member_id=member_id, kind=kind, params=params, link=f"/needs/{need.pk}",
            key=f"need:{need.pk}:{need.state}:{now:%Y%m%d%H%M%S}", now=now,
        )  # fmt: skip


def _product(product_id: int | None) -> Product:
    found = Product.objects.filter(pk=product_id or 0, state=ProductState.ON_SALE).first()
    if found is None:
        raise errors.NoSuchGoods(field="product_id")
    return found


def _preorder(preorder_id: int | None, now: datetime) -> Preorder:
    found = Preorder.objects.filter(pk=preorder_id or 0, state=PreorderState.OPEN, closes_at__gt=now).first()
    if found is None:
        raise errors.NoSuchGoods(field="preorder_id")
    return found
