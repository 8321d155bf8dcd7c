"""Reading the books."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from quanzi.base.ledger.models import Balance, Entry, Transaction
from quanzi.kernel.money import Money

DEBIT_KINDS = ("asset", "expense")

BROKEN_LINKS = """
SELECT seq, transaction_id FROM (
    SELECT l.seq, l.transaction_id,
           l.seq <> coalesce(lag(l.seq) OVER w, 0) + 1
           OR l.prev_hash <> coalesce(lag(l.hash) OVER w, repeat('0', 64))
           OR l.hash <> ledger_hash(l.prev_hash, c.body) AS is_broken
    FROM ledger_link l LEFT JOIN ledger_canonical c ON c.transaction_id = l.transaction_id
    WINDOW w AS (ORDER BY l.seq)
) checked WHERE is_broken IS NOT FALSE ORDER BY seq
"""


@dataclass(frozen=True)
class Line:
    account_code: str
    amount: Money


@dataclass(frozen=True)
class JournalRow:
    """One transaction as a page shows it; seq and hash are its place in the chain (empty until commit)."""

    id: int
    key: str
    kind: str
    memo: str
    ref: str
    actor: str
    occurred_at: datetime
    posted_at: datetime
    reverses_id: int | None
    seq: int | None
    hash: str
    lines: tuple[Line, ...]


def balance(code: str, *, currency: str = "CNY") -> Money:
    """What an account holds on its natural side: money owed and income count above zero too.

    currency: of the zero that an account nobody has posted to holds.
    """
    row = Balance.objects.filter(account__code=code).values_list("balance_minor", "account__kind", "account__currency")
    found = row.first()
    if found is None:
        return Money.zero(currency)
    minor, kind, kept_in = found
    return Money(minor if kind in DEBIT_KINDS else -minor, kept_in)


def balances(*, prefix: str = "") -> dict[str, Money]:
    """Natural-side balance of each account whose name starts with `prefix`, by name."""
    rows = Balance.objects.filter(account__code__startswith=prefix).order_by("account__code")
    found = rows.values_list("account__code", "balance_minor", "account__kind", "account__currency")
    return {code: Money(minor if kind in DEBIT_KINDS else -minor, currency) for code, minor, kind, currency in found}


def journal(
    *,
    before_id: int | None = None,
    limit: int = 50,
    ref: str = "",
    refs: Collection[str] = (),
    account_code: str = "",
    kind: str = "",
) -> list[JournalRow]:
    """Transactions, newest first, below `before_id`; filters that are empty do not filter."""
    found = Transaction.objects.order_by("-id")
    if before_id is not None:
        found = found.filter(id__lt=before_id)
    if ref:
        found = found.filter(ref=ref)
    if refs:
        found = found.filter(ref__in=refs)
    if kind:
        found = found.filter(kind=kind)
    if account_code:
        touching = Entry.objects.filter(account__code=account_code).values("transaction_id")
        found = found.filter(id__in=touching)
    return _rows(list(found.select_related("link")[:limit]))


def _rows(found: Sequence[Transaction]) -> list[JournalRow]:
    lines: dict[int, list[Line]] = {one.pk: [] for one in found}
    entries = Entry.objects.filter(transaction__in=list(lines)).order_by("id")
    for owner, code, minor, currency in entries.values_list(
        "transaction_id", "account__code", "amount_minor", "currency"
    ):
        lines[owner].append(Line(code, Money(minor, currency)))
    return [_row(one, tuple(lines[one.pk])) for one in found]


def _row(one: Transaction, lines: tuple[Line, ...]) -> JournalRow:
    link = getattr(one, "link", None)
    return JournalRow(
        id=one.pk,
        key=one.key,
        kind=one.kind,
        memo=one.memo,
        ref=one.ref,
        actor=one.actor,
        occurred_at=one.occurred_at,
        posted_at=one.posted_at,
        reverses_id=one.reverses_id,
        seq=link.seq if link else None,
        hash=link.hash if link else "",
        lines=lines,
    )


def verify_chain() -> int | None:
    """The first place in the hash chain that does not follow from its facts; None when all do."""
    with connection.cursor() as cursor:
        cursor.execute(BROKEN_LINKS + " LIMIT 1")
        row = cursor.fetchone()
    return row[0] if row else None


def settle_deferred() -> None:
    """Let everything that waits for the commit speak now; for tests that never commit."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
