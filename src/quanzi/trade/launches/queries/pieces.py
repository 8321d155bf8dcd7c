"""Editions, certificates of their pieces, and what one owns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch

from quanzi.base.media.models import Picture
from quanzi.goods.catalogue.queries import first_pictures
from quanzi.goods.catalogue.rules import variant_title
from quanzi.kernel.money import Money
from quanzi.people.accounts.models import Member
from quanzi.trade.launches import policies
from quanzi.trade.launches.errors import NoSuchEdition, NoSuchHanding, NoSuchPiece
from quanzi.trade.launches.models import Ask, AskState, Edition, Handing, Piece, PieceRecord, PieceState


@dataclass(frozen=True)
class EditionRow:
    """free: pieces that anybody may order; owned: pieces that have an owner; waiting: people who would like one."""

    id: int
    code: str
    sku_id: int
    title: str
    story: str
    picture: Picture | None
    maker_name: str
    maker_slug: str
    price: Money
    size: int
    may_choose: bool
    free: tuple[int, ...]
    owned: int
    waiting: int

    @property
    def free_tiles(self) -> list[tuple[str, str]]:
        """Numbers to choose from, as value and words."""
        return [(str(number), str(number)) for number in self.free]


@dataclass(frozen=True)
class MyAsk:
    """before: people who asked earlier and still wait; number, turn_until: of a turn."""

    state: str
    before: int
    number: int | None
    turn_until: datetime | None


@dataclass(frozen=True)
class EditionPage:
    edition: EditionRow
    ask: MyAsk | None
    mine: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class RecordRow:
    kind: str
    text: str
    by_maker: bool
    is_mine: bool
    written_at: datetime
    pictures: tuple[Picture, ...]


@dataclass(frozen=True)
class PiecePage:
    """A certificate. Nobody is named on it; is_mine: the reader owns it; link: of a handing that waits, for its owner."""

    id: int
    code: str
    number: int
    state: str
    edition: EditionRow
    records: tuple[RecordRow, ...]
    is_mine: bool
    may_write: bool
    token: str
    is_here: bool
    """Whether its first buyer has it; before that nobody hands it on."""


def editions(*, maker_slug: str = "", limit: int = 50) -> list[EditionRow]:
    """Newest first."""
    rows = Edition.objects.select_related("sku__product__maker").order_by("-id")
    if maker_slug:
        rows = rows.filter(sku__product__maker__slug=maker_slug)
    return _rows(list(rows[:limit]))


def edition_page(*, code: str, viewer: Member | None) -> EditionPage:
    """Raises NoSuchEdition."""
    found = Edition.objects.select_related("sku__product__maker").filter(code=code[:12]).first()
    if found is None:
        raise NoSuchEdition()
    mine = Piece.objects.filter(edition=found, owner=viewer).order_by("number") if viewer else Piece.objects.none()
    return EditionPage(
        edition=_rows([found])[0],
        ask=_ask(found, viewer) if viewer else None,
        mine=tuple(mine.values_list("number", "code")),
    )


def piece_page(*, code: str, viewer: Member | None) -> PiecePage:
    """The certificate of one piece. Raises NoSuchPiece."""
    found = Piece.objects.select_related("edition__sku__product__maker").filter(code=code[:16]).first()
    if found is None:
        raise NoSuchPiece()
    is_mine = viewer is not None and found.owner_id == viewer.pk
    records = PieceRecord.objects.filter(piece=found).prefetch_related(Prefetch("pictures")).order_by("id")
    open_one = Handing.objects.filter(piece=found, taken_at=None, withdrawn_at=None).first() if is_mine else None
    return PiecePage(
        id=found.pk, code=found.code, number=found.number, state=found.state, edition=_rows([found.edition])[0],
        records=tuple(
            RecordRow(
                kind=one.kind, text=one.text, by_maker=one.by_maker,
                is_mine=viewer is not None and one.writer_id == viewer.pk, written_at=one.written_at,
                pictures=tuple(one.pictures.all()),
            )
            for one in records
        ),
        is_mine=is_mine, may_write=is_mine or (viewer is not None and policies.speaks_for_maker(viewer, found)),
        token=open_one.token if open_one else "", is_here=found.order is not None and found.order.handed_over_at is not None,
    )  # fmt: skip


def code_of_handing(*, token: str) -> str:
    """The piece that somebody may take by this link. Raises NoSuchHanding."""
    found = Handing.objects.filter(token=token[:32], taken_at=None, withdrawn_at=None).values_list("piece__code", flat=True).first()  # fmt: skip
    if found is None:
        raise NoSuchHanding()
    return str(found)


def my_pieces(*, member_id: int) -> list[tuple[str, str, int, int]]:
    """What one owns: certificate, title, number, size."""
    rows = Piece.objects.filter(owner_id=member_id).select_related("edition__sku__product").order_by("-id")
    return [
        (one.code, variant_title(one.edition.sku.product.name, one.edition.sku.options), one.number, one.edition.size)
        for one in rows[:200]
    ]


def piece_of_order(*, order_id: int) -> tuple[str, int, int] | None:
    """Certificate, number and size of the edition of the piece that an order has, or had before it was handed on."""
    found = Piece.objects.filter(order_id=order_id).values_list("code", "number", "edition__size").first()
    return None if found is None else (found[0], found[1], found[2])


def pieces_of(*, edition_id: int) -> list[tuple[int, str, str, str]]:
    """For the staff: number, certificate, state, order."""
    rows = Piece.objects.filter(edition_id=edition_id).order_by("number")
    found = rows.values_list("number", "code", "state", "order__number")
    return [(number, code, state, order or "") for number, code, state, order in found]


def edition_code(edition_id: int) -> str:
    """Raises NoSuchEdition."""
    found = Edition.objects.filter(pk=edition_id).values_list("code", flat=True).first()
    if found is None:
        raise NoSuchEdition()
    return str(found)


def _ask(edition: Edition, viewer: Member) -> MyAsk | None:
    mine = (
        Ask.objects.select_related("piece")
        .filter(edition=edition, member=viewer, state__in=["waiting", "turn"])
        .first()
    )
    if mine is None:
        return None
    before = Ask.objects.filter(edition=edition, state=AskState.WAITING, pk__lt=mine.pk).count()
    return MyAsk(mine.state, before, mine.piece.number if mine.piece else None, mine.turn_until)


def _rows(found: list[Edition]) -> list[EditionRow]:
    if not found:
        return []
    ids = [one.pk for one in found]
    free: dict[int, list[int]] = {}
    owned: dict[int, int] = {}
    pieces = Piece.objects.filter(edition__in=ids).order_by("number")
    for edition_id, number, state in pieces.values_list("edition_id", "number", "state"):
        if state == PieceState.FREE:
            free.setdefault(edition_id, []).append(number)
        owned[edition_id] = owned.get(edition_id, 0) + (state == PieceState.OWNED)
    waiting: dict[int, int] = {}
    for edition_id in Ask.objects.filter(edition__in=ids, state__in=["waiting", "turn"]).values_list("edition_id", flat=True):  # fmt: skip
        waiting[edition_id] = waiting.get(edition_id, 0) + 1
    pictures = first_pictures({one.sku.product_id for one in found})
    return [
        EditionRow(
            id=one.pk, code=one.code, sku_id=one.sku_id, title=variant_title(one.sku.product.name, one.sku.options),
            story=one.story, picture=pictures.get(one.sku.product_id),
            maker_name=one.sku.product.maker.name if one.sku.product.maker else "",
            maker_slug=one.sku.product.maker.slug if one.sku.product.maker else "",
            price=Money(one.sku.price_minor, one.sku.currency), size=one.size, may_choose=one.may_choose,
            free=tuple(free.get(one.pk, ())), owned=owned.get(one.pk, 0), waiting=waiting.get(one.pk, 0),
        )
        for one in found
    ]  # fmt: skip
