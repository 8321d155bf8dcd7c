"""Tell stories of a shop for as long as you like: `./dev soak [--steps N] [--seed S]`.

Each round takes 5,000 steps on all cores, with a seed of its own: S, S + 1, S + 2 … The first story that fails is shown
with the command that tells it again, and ends the soak with exit code 1.
"""

from __future__ import annotations

import argparse
import os
import secrets
import subprocess
import sys
import time

ROUND = 5_000


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="./dev soak", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--steps", type=int, default=100_000, help="how many steps in all (default: 100,000)")
    parser.add_argument("--seed", type=int, default=None, help="the first round's seed (default: any)")
    asked = parser.parse_args()
    first = secrets.randbelow(2**31) if asked.seed is None else asked.seed
    rounds = max(1, -(-asked.steps // ROUND))
    began = time.monotonic()
    for number in range(rounds):
        seed, steps = first + number, min(ROUND, asked.steps - number * ROUND)
        if code := tell(seed, steps):
            print(f"Seed {seed} failed. Again: ./dev soak --seed {seed} --steps {steps}", file=sys.stderr)
            return code
        taken, seconds = number * ROUND + steps, time.monotonic() - began
        left = (asked.steps - taken) * seconds / taken
        print(
            f"{taken:,} of {asked.steps:,} steps, {taken / seconds:.0f}/s, {left / 60:.0f} min left (seed {seed})",
            flush=True,
        )
    return 0


def tell(seed: int, steps: int) -> int:
    """One round; 0 when every story added up."""
    command = [sys.executable, "-m", "pytest", "tests/properties/test_stories.py", "-q", "-x", "-n", "auto"]
    told = os.environ | {"QUANZI_SEED": str(seed), "QUANZI_STEPS": str(steps)}
    done = subprocess.run(command, env=told, capture_output=True, text=True, check=False)
    if done.returncode:
        print(done.stdout[-20_000:], done.stderr[-2_000:], file=sys.stderr)
    return 1 if done.returncode else 0


if __name__ == "__main__":
    sys.exit(main())
