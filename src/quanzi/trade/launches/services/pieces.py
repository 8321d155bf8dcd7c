"""Numbered pieces: opened, ordered, waited for. Everything of one edition waits for its row."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import IntegrityError, transaction

from quanzi.base.audit import services as audit
from quanzi.base.events.services import record
from quanzi.base.jobs.services import enqueue
from quanzi.goods.catalogue import services as catalogue
from quanzi.goods.catalogue.models import ProductState, Sku
from quanzi.goods.stock.queries import free
from quanzi.kernel import crash
from quanzi.kernel.errors import DomainError, Errors, InvalidInput
from quanzi.kernel.ids import new_code
from quanzi.people.accounts.models import Member
from quanzi.trade.launches import errors, rules
from quanzi.trade.launches.events import PieceOffered
from quanzi.trade.launches.models import Ask, AskState, Edition, Handing, Piece, PieceRecord, PieceState, RecordKind
from quanzi.trade.sales import services as sales
from quanzi.trade.sales.models import Order, OrderLine, OrderOrigin, OrderRefund


@transaction.atomic
def open_edition(
    *, sku_id: int, size: int, story: str = "", may_choose: bool = True, is_demo: bool = False, actor: Member | str, now: datetime
) -> Edition:  # fmt: skip
    """Number the pieces of a SKU that are on the shelf; from now on they are sold here only. Its product is a draft so far.

    Raises InvalidInput, BadEdition: all that is wrong at once.
    """
    sku = Sku.objects.select_related("product").filter(pk=sku_id).first()
    wrong: list[DomainError] = []
    if sku is None or sku.product.state != ProductState.DRAFT or Edition.objects.filter(sku_id=sku_id).exists():
        wrong.append(errors.BadEdition(field="sku_id"))
    if not 1 <= size <= rules.MOST_PIECES or (sku is not None and free([sku_id])[sku_id] < size):
        wrong.append(errors.BadSize(field="size", most=rules.MOST_PIECES))
    if len(story) > 2000:
        wrong.append(InvalidInput(field="story"))
    Errors.raise_any(wrong)
    assert sku is not None
    catalogue.keep_apart(product=sku.product, actor=actor if isinstance(actor, str) else f"staff:{actor.pk}", now=now)
    made: Edition = Edition.objects.create(
        code=new_code(8).lower(), sku=sku, size=size, may_choose=may_choose, story=story.replace("\x00", "").strip(),
        opened_at=now, is_demo=is_demo,
    )  # fmt: skip
    Piece.objects.bulk_create(
        Piece(edition=made, number=number, code=new_code(12).lower()) for number in range(1, size + 1)
    )
    after = {"sku": sku_id, "size": size}
    audit.write(actor=actor, action="launches.open_edition", target=f"edition:{made.pk}", after=after, now=now)
    return made


@transaction.atomic
def order_piece(
    *,
    edition_id: int,
    number: int | None = None,
    member: Member,
    method: str,
    address_id: int | None = None,
    pickup_point_id: int | None = None,
    note: str = "",
    expected_amount_minor: int | None = None,
    idempotency_key: str,
    origin: str = OrderOrigin.SHOP,
    without_return: Collection[int] = (),
    now: datetime,
) -> Order:
    """Order one piece: the one of one's turn, else `number`, else the next free one. The same key returns the same order.

    Raises NoSuchEdition, PieceTaken, or what placing an order raises.
    """
    edition = locked(edition_id)
    known = Order.objects.filter(member=member, idempotency_key=idempotency_key).first()
    piece_id = int(known.waits_for.rpartition(":")[2] or 0) if known else _choose(edition, member, number, now).pk
    order: Order = sales.place_order(
        member=member, lines=[(edition.sku_id, 1)], method=method, address_id=address_id, pickup_point_id=pickup_point_id,
        note=note, context={"piece_id": piece_id, "apart": edition.sku_id}, waits_for=f"{rules.PIECE}:{piece_id}",
        expected_amount_minor=expected_amount_minor, idempotency_key=idempotency_key, origin=origin,
        without_return=without_return, now=now,
    )  # fmt: skip
    return order


def locked(edition_id: int) -> Edition:
    """The edition, alone until the transaction ends. Raises NoSuchEdition."""
    found = Edition.objects.select_for_update(no_key=True).filter(pk=edition_id).first()
    if found is None:
        raise errors.NoSuchEdition()
    return found


def _choose(edition: Edition, member: Member, number: int | None, now: datetime) -> Piece:
    turn = Ask.objects.select_related("piece").filter(edition=edition, member=member, state=AskState.TURN).first()
    if turn is not None and turn.piece is not None and turn.turn_until is not None and now < turn.turn_until:
        return turn.piece
    pieces = Piece.objects.filter(edition=edition, state=PieceState.FREE)
    if number is not None and edition.may_choose:
        pieces = pieces.filter(number=number)
    found = pieces.order_by("number").first()
    if found is None:
        raise errors.PieceTaken()
    return found


def hold(piece_id: int) -> None:
    """Before an order's row is locked."""
    locked(Piece.objects.values_list("edition_id", flat=True).get(pk=piece_id))


def take(*, order: Order, piece_id: int, now: datetime) -> None:
    """A new order takes the piece that it is for. Raises PieceTaken."""
    piece = Piece.objects.select_for_update().get(pk=piece_id)
    turn = Ask.objects.filter(piece=piece, state=AskState.TURN).first()
    is_mine = turn is not None and turn.member_id == order.member_id and turn.turn_until is not None and now < turn.turn_until  # fmt: skip
    if piece.state != PieceState.FREE and not (piece.state == PieceState.OFFERED and is_mine):
        raise errors.PieceTaken()
    if turn is not None:
        turn.state, turn.ended_at = AskState.BOUGHT, now
        turn.save(update_fields=["state", "ended_at"])
    piece.state, piece.order = PieceState.ORDERED, order
    piece.save(update_fields=["state", "order"])
    crash.point("launches.piece.taken")


def settle_paid(*, order: Order, piece_id: int, now: datetime) -> bool:
    """Paid: it is the buyer's. Money that came after the piece went to somebody else is not wanted."""
    piece = Piece.objects.select_for_update().get(pk=piece_id)
    if piece.order_id != order.pk or piece.state != PieceState.ORDERED:
        return False
    piece.state, piece.owner_id = PieceState.OWNED, order.member_id
    piece.save(update_fields=["state", "owner"])
    PieceRecord.objects.create(piece=piece, kind=RecordKind.SOLD, by_maker=True, written_at=now)
    sales.release(order_id=order.pk, now=now)
    crash.point("launches.piece.owned")
    return True


def give_up(*, order: Order, piece_id: int, now: datetime) -> None:
    """The order ended: a piece that is still here, or came back, is the next one's. Safe to repeat."""
    piece = Piece.objects.select_for_update().select_related("edition").get(pk=piece_id)
    if piece.order_id != order.pk:
        return
    has_left = OrderLine.objects.filter(order=order, handed_over_at__isnull=False).exists()
    if has_left and not OrderRefund.objects.filter(order=order, goods_back=True).exists():
        return
    if piece.owner_id is not None:
        Handing.objects.filter(piece=piece, taken_at=None, withdrawn_at=None).update(withdrawn_at=now)
        PieceRecord.objects.create(piece=piece, kind=RecordKind.CAME_BACK, by_maker=True, written_at=now)
    piece.state, piece.order, piece.owner = PieceState.FREE, None, None
    piece.save(update_fields=["state", "order", "owner"])
    crash.point("launches.piece.free")
    offer(piece.edition, now)


@transaction.atomic
def ask_piece(*, edition_id: int, member: Member, now: datetime) -> Ask:
    """Wait for a piece that becomes free. Raises NoSuchEdition, PieceFree while one can be ordered, AskedAlready."""
    edition = locked(edition_id)
    if Piece.objects.filter(edition=edition, state=PieceState.FREE).exists():
        raise errors.PieceFree()
    try:
        with transaction.atomic():
            made: Ask = Ask.objects.create(edition=edition, member=member, asked_at=now)
    except IntegrityError as taken:
        raise errors.AskedAlready() from taken
    return made


@transaction.atomic
def leave_asks(*, edition_id: int, member: Member, now: datetime) -> bool:
    """Wait no more; a turn goes to the next at once. Returns whether one was waiting. Raises NoSuchEdition."""
    edition = locked(edition_id)
    ask = Ask.objects.filter(edition=edition, member=member, state__in=[AskState.WAITING, AskState.TURN]).first()
    if ask is None:
        return False
    _end(ask, AskState.LEFT, now)
    offer(edition, now)
    return True


def pass_on_due(now: datetime) -> int:
    """Turns that nobody used in a day go to the next; returns how many. Running late changes nothing but the moment."""
    due = Ask.objects.filter(state=AskState.TURN, turn_until__lte=now).order_by("turn_until", "id")
    pairs = list(due.values_list("pk", "edition_id"))
    for ask_id, edition_id in pairs:
        _pass_on(ask_id, edition_id, now)
    nobodys = Piece.objects.filter(state=PieceState.OFFERED).exclude(asks__state=AskState.TURN)
    for edition_id in sorted(set(nobodys.values_list("edition_id", flat=True))):
        _offer_anew(edition_id, now)
    return len(pairs)


@transaction.atomic
def _offer_anew(edition_id: int, now: datetime) -> None:
    """Pieces whose turn went with a member who left for good go to the next."""
    edition = locked(edition_id)
    nobodys = Piece.objects.filter(edition=edition, state=PieceState.OFFERED)
    nobodys.exclude(asks__state=AskState.TURN).update(state=PieceState.FREE)
    offer(edition, now)


@transaction.atomic
def _pass_on(ask_id: int, edition_id: int, now: datetime) -> None:
    edition = locked(edition_id)
    ask = Ask.objects.filter(pk=ask_id, state=AskState.TURN, turn_until__lte=now).first()
    if ask is not None:
        _end(ask, AskState.PASSED, now)
        crash.point("launches.piece.passed_on")
        offer(edition, now)


def _end(ask: Ask, state: str, now: datetime) -> None:
    if ask.state == AskState.TURN and ask.piece_id is not None:
        Piece.objects.filter(pk=ask.piece_id, state=PieceState.OFFERED).update(state=PieceState.FREE)
    ask.state, ask.ended_at = state, now
    ask.save(update_fields=["state", "ended_at"])


def offer(edition: Edition, now: datetime) -> None:
    """Free pieces go to those who wait, in the order in which they asked. The edition is locked."""
    pieces = Piece.objects.filter(edition=edition, state=PieceState.FREE).order_by("number")
    waiting = Ask.objects.filter(edition=edition, state=AskState.WAITING).order_by("id")
    for piece, ask in zip(list(pieces), list(waiting), strict=False):
        piece.state = PieceState.OFFERED
        piece.save(update_fields=["state"])
        ask.state, ask.piece, ask.turn_until = AskState.TURN, piece, now + rules.PIECE_TURN
        ask.save(update_fields=["state", "piece", "turn_until"])
        record(PieceOffered(edition.pk, ask_id=ask.pk, member_id=ask.member_id), now=now)
        enqueue("launches.pass_pieces_on", run_at=ask.turn_until)
