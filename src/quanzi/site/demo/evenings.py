"""A circle of the demo that has become two: some run along the river after work, some read to their children. A proposal lies before its host."""

from __future__ import annotations

from dataclasses import dataclass

from quanzi.base.events.services import deliver_pending
from quanzi.community.circles.services import create_circle
from quanzi.community.circles.services.moving import move_in
from quanzi.community.posts import services as posts
from quanzi.people.contact.services import mark_read
from quanzi.site.demo import people
from quanzi.site.demo.stage import Stage

KEY = "evenings"
HOST = "wang"
RUN = ("ligong", "xuning", "xiaohe", "zhouhe", "zhoujie", "aqing", "p21", "p24", "p28", "p31", "p33", "p35")
READ = ("chennian", "baobao", "meimei", "axia", "chenjie", "sushu", "p23", "p26", "p32", "p34", "linxiaoman", "p37")


@dataclass(frozen=True)
class Talk:
    """Something written, and what came of it. said: (who, what); useful: who found it so."""

    author: str
    title: str
    body: str
    days: float
    said: tuple[tuple[str, str], ...]
    useful: tuple[str, ...] = ()


TALKS = (
    Talk("ligong", "今晚夜跑，七点半河边集合", "六公里，配速六分半，跟得上就来。", 12.4, (("xiaohe", "夜跑算我一个。"), ("p21", "配速六分半正好。"), ("p28", "河边那段路灯亮吗？"), ("ligong", "亮，一直亮到桥。")), ("xuning", "p31", "zhouhe")),
    Talk("xiaohe", "跑完膝盖酸，是鞋的问题吗？", "跑鞋穿了两年。", 11.2, (("zhouhe", "跑鞋八百公里就该换了。"), ("aqing", "先换跑鞋，再练腿。"), ("p33", "夜跑之前热身十分钟，膝盖会好些。")), ("p21", "ligong", "p31")),
    Talk("zhouhe", "河边跑道周三要修，绕哪条路？", "", 9.1, (("xuning", "走北岸，跑道窄一点。"), ("p31", "北岸晚上有人遛狗，配速放慢。"), ("ligong", "那周三夜跑改北岸。")), ("xiaohe", "p24")),
    Talk("xuning", "第一次跑完十公里", "配速七分二，没停。", 7.6, (("ligong", "十公里不停就很好。"), ("p24", "下次跟你跑十公里。"), ("p35", "你跑鞋是哪双？"), ("zhoujie", "我还在五公里。")), ("p28", "p33", "aqing", "xiaohe")),
    Talk("p21", "冬天夜跑穿几层？", "手最冷。", 5.9, (("p33", "两层，外面防风，夜跑带手套。"), ("zhoujie", "帽子也要。"), ("xuning", "跑热了脱一层系腰上。")), ("zhouhe", "p31")),
    Talk("p28", "有人一起报春天的半马吗？", "三月底，河边起跑。", 4.3, (("aqing", "半马报了。"), ("xiaohe", "半马配速练到六分再说。"), ("p35", "我跑十公里那个组。"), ("p21", "一起练。")), ("ligong", "p24", "p33")),
    Talk("p31", "昨晚夜跑捡到一串钥匙", "放在北岸的小卖部了。", 2.2, (("p24", "是我的，夜跑时掉的，谢谢。"), ("p28", "下次跑步系个绳。")), ("xuning", "aqing", "zhoujie")),
    Talk("chennian", "周四晚上读绘本：《小蓝和小黄》", "六点半，孩子坐垫子上。", 12.8, (("baobao", "一岁半坐得住绘本吗？"), ("meimei", "我带两本绘本来换。"), ("sushu", "孩子最爱这本。")), ("p23", "p26", "chenjie")),
    Talk("baobao", "绘本被撕了怎么补？", "每本都少一页。", 11.5, (("p23", "透明胶两面贴，绘本能再读一年。"), ("axia", "给撕不烂的布绘本。"), ("p32", "我家孩子也撕。"), ("baobao", "布绘本好主意。")), ("chennian", "sushu", "linxiaoman")),
    Talk("meimei", "三岁的孩子睡前讲几本？", "讲到十点还要。", 9.7, (("chenjie", "睡前两本，说好了就关灯。"), ("p26", "我们睡前绘本三本。"), ("chennian", "让孩子自己挑，挑完就睡。")), ("baobao", "p34")),
    Talk("p23", "图书馆周末的故事时间", "要提前约，孩子十个名额。", 8.2, (("sushu", "约到了，带孩子去。"), ("p34", "绘本能借几本？"), ("p23", "一张证六本绘本。")), ("axia", "meimei", "p32", "chenjie")),
    Talk("sushu", "绘本交换的箱子放哪里？", "放车站还是楼下。", 6.4, (("chennian", "放王阿姨那里，接孩子顺路。"), ("linxiaoman", "我捐五本绘本。"), ("p32", "写上名字，孩子会认。")), ("baobao", "p37", "p26")),
    Talk("axia", "孩子不肯自己读，只要人讲", "六岁了。", 4.6, (("p23", "一人一页，绘本字少的先来。"), ("chenjie", "孩子读给毛绒玩具听也行。"), ("p37", "我家也是，睡前轮着讲。")), ("meimei", "p34", "linxiaoman")),
    Talk("p26", "这周的绘本晚上改到周五", "周四教室借不到，孩子们别白跑。", 1.9, (("meimei", "周五孩子有空。"), ("p34", "收到，绘本带来。"), ("baobao", "几点？"), ("p26", "还是六点半。")), ("chennian", "sushu")),
    Talk("wang", "站里晚上灯亮到九点", "跑完喝口热水，孩子等人也可以进来坐。", 3.1, (("xuning", "谢谢王阿姨。"), ("chennian", "孩子们可以在里面等。"))),
)  # fmt: skip


def meet(stage: Stage) -> None:
    """Two weeks of evenings."""
    _found(stage)
    for text in sorted(TALKS, key=lambda text: -text.days):
        post = posts.write_post(
            author=stage.people[text.author], circle=stage.circles[KEY], kind="note", title=text.title, body=text.body,
            is_demo=True, now=stage.ago(text.days),
        )  # fmt: skip
        for place, (who, words) in enumerate(text.said):
            at = stage.ago(text.days - 0.1 - 0.05 * place)
            posts.comment(post=post, author=stage.people[who], body=words, now=at)
        for who in text.useful:
            posts.react(post=post, member=stage.people[who], now=stage.ago(text.days - 0.4))
        deliver_pending(now=stage.ago(text.days - 0.5))
    for who in (HOST, *RUN, *READ):
        mark_read(member=stage.people[who], now=stage.ago(1.2))


def _found(stage: Stage) -> None:
    """Behind a question, so that the talk of the evenings stays among them."""
    circle = stage.circles[KEY] = create_circle(
        founder=stage.people[HOST], name="下班以后", slug="after-work", summary="晚上河边见：跑步的，带孩子读书的",
        charter="约了就来，来不了说一声", place="河边", admission="question", question="你晚上几点有空？", is_demo=True, now=stage.ago(14),
    )  # fmt: skip
    joined = {text.key: text.joined for text in people.PEOPLE}
    for days in (13, 8):
        newcomers = [key for key in (*RUN, *READ) if (joined[key] > 13) == (days == 13)]
        move_in(circle=circle, roles={stage.people[key].pk: "member" for key in newcomers}, now=stage.ago(days))
