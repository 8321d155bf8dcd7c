"""Everything leaves: each table with all its rows, readable, harmless, once and only to whoever may."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.db import connection

from quanzi.base.audit.models import AuditEntry
from quanzi.goods.catalogue.models import Product
from quanzi.growth.exporting import services
from quanzi.growth.exporting.errors import ExportGone, ExportUnderWay
from quanzi.growth.exporting.models import DataExport, ExportState
from quanzi.growth.exporting.tables import tables
from quanzi.growth.exporting.writing import write
from quanzi.growth.importing.past.services import take_in
from quanzi.kernel import clock
from quanzi.kernel.errors import NotFound
from quanzi.people.accounts.models import Member
from quanzi.site.cli import quanzi
from tests.factories.goods import make_product
from tests.factories.people import make_member, make_staff
from tests.factories.trade import make_paid_order
from tests.growth.importing.test_past_orders import TAOBAO, log_of

COLUMNS = Path(__file__).with_name("columns.txt")
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shop(settings: object, tmp_path: Path) -> None:
    settings.QUANZI_HOME = tmp_path / "home"  # type: ignore[attr-defined]
    settings.MEDIA_ROOT = tmp_path / "home" / "media"  # type: ignore[attr-defined]
    (tmp_path / "home" / "media" / "ab").mkdir(parents=True)
    (tmp_path / "home" / "media" / "ab" / "x.webp").write_bytes(b"picture")
    make_paid_order()
    make_product(name="=HYPERLINK(1)", story='两行\n"引号"')
    make_member(name="+阿兰")
    take_in(log=log_of(TAOBAO), source_name="淘宝", now=clock.now())


def count_of(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT count(*) FROM "{table}"')
        return int(cursor.fetchone()[0])


def test_no_column_leaves_the_house_that_nobody_looked_at() -> None:
    """A new column: look whether its holder could get in, find somebody or speak as the shop; if not, write it into columns.txt."""
    leaves = [f"{table.name}: {' '.join(one.name for one in table.columns)}" for table in tables()]
    assert leaves == COLUMNS.read_text(encoding="utf-8").splitlines()


def test_the_archive_holds_every_row_of_every_table(shop: None, tmp_path: Path) -> None:
    target = tmp_path / "out.zip"
    report = write(target, tables(), on_step=lambda: None)
    counted = {table.name: count_of(table.table) for table in tables()}
    assert report.rows == sum(counted.values()) and report.pictures == 1
    with zipfile.ZipFile(target) as archive:
        assert archive.testzip() is None
        for table in tables():
            text = archive.read(f"tables/{table.name}.csv").decode("utf-8-sig")
            rows = list(csv.DictReader(io.StringIO(text, newline="")))
            lines = [json.loads(line) for line in archive.read(f"tables/{table.name}.jsonl").splitlines()]
            assert len(rows) == len(lines) == counted[table.name], table.name
            assert all(list(line) == [one.name for one in table.columns] for line in lines)
        assert archive.read("media/ab/x.webp") == b"picture"
        assert json.loads(archive.read("contents.json"))["rows"] == counted
        words = archive.read("README.md").decode()
    assert all(f"## {table.name}" in words for table in tables())


def test_what_a_merchant_owns_is_among_the_tables() -> None:
    names = {table.name for table in tables()}
    assert names >= {
        "accounts.member", "contact.consent", "catalogue.product", "catalogue.sku", "stock.movement", "sales.order",
        "sales.orderline", "payments.payment", "ledger.transaction", "ledger.entry", "circles.circle", "posts.post",
        "experiences.experience", "sources.source", "sources.spend", "trust.tie", "importing.pastorder", "media.picture",
    }  # fmt: skip
    assert not names & {"importing.sheetcontent", "exporting.dataexport"}
    columns = {f"{table.name}.{one.name}" for table in tables() for one in table.columns}
    assert not {one for one in columns if one.endswith((".password", ".session_key", "_digest"))}


def test_csv_cells_are_harmless_and_json_lines_are_true(shop: None, tmp_path: Path) -> None:
    write(tmp_path / "out", tables(), on_step=lambda: None)
    text = (tmp_path / "out/tables/catalogue.product.csv").read_text("utf-8-sig")
    row = next(row for row in csv.DictReader(io.StringIO(text, newline="")) if "HYPERLINK" in row["name"])
    assert row["name"] == "'=HYPERLINK(1)" and row["story"] == '两行\n"引号"'
    lines = (tmp_path / "out/tables/catalogue.product.jsonl").read_text().splitlines()
    assert any(json.loads(line)["name"] == "=HYPERLINK(1)" for line in lines)
    assert "'+阿兰" in (tmp_path / "out/tables/accounts.member.csv").read_text("utf-8-sig")


def test_an_archive_that_breaks_off_is_never_taken_for_a_whole_one(shop: None, tmp_path: Path) -> None:
    def fails() -> None:
        raise OSError("full")

    with pytest.raises(OSError, match="full"):
        write(tmp_path / "out.zip", tables(), on_step=fails)
    assert list(tmp_path.glob("*.zip*")) == [] and list(tmp_path.glob(".out*")) == []


def test_an_archive_is_handed_to_its_asker_once_and_both_acts_are_audited(shop: None) -> None:
    owner, other, now = make_staff("owner"), make_staff("owner"), clock.now()
    asked = services.ask(actor=owner, now=now)
    with pytest.raises(ExportUnderWay):
        services.ask(actor=owner, now=now)
    services.run(export_id=asked.pk)
    asked.refresh_from_db()
    assert (asked.state, asked.done) == (ExportState.READY, asked.steps)
    assert asked.rows >= Member.objects.count() + Product.objects.count()
    assert services.path_of(asked).stat().st_mode & 0o777 == 0o600
    with pytest.raises(NotFound):
        services.fetch(export_id=asked.pk, actor=other, now=clock.now())
    with services.fetch(export_id=asked.pk, actor=owner, now=clock.now()) as stream:
        assert zipfile.ZipFile(io.BytesIO(stream.read())).testzip() is None
    assert not services.path_of(asked).exists()
    with pytest.raises(ExportGone):
        services.fetch(export_id=asked.pk, actor=owner, now=clock.now())
    actions = AuditEntry.objects.filter(action__startswith="data.export").values_list("action", flat=True)
    assert sorted(actions) == ["data.export_asked", "data.export_fetched"]


def test_an_archive_expires_and_its_file_goes(shop: None) -> None:
    owner = make_staff("owner")
    asked = services.ask(actor=owner, now=clock.now())
    services.run(export_id=asked.pk)
    later = clock.now() + timedelta(days=1, minutes=1)
    with pytest.raises(ExportGone):
        services.fetch(export_id=asked.pk, actor=owner, now=later)
    assert services.forget(now=later) == 1
    assert DataExport.objects.get().state == ExportState.EXPIRED and not services.path_of(asked).exists()
    services.ask(actor=owner, now=later)


def test_the_command_writes_everything_or_only_the_goods(
    shop: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("quanzi.site.cli.export.open_shop", lambda: None)
    run = CliRunner().invoke
    assert "tables" in run(quanzi, ["export", str(tmp_path / "all.zip")]).output
    assert run(quanzi, ["export", str(tmp_path / "all.zip")]).exit_code == 2
    assert run(quanzi, ["export", "--goods", str(tmp_path / "goods.xlsx")]).exit_code == 0
    assert run(quanzi, ["export", "--goods", str(tmp_path / "goods.pdf")]).exit_code == 2
    assert (tmp_path / "goods.xlsx").read_bytes()[:2] == b"PK"
