"""Writes of the room: sources, touches, spend, and the moment a visitor turns out to be a member."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import IntegrityError, transaction

from quanzi.base.audit.services import write as audit
from quanzi.base.events.services import record
from quanzi.base.ledger.chart import CASH_BANK, SPEND_MARKETING
from quanzi.base.ledger.services import Leg, post
from quanzi.base.rows import InsertMany
from quanzi.community.circles.models import Circle
from quanzi.growth.sources import errors
from quanzi.growth.sources.events import SpendEntered, VisitorKnown
from quanzi.growth.sources.models import Source, SourceKind, Spend, Touch, Visitor
from quanzi.growth.sources.rules import FRIENDS_WORD, counts_again, is_path
from quanzi.kernel.clock import today
from quanzi.kernel.ids import new_code
from quanzi.people.accounts.models import Member
from quanzi.people.trust.services import invited

_insert_visitors = InsertMany(Visitor)
_insert_touches = InsertMany(Touch)

DIRECT_TOKEN = "direct"  # a public name, not a secret


@transaction.atomic
def create_source(
    *,
    kind: str,
    name: str,
    owner: Member | None = None,
    circle: Circle | None = None,
    target: str = "/",
    utm: str = "",
    is_demo: bool = False,
    actor: Member | None = None,
    now: datetime,
) -> Source:
    """A new way in with a token of its own. Raises SourceNameNeeded, TargetNotAPath, UtmTaken."""
    name = name.strip()
    if not 1 <= len(name) <= 80:
        raise errors.SourceNameNeeded(field="name")
    if not is_path(target):
        raise errors.TargetNotAPath(field="target")
    try:
        with transaction.atomic():
            source = Source.objects.create(
                kind=kind, name=name, token=new_code(10), utm=utm.strip().lower(), owner=owner, circle=circle,
                target=target, is_demo=is_demo, created_at=now,
            )  # fmt: skip
    except IntegrityError as refused:
        if "source_utm_once" in str(refused):
            raise errors.UtmTaken(field="utm") from refused
        raise
    if actor is not None:
        audit(
            actor=actor,
            action="source.create",
            target=f"source:{source.pk}",
            after={"name": name, "kind": kind},
            now=now,
        )
    return source


@transaction.atomic
def invitation_for(*, member: Member, target: str = "/", kind: str = SourceKind.INVITATION, now: datetime) -> Source:
    """The member's own link to a page; asking again gives the same one, so that its touches stay together."""
    if not is_path(target):
        raise errors.TargetNotAPath(field="target")
    known = Source.objects.filter(owner=member, kind=kind, target=target, retired_at=None).order_by("pk").first()
    if known is not None:
        return known
    return create_source(kind=kind, name=member.name, owner=member, target=target, is_demo=member.is_demo, now=now)


@transaction.atomic
def retire_source(*, source: Source, actor: Member, now: datetime) -> None:
    """The link still leads to its page, but no longer counts."""
    if Source.objects.filter(pk=source.pk, retired_at=None).update(retired_at=now):
        audit(actor=actor, action="source.retire", target=f"source:{source.pk}", now=now)


@transaction.atomic
def record_touch(
    *, visitor_key: str, source: Source, path: str, member_id: int | None = None, now: datetime
) -> Touch | None:
    """Somebody arrived through a source. Again within the hour is the same visit: None."""
    visitor, is_new = Visitor.objects.get_or_create(
        key=visitor_key, defaults={"first_seen_at": now, "member_id": member_id}
    )
    if not is_new:
        before = Touch.objects.filter(visitor=visitor, source=source, happened_at__lte=now)
        last = before.order_by("-happened_at").first()
        if not counts_again(last.happened_at if last else None, now):
            return None
    return Touch.objects.create(
        visitor=visitor, source=source, member_id=member_id or visitor.member_id, path=path[:200], happened_at=now
    )


@transaction.atomic
def record_arrivals(*, arrivals: Sequence[tuple[str, int, datetime]], source: Source, path: str) -> None:
    """`record_touch` for several who never came before: visitor key, member id, moment. A known key is an IntegrityError."""
    visitors = [Visitor(key=key, member_id=member_id, first_seen_at=at) for key, member_id, at in arrivals]
    _insert_visitors(visitors)
    _insert_touches(
        [
            Touch(visitor=one, source=source, member_id=one.member_id, path=path[:200], happened_at=one.first_seen_at)
            for one in visitors
        ]
    )


@transaction.atomic
def join_visitor(*, visitor_key: str, member_id: int, is_new: bool, now: datetime) -> None:
    """A visitor logged in or signed up: what the browser did before now belongs to the person.

    A newcomer whose last invitation came from a member is tied to them as invited, unless it was passed on and on. A browser
    that two people share keeps the touches of the first with the first.
    """
    visitor, _ = Visitor.objects.get_or_create(key=visitor_key, defaults={"first_seen_at": now})
    Touch.objects.filter(visitor=visitor, member=None).update(member_id=member_id)
    Visitor.objects.filter(pk=visitor.pk, member=None).update(member_id=member_id)
    if is_new:
        inviter_id = inviter_of(visitor, member_id=member_id)
        if inviter_id is not None:
            invited(inviter_id=inviter_id, newcomer_id=member_id, now=now)
    record(VisitorKnown(visitor_id=visitor.pk, member_id=member_id, is_new=is_new), now=now)


@transaction.atomic
def enter_spend(
    *, source: Source, amount_minor: int, spent_on: date, what: str, key: str, actor: Member | None, now: datetime
) -> Spend:
    """Write down money spent on a source, once for each key, and post it to the books (marketing against bank)."""
    if amount_minor <= 0:
        raise errors.AmountNotPositive(field="amount")
    if spent_on > today(now):
        raise errors.SpentInTheFuture(field="spent_on")
    known = Spend.objects.filter(key=key).first()
    if known is not None:
        return known
    label = f"member:{actor.pk}" if actor is not None else "system"
    spend = Spend.objects.create(
        source=source,
        amount_minor=amount_minor,
        spent_on=spent_on,
        what=what.strip()[:80],
        key=key,
        actor=label,
        created_at=now,
    )
    post(
        key=f"spend:{spend.pk}", kind="spend", ref=f"source:{source.pk}", memo=spend.what, actor=label, now=now,
        entries=[Leg(SPEND_MARKETING, amount_minor), Leg(CASH_BANK, -amount_minor)],
    )  # fmt: skip
    if actor is not None:
        audit(
            actor=actor,
            action="spend.enter",
            target=f"source:{source.pk}",
            after={"amount_minor": amount_minor, "what": what},
            now=now,
        )
    record(SpendEntered(spend_id=spend.pk, source_id=source.pk, amount_minor=amount_minor), now=now)
    return spend


def direct_source(*, now: datetime) -> Source:
    """The one source of visits that name none."""
    source, _ = Source.objects.get_or_create(
        token=DIRECT_TOKEN, defaults={"kind": SourceKind.DIRECT, "name": "Direct", "created_at": now}
    )
    return source


def inviter_of(visitor: Visitor, *, member_id: int) -> int | None:
    """Whose invitation or share brought this browser last; never the person themself, nor somebody at the end of a chain."""
    own = Touch.objects.filter(visitor=visitor, member_id=member_id)  # a shared browser has touches of others too
    personal = own.filter(source__owner__isnull=False, depth__lte=FRIENDS_WORD).exclude(source__owner_id=member_id)
    last = personal.order_by("-happened_at", "-pk").values_list("source__owner_id", flat=True).first()
    return last
