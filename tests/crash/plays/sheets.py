"""A sheet of goods that is applied."""

from __future__ import annotations

import secrets

from quanzi.goods.catalogue.models import Product
from quanzi.growth.importing.models import Sheet, SheetContent
from quanzi.growth.importing.sheets import services
from quanzi.kernel import clock
from quanzi.people.accounts.models import Member
from tests.crash.plays.play import PLAYS, Facts, Play, work
from tests.factories.trade import make_staff

GOODS = "product,name,code,price\npeach-{mark},Peach {mark},PEACH-{mark},39.90\njam-{mark},Jam {mark},JAM-{mark},18\n"


def _sent_in() -> Facts:
    staff = make_staff("owner")
    mark = secrets.token_hex(4)  # goods of this play alone: the database keeps those of others
    data = GOODS.format(mark=mark).encode()
    sheet = services.send_in(kind="goods", data=data, file_name="goods.csv", actor=staff, now=clock.now())
    return {"sheet": sheet.pk, "staff": staff.pk, "mark": mark}


def _apply(facts: Facts) -> None:
    sheet = Sheet.objects.get(pk=facts["sheet"])
    if sheet.state == "uploaded":
        seen = services.goods_plan(sheet).fingerprint
        services.start(sheet=sheet, expected=seen, actor=Member.objects.get(pk=facts["staff"]), now=clock.now())
    work()


def _applied_once(facts: Facts) -> None:
    assert Sheet.objects.get(pk=facts["sheet"]).state == "done"
    assert not SheetContent.objects.filter(sheet=facts["sheet"]).exists()
    names = Product.objects.filter(name__endswith=facts["mark"]).order_by("name").values_list("name", flat=True)
    assert list(names) == [f"Jam {facts['mark']}", f"Peach {facts['mark']}"]


PLAYS["sheet"] = Play(_sent_in, _apply, _applied_once)
