"""A sheet of goods that is applied."""

from __future__ import annotations

from quanzi.goods.catalogue.models import Product
from quanzi.growth.importing.models import Sheet, SheetContent
from quanzi.growth.importing.sheets import services
from quanzi.kernel import clock
from quanzi.people.accounts.models import Member
from tests.crash.plays.play import PLAYS, Facts, Play, work
from tests.factories.trade import make_staff

GOODS = b"product,name,code,price\npeach,Peach,PEACH,39.90\njam,Jam,JAM,18\n"


def _sent_in() -> Facts:
    staff = make_staff("owner")
    sheet = services.send_in(kind="goods", data=GOODS, file_name="goods.csv", actor=staff, now=clock.now())
    return {"sheet": sheet.pk, "staff": staff.pk}


def _apply(facts: Facts) -> None:
    sheet = Sheet.objects.get(pk=facts["sheet"])
    if sheet.state == "uploaded":
        seen = services.goods_plan(sheet).fingerprint
        services.start(sheet=sheet, expected=seen, actor=Member.objects.get(pk=facts["staff"]), now=clock.now())
    work()


def _applied_once(facts: Facts) -> None:
    assert Sheet.objects.get(pk=facts["sheet"]).state == "done"
    assert not SheetContent.objects.exists()
    assert sorted(Product.objects.values_list("name", flat=True)) == ["Jam", "Peach"]


PLAYS["sheet"] = Play(_sent_in, _apply, _applied_once)
