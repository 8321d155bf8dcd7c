"""What became of recommendations. Each answer is safe to run twice: it makes the ties what the facts are."""

from __future__ import annotations

from datetime import datetime

from quanzi.base.events.registry import react_to
from quanzi.growth.sources.ties import KEPT_ADVICE
from quanzi.people.trust.services import settle
from quanzi.trade.sales.events import LineKept, LineReturned, is_recorded


@react_to(LineKept, consumer="sources.tie_kept", unless=is_recorded)
def on_kept(event: LineKept, *, now: datetime) -> None:
    settle(deeds=KEPT_ADVICE, about=[event.line_id])


@react_to(LineReturned, consumer="sources.tie_returned", unless=is_recorded)
def on_returned(event: LineReturned, *, now: datetime) -> None:
    settle(deeds=KEPT_ADVICE, about=[event.line_id])
