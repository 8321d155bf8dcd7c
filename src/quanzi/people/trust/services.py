"""Writes of the room. Ties between two people come from their word, or from what they did together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Q

from quanzi.base.events.services import record
from quanzi.kernel.words import N_
from quanzi.people.accounts.models import Member
from quanzi.people.accounts.rules import visible
from quanzi.people.contact.services import notify
from quanzi.people.safety.queries import are_blocked
from quanzi.people.trust import errors
from quanzi.people.trust.events import TieAgreed, TieWithdrawn
from quanzi.people.trust.models import Tie, TieKind, TieRequest
from quanzi.people.trust.rules import DECLARED, MUTUAL
from quanzi.people.trust.settling import count_all as count_all  # offered to other rooms
from quanzi.people.trust.settling import rebuild as rebuild
from quanzi.people.trust.settling import settle as settle

LABEL_LIMIT = 20
OPEN_REQUEST_LIMIT = 50
ASK_AGAIN_AFTER = timedelta(days=30)

# English sources of the kinds, for notices.
KIND_WORDS = {TieKind.FRIEND: N_("a friend"), TieKind.FAMILY: N_("family")}


@dataclass(frozen=True)
class TieFact:
    """A fact that ties two people. evidence: what happened, such as "team:12"; it makes the row unique.

    at: when, if that was not just now.
    """

    source_id: int
    target_id: int
    kind: str
    evidence: str
    at: datetime | None = None


@transaction.atomic
def ask_tie(*, source: Member, target: Member, kind: str, label: str = "", now: datetime) -> TieRequest:
    """Ask somebody to be friend or family; when they have asked the same, this is the answer.

    label: the asker's own word ("sister"). Asking again finds the open request; for 30 days after a refusal it
    finds the refused one, and nobody is bothered. Raises NotOneself, PersonNotFound, UnknownKind, LabelTooLong,
    AlreadyTied, TooManyRequests.
    """
    _check_reachable(source, target)
    if kind not in DECLARED:
        raise errors.UnknownKind(field="kind")
    label = _clean_label(label)
    _lock_pair(source.pk, target.pk)
    if Tie.objects.filter(source=source, target=target, kind=kind, withdrawn_at=None).exists():
        raise errors.AlreadyTied()
    theirs = TieRequest.objects.filter(source=target, target=source, kind=kind, answered_at=None).first()
    if theirs is not None:
        return answer_tie(request_id=theirs.pk, member=source, accept=True, label=label, now=now)
    waiting = _waiting_request(source, target, now)
    if waiting is not None:
        return waiting
    if TieRequest.objects.filter(source=source, answered_at=None).count() >= OPEN_REQUEST_LIMIT:
        raise errors.TooManyRequests(limit=OPEN_REQUEST_LIMIT)
    asked = TieRequest.objects.create(source=source, target=target, kind=kind, label=label, made_at=now)
    notify(
        member_id=target.pk, kind="tie_asked", params={"name": source.name, "kind": KIND_WORDS[TieKind(kind)]},
        link="/me/trust", key=f"tie_asked:{asked.pk}", now=now,
    )  # fmt: skip
    return asked


@transaction.atomic
def answer_tie(*, request_id: int, member: Member, accept: bool, label: str = "", now: datetime) -> TieRequest:
    """Agree, which makes a tie in each direction, or decline, of which nobody is told. Raises RequestNotFound."""
    request = TieRequest.objects.select_for_update(of=("self",)).select_related("source").filter(pk=request_id).first()
    if request is None or request.target_id != member.pk:
        raise errors.RequestNotFound()
    if request.answered_at is not None:
        if request.accepted == accept:
            return request
        raise errors.RequestNotFound()
    label = _clean_label(label)
    request.answered_at, request.accepted = now, accept
    request.save(update_fields=["answered_at", "accepted"])
    if not accept:
        return request
    pair = [(request.source_id, member.pk, request.label), (member.pk, request.source_id, label)]
    Tie.objects.bulk_create(
        [
            Tie(
                source_id=one,
                target_id=other,
                kind=request.kind,
                label=word,
                evidence=f"request:{request.pk}",
                made_at=now,
            )
            for one, other, word in pair
        ],
        ignore_conflicts=True,
    )
    record(TieAgreed(source_id=request.source_id, target_id=member.pk, kind=request.kind), now=now)
    notify(
        member_id=request.source_id, kind="tie_accepted", params={"name": member.name}, link="/me/trust",
        key=f"tie_accepted:{request.pk}", now=now,
    )  # fmt: skip
    return request


@transaction.atomic
def follow(*, member: Member, target: Member, now: datetime) -> None:
    """See more of somebody; a second time changes nothing. Raises NotOneself, PersonNotFound."""
    _check_reachable(member, target)
    evidence = f"follow:{int(now.timestamp() * 1_000_000)}"
    tie = Tie(source=member, target=target, kind=TieKind.FOLLOW, evidence=evidence, made_at=now)
    Tie.objects.bulk_create([tie], ignore_conflicts=True)


@transaction.atomic
def unfollow(*, member: Member, target: Member, now: datetime) -> None:
    """Stop following."""
    live = Tie.objects.filter(source=member, target=target, kind=TieKind.FOLLOW, withdrawn_at=None)
    live.update(withdrawn_at=now)


def record_tie(*, source_id: int, target_id: int, kind: str, evidence: str, now: datetime) -> int:
    """Write one fact down, in both directions when its kind is mutual; returns how many rows are new."""
    return record_ties([TieFact(source_id, target_id, kind, evidence)], now=now)


@transaction.atomic
def record_ties(facts: Iterable[TieFact], *, now: datetime) -> int:
    """Write facts down in one statement; those already known, and those about oneself, change nothing.

    When one of two people has withdrawn their tie, a later fact is kept as withdrawn: only their word ties them again.
    Returns how many rows are new.
    """
    rows = {(one.source_id, one.target_id, str(one.kind), one.evidence, one.at or now) for one in facts}
    rows |= {(target, source, kind, proof, at) for source, target, kind, proof, at in rows if kind in MUTUAL}
    ordered = sorted(row for row in rows if row[0] != row[1])
    if not ordered:
        return 0
    columns = [list(column) for column in zip(*ordered, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO trust_tie (source_id, target_id, kind, evidence, label, hidden, made_at, withdrawn_at)
               SELECT f.source_id, f.target_id, f.kind, f.evidence, '', false, f.at,
                      CASE WHEN trust_is_withdrawn(f.source_id, f.target_id) THEN f.at END
               FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::timestamptz[])
                    AS f(source_id, target_id, kind, evidence, at)
               ON CONFLICT DO NOTHING""",
            columns,
        )
        return int(cursor.rowcount)


@transaction.atomic
def invited(*, inviter_id: int, newcomer_id: int, now: datetime) -> bool:
    """Somebody came through somebody's invitation; says whether that was new. The inviter is told."""
    people = {row.pk: row for row in Member.objects.filter(pk__in=[inviter_id, newcomer_id], erased_at=None)}
    if len(people) < 2:
        return False
    evidence = f"invited_by:{inviter_id}"
    fact = TieFact(inviter_id, newcomer_id, TieKind.INVITED, evidence)
    is_new = record_ties([fact], now=now) > 0
    if is_new:
        notify(
            member_id=inviter_id, kind="guest_arrived", params={"name": people[newcomer_id].name},
            link=f"/u/{newcomer_id}", key=f"guest:{newcomer_id}", now=now,
        )  # fmt: skip
    return is_new


@transaction.atomic
def withdraw_tie(*, member: Member, target: Member, now: datetime) -> None:
    """Take every tie with somebody back: no path leads over it from this moment. Raises TieNotFound.

    The rows stay as withdrawn facts. The other's own following stays theirs; against that there is blocking.
    """
    _lock_pair(member.pk, target.pk)
    mine, theirs = Q(source=member, target=target), Q(source=target, target=member) & ~Q(kind=TieKind.FOLLOW)
    gone = Tie.objects.filter(mine | theirs, withdrawn_at=None).update(withdrawn_at=now)
    asked = TieRequest.objects.filter(Q(source=member, target=target), answered_at=None)
    closed = asked.update(answered_at=now, accepted=False)
    if not gone and not closed:
        raise errors.TieNotFound()
    record(TieWithdrawn(member_id=member.pk, target_id=target.pk), now=now)


@transaction.atomic
def set_hidden(*, member: Member, target: Member, hidden: bool, now: datetime) -> None:
    """Keep one's tie to somebody out of everybody else's paths, theirs included. Raises TieNotFound."""
    if not Tie.objects.filter(source=member, target=target, withdrawn_at=None).update(hidden=hidden):
        raise errors.TieNotFound()


@transaction.atomic
def set_used(*, member: Member, target: Member, used: bool, now: datetime) -> None:
    """Let nothing be recommended through one's tie to somebody, to oneself or to others; or let it again. Raises TieNotFound.

    The other side is not told.
    """
    if not Tie.objects.filter(source=member, target=target, withdrawn_at=None).update(is_used=used):
        raise errors.TieNotFound()


@transaction.atomic
def set_label(*, member: Member, target: Member, label: str, now: datetime) -> None:
    """Choose one's own word for somebody; only oneself reads it. Raises LabelTooLong, TieNotFound."""
    label = _clean_label(label)
    live = Tie.objects.filter(source=member, target=target, kind__in=DECLARED, withdrawn_at=None)
    if not live.update(label=label):
        raise errors.TieNotFound()


def _check_reachable(source: Member, target: Member) -> None:
    """Across a block, a person looks as if they were not there."""
    if source.pk == target.pk:
        raise errors.NotOneself()
    if target.erased_at is not None or not target.is_active or are_blocked(source.pk, target.pk):
        raise errors.PersonNotFound()


def _waiting_request(source: Member, target: Member, now: datetime) -> TieRequest | None:
    """An open request, or one that was declined not long ago."""
    declined = Q(accepted=False, answered_at__gt=now - ASK_AGAIN_AFTER)
    asked = TieRequest.objects.filter(Q(answered_at=None) | declined, source=source, target=target)
    return asked.order_by("answered_at", "-id").first()


def _lock_pair(one_id: int, other_id: int) -> None:
    """Two people acting on one tie at once take turns."""
    name = f"tie:{min(one_id, other_id)}:{max(one_id, other_id)}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


def _clean_label(label: str) -> str:
    word = visible(label)
    if len(word) > LABEL_LIMIT:
        raise errors.LabelTooLong(field="label", limit=LABEL_LIMIT)
    return word
