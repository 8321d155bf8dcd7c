"""A piece and its owner: entries of care and repair, and handing it on by both sides' word."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from quanzi.base.media.models import Picture
from quanzi.kernel.ids import new_token
from quanzi.people.accounts.models import Member
from quanzi.trade.launches import errors, policies
from quanzi.trade.launches.models import Handing, Piece, PieceRecord, PieceState, RecordKind
from quanzi.trade.sales.rules import clean

LONGEST = 500
WRITTEN_BY_PEOPLE = (RecordKind.CARE, RecordKind.REPAIR)


@transaction.atomic
def write_record(
    *, piece_id: int, member: Member, kind: str, text: str, picture_ids: Sequence[int] = (), now: datetime
) -> PieceRecord:
    """Its owner, its maker or staff write down what was done. Never edited later. Raises NoSuchPiece, BadRecord."""
    piece = _piece(piece_id)
    by_maker = policies.speaks_for_maker(member, piece)
    if piece.owner_id != member.pk and not by_maker:
        raise errors.NoSuchPiece()
    said = clean(text)
    if kind not in WRITTEN_BY_PEOPLE or not 1 <= len(said) <= LONGEST:
        raise errors.BadRecord(field="text", most=LONGEST)
    made: PieceRecord = PieceRecord.objects.create(
        piece=piece,
        kind=kind,
        text=said,
        writer=member,
        by_maker=by_maker and piece.owner_id != member.pk,
        written_at=now,
    )
    made.pictures.add(*Picture.objects.filter(pk__in=picture_ids, owner_id=member.pk))
    return made


@transaction.atomic
def hand_on(*, piece_id: int, member: Member, now: datetime) -> Handing:
    """The owner's word: whoever opens the link may take the piece. Again: the same link. Raises NoSuchPiece, PieceOnItsWay.

    Before it was handed over its buyer could hand it on and have the money back.
    """
    piece = _piece(piece_id)
    if piece.owner_id != member.pk:
        raise errors.NoSuchPiece()
    if piece.order is None or piece.order.handed_over_at is None:
        raise errors.PieceOnItsWay()
    known = Handing.objects.filter(piece=piece, taken_at=None, withdrawn_at=None).first()
    if known is not None:
        return known
    made: Handing = Handing.objects.create(piece=piece, giver=member, token=new_token(), offered_at=now)
    return made


@transaction.atomic
def keep_after_all(*, piece_id: int, member: Member, now: datetime) -> bool:
    """The link is worth nothing any more; returns whether there was one. Raises NoSuchPiece."""
    piece = _piece(piece_id)
    if piece.owner_id != member.pk:
        raise errors.NoSuchPiece()
    return Handing.objects.filter(piece=piece, taken_at=None, withdrawn_at=None).update(withdrawn_at=now) > 0


@transaction.atomic
def take_over(*, token: str, member: Member, now: datetime) -> Piece:
    """The other side's word: the piece is theirs now. Raises NoSuchHanding, OwnPiece."""
    found = Handing.objects.filter(token=token[:32], taken_at=None, withdrawn_at=None).first()
    if found is None:
        raise errors.NoSuchHanding()
    piece = _piece(found.piece_id)
    handing = Handing.objects.select_for_update().get(pk=found.pk)
    if (
        handing.taken_at
        or handing.withdrawn_at
        or piece.owner_id != handing.giver_id
        or piece.state != PieceState.OWNED
    ):
        raise errors.NoSuchHanding()
    if member.pk == handing.giver_id:
        raise errors.OwnPiece()
    handing.taker, handing.taken_at = member, now
    handing.save(update_fields=["taker", "taken_at"])
    piece.owner = member
    piece.save(update_fields=["owner"])
    PieceRecord.objects.create(piece=piece, kind=RecordKind.HANDED_ON, writer=member, written_at=now)
    return piece


def _piece(piece_id: int) -> Piece:
    found = (
        Piece.objects.select_for_update(of=("self",))
        .select_related("edition__sku__product__maker", "order")
        .filter(pk=piece_id)
        .first()
    )
    if found is None:
        raise errors.NoSuchPiece()
    return found
