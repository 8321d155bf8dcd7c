"""My profile, addresses, consents, notices, devices."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router

from quanzi.faces.api.document import refuses
from quanzi.faces.api.routes.finding import own_picture
from quanzi.faces.api.schemas.common import Cursor, Id, Limit, Page, Slug, page_of
from quanzi.faces.api.schemas.people import (
    AddressIn,
    AddressOut,
    ConsentIn,
    ConsentOut,
    CountOut,
    DeviceOut,
    DivisionOut,
    NoticeOut,
    ProfileIn,
    ProfileOut,
    ReadIn,
)
from quanzi.faces.api.security import EVERYBODY, PEOPLE, member_of
from quanzi.kernel import clock
from quanzi.people.accounts import divisions, errors, queries, services
from quanzi.people.accounts.models import Address, Member
from quanzi.people.contact import errors as contact_errors
from quanzi.people.contact import queries as contact
from quanzi.people.contact.services import decide, mark_read

router = Router(tags=["me"])
ADDRESS_REFUSALS = (errors.TextNeeded, errors.TextTooLong, errors.NotAPhone, errors.UnknownDivision)


@router.get("/me", response=ProfileOut, summary="My profile")
def get_me(request: HttpRequest) -> Member:
    """What the shop knows of the caller's own account."""
    return member_of(request)


@router.put(
    "/me",
    response=ProfileOut,
    summary="Change my profile",
    openapi_extra=refuses(errors.NameNeeded, errors.NameSpeaksForOthers, errors.TextTooLong, errors.PictureNotYours),
)
def put_me(request: HttpRequest, body: ProfileIn) -> Member:
    """All of it at once; what is left out becomes empty."""
    me = member_of(request)
    avatar = own_picture(body.avatar_id, member=me, field="avatar_id")
    return services.update_profile(
        member=me, name=body.name, bio=body.bio, avatar=avatar, language=body.language, now=clock.now()
    )


@router.get("/me/addresses", response=list[AddressOut], summary="My address book")
def list_addresses(request: HttpRequest) -> list[Address]:
    """The default first, then the newest."""
    return queries.addresses(member_of(request))


@router.post(
    "/me/addresses",
    response={201: AddressOut},
    summary="Add an address",
    openapi_extra=refuses(errors.TooManyAddresses, *ADDRESS_REFUSALS),
)
def add_address(request: HttpRequest, body: AddressIn) -> Address:
    """The first one becomes the default."""
    return services.add_address(member=member_of(request), now=clock.now(), **body.model_dump())


@router.put(
    "/me/addresses/{address_id}",
    response=AddressOut,
    summary="Change an address",
    openapi_extra=refuses(errors.AddressNotFound, *ADDRESS_REFUSALS),
)
def put_address(request: HttpRequest, address_id: Id, body: AddressIn) -> Address:
    """Orders keep the words they were placed with."""
    return services.update_address(
        member=member_of(request), address_id=address_id, now=clock.now(), **body.model_dump()
    )


@router.delete(
    "/me/addresses/{address_id}",
    response={204: None},
    summary="Remove an address",
    openapi_extra=refuses(errors.AddressNotFound),
)
def remove_address(request: HttpRequest, address_id: Id) -> None:
    """The newest of the others becomes the default."""
    services.remove_address(member=member_of(request), address_id=address_id, now=clock.now())


@router.post(
    "/me/addresses/{address_id}/default",
    response=AddressOut,
    summary="Make an address the default",
    openapi_extra=refuses(errors.AddressNotFound),
)
def set_default_address(request: HttpRequest, address_id: Id) -> Address:
    """It is offered first from now on."""
    return services.set_default_address(member=member_of(request), address_id=address_id, now=clock.now())


@router.get("/divisions", auth=EVERYBODY, response=list[DivisionOut], summary="Provinces of China")
def list_provinces(request: HttpRequest) -> list[divisions.Division]:
    """Provinces, municipalities and special regions, by their code (GB/T 2260)."""
    return list(divisions.provinces())


@router.get("/divisions/{code}/cities", auth=EVERYBODY, response=list[DivisionOut], summary="Cities of a province")
def list_cities(request: HttpRequest, code: Slug) -> list[divisions.Division]:
    """A municipality is its own city. Empty for an unknown code."""
    return list(divisions.cities(code))


@router.get("/divisions/{code}/districts", auth=EVERYBODY, response=list[DivisionOut], summary="Districts of a city")
def list_districts(request: HttpRequest, code: Slug) -> list[divisions.Division]:
    """A city without districts is its own district. Empty for an unknown code."""
    return list(divisions.districts(code))


@router.get("/me/consents", response=list[ConsentOut], summary="My consents")
def list_consents(request: HttpRequest) -> list[contact.ConsentRow]:
    """Every consent that is asked for, by purpose and channel, with its wording. All are off until the member says yes."""
    return contact.consents(member_of(request))


@router.put(
    "/me/consents",
    response=list[ConsentOut],
    summary="Give or withdraw a consent",
    openapi_extra=refuses(
        contact_errors.UnknownPurpose, contact_errors.ChannelNotOffered, contact_errors.NoConsentText
    ),
)
def put_consent(request: HttpRequest, body: ConsentIn) -> list[contact.ConsentRow]:
    """To the newest wording; the same decision again adds nothing. Answers with all of them."""
    me = member_of(request)
    decide(member=me, where="api", now=clock.now(), **body.model_dump())
    return contact.consents(me)


@router.get("/me/notices", response=Page[NoticeOut], summary="My notices")
def list_notices(request: HttpRequest, cursor: Cursor | None = None, limit: Limit = 20) -> dict[str, Any]:
    """What the shop told me about my own affairs, newest first."""
    return page_of(contact.notices(member_of(request), cursor, limit), limit)


@router.get("/me/notices/unread", response=CountOut, summary="How many notices are unread")
def count_unread(request: HttpRequest) -> dict[str, int]:
    """For a badge."""
    return {"count": contact.unread_count(member_of(request))}


@router.post("/me/notices/read", response=CountOut, summary="Mark notices as read")
def read_notices(request: HttpRequest, body: ReadIn) -> dict[str, int]:
    """Those named, or all. Answers how many were unread; other people's are left alone."""
    return {"count": mark_read(member=member_of(request), notice_ids=body.notice_ids, now=clock.now())}


@router.get("/me/sessions", response=list[DeviceOut], summary="Devices on which I am logged in")
def list_devices(request: HttpRequest) -> list[services.SessionRow]:
    """The current one first, then by last use."""
    return services.list_sessions(member_of(request), current_key=_key(request), now=clock.now())


@router.delete("/me/sessions", auth=PEOPLE, response=CountOut, summary="Log every other device out")
def end_other_devices(request: HttpRequest) -> dict[str, int]:
    """Answers how many there were. Tokens stay good; take them back one by one."""
    ended = services.end_other_sessions(member=member_of(request), current_key=_key(request), now=clock.now())
    return {"count": ended}


@router.delete(
    "/me/sessions/{session_id}",
    auth=PEOPLE,
    response={204: None},
    summary="Log one device out",
    openapi_extra=refuses(errors.SessionNotFound),
)
def end_device(request: HttpRequest, session_id: Id) -> None:
    """At once."""
    services.end_session(member=member_of(request), session_id=session_id, now=clock.now())


def _key(request: HttpRequest) -> str:
    return request.session.session_key or ""
