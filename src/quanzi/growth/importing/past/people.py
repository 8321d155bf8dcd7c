"""Who the buyers of another shop are here: stand-ins, until somebody proves one of their contacts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import QuerySet
from django.utils.crypto import salted_hmac

from quanzi.growth.importing.models import PastBuyer
from quanzi.growth.importing.past.errors import NotYours
from quanzi.growth.importing.past.reading import DraftOrder
from quanzi.growth.sources.models import Source
from quanzi.kernel.errors import InvalidInput
from quanzi.people.accounts.models import Member
from quanzi.people.accounts.rules import NAME_LIMIT, clean_phone, visible
from quanzi.people.accounts.services import create_stand_ins, remove_stand_ins

SALT = "quanzi.importing.contact"


def digest(contact: str) -> str:
    """A keyed digest of a phone number (E.164) or an e-mail address: enough to recognise it, not to read it."""
    return salted_hmac(SALT, contact.lower(), algorithm="sha256").hexdigest()


@dataclass(frozen=True, slots=True)
class Person:
    """A buyer as an order names them; contacts in plain text, for the moment of the import only."""

    outside_id: str
    name: str
    phone: str
    email: str


def person_of(order: DraftOrder) -> Person | None:
    """Who placed an order; None when it names nobody.

    A customer number is the id; one that is a contact itself is kept as a digest. A nickname with asterisks is nobody's
    alone, so then the contact is the id.
    """
    phone = _phone(order.phone) or _phone(order.customer)
    email = _email(order.email) or _email(order.customer)
    customer = order.customer.removesuffix(".0")
    is_own = bool(customer) and "*" not in customer and not _phone(customer) and not _email(customer)
    outside = customer if is_own and len(customer) <= 64 else digest(phone or email or customer)
    return Person(outside, order.name, phone, email) if is_own or phone or email else None


def stand_in_name(person: Person, source: Source) -> str:
    """What staff sees of somebody who never came here: the first letter of a name, or the other shop's number."""
    name = visible(person.name)
    if name:
        return f"{name[0]}**"
    short = person.outside_id if len(person.outside_id) < 40 else person.outside_id[:6]
    return visible(f"{source.name} {short}")[:NAME_LIMIT].strip() or "?"


@transaction.atomic
def buyers_of(*, people: Sequence[Person], source: Source, now: datetime) -> dict[str, PastBuyer]:
    """The buyers by their id at the source; those not known yet are made. A contact that a member proved here is theirs."""
    wanted = {person.outside_id: person for person in people}
    known = {one.outside_id: one for one in PastBuyer.objects.filter(source=source, outside_id__in=list(wanted))}
    fresh = [person for outside, person in wanted.items() if outside not in known]
    members = _proven(fresh)
    strangers = [person for person in fresh if person.outside_id not in members]
    stand_ins = create_stand_ins(names=[stand_in_name(person, source) for person in strangers], now=now)
    members_of = members | {person.outside_id: member for person, member in zip(strangers, stand_ins, strict=True)}
    made = PastBuyer.objects.bulk_create(
        PastBuyer(
            source=source,
            outside_id=person.outside_id,
            member=members_of[person.outside_id],
            phone_digest=digest(person.phone) if person.phone else "",
            email_digest=digest(person.email) if person.email else "",
            claimed_at=now if person.outside_id in members else None,
        )
        for person in fresh
    )
    return known | {one.outside_id: one for one in made}


@transaction.atomic
def claim(*, member: Member, now: datetime) -> int:
    """Give a member the past of every contact they have proved; returns how many buyers they turned out to be."""
    marks = [digest(contact) for contact in proven_contacts(member)]
    found = list(_unclaimed(marks).select_for_update(of=("self",)).order_by("pk"))
    if not found:
        return 0
    stand_ins = {one.member_id for one in found}
    PastBuyer.objects.filter(pk__in=[one.pk for one in found]).update(member=member, claimed_at=now)
    still = PastBuyer.objects.filter(member_id__in=stand_ins).values_list("member_id", flat=True)
    remove_stand_ins(ids=stand_ins - set(still))
    return len(found)


@transaction.atomic
def disown(*, member: Member, buyer_id: int, now: datetime) -> None:
    """The member says that a claimed past is not theirs: it goes back to a stand-in that nobody can claim.

    A telephone number changes hands now and then. Raises NotYours.
    """
    mine = PastBuyer.objects.select_for_update(of=("self",)).select_related("source")
    buyer = mine.filter(pk=buyer_id, member=member, claimed_at__isnull=False).first()
    if buyer is None:
        raise NotYours()
    person = Person(buyer.outside_id, "", "", "")
    (buyer.member,) = create_stand_ins(names=[stand_in_name(person, buyer.source)], now=now)
    buyer.phone_digest = buyer.email_digest = ""
    buyer.claimed_at = None
    buyer.save()


def proven_contacts(member: Member) -> list[str]:
    """What the member showed to be theirs by a code."""
    phone = [member.phone] if member.phone and member.phone_verified_at else []
    return phone + ([member.email] if member.email and member.email_verified_at else [])


def _unclaimed(marks: Sequence[str]) -> QuerySet[PastBuyer]:
    waiting = PastBuyer.objects.filter(claimed_at=None)
    return (
        (waiting.filter(phone_digest__in=marks) | waiting.filter(email_digest__in=marks)) if marks else waiting.none()
    )


def _proven(people: Iterable[Person]) -> dict[str, Member]:
    """Members who have proved the contact of one of these people, by the people's ids."""
    people = list(people)
    phones = {one.phone for one in people if one.phone}
    emails = {one.email for one in people if one.email}
    by_phone = {one.phone: one for one in Member.objects.filter(phone__in=phones, phone_verified_at__isnull=False)}
    by_email = {one.email: one for one in Member.objects.filter(email__in=emails, email_verified_at__isnull=False)}
    found = {one.outside_id: by_phone.get(one.phone) or by_email.get(one.email) for one in people}
    return {outside: member for outside, member in found.items() if member is not None}


def _phone(text: str) -> str:
    text = text.strip(" '")
    if sum(letter.isdigit() for letter in text) < 11 or "*" in text:
        return ""  # a customer number or a number with its middle hidden
    try:
        return clean_phone(text)
    except InvalidInput:
        return ""


def _email(text: str) -> str:
    if "@" not in text or "*" in text:
        return ""
    try:
        validate_email(text.strip())
    except ValidationError:
        return ""
    return text.strip().lower()
