"""What people of the demo shop write, good and bad."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class NoteText:
    """A note or question. days: before now. replies: (who, what); accepted: index of the reply that helped."""

    author: str
    circle: str
    kind: str
    title: str
    body: str = ""
    pictures: tuple[str, ...] = ()
    goods: str = ""
    days: float = 5
    replies: tuple[tuple[str, str], ...] = ()
    accepted: int | None = None
    useful: int = 0


@dataclass(frozen=True)
class ExperienceText:
    """What somebody says about goods they kept."""

    author: str
    goods: str
    circle: str
    title: str
    body: str
    stars: int | None
    pictures: tuple[str, ...] = ()
    useful: int = 0
    replies: tuple[tuple[str, str], ...] = ()


NOTES = [
    NoteText("wang", "neighbours", "note", "早上六点收的菠菜，根上还带泥", "今天到了二十八把，我挑掉三把发黄的。取的时候自己再看一眼。", ("spinach-note-1",), "spinach", 0.4, (("zhao", "带泥的放得住。"), ("xiaoyu", "给我留两把，下班来拿。")), useful=9),
    NoteText("zhao", "neighbours", "question", "冬天的带泥菠菜，不进冰箱能放几天？", "阳台十度左右。", (), "spinach", 1.2, (("wang", "抖掉泥，报纸包着放阳台，五天没问题。"), ("axia", "我放过四天，叶子有点软，根还是好的。"), ("ligong", "8 度以下五天，10 度左右三到四天。")), accepted=0, useful=4),
    NoteText("liushu", "cooking", "note", "白灼三分钟，壳一剥就下来", "水开下虾，再开数一百八十下，马上过冰水。姜要拍，别切片。", ("shrimp-note-1",), "shrimp", 2.1, (("xiaoyu", "照着做了，孩子自己剥。"),), useful=6),
    NoteText("axia", "cooking", "note", "番茄炒蛋，番茄要先去皮", "开水烫十秒，皮自己就卷起来。炒出沙再下蛋。", ("tomato-note-1",), "tomato", 6, (("chennian", "去皮真的不一样。"),), useful=8),
    NoteText("aqing", "leather", "question", "蜡线总是打结，是线太长吗？", "缝卡包，线剪了两米。", ("craft-note-3",), "", 4, (("shipi", "线长取缝份的三倍半，再长就打结。每缝五针把线捋一遍。"), ("zhoujie", "我也是剪太长，改成一米二就好了。")), accepted=0, useful=5),
    NoteText("shipi", "leather", "note", "今天裁了一张皮，能出两只长夹", "这张皮左边有两道蚊疤，避开它就少出一只。疤不影响用，但我不想让人觉得是瑕疵。", ("craft-note-1",), "wallet", 3, (("zhouhe", "有疤的能便宜做一只给我吗？"), ("shipi", "可以，做好了发在圈里。")), useful=12),
    NoteText("shipi", "leather", "note", "手缝一只长夹要九个小时", "打孔一小时，缝四小时，封边三遍等三次。机器二十分钟，但线一断就一路散。", ("craft-note-2",), "wallet", 12, (("aqing", "看完不觉得贵了。"),), useful=15),
    NoteText("baobao", "neighbours", "question", "一岁半的孩子，哪种米煮粥不用煮很久？", "", (), "rice", 2.6, (("chennian", "五常的泡半小时，二十分钟就开花。"),), useful=2),
    NoteText("wang", "neighbours", "note", "周五四点到八点取货，取不了的放冰柜一晚", "叶菜不放冰柜，请早点来。家里有老人走不动的，跟我说，我送上去。", (), "", 1.6, (("p23", "谢谢王阿姨。"),), useful=11),
    NoteText("xuning", "neighbours", "note", "早餐十分钟：欧包回烤，煎两个蛋", "烤箱 180 度三分钟，边上煎蛋。比外面买省一半。", ("bread-note-1", "eggs-note-2"), "bread", 8, (("xiaohe", "再加一杯奶就齐了。"),), useful=7),
    NoteText("p33", "neighbours", "question", "古荡站周末能取货吗？", "平时下班太晚。", (), "", 0.8, (), useful=1),
    NoteText("sushu", "cooking", "note", "豆腐汤，先煎后煮", "豆腐煎到两面黄，倒开水，汤就是白的。", ("tofu-note-1",), "tofu", 9.5, (), useful=5),
]  # fmt: skip

EXPERIENCES = [
    ExperienceText("chennian", "yam", "neighbours", "蒸了二十分钟，掰开流蜜，孩子吃了两根", "个头匀，没有一根烂的。放了三天再蒸，比刚到的时候甜。", 5, ("yam-note-1",), 12, (("xiaoyu", "我也放三天试试。"), ("baobao", "一岁半能吃吗？"), ("chennian", "压成泥可以。"))),
    ExperienceText("ligong", "yam", "neighbours", "甜是甜，有两根细得像手指", "按斤退了 1.60 元，当天到账。", 3, (), 8),
    ExperienceText("chenjie", "yam", "neighbours", "烤箱 200 度四十分钟，皮和肉自己分开", "", 5, ("yam-note-2",), 6),
    ExperienceText("xuning", "eggs", "neighbours", "三十枚碎了两枚，拍照后当天退了 2.19 元", "蛋是好蛋，就是箱角没垫好。", 4, ("eggs-note-1",), 17, (("wang", "跟供货的说了，下批加隔板。"),)),
    ExperienceText("xiaohe", "eggs", "neighbours", "一天四个，一周一箱", "蛋黄颜色正，不腥。", 5, (), 5),
    ExperienceText("zhoujie", "tote", "leather", "用了四个月，边角磨亮了，线没松", "记了账：一天三块九。现在颜色像蜂蜜。", 5, ("tote-note-1",), 21, (("shipi", "再用半年会更深，雨天擦干就行。"), ("aqing", "好想看现在的颜色。"))),
    ExperienceText("liushu", "shrimp", "cooking", "个头比码头的小，鲜是真鲜", "冰够，到手还是硬的。", 4, (), 6),
    ExperienceText("xiaoyu", "tangerine", "neighbours", "三斤一晚上吃完，叶子还是绿的", "有两个磕了，不影响。", 4, ("tangerine-note-1",), 9),
    ExperienceText("chenjie", "honey", "cooking", "泡水不腻，冬天结了一点晶", "隔温水就化开了。", 5, ("honey-note-1",), 4),
    ExperienceText("p23", "tea", "neighbours", "煮着喝，一屋子枣香", "学生来家里都说好闻。", 5, ("tea-note-1",), 3),
    ExperienceText("ligong", "rice", "cooking", "1 比 1.1 的水，刚好", "泡二十分钟，电饭锅快煮就行。", 5, ("rice-note-1",), 7),
    ExperienceText("zhouhe", "wallet", "leather", "卡位偏紧，用一个月松开了", "头两周抽卡费劲，现在正好。", 4, ("wallet-note-1",), 6),
    ExperienceText("baobao", "strawberry", "neighbours", "压坏三颗，其他都甜", "说按颗退，真的按颗退了。", 4, ("strawberry-note-1",), 5),
]  # fmt: skip
