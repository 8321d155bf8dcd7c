"""The file of an invoice is kept, as it came."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db import transaction

from quanzi.base.audit.services import write as audit
from quanzi.people.accounts.models import Member
from quanzi.trade.aftersales.errors import NotIssuedYet
from quanzi.trade.aftersales.files import kind_of
from quanzi.trade.aftersales.models import InvoiceFile
from quanzi.trade.aftersales.services.invoicing import for_staff


@transaction.atomic
def keep_file(*, invoice_id: int, actor_member: Member, data: bytes, is_red: bool, now: datetime) -> InvoiceFile:
    """Of an issued invoice, or of the red letter that cancelled it; the newest counts, the same again is the same.

    Raises NotAllowed, NoSuchInvoice, NotAnInvoiceFile, NotIssuedYet.
    """
    found, kind = for_staff(invoice_id, actor_member), kind_of(data)
    if not (found.red_number if is_red else found.number):
        raise NotIssuedYet()
    made, is_new = InvoiceFile.objects.get_or_create(
        invoice=found, is_red=is_red, sha256=hashlib.sha256(data).hexdigest(),
        defaults={"kind": kind, "data": data, "uploaded_at": now, "uploaded_by": actor_member},
    )  # fmt: skip
    if is_new:
        after = {"is_red": is_red, "sha256": made.sha256}
        audit(
            actor=actor_member,
            action="aftersales.keep_invoice_file",
            target=f"invoice:{found.pk}",
            after=after,
            now=now,
        )
    return made
