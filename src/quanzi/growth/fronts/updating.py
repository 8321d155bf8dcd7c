"""News of a page to those who follow it: written, undone while it waits, sent under the rules of all commercial messages, muted."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from quanzi.community.circles.models import Admission
from quanzi.community.posts.models import Post
from quanzi.goods.catalogue.models import Product, ProductState
from quanzi.growth.fronts import errors
from quanzi.growth.fronts.centres import Centre
from quanzi.growth.fronts.models import Front, Mute, Receipt, Update
from quanzi.growth.fronts.policies import may_keep
from quanzi.growth.fronts.queries.updates import centre_of, to_send
from quanzi.growth.fronts.rules import AGAIN, LASTS, NEWS_A_WEEK, NEWS_LIMIT, goes_at
from quanzi.growth.leads.rules import shows_at
from quanzi.growth.leads.services.approaching import send_news
from quanzi.kernel.errors import DomainError, NotAllowed, NotFound
from quanzi.people.accounts.models import Member
from quanzi.people.accounts.rules import visible
from quanzi.trade.deals.models import Team, TeamState

AT_ONCE = 200


@transaction.atomic
def write_update(
    *,
    member: Member,
    centre: Centre,
    words: str,
    product_id: int | None = None,
    post_id: int | None = None,
    team_id: int | None = None,
    now: datetime,
) -> Update:
    """Say what is new; it goes out ten minutes later, in the morning when that is by night. With one thing to look at, or none.

    A station has no news of its own: its leader tells them on their own page, so that nobody is asked twice as often.

    Raises NotAllowed, NewsToSay, NotToSend, NewsTooOften.
    """
    if centre.kind == "s" or not may_keep(member, centre):
        raise NotAllowed
    words = visible(words)
    if not 1 <= len(words) <= NEWS_LIMIT:
        raise errors.NewsToSay(field="words", limit=NEWS_LIMIT)
    what = {"product_id": product_id, "post_id": post_id, "team_id": team_id}
    front, _ = Front.objects.get_or_create(**centre.of_front, defaults={"changed_at": now})
    at = goes_at(now)
    made = Update(front=front, sender=member, words=words, written_at=now, goes_at=at, next_at=at, **what)
    if sum(one is not None for one in what.values()) > 1 or not _stands(made, centre):
        raise errors.NotToSend(field="link")
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as refused:
        if getattr(getattr(refused.__cause__, "diag", None), "constraint_name", None) != "fronts_too_often":
            raise
        raise errors.NewsTooOften(most=NEWS_A_WEEK) from refused
    return made


@transaction.atomic
def undo_update(*, member: Member, centre: Centre, update_id: int, now: datetime) -> None:
    """It does not go. Twice changes nothing. Raises NotAllowed, NotFound, GoneAlready."""
    if not may_keep(member, centre):
        raise NotAllowed
    mine = Update.objects.select_for_update(of=("self",)).filter(
        pk=update_id, **{f"front__{key}": value for key, value in centre.of_front.items()}
    )
    row = mine.first()
    if row is None:
        raise NotFound
    if row.undone_at is not None:
        return
    if now >= row.goes_at:
        raise errors.GoneAlready
    row.undone_at, row.next_at = now, None
    row.save(update_fields=["undone_at", "next_at"])


@transaction.atomic
def mute(*, member: Member, centre: Centre, muted: bool, now: datetime) -> None:
    """No news of this page any more, or again; following stays as it is. Raises NotFound for a page that never sent any."""
    front = Front.objects.filter(**centre.of_front, updates__isnull=False).first()
    if front is None:
        raise NotFound
    if muted:
        Mute.objects.get_or_create(front=front, member=member, defaults={"muted_at": now})
    else:
        Mute.objects.filter(front=front, member=member).delete()


def send_due(now: datetime) -> int:
    """News whose time has come go to those who may get them now; answers how many got something."""
    due = Update.objects.filter(next_at__lte=now).order_by("next_at", "pk").values_list("pk", flat=True)[:20]
    return sum(_send(one, now) for one in list(due))


@transaction.atomic
def _send(update_id: int, now: datetime) -> int:
    row = Update.objects.select_for_update(of=("self",)).select_related("front", "sender", "product", "post__circle", "team").get(
        pk=update_id
    )  # fmt: skip
    if row.next_at is None or row.next_at > now:
        return 0
    centre, morning = centre_of(row.front), shows_at(now)
    got = 0
    if now >= row.goes_at + LASTS or not may_keep(row.sender, centre) or not _stands(row, centre):
        row.next_at = None
    elif morning > now:
        row.next_at = morning
    else:
        people = to_send(row, centre, now=now, limit=AT_ONCE)
        got = sum(_hand(row, one, centre.name, now) for one in people)
        row.next_at = now if len(people) == AT_ONCE else now + AGAIN
    row.save(update_fields=["next_at"])
    return got


def _hand(row: Update, member_id: int, name: str, now: datetime) -> bool:
    """To one of them; what the database refuses in this very moment is no failure."""
    try:
        with transaction.atomic():
            sent = send_news(
                sender=row.sender, recipient_id=member_id, of=name, words=row.words, product_id=row.product_id, now=now
            )
            Receipt.objects.create(update=row, member_id=member_id, approach=sent)
    except (DomainError, IntegrityError):
        return False
    return True


def _stands(row: Update, centre: Centre) -> bool:
    """Whether what it leads to may be seen by everybody of this page: goods on sale, a note in the open or of this circle, an open team."""
    if row.product_id is not None:
        return Product.objects.filter(pk=row.product_id, state=ProductState.ON_SALE).exists()
    if row.team_id is not None:
        return Team.objects.filter(pk=row.team_id, state=TeamState.FORMING).exists()
    if row.post_id is None:
        return True
    post = Post.objects.select_related("circle").filter(pk=row.post_id, hidden_at=None, removed_at=None).first()
    if post is None:
        return False
    is_ours = centre.kind == "c" and post.circle_id == centre.id
    return post.circle is None or post.circle.admission == Admission.OPEN or is_ours
