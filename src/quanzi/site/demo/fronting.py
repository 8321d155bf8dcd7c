"""Pages of one's own in the demo shop: a leader's, a circle's, a workshop's, and what each of them stands by."""

from __future__ import annotations

from quanzi.community.posts.models import Post
from quanzi.goods.catalogue.models import Maker
from quanzi.growth.fronts import services
from quanzi.growth.fronts.centres import Centre, centre, of_circle, of_maker, of_member
from quanzi.growth.fronts.updating import write_update
from quanzi.growth.searching.services import choose
from quanzi.growth.sources.models import SourceKind
from quanzi.growth.sources.services import invitation_for
from quanzi.people.accounts.models import Member
from quanzi.site.demo.stage import Stage
from quanzi.trade.sales.models import OrderLine
from quanzi.trade.stations.queries import stations_of

FOUND_BY_NAME = ("wang", "zhoushu", "shipi", "axia", "zhao", "chennian", "xiaohe")


def arrange(stage: Stage) -> None:
    """After what was kept and written."""
    for key in FOUND_BY_NAME:
        choose(member=stage.people[key], is_findable=True)
    wang, shipi, xiaoyu = (stage.people[name] for name in ("wang", "shipi", "xiaoyu"))
    _front(
        stage, wang, of_member(wang), "锦绣站在 3 号楼底商，下午四点到晚上八点我都在。货到了我先看一遍，不好的不上架。"
    )
    _stand_by(stage, wang, of_member(wang), "yam", "每周到货我先蒸两个，不甜的那批退过。")
    for one in stations_of(leader_id=wang.pk)[:1]:
        station = centre("s", one.code)
        _front(stage, wang, station, "第一次来：从东门进，看见 3 号楼的蓝色雨棚就是。车可以停门口十分钟。")
        _stand_by(stage, wang, station, "yam", "这批我自己家也在吃。")
        door = invitation_for(member=wang, target=station.path, kind=SourceKind.STATION, now=stage.ago(20))
        for days in (18, 15.2, 9, 8.4, 5, 4.1, 3.9, 1.6, 0.7):
            stage.arrive(None, door, stage.ago(days))
    _front(stage, wang, of_circle(stage.circles["neighbours"]), "新来的邻居，先看这几样。")
    gate = invitation_for(member=wang, target=of_circle(stage.circles["neighbours"]).path, now=stage.ago(26))
    for days in (25, 22.4, 19, 18.2, 13, 12.1, 9.5, 6.6, 6.2, 4.8, 3, 2.7, 1.2, 0.5):
        stage.arrive(None, gate, stage.ago(days))
    _pin(stage, wang, of_circle(stage.circles["neighbours"]))
    _stand_by(stage, wang, of_circle(stage.circles["neighbours"]), "yam", "圈里买得最多的，我自己也留。")
    _stand_by(stage, xiaoyu, of_member(xiaoyu), "eggs", "蛋黄颜色浅，但是香。")
    maker = Maker.objects.get(slug="shipi")
    workshop = of_maker(id=maker.pk, slug=maker.slug, name=maker.name, member_id=maker.member_id)
    _front(stage, shipi, workshop, "一个人做，一周最多四只。想看进度就来圈子里问。")
    services.pin(
        member=shipi, centre=workshop, product_id=stage.goods["tote"].pk, note="先从这只认识我。", now=stage.now
    )
    write_update(
        member=shipi, centre=workshop, words="这周做完两只托特，边线都重新打磨过。想摸实物的，周六下午来看。",
        product_id=stage.goods["tote"].pk, now=stage.now,
    )  # fmt: skip
    services.publish_record(member=xiaoyu, centre=of_member(xiaoyu), shown=True, now=stage.now)


def _front(stage: Stage, who: Member, centre: Centre, intro: str) -> None:
    services.arrange(member=who, centre=centre, intro=intro, sections=("pins", "kept", "goods", "notes"), now=stage.now)


def _pin(stage: Stage, who: Member, centre: Centre) -> None:
    """The newest note of theirs."""
    of = {"circle_id": centre.id} if centre.kind == "c" else {"author": who}
    post = Post.objects.filter(**of, hidden_at=None, removed_at=None).order_by("-pk").first()
    if post is not None:
        services.pin(member=who, centre=centre, post_id=post.pk, now=stage.now)


def _stand_by(stage: Stage, who: Member, centre: Centre, goods: str, why: str) -> None:
    """The latest of these goods that they kept."""
    kept = (
        OrderLine.objects.filter(member=who, product=stage.goods[goods], kept_at__isnull=False).order_by("-pk").first()
    )
    if kept is not None:
        services.pin(member=who, centre=centre, line_id=kept.pk, note=why, now=stage.now)
