"""The command line: exit codes, and sentences instead of tracebacks."""

from __future__ import annotations

import csv
import json
import os
import socket
import subprocess
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import click
import psycopg
import pytest
from click.testing import CliRunner, Result
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import OperationalError, ProgrammingError, connection

from quanzi.base import doctor as clinic
from quanzi.kernel.errors import NotFound
from quanzi.people.accounts.services import create_member
from quanzi.site.cli import data, quanzi, shop
from quanzi.site.cli.mistakes import told_plainly
from quanzi.site.database.errors import DatabaseRefused
from quanzi.site.demo import load as demo_shop

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def call(*arguments: str | Path) -> Result:
    return CliRunner().invoke(quanzi, [str(argument) for argument in arguments])


def program(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The installed command in a process of its own, where a traceback would show."""
    surroundings = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    return subprocess.run(
        [sys.executable, "-m", "quanzi", *arguments],
        env=surroundings | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def a_member(name: str = "小雨", email: str = "xiaoyu@example.com") -> None:
    create_member(name=name, email=email, password="correct horse", now=NOW)


@pytest.mark.parametrize(
    "command",
    ["run", "worker", "migrate", "demo", "staff", "import", "export", "doctor", "backup", "restore", "messages"],
)
def test_every_command_explains_itself(command: str) -> None:
    result = call(command, "--help")
    assert result.exit_code == 0
    assert len(result.output.splitlines()) > 4


def test_an_unknown_command_is_a_mistake() -> None:
    assert call("rnu").exit_code == 2


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"QUANZI_PORT": "many"}, "QUANZI_PORT must be a number"),
        ({"QUANZI_PORT": "70000"}, "QUANZI_PORT must be a number"),
        ({"DATABASE_URL": "mysql://db/shop"}, "DATABASE_URL must begin with postgresql://"),
        ({"DATABASE_URL": "postgresql://127.0.0.1:1/shop"}, "The database does not answer"),
        ({"QUANZI_HOME": "/dev/null/shop"}, "Set QUANZI_HOME"),
    ],
)
def test_wrong_surroundings_are_told_in_a_sentence(environment: dict[str, str], words: str) -> None:
    done = program("run", **environment)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_taken_port_is_told_with_the_way_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        result = call("run", "--port", str(port))
    assert result.exit_code == 2
    assert f"Port {port} is taken" in result.output
    assert "QUANZI_PORT=" in result.output


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        (DatabaseRefused("no room"), "no room"),
        (NotFound(), "does not exist"),
        (OperationalError("connection refused"), "does not answer: connection refused"),
        (ProgrammingError('relation "x" does not exist'), "quanzi migrate"),
        (PermissionError(13, "Permission denied", "/root/shop"), "/root/shop: Permission denied"),
    ],
)
def test_expected_failures_become_mistakes(trouble: Exception, words: str) -> None:
    with pytest.raises(click.ClickException, match=words) as caught, told_plainly():
        raise trouble
    assert caught.value.exit_code == 2


def test_a_defect_of_ours_is_not_hidden() -> None:
    with pytest.raises(ZeroDivisionError), told_plainly():
        raise ZeroDivisionError


def test_waiting_migrations_stop_a_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shop, "waiting_migrations", lambda: 3)
    monkeypatch.setattr(shop, "_check_server", lambda: None)
    with pytest.raises(click.ClickException, match="quanzi migrate"):
        shop.open_shop()


@pytest.mark.django_db(transaction=True)
def test_a_database_that_does_not_know_chinese_letters_is_refused_with_the_way_out() -> None:
    with connection._nodb_cursor() as cursor:
        cursor.execute("DROP DATABASE IF EXISTS no_letters")
        cursor.execute("CREATE DATABASE no_letters ENCODING 'UTF8' LOCALE_PROVIDER libc LOCALE 'C' TEMPLATE template0")
    where = connection.settings_dict
    try:
        result = program("migrate", DATABASE_URL=f"postgresql:///no_letters?host={where['HOST']}&user={where['USER']}")
    finally:
        with connection._nodb_cursor() as cursor:
            cursor.execute("DROP DATABASE no_letters")
    assert result.returncode == 2
    assert "TEMPLATE template0" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.django_db(transaction=True)
def test_migrate_says_when_nothing_is_waiting() -> None:
    assert "up to date" in call("migrate").output
    assert call("migrate", "--check").exit_code == 0


@pytest.mark.django_db(transaction=True)
def test_the_doctor_of_a_healthy_shop_exits_0() -> None:
    result = call("doctor")
    assert result.exit_code == 0, result.output
    assert "promises hold" in result.output


@pytest.mark.django_db(transaction=True)
def test_the_doctor_exits_1_while_a_promise_is_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = clinic.Result("X1", "Nothing is ever lost", 2, ({"id": 7},), can_fix=True)
    monkeypatch.setattr(clinic, "run", lambda *, fix: [broken])
    result = call("doctor")
    assert result.exit_code == 1
    assert "X1" in result.output
    assert "--fix" in result.output


@pytest.mark.django_db(transaction=True)
def test_staff_are_appointed_with_a_role_and_weak_passwords_are_refused() -> None:
    made = call("staff", "boss@example.com", "--name", "老板", "--role", "owner", "--password", "a long sentence")
    assert made.exit_code == 0, made.output
    member = get_user_model().objects.get(email="boss@example.com")
    assert (member.staff_role, member.is_superuser) == ("owner", True)
    weak = call("staff", "new@example.com", "--name", "新人", "--password", "12345")
    assert weak.exit_code == 2
    assert not get_user_model().objects.filter(email="new@example.com").exists()
    assert call("staff", "no-address", "--name", "x", "--password", "a long sentence").exit_code == 2


@pytest.mark.django_db(transaction=True)
def test_export_writes_the_same_rows_as_csv_and_json_lines_without_secrets(tmp_path: Path) -> None:
    a_member()
    result = call("export", tmp_path / "out")
    assert result.exit_code == 0, result.output
    tables = tmp_path / "out" / "tables"
    with (tables / "accounts.member.csv").open(encoding="utf-8-sig") as file:
        from_csv = list(csv.DictReader(file))
    from_json = [json.loads(line) for line in (tables / "accounts.member.jsonl").read_text("utf-8").splitlines()]
    assert [row["name"] for row in from_csv] == [row["name"] for row in from_json] == ["小雨"]
    assert from_csv[0].keys() == from_json[0].keys()
    assert "password" not in from_json[0]
    contents = json.loads((tmp_path / "out" / "contents.json").read_text())
    assert contents["rows"]["accounts.member"] == 1


@pytest.mark.django_db(transaction=True)
def test_export_into_one_zip_and_never_over_something_else(tmp_path: Path) -> None:
    target = tmp_path / "shop.zip"
    assert call("export", target).exit_code == 0
    assert "tables/accounts.member.csv" in zipfile.ZipFile(target).namelist()
    again = call("export", target)
    assert again.exit_code == 2
    assert "--replace" in again.output
    assert call("export", target, "--replace").exit_code == 0


@pytest.mark.django_db(transaction=True)
def test_a_backup_brings_back_the_shop_and_its_pictures(tmp_path: Path) -> None:
    picture = Path(settings.MEDIA_ROOT) / "ab" / "test-backup.webp"
    picture.parent.mkdir(parents=True, exist_ok=True)
    picture.write_bytes(b"picture")
    a_member()
    file = tmp_path / "shop.backup"
    assert call("backup", file).exit_code == 0
    assert file.stat().st_mode & 0o777 == 0o600
    assert call("backup", file).exit_code == 2

    a_member("陈念", "chennian@example.com")
    picture.unlink()
    refused = call("restore", file)
    assert refused.exit_code == 2
    assert "--replace" in refused.output
    assert get_user_model().objects.count() == 2

    result = call("restore", file, "--replace")
    assert result.exit_code == 0, result.output
    assert list(get_user_model().objects.values_list("name", flat=True)) == ["小雨"]
    assert picture.read_bytes() == b"picture"
    picture.unlink()


@pytest.mark.django_db(transaction=True)
def test_a_shop_that_runs_is_not_restored_over(tmp_path: Path) -> None:
    a_member()
    file = tmp_path / "shop.backup"
    assert call("backup", file).exit_code == 0
    a_member("陈念", "chennian@example.com")
    asked = connection.get_connection_params() | {"cursor_factory": psycopg.Cursor}
    with psycopg.connect(**asked | {"application_name": "a shop"}):
        refused = call("restore", file, "--replace")
    assert refused.exit_code == 2
    assert "The shop is running" in refused.output
    assert get_user_model().objects.count() == 2
    with psycopg.connect(**asked):  # one more connection of this very process is no shop
        assert call("restore", file, "--replace").exit_code == 0
    assert get_user_model().objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("content", [b"", b"not an archive", b"\x1f\x8b\x08broken"])
def test_a_file_that_is_no_backup_changes_nothing(tmp_path: Path, content: bytes) -> None:
    a_member()
    file = tmp_path / "wrong"
    file.write_bytes(content)
    result = call("restore", file, "--replace")
    assert result.exit_code == 2
    assert "not a backup" in result.output
    assert get_user_model().objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_demo_is_refused_in_a_shop_with_members() -> None:
    a_member()
    result = call("demo")
    assert result.exit_code == 2
    assert "already has members" in result.output


@pytest.mark.django_db(transaction=True)
def test_an_interrupted_demo_is_remembered_until_it_was_loaded_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(**_: object) -> None:
        raise KeyboardInterrupt

    login = SimpleNamespace(role="member", name="xiaoyu@example.com", password="correct horse")
    monkeypatch.setattr(demo_shop, "load", crash)
    assert call("demo").exit_code != 0
    assert data.was_interrupted()
    with connection.cursor() as cursor:
        cursor.execute("COMMENT ON SCHEMA public IS NULL")

    monkeypatch.setattr(demo_shop, "load", lambda *, now, progress: progress(note="a member"))
    monkeypatch.setattr(demo_shop, "logins", lambda: [login])
    result = call("demo")
    assert result.exit_code == 0, result.output
    assert "member: xiaoyu@example.com" in result.output
    assert not data.was_interrupted()


def test_import_lists_what_the_rooms_offer() -> None:
    result = call("import", "--help")
    assert result.exit_code == 0
