"""What the demo's people look for: what the shop does not have yet, and what goods are like."""

from __future__ import annotations

from quanzi.growth.needs import services as needs
from quanzi.growth.needs.models import NeedState
from quanzi.growth.recommending.services import train
from quanzi.growth.searching.services import note_miss
from quanzi.growth.tastes import services as tastes
from quanzi.site.demo.stage import Stage

WANTED = (
    ("原味酸奶 1 升装", 5, ("xiaohe", "chennian", "baobao", "zhao", "axia")),
    ("老面馒头", 3, ("liushu", "xuning", "zhao")),
    ("手冲咖啡豆", 12, ("ligong", "p33", "zhoujie", "aqing")),
    ("葫芦丝课", 20, ("p23",)),
)
"""Words, days ago, and who would like it, the first one first."""
SOUGHT = (("原味酸奶 1 升装", 5, 4), ("老面馒头", 3, 3), ("手工饺子皮", 2, 2), ("无糖豆浆粉", 1, 1))
"""Words that the search found nothing for, days ago, and how often."""


TRAITS = {
    "wallet": ("by_hand", "small_batch"),
    "tote": ("by_hand", "small_batch"),
    "honey": ("mountains", "nothing_added"),
    "tofu": ("old_way", "near"),
    "shrimp": ("sea",),
    "tea": ("mountains", "old_way"),
    "rice": ("nothing_added", "for_children"),
    "spinach": ("near",),
}
PICKS = {"xiaoyu": ("near", "for_children"), "zhoujie": ("by_hand",)}


def want(stage: Stage) -> None:
    _needs(stage)
    for key, traits in TRAITS.items():
        tastes.describe(product=stage.goods[key], tastes=traits, actor=stage.staff["zhoumin"], now=stage.ago(30))
    for who, picks in PICKS.items():
        tastes.pick(member=stage.people[who], tastes=picks, now=stage.ago(10))
    train(now=stage.now)


def _needs(stage: Stage) -> None:
    found = {}
    for words, days, people in WANTED:
        for place, who in enumerate(people):
            found[words] = needs.want(member=stage.people[who], words=words, now=stage.ago(days - 0.3 * place))
    for words, days, times in SOUGHT:
        for place in range(times):
            note_miss(words=words, now=stage.ago(days - 0.2 * place))
    boss = stage.staff["zhoumin"]
    needs.answer(
        need_id=found["手冲咖啡豆"].pk, state=NeedState.SEEKING, words="在问云南两家，月底前给大家答复。", actor=boss,
        now=stage.ago(6),
    )  # fmt: skip
    needs.answer(
        need_id=found["葫芦丝课"].pk, state=NeedState.DECLINED, words="我们只做吃的和手艺，课请到社区中心问。", actor=boss,
        now=stage.ago(18),
    )  # fmt: skip
