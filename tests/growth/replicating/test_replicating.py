"""A community becomes a file without any person in it, and the file becomes branches, each whole or not at all."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from click.testing import CliRunner
from django.db.models import Value
from django.db.models.functions import Concat
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from quanzi.base.media.services import store_picture
from quanzi.community.circles.models import Circle
from quanzi.community.circles.services import appoint, ask_to_join, create_circle
from quanzi.community.posts.services import write_post
from quanzi.goods.catalogue import services as catalogue
from quanzi.goods.catalogue.models import Product, Sku
from quanzi.goods.stock.queries import free
from quanzi.growth.replicating import archive, cli, content, errors, sheet
from quanzi.growth.replicating.goods import goods_behind
from quanzi.growth.replicating.models import Branch, Pattern, StarterText
from quanzi.growth.replicating.queries import branches, goods_of, patterns, texts_of
from quanzi.growth.replicating.services import make_goods, make_pattern, open_branches, preview, publish_text, take_in
from quanzi.growth.tastes.services import describe
from quanzi.kernel.clock import Clock, frozen
from quanzi.kernel.errors import Errors, NotAllowed
from quanzi.people.accounts.models import Member
from quanzi.trade.sales.models import PickupPoint
from quanzi.trade.stations import services as stations
from quanzi.trade.stations.models import Round, Station
from quanzi.trade.stations.services import GoodPlan
from quanzi.trade.stores import services as stores
from quanzi.trade.stores.models import Store
from tests.factories.goods import make_sku
from tests.factories.people import make_member
from tests.factories.stations import assert_rounds_add_up as assert_all_is_well
from tests.factories.trade import make_point, make_staff

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def clock(settings: Any, tmp_path: Path) -> Iterator[Clock]:
    settings.MEDIA_ROOT = tmp_path
    with frozen(NOW) as clock:
        yield clock


@pytest.fixture
def sku() -> Any:
    return make_sku(stock_of=5_000)


@pytest.fixture
def community(sku: Any) -> Circle:
    """A circle around an estate, with a cover, a moderator, a station that is a store too, a round, and people in it."""
    founder = make_member("孙晓岚", email="lan@people.example", phone="+8613812345678")
    cover = store_picture(data=picture_bytes(), purpose="cover", owner_id=founder.pk, alt="", now=NOW)
    circle = create_circle(
        founder=founder, name="锦绣花园买菜圈", slug="jinxiu", summary="锦绣花园的邻居一起买菜", charter="只说吃过的。", place="锦绣花园",
        cover=cover, now=NOW,
    )  # fmt: skip
    helper = make_member("何冰")
    ask_to_join(circle=circle, member=helper, now=NOW)
    appoint(circle=circle, member=helper, founder=founder, role="moderator", now=NOW)
    point = make_point(
        leader=founder,
        name="锦绣花园东门",
        address="锦绣路 8 号 3 幢 502",
        circle=circle,
        latitude=31.2,
        longitude=121.4,
    )
    station = stations.open_station(
        point=point, area="锦绣花园", capacity=60, brings_to_door=True, actor="staff:0", now=NOW
    )
    stores.open_store(point=point, about="锦绣花园门口的小店", phone="021-55551234", actor="staff:0", now=NOW)
    stations.open_round(
        title="周五团期", opens_at=NOW, cut_off_at=NOW + 2 * HOUR, pickup_from=NOW + 4 * HOUR, pickup_until=NOW + 8 * HOUR,
        goods=[GoodPlan(sku.pk, 2_000, 30, 5, 500)], station_ids=[station.pk], actor="staff:0", now=NOW,
    )  # fmt: skip
    return circle


def picture_bytes() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (400, 300), (200, 120, 40)).save(out, "PNG")
    return out.getvalue()


def exported(circle: Circle, *areas: str, posts: Any = ()) -> Pattern:
    return make_pattern(circle=circle, areas=areas or ("锦绣花园",), posts=posts, actor="staff:0", now=NOW)


def row(key: str, leader: Member, **cells: str) -> dict[str, str]:
    usual = {"branch": key, "area": f"{key}里", "leader": leader.email or "", "percent": "100", "first_round": "2026-12-01 09:00",
             "address_1": "人民路 1 号", "latitude_1": "31.2", "longitude_1": "121.5"}  # fmt: skip
    return {**usual, **cells}


def plans(pattern: Pattern, *rows: dict[str, str]) -> list[sheet.Plan]:
    return sheet.plans_from(list(enumerate(rows, start=2)), content=pattern.content, now=NOW)


def opened(pattern: Pattern, *rows: dict[str, str]) -> list[str]:
    return [one.state for one in open_branches(pattern=pattern, plans=plans(pattern, *rows), actor="staff:0", now=NOW)]


def test_nothing_personal_leaves(community: Circle) -> None:
    note = write_post(
        author=community.founder, circle=community, kind="note", title="锦绣花园怎么取货", body="到东门报码。", now=NOW
    )
    made = exported(community, posts=[note])

    with zipfile.ZipFile(io.BytesIO(bytes(made.archive))) as file:
        everything = b"\n".join(
            file.read(name) for name in file.namelist() if name != archive.SUMS and not name.startswith("media/")
        )
    text = everything.decode()
    people = list(Member.objects.all())
    for secret in [
        *(one.name for one in people), *(one.email for one in people), *(one.phone for one in people if one.phone), "13812345678",
        "锦绣", "55551234", "502", "31.2", "121.4",
    ]:  # fmt: skip
        assert not secret or secret not in text, secret
    assert "{area}怎么取货" in text and "{area}东门" in text
    assert set(json.loads(text[text.index("{") : text.rindex("}") + 1])) == set(content.SHAPE)


@pytest.mark.parametrize(
    "words",
    [
        "有事找孙晓岚",
        "电话 138 1234 5678",
        "座机 021-55551234",
        "写信到 a.b@shop.example",
        "加微信 lan_2026",
        "证 110101199003074514",
    ],
)
def test_a_text_that_tells_of_a_person_is_refused_and_named(community: Circle, words: str) -> None:
    Circle.objects.filter(pk=community.pk).update(charter=words)
    community.refresh_from_db()

    with pytest.raises((Errors, errors.Personal)) as refused:
        exported(community)

    assert "circle.charter" in refused.value.fields
    assert Pattern.objects.count() == 0


def test_a_word_that_only_looks_like_a_name_may_stay(community: Circle) -> None:
    Circle.objects.filter(pk=community.pk).update(charter="何冰是一种冰。")
    community.refresh_from_db()

    made = make_pattern(circle=community, areas=["锦绣花园"], kept_words=["何冰"], actor="staff:0", now=NOW)

    assert made.content["circle"]["charter"] == "何冰是一种冰。"


def test_what_was_made_from_a_pattern_is_exported_as_that_pattern(community: Circle) -> None:
    note = write_post(
        author=community.founder, circle=community, kind="note", title="锦绣花园怎么取货", body="报码。", now=NOW
    )
    made = exported(community, posts=[note])
    leader = make_member("钱多")

    assert opened(made, row("donghu", leader, area="东湖名苑")) == ["made"]
    branch = Branch.objects.select_related("circle").get()
    again = exported(branch.circle, "东湖名苑")

    assert again.pk == made.pk and bytes(again.archive) == bytes(made.archive)
    assert_all_is_well()


def test_pictures_and_the_choice_to_show_a_score_go_the_whole_way_round(community: Circle) -> None:
    Station.objects.update(shows_score=True)
    shown = store_picture(data=picture_bytes(), purpose="post", owner_id=community.founder_id, alt="", now=NOW)
    note = write_post(
        author=community.founder,
        circle=community,
        kind="note",
        title="怎么取货",
        body="报码。",
        pictures=[shown],
        now=NOW,
    )
    assert exported(community, posts=[note]).content["texts"][0]["pictures"] == []
    made = make_pattern(
        circle=community, areas=["锦绣花园"], posts=[note], with_pictures=True, actor="staff:0", now=NOW
    )
    leader = make_member("钱多")
    assert opened(made, row("donghu", leader, area="东湖名苑")) == ["made"]
    branch = Branch.objects.select_related("circle").get()
    assert Station.objects.get(point__circle=branch.circle).shows_score
    assert exported(branch.circle, "东湖名苑").pk == made.pk
    post = publish_text(text_id=branch.texts.get().pk, by=leader, now=NOW)
    assert post.post_pictures.get().picture.owner_id == leader.pk


def test_a_file_of_the_first_version_is_taken_in_as_one_of_today(community: Circle) -> None:
    made = exported(community)
    old = {
        **{key: one for key, one in made.content.items() if key != "goods"},
        "version": 1,
        "texts": [{"kind": "note", "title": "a", "body": "b"}],
    }
    old["points"] = [
        {**point, "station": {key: one for key, one in point["station"].items() if key != "shows_score"}}
        for point in old["points"]
    ]
    _, files = archive.unpack(bytes(made.archive))
    taken = take_in(data=archive.pack(old, files), actor="staff:0", now=NOW)
    assert (taken.content["version"], taken.content["texts"][0]["pictures"]) == (3, [])
    assert taken.content["points"][0]["station"]["shows_score"] is False


def test_more_pictures_than_may_be_taken_in_are_not_given_out() -> None:
    with pytest.raises(errors.PatternTooLarge):
        archive.pack({}, {f"media/{n:064x}.webp": b"" for n in range(archive.MOST_FILES)})


def dressed(sku: Any, boss: Member) -> None:
    """The goods of the round with everything that a pattern carries, and with what it must not."""
    product = sku.product
    Sku.objects.filter(pk=sku.pk).update(
        options={"规格": "5 斤"}, cost_minor=777, weight_g=2_500, unit_note="约 5 元一斤"
    )
    catalogue.add_sku(
        product=product, code="SECOND", options={"规格": "9 斤"}, price_minor=4_500, cost_minor=888, position=1, now=NOW
    )
    picture = store_picture(data=picture_bytes(), purpose="product", owner_id=boss.pk, alt="", now=NOW)
    catalogue.add_picture(product=product, picture=picture, actor="staff:0", now=NOW)
    describe(product=product, tastes=["by_hand", "near"], actor=boss, now=NOW)


def test_goods_go_the_whole_way_round_as_drafts_without_stock_and_cost(community: Circle, sku: Any) -> None:
    boss = make_staff("owner")
    dressed(sku, boss)
    file = bytes(exported(community).archive)
    assert b"777" not in content.written(archive.unpack(file)[0]) and b"888" not in content.written(
        archive.unpack(file)[0]
    )
    # the other shop: none of these codes
    Sku.objects.filter(product=sku.product).update(code=Concat(Value("X-"), "code"))
    Product.objects.filter(pk=sku.product_id).update(slug="elsewhere")
    pattern = take_in(data=file, actor="staff:0", now=NOW)
    assert [one.state for one in goods_of(pattern.content)] == ["missing"]
    [made] = make_goods(pattern=pattern, actor=boss, now=NOW)
    product = Product.objects.exclude(pk=sku.product_id).get()
    assert made.product_id == product.pk
    assert (made.state, product.state, product.product_pictures.count()) == ("found", "draft", 1)
    there = list(product.skus.order_by("position"))
    assert [(one.cost_minor, one.price_minor, one.weight_g) for one in there] == [
        (0, sku.price_minor, 2_500),
        (0, 4_500, 0),
    ]
    assert set(free([one.pk for one in there]).values()) <= {0}
    again, files = goods_behind([there[0].code])
    told = pattern.content["goods"][0]
    assert again[0] | {"pictures": []} == told | {"pictures": []} and len(files) == 1
    assert make_goods(pattern=pattern, actor=boss, now=NOW) == [made] and Product.objects.count() == 2
    with pytest.raises(NotAllowed):
        make_goods(pattern=pattern, actor=make_staff("moderator"), now=NOW)


def test_the_command_line_tells_which_goods_are_missing_and_makes_them(
    community: Circle, sku: Any, tmp_path: Path
) -> None:
    file, boss = tmp_path / "pattern.zip", make_staff("operator")
    file.write_bytes(bytes(exported(community, "锦绣").archive))
    Sku.objects.filter(pk=sku.pk).update(code="ELSEWHERE")

    def said(*words: str) -> tuple[int, str]:
        done = CliRunner().invoke(cli.goods, [str(file), *words])
        return done.exit_code, done.output

    assert said()[1].startswith("missing\t")
    assert said("--make", "nobody@example.org")[0] == 1
    assert said("--make", make_staff("moderator").email)[0] == 1 and said()[1].startswith("missing\t")
    assert said("--make", boss.email)[1].startswith("found\t") and said()[1].startswith("found\t")


def test_goods_of_which_some_variants_are_here_are_left_as_they_are(community: Circle, sku: Any) -> None:
    boss = make_staff("owner")
    dressed(sku, boss)
    pattern = exported(community)
    Sku.objects.filter(code="SECOND").update(code="OTHER")
    assert [one.state for one in make_goods(pattern=pattern, actor=boss, now=NOW)] == ["partly"]
    assert Product.objects.count() == 1


def test_more_goods_than_a_pattern_holds_stay_at_home_and_files_without_variants_are_refused(community: Circle) -> None:
    skus = [make_sku() for _ in range(3)]
    with mock.patch("quanzi.growth.replicating.goods.MOST_GOODS", 2):
        assert len(goods_behind([one.code for one in skus])[0]) == 2
    bare = exported(community).content
    with pytest.raises(errors.NotAPattern):
        content.checked(bare | {"goods": [bare["goods"][0] | {"variants": []}]})
    with pytest.raises(errors.NotAPattern):
        content.checked(bare | {"goods": [bare["goods"][0] | {"cost_minor": 1}]})
    assert content.checked({key: one for key, one in bare.items() if key != "goods"} | {"version": 2})["goods"] == []


def test_a_branch_has_everything_under_its_own_names_and_prices(community: Circle, sku: Any) -> None:
    leader = make_member("钱多")
    made = exported(community)

    assert opened(made, row("donghu", leader, area="东湖名苑", percent="110%")) == ["made"]

    circle = Circle.objects.get(slug="donghu")
    point = PickupPoint.objects.get(circle=circle)
    assert (circle.name, circle.founder, circle.place) == ("东湖名苑买菜圈", leader, "东湖名苑")
    assert (point.name, point.address, point.leader) == ("东湖名苑东门", "人民路 1 号", leader)
    assert (Station.objects.get(point=point).area, Store.objects.get(point=point).phone) == ("东湖名苑", "")
    made_round = Round.objects.get(stops__station__point=point)
    assert made_round.goods.get().price_minor == 2_200
    assert made_round.cut_off_at - made_round.opens_at == 2 * HOUR
    assert circle.cover is not None
    assert patterns()[0].branches == 1 and branches()[0].leader_name == "钱多"
    assert_all_is_well()


def test_thirty_branches_at_once_and_again_makes_nothing(community: Circle) -> None:
    made = exported(community)
    rows = [row(f"b{number}", make_member()) for number in range(30)]

    assert opened(made, *rows) == ["made"] * 30
    assert opened(made, *rows) == ["known"] * 30
    assert (Circle.objects.count(), Branch.objects.count(), Station.objects.count()) == (31, 30, 31)


def test_a_refused_row_leaves_nothing_behind_and_holds_up_no_other(community: Circle) -> None:
    made, leader = exported(community), make_member()
    before = PickupPoint.objects.count()
    rows = [
        row("good", leader), row("Bad Key", leader), row("nobody", leader) | {"leader": "nobody@people.example"}, row("twice", leader),
        row("twice", leader, area="别处"), row("dear", leader, percent="300"), row("past", leader, first_round="2020-01-01 09:00"),
        row("nowhere", leader, address_1=""), row("jinxiu", leader),
    ]  # fmt: skip

    assert opened(made, *rows) == ["made", "refused", "refused", "made", *["refused"] * 5]
    assert (Branch.objects.count(), Circle.objects.count(), PickupPoint.objects.count()) == (2, 3, before + 2)
    assert opened(made, row("good", leader, area="另一处")) == ["refused"]


def test_goods_that_are_not_here_refuse_a_first_round_and_not_a_branch(community: Circle, sku: Any) -> None:
    made, leader = exported(community), make_member()
    type(sku).objects.filter(pk=sku.pk).update(code="OTHER")

    [refused] = open_branches(pattern=made, plans=plans(made, row("a", leader)), actor="staff:0", now=NOW)
    assert [type(problem) for _, problem in refused.problems] == [errors.NoSuchGoods]
    assert opened(made, row("a", leader, first_round="")) == ["made"]


def test_a_preview_does_everything_and_takes_it_back(community: Circle) -> None:
    made, leader = exported(community), make_member()

    [good, bad] = preview(
        pattern=made, plans=plans(made, row("a", leader), row("b", leader, percent="300")), actor="staff:0", now=NOW
    )

    assert (good.state, bad.state) == ("fits", "refused")
    assert Circle.objects.count() == 1 and Branch.objects.count() == 0


def test_texts_wait_for_the_leader_and_are_said_once(community: Circle) -> None:
    note = write_post(
        author=community.founder, circle=community, kind="note", title="锦绣花园怎么取货", body="报码。", now=NOW
    )
    leader = make_member()
    opened(exported(community, posts=[note]), row("donghu", leader, area="东湖名苑"))
    circle = Circle.objects.get(slug="donghu")
    [text] = texts_of(circle.pk)

    with pytest.raises(errors.NoSuchText):
        publish_text(text_id=text.id, by=make_member(), now=NOW)
    post = publish_text(text_id=text.id, by=leader, now=NOW)
    with pytest.raises(errors.UsedAlready):
        publish_text(text_id=text.id, by=leader, now=NOW)
    assert (post.title, post.author, post.circle) == ("东湖名苑怎么取货", leader, circle)
    assert StarterText.objects.get().post == post


def test_a_pattern_of_another_shop_is_taken_in_once(community: Circle) -> None:
    made = exported(community)
    data = bytes(made.archive)
    Pattern.objects.all().delete()

    first, again = (take_in(data=data, actor="staff:0", now=NOW) for _ in range(2))
    assert first.pk == again.pk and first.digest == made.digest


def test_a_damaged_or_foreign_file_is_refused(community: Circle) -> None:
    data = bytes(exported(community).archive)
    found, files = archive.unpack(data)
    flipped = bytearray(data)
    flipped[len(flipped) // 2] ^= 1
    strange = [
        b"", b"PK", bytes(flipped), data[:-30], archive.pack({**found, "members": []}, files), archive.pack(found, {}),
        archive.pack({**found, "roles": [{"role": "leader", "people": 1, "name": "x"}]}, files),
        archive.pack(found, {**files, "media/" + "0" * 64 + ".webp": b"x"}), zipped({"../evil": b"x"}),
    ]  # fmt: skip
    for one in strange:
        with pytest.raises(errors.NotAPattern):
            archive.unpack(one)
    with pytest.raises(errors.NewerPattern):
        archive.unpack(archive.pack({**found, "version": content.VERSION + 1}, files))


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, data in files.items():
            file.writestr(name, data)
    return out.getvalue()


def test_the_blank_sheet_is_read_back(community: Circle) -> None:
    made = exported(community)
    make_member(email="leader@example.com")

    [plan] = sheet.plans_of(sheet.blank(made.content), file_name="a.csv", content=made.content, now=NOW)

    assert (plan.key, plan.percent, plan.problems) == ("east-gate", 100, [])
    with pytest.raises(errors.MissingColumn):
        sheet.plans_of(b"branch,area\na,b\n", file_name="a.csv", content=made.content, now=NOW)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.text(alphabet="锦绣花园东门取货 a{}", max_size=12), min_size=1, max_size=6),
    st.text(alphabet="东湖名苑b", min_size=1, max_size=5),
)
def test_an_area_put_in_and_taken_out_is_what_it_was(texts: list[str], area: str) -> None:
    bare = content.without_area({"texts": texts}, ["锦绣花园"])

    if not any(area in text.replace(content.AREA, "") for text in bare["texts"]):
        there = content.with_area(bare, area)
        if all(
            there_text.count(area) == text.count(content.AREA)
            for there_text, text in zip(there["texts"], bare["texts"], strict=True)
        ):
            assert content.without_area(there, [area]) == bare
