"""Orders from another shop: read as they were written, kept apart, claimed by who proves to be the buyer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from django.db import IntegrityError, transaction

from quanzi.base.events.services import deliver_pending
from quanzi.growth.importing.models import PastBuyer, PastLine, PastOrder
from quanzi.growth.importing.past import queries
from quanzi.growth.importing.past.errors import NotYours
from quanzi.growth.importing.past.fields import FIELDS, guessed, recognised
from quanzi.growth.importing.past.people import claim, digest, disown, person_of
from quanzi.growth.importing.past.reading import Log, currency_in, read_log
from quanzi.growth.importing.past.services import source_called, take_in
from quanzi.growth.importing.tables.mapping import guess
from quanzi.growth.importing.tables.reading import read
from quanzi.growth.insight.queries import relation_ledger, stages
from quanzi.kernel import clock
from quanzi.kernel.money import Money
from quanzi.people.accounts.models import Member
from quanzi.people.accounts.services import confirm_contact, create_member
from quanzi.people.contact.models import Consent
from quanzi.site.cli import quanzi
from quanzi.trade.sales.models import Order
from tests.factories.goods import make_sku

RETAIL = """InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
536365,85123A,WHITE HANGING HEART T-LIGHT HOLDER,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom
536365,71053,WHITE METAL LANTERN,6,2010-12-01 08:26:00,3.39,17850.0,United Kingdom
536414,22139,,56,2010-12-01 11:52:00,0.0,,United Kingdom
536415,22139,A GIFT FOR NOBODY,1,2010-12-01 11:52:00,1.045,,United Kingdom
C536379,D,Discount,-1,2010-12-01 09:41:00,27.5,14527,United Kingdom
537032,21275,?,-30,2010-12-03 16:50:00,0.0,,United Kingdom
A563186,B,Adjust bad debt,1,2011-08-12 14:51:00,-11062.06,,United Kingdom
"""

TAOBAO = """订单编号,买家会员名,买家实际支付金额,订单状态,收货人姓名,联系手机,订单付款时间,宝贝标题,宝贝总数量,退款金额
="3701",阿**,59.80,交易成功,林小满,'13800000011,2026/3/4 9:05:00,阳山水蜜桃 5 斤,2,0.00
="3702",b**,39.90,交易成功,王安,13900000012,2026-03-05 10:00,黄桃罐头,1,9.90
="3703",c**,20.00,交易关闭,赵宁,13700000013,2026-03-05 11:00,黄桃罐头,1,0
"""


def log_of(text: str, **options: str) -> Log:
    table = read(text.encode(), file_name="log.csv", most_bytes=10_000_000)
    return read_log(table, guess(table.headings, FIELDS), **{"currency": "CNY", **options})


@pytest.fixture
def taobao(db: None) -> Log:
    log = log_of(TAOBAO)
    take_in(log=log, source_name="淘宝", now=clock.now())
    return log


def test_a_total_in_the_first_row_of_an_order_is_the_whole_orders() -> None:
    """As Shopify writes it, with delivery and discounts in it; an order of one line and a line without a price stay as told."""
    log = log_of(
        "Order name,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Total,Email\n"
        "#1001,2026-03-04,1,Tea,60.00,T,118.00,a@example.com\n#1001,2026-03-04,2,Cup,30.00,C,,\n"
        "#1002,2026-03-05,1,Tea,60.00,T,30.00,b@example.com\n"
    )
    assert [line.amount_minor for line in log.orders["#1001"].lines] == [5900, 5900]
    assert [line.amount_minor for line in log.orders["#1002"].lines] == [3000]
    assert log.orders["#1001"].email == "a@example.com"


def test_shopifys_order_sheet_is_read_as_it_is() -> None:
    """Its number stands under "Name", and rows after the first of an order leave most columns empty."""
    table = read(
        b"Name,Email,Financial Status,Paid at,Currency,Total,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Billing Name\n"
        b"#1001,a@example.com,paid,2026-03-04 09:06:00 +0800,CNY,118.00,2026-03-04 09:05:00 +0800,1,Tea,60.00,T,Ann Lee\n"
        b"#1001,a@example.com,,,,,2026-03-04 09:05:00 +0800,2,Cup,30.00,C,\n",
        file_name="orders_export.csv", most_bytes=10_000,
    )  # fmt: skip
    assert recognised(table.headings)[:2] == ("Shopify’s order sheet", "Shopify")
    log = read_log(table, guessed(table.headings), currency="CNY")
    assert not log.problems
    order = log.orders["#1001"]
    assert [(line.title, line.amount_minor) for line in order.lines] == [("Tea", 5900), ("Cup", 5900)]
    assert (order.email, order.name) == ("a@example.com", "Ann Lee")


YOUZAN = "订单号,下单时间,商品名称,数量,商品单价,{heading},收货人手机\n"


def test_an_order_total_in_every_row_is_counted_once() -> None:
    rows = "E1,2026-03-04,烟薯,1,{},{},13800000011\nE1,2026-03-04,罐头,2,{},{},13800000011\n"

    def amounts(heading: str, *cells: str) -> list[int]:
        log = log_of(YOUZAN.format(heading=heading) + rows.format(*cells))
        assert not log.problems
        return [line.amount_minor for line in log.orders["E1"].lines]

    assert amounts("订单实付金额", "60", "118", "30", "118") == [5900, 5900]
    assert amounts("订单实付金额", "60", "118", "30", "") == [5900, 5900]
    assert amounts("实付金额", "60", "80", "10", "80") == [6000, 2000], "prices differ, the amounts do not"
    assert amounts("实付金额", "60", "118", "30", "118") == [5900, 5900], "more than either line could cost"
    assert amounts("实付金额", "60", "50", "30", "50") == [5000, 5000], "two lines of one price with the same discount"
    assert amounts("订单实付金额", "60", "50", "30", "40") == [5000, 4000], (
        "whatever the heading says, these are the lines' own"
    )


def test_an_order_total_without_prices_is_shared_by_quantity() -> None:
    log = log_of(
        "订单号,下单时间,商品名称,数量,订单实付金额\nE1,2026-03-04,烟薯,1,90\nE1,2026-03-04,罐头,2,90\nE2,2026-03-04,罐头,2,90\n"
    )
    assert [line.amount_minor for line in log.orders["E1"].lines] == [3000, 6000]
    assert log.orders["E2"].bought_minor == 9000


def test_a_retail_log_becomes_orders_cancellations_and_left_out_rows() -> None:
    log = log_of(RETAIL, currency="GBP")
    assert set(log.orders) == {"536365", "536414", "536415", "C536379"}
    assert log.orders["536365"].bought_minor == 6 * 255 + 6 * 339
    person = person_of(log.orders["536365"])
    assert person is not None and person.outside_id == "17850"
    assert person_of(log.orders["536414"]) is None
    assert log.orders["536415"].bought_minor == 105  # 1.045 rounds half up
    assert (log.orders["C536379"].bought_minor, log.orders["C536379"].returned_minor) == (0, 2750)
    assert log.skipped == {"adjustment": 1, "below_zero": 1}
    assert log.cancellations == 1 and not log.problems


def test_a_marketplace_sheet_is_read_with_refunds_and_without_unpaid_orders() -> None:
    log = log_of(TAOBAO)
    assert {number: (one.bought_minor, one.returned_minor) for number, one in log.orders.items()} == {
        "3701": (5980, 0),
        "3702": (3990, 990),
    }
    assert log.skipped == {"unpaid": 1}
    assert clock.local(log.orders["3701"].placed_at).isoformat() == "2026-03-04T09:05:00+08:00"


def test_a_row_that_cannot_be_read_is_named_with_its_column() -> None:
    broken = TAOBAO.replace("39.90", "三十九").replace("2026/3/4 9:05:00", "昨天")
    log = log_of(broken)
    assert [(one.row, one.column, one.reason.code) for one in log.problems] == [
        (2, "订单付款时间", "not_a_moment"),
        (3, "买家实际支付金额", "not_a_number_in_sheet"),
    ]


def test_a_day_that_can_be_two_days_must_be_decided() -> None:
    sheet = "订单号,下单时间,实付金额\n1,03/04/2025,5\n"
    assert log_of(sheet).problems[0].reason.code == "which_day"
    assert log_of(sheet, dates="dmy").orders["1"].placed_at.month == 4
    proved = log_of(sheet + "2,25/04/2025,5\n")
    assert not proved.problems and clock.local(proved.orders["1"].placed_at).day == 3


def test_a_nickname_with_asterisks_is_nobodys_alone() -> None:
    sheet = "订单号,下单时间,实付金额,买家昵称,手机\n1,2026-01-01,5,阿**,13800000011\n2,2026-01-01,5,阿**,13900000012\n3,2026-01-01,5,阿**,\n"
    people = [person_of(order) for order in log_of(sheet.replace("手机", "手机号")).orders.values()]
    assert people[0] and people[1] and people[0].outside_id != people[1].outside_id
    assert people[2] is None


@pytest.mark.django_db
def test_the_same_sheet_twice_changes_nothing(taobao: Log) -> None:
    first = list(PastOrder.objects.order_by("pk").values())
    again = take_in(log=log_of(TAOBAO), source_name="淘宝", now=clock.now())
    assert (again.new, again.known, again.people) == (0, 2, 0)
    assert list(PastOrder.objects.order_by("pk").values()) == first
    other = take_in(log=log_of(TAOBAO), source_name="天猫", now=clock.now())
    assert other.new == 2  # the same numbers of another shop are other orders


@pytest.mark.django_db
def test_imported_people_have_no_contact_no_name_no_consent_and_count_nowhere(taobao: Log) -> None:
    people = Member.objects.filter(past_buyers__isnull=False)
    assert sorted(people.values_list("name", "email", "phone")) == [("林**", None, None), ("王**", None, None)]
    assert not any(member.has_usable_password() for member in people)
    assert not Consent.objects.exists()
    now = clock.now()
    assert sum(stage.people for stage in stages(now) if stage.name != "visitor") == 0
    ledger = relation_ledger(starts_at=now.replace(year=2000), ends_at=now.replace(year=2030), now=now)
    assert ledger.total.visits == 0 and ledger.total.margin_minor == 0
    assert not Order.objects.exists()
    stored = json.dumps(list(PastBuyer.objects.values("outside_id", "phone_digest", "email_digest")))
    assert "13800000011" not in stored and "林小满" not in stored


@pytest.mark.django_db
def test_who_proves_the_number_finds_their_orders_and_the_stand_in_goes(taobao: Log) -> None:
    now = clock.now()
    member = create_member(name="林小满", phone="13800000011", how="phone", now=now)
    while deliver_pending(now=now):
        pass
    mine = queries.orders_of(member.pk)
    assert [(row.number, row.source, row.bought) for row in mine] == [("3701", "淘宝", Money(5980))]
    assert Member.objects.filter(name="林**").count() == 0
    assert queries.sums_of([member.pk])[member.pk] == [queries.PastSum(1, Money(5980))]


@pytest.mark.django_db
def test_a_number_that_was_not_proved_claims_nothing(taobao: Log) -> None:
    now = clock.now()
    liar = create_member(name="谁", email="who@example.com", now=now)
    Member.objects.filter(pk=liar.pk).update(phone="+8613800000011", phone_verified_at=None)
    liar.refresh_from_db()
    assert claim(member=liar, now=now) == 0
    confirm_contact(member=liar, phone="+8613800000011", now=now)
    assert claim(member=liar, now=now) == 1


@pytest.mark.django_db
def test_a_past_that_is_not_mine_goes_back_and_stays_away(taobao: Log) -> None:
    now = clock.now()
    member = create_member(name="新机主", phone="13800000011", how="phone", now=now)
    claim(member=member, now=now)
    (buyer,) = queries.claimed_of(member.pk)
    with pytest.raises(NotYours):
        disown(member=create_member(name="旁人", email="x@example.com", now=now), buyer_id=buyer.pk, now=now)
    disown(member=member, buyer_id=buyer.pk, now=now)
    assert queries.orders_of(member.pk) == []
    assert claim(member=member, now=now) == 0
    assert PastOrder.objects.count() == 2


@pytest.mark.django_db
def test_a_member_who_proved_the_number_before_the_import_has_the_past_at_once() -> None:
    now = clock.now()
    member = create_member(name="林小满", phone="13800000011", how="phone", now=now)
    take_in(log=log_of(TAOBAO), source_name="淘宝", now=now)
    assert [row.number for row in queries.orders_of(member.pk)] == ["3701"]
    assert not Member.objects.filter(name="林**").exists()


@pytest.mark.django_db
def test_lines_point_at_our_goods_of_the_same_code() -> None:
    sku = make_sku(code="85123A")
    take_in(log=log_of(RETAIL, currency="GBP"), source_name="log", now=clock.now())
    assert list(PastLine.objects.filter(sku=sku).values_list("code", "quantity")) == [("85123A", 6)]
    assert queries.sums_by_source()[source_called(name="log", now=clock.now()).pk][0].amount == Money(
        3564 + 105 - 2750, "GBP"
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong", [{"quantity": 0}, {"quantity": -1}, {"amount_minor": -5}], ids=["nothing", "sign", "negative"]
)
def test_the_database_refuses_lines_whose_signs_disagree(taobao: Log, wrong: dict[str, int]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        PastLine.objects.filter(pk=PastLine.objects.values("pk")[:1]).update(**wrong)


@pytest.mark.django_db
def test_reading_costs_as_many_queries_for_twenty_orders_as_for_one(django_assert_num_queries: Iterator[None]) -> None:
    rows = "".join(f"{n},2026-01-{n + 1:02d},5,甲客\n" for n in range(1, 22))
    now = clock.now()
    take_in(log=log_of("订单号,下单时间,实付金额,买家昵称\n" + rows), source_name="店", now=now)
    buyer = PastBuyer.objects.get()
    for limit in (1, 20):
        with django_assert_num_queries(2):  # type: ignore[operator]
            assert len(queries.orders_of(buyer.member_id, limit=limit)) == limit
    first = queries.orders_of(buyer.member_id, limit=20)
    rest = queries.orders_of(buyer.member_id, before_id=first[-1].id)
    assert [row.number for row in rest] == ["1"]


def test_a_digest_depends_on_the_key_of_the_shop(settings: object) -> None:
    before = digest("+8613800000011")
    settings.SECRET_KEY = "another"  # type: ignore[attr-defined]
    assert digest("+8613800000011") != before


# the command line


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, db: None):  # type: ignore[no-untyped-def]
    monkeypatch.setattr("quanzi.site.cli.imports.open_shop", lambda: None)

    def run(content: bytes, *arguments: object, name: str = "log.csv") -> Result:
        (tmp_path / name).write_bytes(content)
        return CliRunner().invoke(quanzi, ["import", "orders", str(tmp_path / name), *map(str, arguments)])

    return run


def test_the_command_tells_what_it_read_and_what_is_new(call) -> None:  # type: ignore[no-untyped-def]
    result = call(TAOBAO.encode("gbk"))
    assert result.exit_code == 0, result.output
    assert "Taobao-like orders, as orders of “淘宝”" in result.output
    assert "3 rows: 2 orders and 0 cancellations" in result.output
    assert "1 rows left out: nobody paid this order" in result.output
    assert "2 orders are new, 0 were here before; 2 people are new." in result.output
    assert "0 orders are new, 2 were here before" in call(TAOBAO.encode("utf-8-sig")).output


def test_a_dry_run_writes_nothing(call) -> None:  # type: ignore[no-untyped-def]
    assert call(TAOBAO.encode(), "--dry-run").exit_code == 0
    assert not PastOrder.objects.exists()


def test_broken_rows_end_the_command_with_one_unless_they_are_skipped(call) -> None:  # type: ignore[no-untyped-def]
    broken = TAOBAO.replace("39.90", "?").encode()
    result = call(broken)
    assert result.exit_code == 1 and "Row 3, 买家实际支付金额: “?” is not a number." in result.output
    assert not PastOrder.objects.exists()
    assert call(broken, "--skip-broken").exit_code == 0
    assert PastOrder.objects.count() == 1


def test_a_mapping_file_names_the_columns(call, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "map.json").write_text(json.dumps({"number": "Ref", "placed_at": "When", "amount": "Paid"}))
    sheet = b"Ref;When;Paid\n1;2026-01-02;5.00\n"
    assert "Say which column holds" in call(sheet).output
    assert call(sheet, "--mapping", tmp_path / "map.json").exit_code == 0
    assert PastOrder.objects.get().source.name == "log"


@pytest.mark.parametrize(
    "mapping", ["{", "[]", '{"nonsense": "Ref"}', '{"number": "Nowhere", "placed_at": "When", "amount": "Paid"}']
)
def test_a_mistake_in_the_mapping_is_explained(call, tmp_path: Path, mapping: str) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "map.json").write_text(mapping)
    result = call(b"Ref;When;Paid\n1;2026-01-02;5.00\n", "--mapping", tmp_path / "map.json")
    assert result.exit_code == 2 and "Traceback" not in result.output


@pytest.mark.parametrize("content", [b"", b"\xff\x00\xff", b"PK\x03\x04rubbish", b"a,b\n"], ids=repr)
def test_what_is_no_sheet_is_refused_in_a_sentence(call, content: bytes) -> None:  # type: ignore[no-untyped-def]
    result = call(content)
    assert result.exit_code == 2 and "Traceback" not in result.output, result.output


def shopify_log(text: str) -> Log:
    table = read(text.encode(), file_name="orders_export.csv", most_bytes=10_000)
    return read_log(table, guessed(table.headings), currency="CNY")


SHOPIFY = "Name,Financial Status,Currency,Total,Created at,Lineitem quantity,Lineitem name,Lineitem price\n"


def test_an_unpaid_order_is_left_out_with_all_its_lines() -> None:
    log = shopify_log(
        SHOPIFY + "#1,pending,CNY,80.00,2026-03-04,1,Tea,60.00\n#1,,,,2026-03-04,1,Cup,20.00\n"
        "#2,paid,CNY,20.00,2026-03-04,1,Cup,20.00\n#2,,,,2026-03-04,1,Tea,60.00\n"
    )
    assert list(log.orders) == ["#2"]
    assert log.skipped == {"unpaid": 2}


def test_what_was_paid_and_given_back_is_an_order_though_it_is_closed() -> None:
    log = log_of(
        "订单编号,买家会员名,订单状态,订单付款时间,宝贝标题,买家实际支付金额,退款金额\n"
        "T1,甲,交易关闭,2026-03-04,茶,30,30\nT2,乙,交易关闭,2026-03-04,茶,30,0\nT3,丙,交易关闭,2026-03-04,茶,30,\n"
    )
    assert [(order.bought_minor, order.returned_minor) for order in log.orders.values()] == [(3000, 3000)]
    assert log.skipped == {"unpaid": 2}


def test_cells_that_are_merged_over_the_lines_of_an_order_belong_to_all_of_them() -> None:
    log = log_of("订单号,下单时间,商品名称,数量,实付金额\nE1,2026-03-04,茶,1,30\n,,杯,2,20\nE2,2026-03-05,茶,1,30\n")
    assert not log.problems
    assert {number: len(order.lines) for number, order in log.orders.items()} == {"E1": 2, "E2": 1}
    without = log_of("订单号,下单时间,商品名称,数量,实付金额\nE1,2026-03-04,茶,1,30\n,2026-03-05,杯,2,20\n")
    assert [problem.row for problem in without.problems] == [3], "a row with a day of its own is an order of its own"


def test_the_sheets_own_currency_is_read_and_another_one_in_it_is_told() -> None:
    text = SHOPIFY + "#1,paid,USD,30.00,2026-03-04,1,Tea,30.00\n#2,paid,EUR,20.00,2026-03-04,1,Cup,20.00\n"
    table = read(text.encode(), file_name="orders.csv", most_bytes=10_000)
    mapping = guessed(table.headings)
    assert currency_in(table, mapping, usual="CNY") == "USD"
    log = read_log(table, mapping, currency="USD")
    assert list(log.orders) == ["#1"]
    assert [(problem.row, problem.column) for problem in log.problems] == [(3, "Currency")]
    assert "EUR" in log.problems[0].text and "USD" in log.problems[0].text
