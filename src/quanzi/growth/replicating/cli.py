"""`quanzi pattern …`: take the pattern of a community, look at one, make branches from it."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from quanzi.community.circles.models import Circle
from quanzi.community.posts.models import Post
from quanzi.growth.replicating import sheet
from quanzi.growth.replicating.queries import goods_of
from quanzi.growth.replicating.services import Outcome, make_goods, make_pattern, open_branches, preview, take_in
from quanzi.kernel import clock
from quanzi.kernel.errors import DomainError, Errors
from quanzi.people.accounts.models import Member

ACTOR = "system"


@click.command()
@click.argument("circle")
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--area", "areas", multiple=True, required=True, help="How the texts call the area; may be given several times."
)
@click.option("--keep", "kept", multiple=True, help="A word that looks like a person's name and is none.")
@click.option(
    "--post", "posts", multiple=True, type=int, help="Number of a note or question whose words branches may begin with."
)
@click.option("--pictures", is_flag=True, help="The pictures of these notes and questions too; look at each before.")
def export(
    circle: str, target: Path, areas: tuple[str, ...], kept: tuple[str, ...], posts: tuple[int, ...], pictures: bool
) -> None:
    """Write the pattern of the circle with the address CIRCLE into the file TARGET. Nothing personal is in it."""
    found = Circle.objects.filter(slug=circle).first()
    if found is None:
        raise click.ClickException(f"there is no circle {circle}")
    try:
        made = make_pattern(
            circle=found, areas=areas, posts=list(Post.objects.filter(pk__in=posts)), kept_words=kept,
            with_pictures=pictures, actor=ACTOR, now=clock.now()
        )  # fmt: skip
    except DomainError as refused:
        raise click.ClickException(_words(refused)) from refused
    target.write_bytes(bytes(made.archive))
    click.echo(f"{target}: {made.name}, {made.digest[:12]}")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
def blank(file: Path, target: Path) -> None:
    """Write the sheet to fill for the pattern FILE into TARGET, with one row that shows how."""
    try:
        made = take_in(data=file.read_bytes(), actor=ACTOR, now=clock.now())
    except DomainError as refused:
        raise click.ClickException(_words(refused)) from refused
    target.write_bytes(sheet.blank(made.content))
    click.echo(f"{target}: {', '.join(sheet.columns_of(made.content))}")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--make",
    "email",
    metavar="EMAIL",
    help="Make those that are missing as drafts, in the name of this member of the staff.",
)
def goods(file: Path, email: str | None) -> None:
    """Say which goods of the pattern FILE this shop has: found, partly or missing."""
    now = clock.now()
    try:
        made = take_in(data=file.read_bytes(), actor=ACTOR, now=now)
        rows = goods_of(made.content) if email is None else make_goods(pattern=made, actor=_staff(email), now=now)
    except DomainError as refused:
        raise click.ClickException(_words(refused)) from refused
    for one in rows:
        click.echo(f"{one.state}\t{one.name}\t{', '.join(one.codes)}")


def _staff(email: str) -> Member:
    found = Member.objects.filter(email__iexact=email).first()
    if found is None:
        raise click.ClickException(f"there is nobody with the address {email}")
    return found


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("rows", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--look", is_flag=True, help="Only say what would happen.")
def branches(file: Path, rows: Path, look: bool) -> None:
    """Make a branch of the pattern FILE for each row of the sheet ROWS; the same again makes nothing. Exit code 1 when a row was refused."""
    now = clock.now()
    try:
        made = take_in(data=file.read_bytes(), actor=ACTOR, now=now)
        plans = sheet.plans_of(rows.read_bytes(), file_name=rows.name, content=made.content, now=now)
    except DomainError as refused:
        raise click.ClickException(_words(refused)) from refused
    done = (preview if look else open_branches)(pattern=made, plans=plans, actor=ACTOR, now=now)
    for one in done:
        click.echo(_told(one))
    if any(one.state == "refused" for one in done):
        sys.exit(1)


def _told(one: Outcome) -> str:
    said = "; ".join(f"{column}: {problem.text}" if column else problem.text for column, problem in one.problems)
    return f"{one.row}\t{one.key}\t{one.state}\t{said or one.circle_slug}"


def _words(refused: DomainError) -> str:
    return "\n".join(one.text for one in refused.errors) if isinstance(refused, Errors) else refused.text


commands = [export, blank, goods, branches]
