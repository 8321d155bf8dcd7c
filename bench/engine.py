"""The graph and the engine at a scale: how long both take at night, and what it costs to offer somebody goods."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from pathlib import Path

from django.db import connection

from quanzi.base import planned
from quanzi.growth.recommending import services
from quanzi.growth.recommending.queries import offers_for
from quanzi.kernel import clock
from quanzi.people.accounts.models import Member
from quanzi.people.trust import services as trust

AGREE = """
INSERT INTO contact_consent (member_id, purpose, channel, granted, text_id, decided_at, "where")
SELECT m.id, 'recommendation', 'none', true, (SELECT max(id) FROM contact_consenttext WHERE purpose = 'recommendation'), now(), 'bench'
FROM accounts_member m WHERE NOT EXISTS (SELECT FROM contact_permission p WHERE p.member_id = m.id AND p.purpose = 'recommendation')
"""
"""Everybody agrees that their ties recommend: the most that the engine can have to do."""


@dataclass(frozen=True)
class Night:
    """Seconds; offer_ms, offer_p95_ms, offer_cpu_ms: of a page of 24 goods for a member, read for the first time."""

    members: int
    ties: int
    rebuild_s: float
    lines: int
    train_s: float
    choose_s: float
    offer_ms: float
    offer_p95_ms: float
    offer_cpu_ms: float


def measure(*, seconds: float, times: int = 300) -> Night:
    """Count all ties anew, train, then offer goods to members drawn by a seed. seconds: for the choice of settings."""
    with connection.cursor() as cursor:
        cursor.execute(AGREE)
        cursor.execute("ANALYZE contact_permission")
    started = time.monotonic()
    ties = trust.count_all()
    rebuild_s = time.monotonic() - started
    done = services.train(now=clock.now(), seconds=seconds)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE recommending_shelf")
    ids = list(Member.objects.order_by("pk").values_list("pk", flat=True))
    some = list(Member.objects.filter(pk__in=random.Random(1).sample(ids, min(times, len(ids)))))
    for member in some[:10]:
        offers_for(member, now=clock.now(), limit=24)
    pid, spent = planned.value("SELECT pg_backend_pid()"), []
    cpu = _cpu(pid)
    for member in some:
        began = time.perf_counter()
        offers_for(member, now=clock.now(), limit=24)
        spent.append((time.perf_counter() - began) * 1000)
    cpu_ms = (_cpu(pid) - cpu) * 1000 / len(some)
    spent.sort()
    return Night(
        len(ids), ties, rebuild_s, done.lines, done.seconds, min(seconds, done.seconds), spent[len(spent) // 2],
        spent[len(spent) * 95 // 100], cpu_ms,
    )  # fmt: skip


def _cpu(pid: int) -> float:
    """Seconds that this process and the database's part for it have worked."""
    theirs = Path(f"/proc/{pid}/schedstat").read_text(encoding="ascii").split()[0]
    return time.process_time() + int(theirs) / 1e9
