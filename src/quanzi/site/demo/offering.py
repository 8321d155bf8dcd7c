"""Somebody of the demo is open to offers on one topic, and a leader has an offer for what she wrote."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from quanzi.community.posts.services import write_post
from quanzi.growth.leads.models import Lead, Scope, Topic
from quanzi.growth.leads.services import approaching, matching, opening, watching
from quanzi.kernel.clock import SITE_ZONE, today
from quanzi.site.demo.stage import Stage

TOPIC = "轻食减脂"


def offer(stage: Stage) -> None:
    """By day, since nothing shows at night."""
    noon = datetime.combine(today(stage.now) - timedelta(days=1), time(12), SITE_ZONE)
    author, leader = stage.people["xiaoyu"], stage.people["wang"]
    leader.refresh_from_db(fields=["is_leader"])
    topic = Topic.objects.filter(name=TOPIC).first()
    if topic is None:
        return
    opening.open_topic(
        member=author, topic_id=topic.pk, scope=Scope.ANY, days=90, where="/me/offers", now=noon - timedelta(hours=4)
    )
    watching.watch(owner=leader, topic_id=topic.pk, words="", now=noon - timedelta(hours=3))
    watching.watch(
        owner=stage.staff["zhoumin"], topic_id=topic.pk, words="", for_shop=True, now=noon - timedelta(hours=3)
    )
    write_post(
        author=author, circle=None, kind="note", title="减脂第二周，主食换成蜜薯", is_demo=True, now=noon - timedelta(hours=2),
        body="早上一根蒸蜜薯，配鸡蛋和豆浆，十点前都不饿。下周想换换口味，粗粮还能吃什么？",
    )  # fmt: skip
    matching.catch_up(now=noon)
    for lead in Lead.objects.filter(opening__member=author, opening__topic=topic):
        watching.note_shown(lead_ids=[lead.pk], now=noon)
        if lead.owner_id == leader.pk:
            words = "周五到的那批蜜薯是小个的，蒸着吃正好一人一根。要的话给你留两斤，自提点拿。"
            approaching.offer(
                sender=leader, lead_id=lead.pk, words=words, product_id=stage.goods["yam"].pk, now=noon + timedelta(minutes=30)
            )  # fmt: skip
