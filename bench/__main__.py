"""`python -m bench`: build, measure, report."""

from __future__ import annotations

import os
import subprocess
import sys

import click
from rich.console import Console

from bench import home
from bench.shop.sizes import at


@click.group()
def bench() -> None:
    """Measure the shop under load. `make bench` runs everything."""


@bench.command()
@click.option("--scale", type=float, default=1.0, show_default=True, help="1 is 20,000 products and 300,000 orders.")
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--anew", is_flag=True, help="Also when there is such a shop already.")
@click.option("--doctor", is_flag=True, help="Prove the promises of the result.")
@click.option("--port", type=int, default=8790, show_default=True)
def build(scale: float, seed: int, anew: bool, doctor: bool, port: int) -> None:
    """Fill a shop of this scale, unless it is there."""
    console = Console(stderr=True)
    at(scale)
    if anew:
        home.forget(scale)
    home.enter(scale, port=port)
    from bench.shop.build import build as fill
    from bench.shop.build import is_built

    if is_built(seed=seed, scale=scale):
        console.print(f"The shop of scale {scale:g} is there: {home.folder(scale)}")
    else:
        console.print(f"Building in {home.folder(scale)}")
        console.print(f"Built in {fill(seed=seed, scale=scale, console=console):.0f} s.")
    if doctor:
        sys.exit(_examine(console))


@bench.command()
@click.option("--posts", type=int, default=200_000, show_default=True)
@click.option("--times", type=int, default=300, show_default=True, help="Searches of each kind.")
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--port", type=int, default=8791, show_default=True)
def search(posts: int, times: int, seed: int, port: int) -> None:
    """The search among so many posts: how long the index takes, and what a search costs."""
    console = Console()
    home.enter_named(f"search-{posts}", port=port)
    from bench import searching
    from quanzi.community.posts.models import Post
    from quanzi.growth.searching.models import Entry

    if not Post.objects.exists():
        console.print("Writing posts")
        searching.fill(posts=posts, seed=seed)
    if Entry.objects.count() < posts:
        seconds, size = searching.index(
            told=lambda done, of: console.print(f"{done} of {of}") if done % 20_000 == 0 else None
        )
        console.print(f"The index took {seconds:.0f} s and {size}.")
    console.print(f"{'a search':<24}{'found':>8}{'p50 ms':>9}{'p99 ms':>9}{'CPU ms':>9}{'CPU p99':>9}")
    for one in searching.measure(seed=seed, times=times):
        console.print(
            f"{one.title:<24}{one.found:>8.0f}{one.p50_ms:>9.1f}{one.p99_ms:>9.1f}{one.cpu_ms:>9.1f}{one.cpu_p99_ms:>9.1f}"
        )


@bench.command(name="run")
@click.option("--scales", default="0.01,0.1,1", show_default=True, help="Sizes to measure, separated by commas.")
@click.option("--journeys", default="", help="Which, separated by commas (default: all). `list` prints them.")
@click.option("--seconds", type=float, default=10.0, show_default=True, help="Of load for each journey.")
@click.option("--workers", type=int, default=2, show_default=True, help="Processes that answer pages.")
@click.option("--port", type=int, default=8790, show_default=True)
@click.option(
    "--writes", type=float, default=0.0, show_default=True, help="Transactions a second that somebody else writes."
)
@click.option("--no-limit", is_flag=True, help="Leave pgbench out.")
@click.option("--keep", is_flag=True, help="Write bench/results.json.")
def run(
    scales: str, journeys: str, seconds: float, workers: int, port: int, writes: float, no_limit: bool, keep: bool
) -> None:
    """Build what is missing, then measure at each scale and print the tables.

    Each scale runs in a process of its own, since a process knows one data folder.
    """
    from bench.journeys import JOURNEYS, chosen

    if journeys == "list":
        for one in JOURNEYS:
            click.echo(f"{one.key:20} {one.title}")
        return
    try:
        chosen(journeys)
    except KeyError as unknown:
        raise click.BadParameter(f"{unknown} is no journey; `list` prints them.", param_hint="--journeys") from None
    results, load = [], os.getloadavg()[0]
    for scale in sorted(float(one) for one in scales.split(",")):
        asked = ["--journeys", journeys, "--seconds", str(seconds), "--workers", str(workers), "--writes", str(writes)]
        results += _measured(scale, port, [*asked, *(["--no-limit"] if no_limit else [])])
    _tell(results, seconds, load, keep)
    for scale in sorted(float(one) for one in scales.split(",") if float(one) >= 0.1 and not journeys):
        subprocess.run(
            [sys.executable, "-m", "bench", "engine", "--scale", str(scale), "--port", str(port)], check=True
        )


@bench.command()
@click.option("--ties", default="100000,1000000", show_default=True, help="How many, separated by commas.")
@click.option("--port", type=int, default=8790, show_default=True)
def graph(ties: str, port: int) -> None:
    """Ties between people: a rebuild, one new fact, a way between two people, at several sizes."""
    from bench.graph import run as measure

    measure([int(one) for one in ties.split(",")], Console(), port=port)


@bench.command()
@click.option("--ties", default="100000,1000000", show_default=True, help="How many, separated by commas.")
@click.option("--seeds", type=int, default=50, show_default=True, help="How many people to choose.")
def spread(ties: str, seeds: int) -> None:
    """Whom to ask so that a word goes farthest, at several sizes."""
    from bench.graph import spread as measure

    for one in ties.split(","):
        measure(int(one), seeds, Console())


@bench.command()
@click.option("--scale", type=float, default=0.1, show_default=True)
@click.option("--seconds", type=float, default=60.0, show_default=True, help="For the choice of settings.")
@click.option("--port", type=int, default=8790, show_default=True)
def engine(scale: float, seconds: float, port: int) -> None:
    """A rebuild of the graph, a training of the engine, and goods for a member, at one scale."""
    subprocess.run([sys.executable, "-m", "bench", "build", "--scale", str(scale), "--port", str(port)], check=True)
    home.enter(scale, port=port)
    from bench.engine import measure

    one = measure(seconds=seconds)
    Console().print(
        f"scale {scale:g}: {one.members:,} members, {one.ties:,} pairs; graph rebuilt in {one.rebuild_s:.1f} s; "
        f"trained on {one.lines:,} lines in {one.train_s:.1f} s ({one.choose_s:.0f} s to choose settings); "
        f"24 goods for a member: {one.offer_ms:.1f} ms, p95 {one.offer_p95_ms:.1f} ms, {one.offer_cpu_ms:.1f} ms of processor",
        highlight=False,
    )


def _measured(scale: float, port: int, asked: list[str]) -> list:
    import json
    import tempfile

    from bench.measure import Result

    with tempfile.NamedTemporaryFile("r", suffix=".json") as answer:
        common = ["--scale", str(scale), "--port", str(port)]
        subprocess.run([sys.executable, "-m", "bench", "build", *common], check=True)
        subprocess.run([sys.executable, "-m", "bench", "one", *common, *asked, "--into", answer.name], check=True)
        found = json.load(answer)
    return [Result(**{name: value for name, value in one.items() if name != "ratio"}) for one in found]


def _tell(results: list, seconds: float, load: float, keep: bool) -> None:
    from bench import report

    console = Console()
    report.show(results, console)
    report.curve(results, console)
    console.print(
        f"The load average before was {load:.1f} on {os.cpu_count()} cores; figures of a busy machine are low."
    )
    if keep:
        report.write(results, seconds=seconds, load_before=load)
        console.print(f"Written to {report.FILE}")


@bench.command(hidden=True)
@click.option("--scale", type=float, required=True)
@click.option("--port", type=int, required=True)
@click.option("--journeys", default="")
@click.option("--seconds", type=float, required=True)
@click.option("--workers", type=int, required=True)
@click.option("--into", required=True)
@click.option("--writes", type=float, default=0.0)
@click.option("--no-limit", is_flag=True)
def one(
    scale: float, port: int, journeys: str, seconds: float, workers: int, into: str, writes: float, no_limit: bool
) -> None:
    """Measure one scale and write the figures to a file; used by `run`."""
    import json

    home.enter(scale, port=port)
    from bench import machine
    from bench.journeys import chosen
    from bench.measure import measure
    from bench.stage import Stage

    folder, stage, console, found = home.folder(scale), Stage(scale=scale, port=port), Console(stderr=True), []
    with machine.running(folder, port=port, workers=workers) as pid:
        for journey in chosen(journeys):
            waited = machine.come_to_rest(pid, folder)
            console.print(f"scale {scale:g}, at rest after {waited:.0f} s: {journey.title}", highlight=False)
            got = measure(
                journey, stage, seconds=seconds, pid=pid, folder=folder, with_limit=not no_limit, writes=writes
            )
            console.print(f"  {got.rps:,.0f}/s, {got.cpu_ms:.2f} ms CPU, p99 {got.p99_ms:.0f} ms", highlight=False)
            found.append(got.as_json())
    with open(into, "w", encoding="utf-8") as answer:
        json.dump(found, answer)


def _examine(console: Console) -> int:
    from quanzi.base.doctor import run

    ill = [one for one in run() if not one.is_well]
    for one in ill:
        console.print(f"{one.id} {one.title}: {one.violations} {one.error} {one.sample[:2]}", highlight=False)
    console.print("The doctor finds nothing." if not ill else f"The doctor finds {len(ill)} broken promises.")
    return 1 if ill else 0


if __name__ == "__main__":
    bench()
