"""Every moment of a shop's past comes back: exactly what was written before it, and nothing of what came after."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

PICTURE = b"a picture"

WRITE = """
import sys, django
from quanzi.site.cli.shop import open_shop
open_shop()
from django.db import transaction
from quanzi.kernel import clock
from quanzi.people.accounts.services import create_member
from quanzi.base.ledger.services import Leg, post
for name in sys.argv[1:]:
    with transaction.atomic():
        create_member(name=name, email=name + "@past.example", now=clock.now())
        legs = [Leg("cash.bank", 100), Leg("equity.opening", -100)]
        post(key=name, kind="test", ref=name, entries=legs, now=clock.now())
"""

READ = """
import json
from quanzi.site.cli.shop import open_shop
open_shop()
from quanzi.people.accounts.models import Member
from quanzi.base.ledger.models import Transaction
print(json.dumps([sorted(Member.objects.values_list("name", flat=True)),
                  sorted(Transaction.objects.values_list("key", flat=True))]))
"""


class Shop:
    """A shop in a folder of its own, worked by the command line."""

    def __init__(self, home: Path) -> None:
        self.home = home
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("QUANZI_", "DATABASE_URL", "DJANGO_SETTINGS"))
        }
        self.environment = kept | {"QUANZI_HOME": str(home)}

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *command], env=self.environment, capture_output=True, text=True, timeout=180, check=False
        )

    def quanzi(self, *words: object) -> str:
        done = self.run("-m", "quanzi", *(str(word) for word in words))
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def refused(self, *words: object) -> str:
        done = self.run("-m", "quanzi", *(str(word) for word in words))
        assert done.returncode not in (0, None)
        assert "Traceback" not in done.stderr, done.stderr
        return done.stdout + done.stderr

    def write(self, *names: str) -> None:
        done = self.run("-c", WRITE, *names)
        assert done.returncode == 0, done.stderr

    def facts(self) -> list[list[str]]:
        done = self.run("-c", READ)
        assert done.returncode == 0, done.stderr
        told: list[list[str]] = json.loads(done.stdout)
        return told


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A folder that every account may reach: under root, PostgreSQL runs as another."""
    made = Path(tempfile.mkdtemp(prefix="qz-past-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture(scope="module")
def shop(folder: Path) -> Shop:
    """Copied on the first day; written before and after the moment that is asked for."""
    made = Shop(folder / "shop")
    made.quanzi("migrate")
    made.write("a")
    assert "Every moment is kept" in made.quanzi("backup", "start", folder / "kept", "--days", 3)
    picture = made.home / "media" / "ab" / "one.webp"
    picture.parent.mkdir(parents=True)
    picture.write_bytes(PICTURE)
    made.write("b", "c")
    time.sleep(1.1)
    return made


@pytest.fixture(scope="module")
def moment(shop: Shop) -> str:
    """Between c and d; then another copy, so that one before and one after the moment are there."""
    at = datetime.now(UTC).isoformat()
    time.sleep(1.1)
    shop.write("d")
    shop.quanzi("backup", "now")
    shop.write("e")
    return at


class TestPast:
    def test_a_moment_comes_back_in_another_folder_with_its_pictures(
        self, shop: Shop, moment: str, folder: Path
    ) -> None:
        other = Shop(folder / "other")
        told = other.quanzi("restore", "--to", moment, "--from", folder / "kept")
        assert "as it was at" in told
        assert other.facts() == [["a", "b", "c"], ["a", "b", "c"]]
        other.quanzi("doctor")
        assert (other.home / "media" / "ab" / "one.webp").read_bytes() == PICTURE
        assert (other.home / "secret_key").read_text() == (shop.home / "secret_key").read_text()
        other.write("x")
        assert shop.facts()[0] == ["a", "b", "c", "d", "e"]

    def test_what_is_kept_is_whole_and_a_gap_or_a_damaged_file_is_told(
        self, shop: Shop, moment: str, folder: Path
    ) -> None:
        assert "there and whole" in shop.quanzi("backup", "verify")
        listed = shop.quanzi("backup", "list")
        assert listed.count("MB") == 2
        pieces = sorted(path for path in (folder / "kept" / "wal").iterdir() if len(path.stem) == 24)
        assert len(pieces) >= 4
        away = folder / "away.gz"
        pieces[1].rename(away)
        # Not the last one: a server that was stopped while it handed that over hands it over again.
        last, copy = pieces[-2], next((folder / "kept" / "base").glob("2*/base.tar.gz"))
        kept, whole = last.read_bytes(), copy.read_bytes()
        with gzip.open(last, "wb") as cut:
            cut.write(b"short")
        copy.write_bytes(whole[: len(whole) // 2])
        told = shop.refused("backup", "verify")
        assert "The log is missing from" in told
        assert f"{last.stem} is damaged" in told
        assert copy.parent.name in told
        away.replace(pieces[1])
        last.write_bytes(kept)
        copy.write_bytes(whole)
        shop.quanzi("backup", "verify")

    def test_refusals_are_told_in_words_and_change_nothing(self, shop: Shop, moment: str, folder: Path) -> None:
        other = Shop(folder / "nothing")
        assert "Nothing is kept from before" in other.refused(
            "restore", "--to", "2020-01-01", "--from", folder / "kept"
        )
        assert "is no moment" in other.refused("restore", "--to", "yesterday", "--from", folder / "kept")
        assert "The kept log ends before" in other.refused("restore", "--to", "2099-01-01", "--from", folder / "kept")
        assert not (other.home / "postgres").exists()
        assert "not kept yet" in other.refused("backup", "list")
        assert "--replace" in shop.refused("restore", "--to", moment)
        assert shop.facts()[0] == ["a", "b", "c", "d", "e"]

    def test_a_shop_goes_back_in_its_own_place_and_goes_on_being_kept(
        self, shop: Shop, moment: str, folder: Path
    ) -> None:
        told = shop.quanzi("restore", "--to", moment, "--replace")
        assert "What was here before lies in" in told
        assert shop.facts()[0] == ["a", "b", "c"]
        shop.write("f")
        shop.quanzi("backup", "now")
        other = Shop(folder / "after")
        told = other.quanzi("restore", "--to", "latest", "--from", folder / "kept")
        assert "The last thing that it knows happened at 20" in told
        assert other.facts()[0] == ["a", "b", "c", "f"]
        other.quanzi("doctor")
