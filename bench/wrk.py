"""wrk, the load tool: finding or installing it, running it, reading what it says."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bench.journeys.journey import Outcome, Request

SCRIPT = Path(__file__).parent / "requests.lua"
THREADS = 2


class NoLoadTool(RuntimeError):
    """wrk is not here and could not be installed."""


def find() -> str:
    """The program; installed from the distribution when it is missing and we may. Raises NoLoadTool."""
    if found := shutil.which("wrk"):
        return found
    if shutil.which("apt-get"):
        root = [] if os.geteuid() == 0 else ["sudo", "-n"]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "wrk"]):
            subprocess.run([*root, *command], check=False, **quiet)
        if found := shutil.which("wrk"):
            return found
    raise NoLoadTool(
        "The load tool wrk is missing and could not be installed.\n"
        "Debian, Ubuntu: apt-get install wrk. macOS: brew install wrk. Others: https://github.com/wg/wrk"
    )


def run(requests: Sequence[Request], *, port: int, seconds: float, connections: int, once: bool = False) -> Outcome:
    """Send these requests in turn for so many seconds; once: none of them twice. Raises NoLoadTool; RuntimeError when nothing was measured."""
    with tempfile.NamedTemporaryFile("w", suffix=".tsv", encoding="utf-8") as lines:
        lines.writelines(f"{one.line()}\n" for one in requests)
        lines.flush()
        command = [find(), f"-t{THREADS}", f"-c{connections}", f"-d{seconds:g}s", "--timeout", "10s", "--latency"]
        heard = subprocess.run(
            [*command, "-s", str(SCRIPT), f"http://127.0.0.1:{port}"], capture_output=True, text=True,
            env={**os.environ, "BENCH_REQUESTS": lines.name, "BENCH_ONCE": "1" if once else ""}, check=False,
        )  # fmt: skip
    said = next((line for line in heard.stdout.splitlines() if line.startswith("BENCH ")), None)
    if said is None:
        raise RuntimeError(f"wrk measured nothing:\n{heard.stdout}\n{heard.stderr}")
    facts = json.loads(said.removeprefix("BENCH "))
    return Outcome(
        requests=facts["requests"], seconds=facts["microseconds"] / 1e6, p50_ms=facts["p50_us"] / 1e3,
        p99_ms=facts["p99_us"] / 1e3, refused=facts["refused"], broken=facts["broken"],
    )  # fmt: skip
