"""Figures as a table on the terminal, as JSON, and as Markdown for docs/benchmarks.md."""

from __future__ import annotations

import json
import os
import platform
import sysconfig
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.measure import Result
from quanzi.kernel import clock

FILE = Path(__file__).parent / "results.json"
HEADS = ("journey", "scale", "a second", "aim", "p50 ms", "p99 ms", "CPU ms", "statements", "pgbench", "ratio")


def row(one: Result) -> tuple[str, ...]:
    return (
        one.title, f"{one.scale:g}", f"{one.rps:,.0f}", f"{one.aim:,.0f}" if one.aim else "–", f"{one.p50_ms:.1f}",
        f"{one.p99_ms:.1f}", f"{one.cpu_ms:.2f}", f"{one.queries:.1f}", f"{one.limit:,.0f}" if one.limit else "–",
        f"{one.ratio:.2f}" if one.ratio is not None else "–",
    )  # fmt: skip


def show(results: Sequence[Result], console: Console) -> None:
    """The table, and what went wrong below it."""
    table = Table(*HEADS, title="32 connections, keep-alive; CPU is shop and database together, a request")
    for one in results:
        table.add_row(*row(one))
    console.print(table)
    for one in results:
        if one.refused or one.broken:
            console.print(f"{one.title}: {one.refused} refused, {one.broken} broken")
        if one.notes:
            console.print(f"{one.title}: {one.notes}")


def curve(results: Sequence[Result], console: Console) -> None:
    """What a request costs at each scale, against the smallest."""
    scales = sorted({one.scale for one in results})
    if len(scales) < 2:
        return
    table = Table("journey", *(f"CPU ms at {scale:g}" for scale in scales), "largest to smallest", title="Cost curve")
    for key in dict.fromkeys(one.journey for one in results):
        costs = {one.scale: one.cpu_ms for one in results if one.journey == key}
        if set(scales) <= set(costs):
            table.add_row(key, *(f"{costs[s]:.2f}" for s in scales), f"{costs[scales[-1]] / costs[scales[0]]:.2f}")
    console.print(table)


def write(results: Sequence[Result], *, seconds: float, load_before: float) -> None:
    """Into results.json: these figures replace those of the same journey and scale, others stay."""
    known = _known()
    for one in results:
        known[f"{one.journey} {one.scale:g}{f' writes {one.writes:g}' if one.writes else ''}"] = {
            **one.as_json(),
            "measured_on": clock.today(clock.now()).isoformat(),
        }
    told = {"machine": _machine(), "seconds": seconds, "load_before": round(load_before, 1)}
    FILE.write_text(json.dumps({"run": told, "figures": known}, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def markdown(results: Sequence[Result]) -> str:
    lines = ["| " + " | ".join(HEADS) + " |", "|---" * len(HEADS) + "|"]
    return "\n".join([*lines, *("| " + " | ".join(row(one)) + " |" for one in results)])


def _known() -> dict[str, Any]:
    return dict(json.loads(FILE.read_text(encoding="utf-8"))["figures"]) if FILE.exists() else {}


def _machine() -> dict[str, Any]:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    # Debian's Python is built with profiles of its use; one compiled by a plain ./configure is slower.
    is_profiled = "--enable-optimizations" in (sysconfig.get_config_var("CONFIG_ARGS") or "")
    python = f"{platform.python_version()}, {'with' if is_profiled else 'without'} profile-guided optimisation"
    return {"cores": os.cpu_count(), "memory_gb": round(memory), "python": python}
