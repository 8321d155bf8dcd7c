"""Crash points: nothing in a shop, the end of a test's child process where it is named."""

import os
import subprocess
import sys
import timeit

from quanzi.kernel import crash

PROGRAM = (
    "from quanzi.kernel import crash; crash.point('a.b'); print('once', flush=True); crash.point('a.b'); print('twice')"
)


def run(**variables: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("QUANZI_")}
    return subprocess.run(
        [sys.executable, "-c", PROGRAM], env=kept | variables, capture_output=True, text=True, check=False
    )


def test_a_process_dies_at_the_point_that_is_named_and_at_no_other():
    here = {crash.ONLY_WITH: "/nowhere"}
    assert run(**here).returncode == 0
    assert run(**here, QUANZI_CRASH_AT="a.c").stdout == "once\ntwice\n"
    died = run(**here, QUANZI_CRASH_AT="a.b")
    assert (died.returncode, died.stdout) == (crash.EXIT_CODE, "")
    died = run(**here, QUANZI_CRASH_AT="a.b:2")
    assert (died.returncode, died.stdout) == (crash.EXIT_CODE, "once\n")


def test_a_shop_refuses_to_start_when_it_is_told_to_crash():
    refused = run(QUANZI_CRASH_AT="a.b")
    assert refused.returncode == 1
    assert "for tests only" in refused.stderr


def test_a_point_that_is_off_costs_next_to_nothing():
    assert timeit.timeit(lambda: crash.point("a.b"), number=10_000) / 10_000 < 2e-6
