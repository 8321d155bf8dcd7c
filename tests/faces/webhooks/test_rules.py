"""When to try again, and which addresses may be told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from quanzi.faces.webhooks import rules


def test_waits_grow_from_seconds_to_six_hours_and_differ_by_chance() -> None:
    middles = [rules.wait_after(n, 0.5).total_seconds() for n in range(1, 10)]
    assert middles[:4] == [5, 20, 80, 320]
    assert middles == sorted(middles)
    assert middles[-1] == 6 * 3600
    assert rules.wait_after(1, 0.0) == timedelta(seconds=4)
    assert rules.wait_after(1, 1.0) == timedelta(seconds=6)
    assert rules.wait_after(10_000, 1.0) < timedelta(hours=8)


def test_an_endpoint_rests_for_ten_minutes_at_most() -> None:
    assert rules.rest_after(1) == timedelta(seconds=5)
    assert rules.rest_after(10_000) == timedelta(minutes=10)


@pytest.mark.parametrize(
    ("url", "is_good"),
    [
        ("https://erp.example/hooks", True), ("https://erp.example:8443/hooks?a=1", True), ("http://erp.example/hooks", False),
        ("https://erp.example:22/", False), ("https://me:pw@erp.example/", False), ("https://", False), ("file:///etc/passwd", False),
        ("https://erp.example/#x", False), ("https://erp.example/a b", False), ("https://" + "a" * 500, False),
        ("https://erp.example:99999/", False), ("https://127.0.0.1/x", False), ("https://[::1]/", False), ("https://169.254.169.254/", False),
        ("https://LOCALHOST/x", False), ("https://nas.local/", False), ("https://1.1.1.1/", True),
        ("https://0x7f000001/", False), ("https://2130706433/", False), ("https://127.1/", False), ("https://erp.0x7f/", False),
        ("https://intranet/", False), (f"https://{'a' * 64}.example/", False), ("https://..example/", False), ("https://店.中国/", True),
        ("http://erp.lan:8080/x", True), ("http://erp.lan:8081/x", False), ("gopher://erp.lan:8080/", False),
    ],
)  # fmt: skip
def test_only_https_on_usual_ports_or_what_the_server_names(url: str, is_good: bool) -> None:
    assert rules.is_good_address(url, inside={("erp.lan", 8080)}) is is_good
