"""Samples for the living page of components, in both languages. They are drawn nowhere else."""

# ruff: noqa: E501 - rows of figures read better whole

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.templatetags.static import static
from django.utils.translation import get_language

from quanzi.kernel import clock
from quanzi.kernel.money import Money


def samples() -> dict[str, Any]:
    """Everything the styleguide draws; two texts stand side by side and the reader's language picks one."""
    now = clock.now()
    return {"people": _people(), "goods": _goods(), "notes": _notes(), "deals": _deals(now), "desk": _desk(), "flow": _flow(), "form": _form(),
            "dispute": _dispute(now),
            "tonight": now + timedelta(hours=3), "friday": now + timedelta(days=3), "pic": _pic, "say": _say}  # fmt: skip


class SampleForm(forms.Form):
    """A Django form as a page would bind it, with every kind of widget that `ui.bound` knows."""

    title = forms.CharField(max_length=20)
    story = forms.CharField(widget=forms.Textarea, required=False)
    station = forms.ChoiceField(choices=[("1", "锦绣站"), ("2", "古荡站")])
    way = forms.ChoiceField(choices=[("1", "A"), ("2", "B")], widget=forms.RadioSelect)
    public = forms.BooleanField(required=False)

    def clean(self) -> None:
        """Refuses everything, so that errors of the whole form can be seen."""
        self.add_error(None, _say("这张表单只是样例，不会保存。", "This form is a sample and saves nothing."))


def _form() -> SampleForm:
    form = SampleForm({"title": "", "station": "2", "way": "1"})
    for name, words in {"title": ("标题", "Title"), "story": ("故事", "Story"), "station": ("站点", "Station"), "way": ("方式", "Way"),
                        "public": ("公开", "Public")}.items():  # fmt: skip
        form.fields[name].label = _say(*words)
    form.is_valid()
    return form


def _say(zh: str, en: str) -> str:
    return zh if (get_language() or "zh").startswith("zh") else en


def _pic(name: str) -> str:
    return static(f"ui/samples/{name}.webp")


def _person(zh: str, en: str, face: str = "") -> dict[str, str]:
    return {"name": _say(zh, en), "avatar": _pic(f"face-{face}") if face else ""}


def _people() -> dict[str, Any]:
    return {
        "you": _person("你", "You", "you"),
        "xiaoyu": _person("小雨", "Xiaoyu", "xiaoyu"),
        "chennian": _person("陈念", "Chen Nian", "chennian"),
        "wang": _person("王阿姨", "Aunt Wang", "wang"),
        "zhao": _person("老赵", "Lao Zhao", "zhao"),
        "zhou": _person("周姐", "Zhou"),
    }


def _goods() -> list[dict[str, Any]]:
    people = _people()
    yam = {
        "href": "#", "title": _say("烟薯 25 蜜薯，约 5 斤", "Sweet potato, 2.5 kg"), "second": None, "price": 2680, "pic": _pic("yam-1"),
        "kept": 211, "returned": 3, "keepers": [people["xiaoyu"], people["chennian"]], "team_price": 2180,
        "kept_by": _say("小雨和她的朋友留下了", "Xiaoyu and a friend kept it"),
    }  # fmt: skip
    spinach = {
        "href": "#", "title": _say("带泥菠菜 500 克", "Spinach with roots, 500 g"), "second": _say("今早收", "Picked this morning"),
        "price": 450, "pic": _pic("spinach-1"), "kept": 96, "returned": 0,
    }  # fmt: skip
    shrimp = {
        "href": "#", "title": _say("白虾 500 克", "White prawns, 500 g"), "second": _say("浙江舟山", "Zhoushan"), "price": 3990,
        "pic": _pic("shrimp-1"), "kept": 74, "returned": 3,
    }  # fmt: skip
    return [yam, spinach, shrimp]


def _notes() -> list[dict[str, Any]]:
    people, goods = _people(), _goods()

    def note(zh: str, en: str, author: str, tie: tuple[str, str], **more: Any) -> dict[str, Any]:
        base = {
            "href": "#",
            "text": _say(zh, en),
            "author": people[author],
            "tie": _say(*tie),
            "kind": "note",
            "goods": None,
            "pic": None,
        }
        return base | {"counts": _say("12 人觉得有用 · 4 条回复", "12 found it useful · 4 replies")} | more

    return [
        note("蒸了二十分钟，掰开流蜜，孩子吃了两根", "Steamed for twenty minutes; the child ate two", "chennian",
             ("妹妹的朋友", "your sister’s friend"), pic=_pic("yam-note-1"), goods=goods[0], kind="experience", stars=5),
        note("早上六点收的菠菜，根上还带泥", "Spinach picked at six, roots and all", "wang", ("站长", "station leader"),
             pic=_pic("spinach-1"), goods=goods[1]),
        note("冬天的带泥菠菜，不进冰箱能放几天？", "How long does it keep outside the fridge in winter?", "zhao",
             ("3 号楼邻居", "neighbour, block 3"), kind="question",
             answer=_say("王阿姨：抖掉泥，报纸包着放阳台，五天没问题。", "Aunt Wang: shake off the soil, wrap it in paper; five days.")),
        note("用了四个月，边角磨亮了，线没松", "Four months on, the corners shine and the seams hold", "zhou",
             ("你们一起拼过 4 次", "you bought together 4 times"), pic=_pic("tote-note-1")),
        note("三十枚碎了两枚，拍照后当天退了 2.19 元", "Two of thirty broke; 2.19 came back the same day", "xiaoyu", ("妹妹", "sister"), pic=_pic("eggs-note-1")),
    ]  # fmt: skip


def _deals(now: datetime) -> list[dict[str, Any]]:
    people, goods = _people(), _goods()
    return [
        {"href": "#", "title": goods[0]["title"], "pic": goods[0]["pic"], "price": 2180, "alone": 2680,
         "people": [people["xiaoyu"], people["you"]], "seats_left": 1, "closes_at": now + timedelta(hours=3)},
        {"href": "#", "title": goods[2]["title"], "pic": goods[2]["pic"], "price": 3490, "alone": None,
         "people": [people["zhao"]], "seats_left": 2, "closes_at": now + timedelta(days=2)},
    ]  # fmt: skip


def _dispute(now: datetime) -> dict[str, Any]:
    def said(side: tuple[str, str], name: str, zh: str, en: str) -> dict[str, Any]:
        return {"side_label": _say(*side), "author_name": name, "said_at": now, "words": _say(zh, en), "pictures": ()}

    decision = {"by": _say("周敏", "Zhou Min"), "at": now, "words": _say("照片里两枚碎了，退两枚。", "Two are broken in the picture; two go back."),
                "paid_back": Money(219, "CNY")}  # fmt: skip
    return {
        "statements": [
            said(("买家", "Buyer"), _say("小雨", "Xiaoyu"), "到手碎了两枚。", "Two of them came broken."),
            said(("商家", "Shop"), _say("周敏", "Zhou Min"), "出库时是好的。", "They were whole when they left."),
        ],
        "row": {"decision": decision, "appeal": None},
    }


def _desk() -> dict[str, Any]:
    return {
        "todo": [
            {"icon": "scale", "n": 3, "n_href": "#", "what": _say("起退款争议等你决定", "refund disputes wait for you"),
             "second": _say("最早一起已等 19 小时", "the first has waited 19 hours"), "due": _say("今天 14:00", "Today 14:00"), "soon": True,
             "href": "#", "label": _say("逐起处理", "Decide")},
            {"icon": "thermometer", "n": 1, "n_href": "#", "what": _say("批到货没有温度记录", "lot without a temperature"),
             "second": _say("60 盒先不能交付", "60 boxes cannot be handed over"), "due": _say("到货 1 小时", "1 hour ago"), "soon": False,
             "href": "#", "label": _say("请站点补拍", "Ask again")},
        ],
        "stages": [
            {"label": _say("访客", "Visitors"), "second": _say("近 30 天", "30 days"), "value": 3842, "href": "#", "tone": "grey", "change": "+386", "series": [4, 5, 5, 7, 6, 8, 9]},
            {"label": _say("会员", "Members"), "value": 1574, "href": "#", "tone": "pine-pale", "change": "+61", "series": [4, 5, 6, 6, 7, 8, 9], "rule": True},
            {"label": _say("复购", "Repeat"), "value": 1096, "href": "#", "tone": "pine", "change": "+27", "series": [4, 4, 5, 6, 7, 8, 8]},
            {"label": _say("沉睡", "Dormant"), "value": 598, "href": "#", "tone": "grey", "hatch": True, "change": "−19", "series": [9, 8, 7, 7, 6, 5, 4], "rule": True},
        ],
        "daily": [1230, 1260, 1040, 1350, 1480, 1720, 1690, 1150, 1130, 1240, 1330, 1400, 1800, 1480, 1060, 1200, 1390, 1440, 1500, 1730, 1620, 1180, 790, 640],
        "daily_labels": [_say(f"6月{day}日", f"{day} Jun") for day in range(1, 25)],
    }  # fmt: skip


def _flow() -> dict[str, Any]:
    names = [
        ("王阿姨邀请", "Aunt Wang", "pine", True), ("包裹码", "Parcel code", "blue", True), ("其余来源", "Other", "grey-2", False),
        ("自然到访", "Direct", "grey", False), ("样品计划", "Samples", "gold", False), ("小红书笔记", "Xiaohongshu", "brown", False),
        ("朋友圈广告", "Moments ads", "persimmon", True),
    ]  # fmt: skip
    steps = [
        ("花费", "Spend", "¥37,048.80", [386820, 234600, 291460, 0, 432000, 560000, 1800000]),
        ("访客", "Visitors", "16,536", [824, 1482, 1536, 2176, 360, 3918, 6240]),
        ("会员", "Members", "2,724", [438, 497, 341, 296, 274, 392, 486]),
        ("首单", "First order", "1,513", [318, 341, 203, 187, 142, 154, 168]),
        ("复购", "Repeat", "646", [187, 138, 96, 74, 68, 52, 31]),
        ("保留毛利", "Kept margin", "¥73,400.40", [2174480, 1590640, 942070, 837250, 765510, 608230, 421860]),
    ]  # fmt: skip
    return {
        "sources": [{"name": _say(zh, en), "tone": tone, "strong": strong} for zh, en, tone, strong in names],
        "steps": [
            {"label": _say(zh, en), "total": total, "values": values, "href": "#"} for zh, en, total, values in steps
        ],
    }
