"""The plan of faults: a JSON file in the home folder, read again each time, so that it may be changed live."""

import json
import os
import threading
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from paysim.forge import KINDS

OPERATIONS = ("create", "query", "close", "refund", "query_refund", "bill")


@dataclass
class Plan:
    """What goes wrong. Counters run down by themselves; -1 means always."""

    duplicate: int = 1  # copies of each notification, sent at the same time
    delay_s: float = 0  # wait before the first send
    reorder: int = 0  # hold back until so many wait, then send the newest first
    drop: int = 0  # so many sends are lost without an answer
    probe: bool = False  # send a WECHATPAY/SIGNTEST/ probe before each notification
    forge: list[str] = field(default_factory=list)  # kinds of forged copies sent before the true one (paysim.forge)
    fail_before: dict[str, int] = field(default_factory=dict)  # operation -> calls answered 500 without effect
    fail_after: dict[str, int] = field(default_factory=dict)  # operation -> calls answered 500 after the effect
    slow_s: dict[str, float] = field(default_factory=dict)  # operation -> seconds before the answer
    refund_gap_s: float = 60  # least time between two refunds of one payment
    refund_delay_s: float = 0  # a refund is PROCESSING for so long
    refund_fails: int = 0  # so many refunds end ABNORMAL
    sign_with: str = "newest"  # newest | oldest | alternate: which live platform key signs
    retry_s: list[float] = field(default_factory=list)  # replaces the provider's retry schedule

    def problems(self) -> list[str]:
        """What is wrong with the plan, in words."""
        found = [
            f"forge: unknown kind {kind!r}, known are {', '.join(KINDS)}" for kind in self.forge if kind not in KINDS
        ]
        for name in ("fail_before", "fail_after", "slow_s"):
            unknown = set(getattr(self, name)) - set(OPERATIONS)
            found += [
                f"{name}: unknown operation {one!r}, known are {', '.join(OPERATIONS)}" for one in sorted(unknown)
            ]
        if self.sign_with not in ("newest", "oldest", "alternate"):
            found.append("sign_with: newest, oldest or alternate")
        if not 1 <= self.duplicate <= 1000:
            found.append("duplicate: 1 to 1000")
        return found


class PlanFile:
    def __init__(self, home: Path) -> None:
        self.path = home / "plan.json"
        self._lock = threading.Lock()
        self._known: tuple[tuple[int, int, int], str] | None = None

    def read(self) -> Plan:
        """The plan as its file says it now; the file is read when it is another one than last time."""
        try:
            facts = self.path.stat()
        except FileNotFoundError:
            return Plan()
        version = (facts.st_ino, facts.st_mtime_ns, facts.st_size)
        known = self._known
        if known is None or known[0] != version:
            known = self._known = (version, self.path.read_text())
        return parse(json.loads(known[1]))

    def write(self, plan: Plan) -> None:
        part = self.path.with_suffix(".part")
        part.write_text(json.dumps(asdict(plan), indent=1))
        os.replace(part, self.path)

    def spend(self, name: str, operation: str = "") -> bool:
        """Take one from a counter; true when the fault is due now."""
        with self._lock:
            plan = self.read()
            counters = getattr(plan, name) if operation else {"": getattr(plan, name)}
            left = counters.get(operation, 0)
            if left <= 0:
                return bool(left)
            counters[operation] = left - 1
            if not operation:
                setattr(plan, name, left - 1)
            self.write(plan)
            return True


def parse(raw: Any) -> Plan:
    """Read a plan from JSON; raises ValueError with words for a person."""
    if not isinstance(raw, dict):
        raise ValueError("a plan is a JSON object")
    kinds = {
        one.name: type(one.default_factory() if callable(one.default_factory) else one.default) for one in fields(Plan)
    }
    unknown = sorted(set(raw) - set(kinds))
    if unknown:
        raise ValueError(f"unknown: {', '.join(unknown)}; known are {', '.join(kinds)}")
    for name, value in raw.items():
        accepted = (int, float) if name.endswith("_s") and kinds[name] in (int, float) else (kinds[name],)
        if not isinstance(value, accepted) or (isinstance(value, bool) and kinds[name] is not bool):
            raise ValueError(f"{name}: {kinds[name].__name__} expected")
    plan = Plan(**raw)
    if problems := plan.problems():
        raise ValueError("; ".join(problems))
    return plan
