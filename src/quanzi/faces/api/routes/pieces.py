"""Numbered pieces: ordering, waiting, records, handing on; opening an edition."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router

from quanzi.faces.api.document import refuses
from quanzi.faces.api.routes.ordering import REFUSALS, ordering_of, placed
from quanzi.faces.api.schemas.common import Key, Slug
from quanzi.faces.api.schemas.orders import PlacedOut
from quanzi.faces.api.schemas.pieces import (
    EditionIn,
    EditionOut,
    EditionPageOut,
    HandingOut,
    MyPieceOut,
    PieceOrderIn,
    PieceOut,
    PieceRecordIn,
)
from quanzi.faces.api.security import EVERYBODY, member_of, staff_of, viewer_of
from quanzi.kernel import clock
from quanzi.kernel.errors import Errors, InvalidInput
from quanzi.people.accounts.models import Member
from quanzi.trade.launches import errors, queries, services

router = Router(tags=["deals"])
staff = Router(tags=["staff"])


@router.get("/editions", auth=EVERYBODY, response=list[EditionOut], summary="Numbered pieces")
def list_editions(request: HttpRequest) -> list[queries.EditionRow]:
    """Newest first."""
    return queries.editions()


@router.get(
    "/editions/{code}",
    auth=EVERYBODY,
    response=EditionPageOut,
    summary="One edition",
    openapi_extra=refuses(errors.NoSuchEdition),
)
def get_edition(request: HttpRequest, code: Slug) -> dict[str, Any]:
    """Which numbers are free, and the caller's place on the list of those who wait."""
    return _page(code, viewer_of(request))


@router.post(
    "/editions/{code}/orders",
    response={201: PlacedOut},
    summary="Order a numbered piece",
    openapi_extra=refuses(errors.NoSuchEdition, errors.PieceTaken, *REFUSALS),
)
def order_numbered_piece(request: HttpRequest, code: Slug, body: PieceOrderIn, idempotency_key: Key) -> dict[str, Any]:
    """The piece of one's turn, else the number asked for, else the next free one."""
    me = member_of(request)
    order = services.order_piece(
        edition_id=queries.edition_page(code=code, viewer=me).edition.id, number=body.number, member=me, now=clock.now(),
        **ordering_of(body, key=idempotency_key),
    )  # fmt: skip
    return placed(order)


@router.put(
    "/editions/{code}/asks/mine",
    response=EditionPageOut,
    summary="Wait for a numbered piece",
    openapi_extra=refuses(errors.NoSuchEdition, errors.PieceFree, errors.AskedAlready),
)
def wait_for_piece(request: HttpRequest, code: Slug) -> dict[str, Any]:
    """People are asked in the order in which they asked; a turn lasts a day."""
    me = member_of(request)
    found = queries.edition_page(code=code, viewer=me).edition
    services.ask_piece(edition_id=found.id, member=me, now=clock.now())
    return _page(code, me)


@router.delete(
    "/editions/{code}/asks/mine",
    response={204: None},
    summary="Wait no more for a piece",
    openapi_extra=refuses(errors.NoSuchEdition),
)
def wait_no_more(request: HttpRequest, code: Slug) -> None:
    """A turn goes to the next at once. Safe to repeat."""
    me = member_of(request)
    found = queries.edition_page(code=code, viewer=me).edition
    services.leave_asks(edition_id=found.id, member=me, now=clock.now())


@router.get("/me/pieces", response=list[MyPieceOut], summary="My numbered pieces")
def list_my_pieces(request: HttpRequest) -> list[dict[str, Any]]:
    """What one owns, the newest first."""
    rows = queries.my_pieces(member_id=member_of(request).pk)
    return [{"code": code, "title": title, "number": number, "size": size} for code, title, number, size in rows]


@router.get(
    "/pieces/{code}",
    auth=EVERYBODY,
    response=PieceOut,
    summary="A certificate",
    openapi_extra=refuses(errors.NoSuchPiece),
)
def get_piece(request: HttpRequest, code: Slug) -> queries.PiecePage:
    """What the piece is and what was done to it. Nobody is named."""
    return queries.piece_page(code=code, viewer=viewer_of(request))


@router.post(
    "/pieces/{code}/records",
    response={201: PieceOut},
    summary="Add to the record of a piece",
    openapi_extra=refuses(errors.NoSuchPiece, errors.BadRecord),
)
def write_piece_record(request: HttpRequest, code: Slug, body: PieceRecordIn) -> queries.PiecePage:
    """By its owner, its maker, or staff who edit goods. Never edited later."""
    me = member_of(request)
    found = queries.piece_page(code=code, viewer=me)
    services.write_record(piece_id=found.id, member=me, kind=body.kind, text=body.text, now=clock.now())
    return queries.piece_page(code=code, viewer=me)


@router.put(
    "/pieces/{code}/handing",
    response=HandingOut,
    summary="Hand a piece on",
    openapi_extra=refuses(errors.NoSuchPiece, errors.PieceOnItsWay),
)
def hand_piece_on(request: HttpRequest, code: Slug) -> dict[str, str]:
    """The owner's word: a token for whoever gets it. Asked again it is the same one."""
    me = member_of(request)
    found = queries.piece_page(code=code, viewer=me)
    return {"token": services.hand_on(piece_id=found.id, member=me, now=clock.now()).token}


@router.delete(
    "/pieces/{code}/handing",
    response={204: None},
    summary="Keep a piece after all",
    openapi_extra=refuses(errors.NoSuchPiece),
)
def keep_piece(request: HttpRequest, code: Slug) -> None:
    """The token is worth nothing any more. Safe to repeat."""
    me = member_of(request)
    services.keep_after_all(piece_id=queries.piece_page(code=code, viewer=me).id, member=me, now=clock.now())


@router.post(
    "/handings/{token}",
    response=PieceOut,
    summary="Take a piece over",
    openapi_extra=refuses(errors.NoSuchHanding, errors.OwnPiece),
)
def take_piece(request: HttpRequest, token: Slug) -> queries.PiecePage:
    """The other side's word: it is the caller's from now on, with its record."""
    me = member_of(request)
    return queries.piece_page(code=services.take_over(token=token, member=me, now=clock.now()).code, viewer=me)


@staff.post(
    "/staff/editions",
    response={201: EditionOut},
    summary="Number the pieces of a draft",
    openapi_extra=refuses(Errors, InvalidInput, errors.BadEdition, errors.BadSize),
)
def open_edition(request: HttpRequest, body: EditionIn) -> queries.EditionRow:
    """From now on they are sold piece by piece only. Needs goods.edit."""
    me = staff_of(request, "goods.edit")
    made = services.open_edition(actor=me, now=clock.now(), **body.model_dump())
    return queries.edition_page(code=made.code, viewer=None).edition


def _page(code: str, viewer: Member | None) -> dict[str, Any]:
    page = queries.edition_page(code=code, viewer=viewer)
    mine = [{"number": number, "code": certificate} for number, certificate in page.mine]
    return {"edition": page.edition, "ask": page.ask, "mine": mine}
