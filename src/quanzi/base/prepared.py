"""Statements that a connection knows by a name: planned once, and asked in one go.

The driver can prepare too, but it forgets every plan at each ROLLBACK (a refusal is one) and beyond a hundred statements,
and it waits for the answer in small steps that Python can interrupt. Here libpq waits, without the interpreter's lock.
What values and cells look like stays the driver's business (psycopg.adapt.Transformer).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import Any
from weakref import WeakKeyDictionary

from psycopg import Connection, errors
from psycopg.abc import Transformer
from psycopg.adapt import PyFormat
from psycopg.adapt import Transformer as TransformerOf
from psycopg.pq import ExecStatus, Format, TransactionStatus
from psycopg.pq.abc import PGresult

MOST = 400
"""Plans that a connection keeps. One takes the server some ten to a hundred kilobytes; whichever was asked longest ago goes first."""

OUTDATED = (errors.FeatureNotSupported, errors.InvalidSqlStatementName)
"""The tables changed under a plan, or somebody threw all plans of the connection away."""

type Rows = list[tuple[Any, ...]]


def rows(raw: Connection[Any], sql: str, values: Sequence[Any]) -> Rows:
    """The rows of a statement whose parameters are called $1, $2. Raises the driver's errors."""
    known = _known.get(raw)
    if known is None:
        known = _known[raw] = _Known(raw)
    if not raw.autocommit and known.server.transaction_status == TransactionStatus.IDLE:
        known.good(known.server.exec_(b"BEGIN"))  # as the driver does, before the first statement of a transaction
    return known.rows(TransformerOf(raw), sql, values)


class _Known:
    """What one connection has prepared. Keeps nothing that would keep the connection."""

    def __init__(self, raw: Connection[Any]) -> None:
        self.server, self._encoding = raw.pgconn, raw.info.encoding
        self._names: OrderedDict[tuple[str, tuple[int, ...]], bytes] = OrderedDict()
        self._made = 0

    def rows(self, types: Transformer, sql: str, values: Sequence[Any]) -> Rows:
        given = types.dump_sequence(values, [PyFormat.AUTO] * len(values))
        try:
            answer = self._asked(types, sql, given)
        except OUTDATED:
            self._names.clear()
            if self.server.transaction_status != TransactionStatus.IDLE:
                raise
            answer = self._asked(types, sql, given)
        types.set_pgresult(answer)
        return types.load_rows(0, answer.ntuples, tuple)

    def _asked(self, types: Transformer, sql: str, given: Sequence[Any]) -> PGresult:
        name = self._name(sql, types.types or ())
        return self.good(self.server.exec_prepared(name, given, types.formats, Format.TEXT))

    def _name(self, sql: str, types: tuple[int, ...]) -> bytes:
        """Under which name the server knows the statement with values of these types."""
        name = self._names.get((sql, types))
        if name is not None:
            self._names.move_to_end((sql, types))
            return name
        while len(self._names) >= MOST:
            _, oldest = self._names.popitem(last=False)
            self.good(self.server.close_prepared(oldest))
        self._made += 1
        name = b"quanzi_%d" % self._made
        self.good(self.server.prepare(name, sql.encode(self._encoding), types))
        self._names[sql, types] = name
        return name

    def good(self, answer: PGresult) -> PGresult:
        if answer.status in (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK):
            return answer
        raise errors.error_from_result(answer, encoding=self._encoding)


_known: WeakKeyDictionary[Connection[Any], _Known] = WeakKeyDictionary()
