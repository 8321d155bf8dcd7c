"""Stores, pay links and branches in the console: opened, made, looked at first, then done."""

from __future__ import annotations

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from quanzi.growth.replicating import sheet
from quanzi.growth.replicating.models import Branch, Pattern
from quanzi.growth.sources.models import Source
from quanzi.trade.stores.models import LinkState, PayLink, Store
from tests.factories.community import make_circle
from tests.factories.goods import make_sku
from tests.factories.people import log_in, make_member, make_staff
from tests.factories.trade import make_point

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> Client:
    return log_in(Client(), make_staff("owner"))


def test_a_pickup_point_becomes_a_store_with_codes_for_its_tables(owner: Client) -> None:
    point = make_point()

    assert owner.post("/console/stores", {"point": point.pk, "takes_amounts": "on"}).status_code == 302
    store = Store.objects.get()
    assert owner.post("/console/stores", {"point": point.pk}).status_code == 422
    sheet_of_codes = owner.get(f"/console/stores/{store.code}/codes?spots=3")
    assert sheet_of_codes.headers["Content-Type"] == "application/pdf" and sheet_of_codes.content[:4] == b"%PDF"


def test_a_link_for_an_amount_counts_as_a_source_and_is_closed(owner: Client) -> None:
    form = {"what": "修一只包", "amount": "180", "return_rule": "made_to_order", "uses": "1", "days": "7", "key": "a"}

    assert owner.post("/console/sources/paylinks", form).status_code == 302
    link = PayLink.objects.get()
    source = Source.objects.get(kind="pay")
    assert source.target == f"/l/{link.code}" and source.name == "修一只包"
    assert "修一只包" in owner.get(f"/console/sources/{source.pk}/poster").text
    assert Client().get(f"/i/{source.token}").headers["Location"].startswith(f"/l/{link.code}?s=")
    owner.post(f"/console/sources/paylinks/{link.pk}/close")
    link.refresh_from_db()
    assert link.state == LinkState.CLOSED

    goods = {"sku": make_sku(stock_of=5).pk, "quantity": "2", "uses": "9", "days": "30", "key": "b"}
    assert owner.post("/console/sources/paylinks", goods).status_code == 302
    assert owner.post("/console/sources/paylinks", {"key": "c"}).status_code == 422


def test_a_pattern_is_taken_downloaded_and_made_into_branches_after_a_look(owner: Client) -> None:
    circle, leader = make_circle(name="某地买菜圈"), make_member()
    form = {"act": "make", "circle": circle.pk, "areas": "某地、别处"}
    assert owner.post("/console/patterns", form).status_code == 302
    made = Pattern.objects.get()
    file = owner.get(f"/console/patterns/{made.pk}/file")
    assert file.content == bytes(made.archive)
    blank = owner.get(f"/console/patterns/{made.pk}/sheet").content.decode("utf-8-sig")
    assert blank.splitlines()[0] == ",".join(sheet.columns_of(made.content))

    rows = f"branch,area,leader,percent,first_round\nnorth,北门,{leader.email},100,\nsouth,南门,nobody@people.example,100,\n"
    upload = SimpleUploadedFile("branches.csv", rows.encode())
    looked = owner.post(f"/console/patterns/{made.pk}", {"act": "look", "sheet": upload})
    assert looked.status_code == 200 and Branch.objects.count() == 0
    sent = [[2, {"branch": "north", "area": "北门", "leader": leader.email, "percent": "100", "first_round": ""}]]
    done = owner.post(f"/console/patterns/{made.pk}", {"act": "open", "rows": json.dumps(sent)})
    assert done.status_code == 200 and Branch.objects.get().key == "north"
    assert owner.post(f"/console/patterns/{made.pk}", {"act": "open", "rows": "{]"}).status_code == 422

    again = SimpleUploadedFile("p.zip", file.content)
    assert owner.post("/console/patterns", {"act": "take_in", "file": again}).headers["Location"].endswith(str(made.pk))
    assert (
        owner.post("/console/patterns", {"act": "take_in", "file": SimpleUploadedFile("p.zip", b"x")}).status_code
        == 422
    )


def test_a_text_that_names_somebody_is_shown_and_not_taken(owner: Client) -> None:
    circle = make_circle(founder=make_member("孙晓岚"), charter="有事找孙晓岚")

    page = owner.post("/console/patterns", {"act": "make", "circle": circle.pk, "areas": "某地"})

    assert page.status_code == 422 and "circle.charter" in page.text and Pattern.objects.count() == 0
    assert (
        owner.post(
            "/console/patterns", {"act": "make", "circle": circle.pk, "areas": "某地", "kept": "孙晓岚"}
        ).status_code
        == 302
    )
