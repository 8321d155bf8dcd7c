"""Papers of goods, and what is known about their import."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction

from quanzi.base.audit import services as audit
from quanzi.base.audit.services import Person
from quanzi.base.media.models import Picture
from quanzi.goods.catalogue.models import Lot, Product
from quanzi.goods.catalogue.rules import text_problems
from quanzi.goods.supply.errors import BadDuty, BadPaperDates, NoSuchPaper, PaperKnown
from quanzi.goods.supply.models import ImportFacts, Paper, PaperKind
from quanzi.kernel.errors import Errors


@transaction.atomic
def set_import_facts(
    *,
    product: Product,
    country: str,
    hs_code: str = "",
    duty_bp: int = 0,
    must_declare: bool = False,
    actor: Person | str,
    now: datetime,
) -> None:
    """Say where goods from abroad come from; an empty country says that they are not. Raises Errors, BadDuty."""
    country, hs_code = country.strip(), "".join(hs_code.split()).replace(".", "")
    Errors.raise_any(text_problems({"country": country}, {"country": 60}))
    if not 0 <= duty_bp <= 10_000 or (
        hs_code and not (hs_code.isascii() and hs_code.isdigit() and 4 <= len(hs_code) <= 12)
    ):
        raise BadDuty(field="duty" if not 0 <= duty_bp <= 10_000 else "hs_code")
    values = {"hs_code": hs_code, "duty_bp": duty_bp, "must_declare": must_declare, "country": country}
    if country:
        ImportFacts.objects.update_or_create(product=product, defaults={**values, "changed_at": now})
    else:
        ImportFacts.objects.filter(product=product).delete()
    audit.write(actor=actor, action="supply.import_facts", target=f"product:{product.pk}", after=values, now=now)


@transaction.atomic
def add_paper(
    *,
    product: Product,
    kind: str,
    number: str,
    issuer: str,
    issued_on: date,
    valid_until: date | None = None,
    lot: Lot | None = None,
    picture: Picture | None = None,
    actor: Person | str,
    actor_word: str,
    now: datetime,
) -> Paper:
    """File a document. Raises Errors, BadPaperDates, PaperKnown."""
    texts = {"number": number.strip(), "issuer": issuer.strip()}
    Errors.raise_any(text_problems(texts, {"number": 60, "issuer": 80}, ("number", "issuer")))
    if kind not in PaperKind.values or (valid_until is not None and valid_until < issued_on):
        raise BadPaperDates(field="valid_until")
    try:
        with transaction.atomic():
            made = Paper.objects.create(
                product=product, kind=kind, **texts, issued_on=issued_on, valid_until=valid_until, lot=lot, picture=picture,
                added_at=now, added_by=actor_word,
            )  # fmt: skip
    except IntegrityError as known:
        raise PaperKnown(field="number") from known
    audit.write(
        actor=actor,
        action="supply.add_paper",
        target=f"paper:{made.pk}",
        after={"product": product.pk, "kind": kind},
        now=now,
    )
    return made


@transaction.atomic
def check_paper(*, paper_id: int, actor: Person | str, actor_word: str, now: datetime) -> Paper:
    """Somebody held it against the goods. Again changes nothing. Raises NoSuchPaper."""
    found = _locked(paper_id)
    if found.checked_at is None:
        found.checked_at, found.checked_by = now, actor_word
        found.save(update_fields=["checked_at", "checked_by"])
        audit.write(actor=actor, action="supply.check_paper", target=f"paper:{found.pk}", now=now)
    return found


@transaction.atomic
def withdraw_paper(*, paper_id: int, actor: Person | str, now: datetime) -> Paper:
    """It was wrong: nobody is shown it any more, and it stays in the books. Again changes nothing. Raises NoSuchPaper."""
    found = _locked(paper_id)
    if found.withdrawn_at is None:
        found.withdrawn_at = now
        found.save(update_fields=["withdrawn_at"])
        audit.write(actor=actor, action="supply.withdraw_paper", target=f"paper:{found.pk}", now=now)
    return found


def _locked(paper_id: int) -> Paper:
    found = Paper.objects.select_for_update().filter(pk=paper_id).first()
    if found is None:
        raise NoSuchPaper()
    return found
