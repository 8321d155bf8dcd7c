"""Who lives in the demo shop. Nobody here exists; every row is marked as demo."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PersonText:
    """source: which way in brought them (key of `story.SOURCES` or another person's key). joined: days before now."""

    key: str
    name: str
    face: str = ""
    bio: str = ""
    source: str = "direct"
    joined: int = 50


PEOPLE = [
    PersonText("wang", "王阿姨", "face-wang", "锦绣站站长，3 号楼底商。货到了我先看一遍。", "direct", 56),
    PersonText("zhoushu", "老周", "face-laoqin", "古荡站站长，下午四点以后都在。", "direct", 55),
    PersonText("shipi", "拾皮", "face-dashan", "一个人做皮具，十一年。", "direct", 55),
    PersonText("xiaoyu", "小雨", "face-xiaoyu", "两个孩子的妈，周末做饭。", "wang", 52),
    PersonText("meimei", "小满", "face-meimei", "小雨的妹妹，住隔壁楼。", "xiaoyu", 51),
    PersonText("chennian", "陈念", "face-chennian", "爱蒸不爱炒。", "meimei", 49),
    PersonText("zhao", "老赵", "face-zhao", "3 号楼，退休了，种过菜。", "wang", 50),
    PersonText("xuning", "许宁", "face-xuning", "5 号楼，早出晚归。", "parcel", 47),
    PersonText("ligong", "李工", "face-ligong", "工程师，做饭讲究克数。", "wang", 46),
    PersonText("zhouhe", "周禾", "face-zhouhe", "", "note", 45),
    PersonText("linxiaoman", "林小曼", "face-linxiaoman", "刚搬来。", "ad", 44),
    PersonText("axia", "阿霞", "face-axia", "爱煲汤。", "wang", 43),
    PersonText("chenjie", "陈姐", "face-chenjie", "", "parcel", 42),
    PersonText("liushu", "刘叔", "face-liushu", "钓鱼，懂虾。", "zhao", 41),
    PersonText("xiaohe", "小何", "face-xiaohe", "健身，蛋白都从鸡蛋来。", "ad", 40),
    PersonText("aqing", "阿青", "face-aqing", "学着做皮具。", "note", 39),
    PersonText("sushu", "素素", "face-sushu", "", "sample", 38),
    PersonText("ahe", "阿禾", "face-ahe", "", "xiaoyu", 36),
    PersonText("zhoujie", "周姐", "", "做财务的，什么都记账。", "note", 35),
    PersonText("baobao", "豆豆妈", "face-baby", "孩子一岁半。", "chennian", 33),
    PersonText("p21", "钱工", "", "", "ad", 32), PersonText("p22", "小鹿", "", "", "ad", 31),
    PersonText("p23", "吴老师", "", "教书的。", "wang", 30), PersonText("p24", "阿May", "", "", "ad", 29),
    PersonText("p25", "何叔", "", "", "zhoushu", 28), PersonText("p26", "小芹", "", "", "parcel", 27),
    PersonText("p27", "江姐", "", "", "sample", 26), PersonText("p28", "阿坤", "", "", "ad", 25),
    PersonText("p29", "杨杨", "", "", "note", 24), PersonText("p30", "卢师傅", "", "", "zhoushu", 23),
    PersonText("p31", "小唐", "", "", "ad", 21), PersonText("p32", "韩梅", "", "", "parcel", 19),
    PersonText("p33", "老秦", "", "", "zhoushu", 18), PersonText("p34", "阿珍", "", "", "wang", 15),
    PersonText("p35", "小北", "", "", "ad", 13), PersonText("p36", "许妈妈", "", "许宁的妈妈。", "xuning", 11),
    PersonText("p37", "方方", "", "", "parcel", 9), PersonText("p38", "童童", "", "", "chennian", 6),
]  # fmt: skip

STAFF = [
    ("zhoumin", "周敏", "operator", "店主助理，管日常。"),
    ("owner", "禾店主", "owner", ""),
    ("cangguan", "仓管小吴", "fulfilment", ""),
    ("kefu", "客服阿莲", "support", ""),
    ("caiwu", "财务老陆", "finance", ""),
    ("banzhu", "版主小秋", "moderator", ""),
]

FRIENDS = [
    # who asks, who agrees, kind, what each calls the other
    ("xiaoyu", "meimei", "family", "妹妹", "姐姐"),
    ("meimei", "chennian", "friend", "", ""),
    ("xiaoyu", "zhao", "friend", "", ""),
    ("zhao", "liushu", "friend", "", ""),
    ("chennian", "baobao", "friend", "", ""),
    ("ligong", "xuning", "friend", "", ""),
    ("xiaoyu", "axia", "friend", "", ""),
    ("aqing", "zhouhe", "friend", "", ""),
    ("xuning", "p36", "family", "妈妈", "女儿"),
    ("chenjie", "sushu", "friend", "", ""),
    ("zhoujie", "zhouhe", "family", "弟弟", "姐姐"),
]

FOLLOWS = [
    ("xiaoyu", "wang"),
    ("meimei", "wang"),
    ("aqing", "shipi"),
    ("zhoujie", "shipi"),
    ("zhouhe", "shipi"),
    ("xuning", "wang"),
    ("ligong", "liushu"),
]
