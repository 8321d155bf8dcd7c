"""What the demo's people look for and the shop does not have yet."""

from __future__ import annotations

from quanzi.growth.needs import services as needs
from quanzi.growth.needs.models import NeedState
from quanzi.site.demo.stage import Stage

WANTED = (
    ("原味酸奶 1 升装", 5, ("xiaohe", "chennian", "baobao", "zhao", "axia")),
    ("老面馒头", 3, ("liushu", "xuning", "zhao")),
    ("手冲咖啡豆", 12, ("ligong", "p33", "zhoujie", "aqing")),
    ("葫芦丝课", 20, ("p23",)),
)
"""Words, days ago, and who would like it, the first one first."""


def want(stage: Stage) -> None:
    found = {}
    for words, days, people in WANTED:
        for place, who in enumerate(people):
            found[words] = needs.want(member=stage.people[who], words=words, now=stage.ago(days - 0.3 * place))
    boss = stage.staff["zhoumin"]
    needs.answer(
        need_id=found["手冲咖啡豆"].pk, state=NeedState.SEEKING, words="在问云南两家，月底前给大家答复。", actor=boss,
        now=stage.ago(6),
    )  # fmt: skip
    needs.answer(
        need_id=found["葫芦丝课"].pk, state=NeedState.DECLINED, words="我们只做吃的和手艺，课请到社区中心问。", actor=boss,
        now=stage.ago(18),
    )  # fmt: skip
