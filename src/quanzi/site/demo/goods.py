"""What the demo shop sells: a fresh-food chain, its growers, and a leather maker."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class MakerText:
    key: str
    name: str
    place: str
    story: str
    portrait: str


@dataclass(frozen=True)
class GoodsText:
    """price, cost: fen. team: (size, price in fen, reason in Chinese and English) or None. lot: days it lasts, storage."""

    key: str
    name: str
    summary: str
    story: str
    maker: str
    category: str
    origin: str
    pictures: tuple[str, ...]
    price: int
    cost: int
    unit_note: str = ""
    options: dict[str, str] = field(default_factory=dict)
    rule: str = "fresh"
    team: tuple[int, int, str, str] | None = None
    lasts_days: int = 0
    storage: str = "ambient"
    weight_g: int = 500
    others: tuple[tuple[str, dict[str, str], int, int], ...] = ()


CATEGORIES = [
    ("greens", "蔬菜", "Greens"),
    ("fruit", "水果", "Fruit"),
    ("eggs", "蛋奶", "Eggs and milk"),
    ("sea", "水产", "Seafood"),
    ("pantry", "粮油茶", "Pantry"),
    ("craft", "手作", "Craft"),
]

MAKERS = [
    MakerText("sun", "孙兆平", "山东莒南", "沙地十一亩，种蜜薯第六年。不催熟，挖出来放一周再发，糖才转得过来。", "maker-sun"),
    MakerText("fisher", "阿海", "浙江舟山", "小船当天来回，起网就上冰。风大就不出海，那天就没有货。", "maker-fisher"),
    MakerText("tea", "林阿公", "福建福鼎", "自家茶园在海拔六百米。白茶只晒不炒，放三年才卖。", "maker-tea"),
    MakerText("baker", "麦叔", "杭州余杭", "一天两炉，凌晨三点起面。卖不完的分给街坊，不隔夜。", "maker-baker"),
    MakerText(
        "shipi", "拾皮", "浙江温州",
        "一个人的皮具工作室。植鞣牛皮，手缝蜡线，每只包内侧打着编号和做好的日期。线断了寄回来补，不收钱。", "maker-shipi",
    ),
]  # fmt: skip

GOODS = [
    GoodsText(
        "yam", "烟薯 25 蜜薯，约 5 斤", "莒南沙地，本周采挖。中等个头，8 到 12 根，蒸和烤都合适。",
        "烟薯 25 水分足，蒸二十分钟就流蜜。到家先放两三天，会更甜。别进冰箱，会冻坏。",
        "sun", "greens", "山东莒南", ("yam-1", "yam-2"), 2680, 1490, "约 5.36 元一斤", {},
        team=(3, 2180, "三份同箱，省分装", "One box of three saves packing"), lasts_days=28, weight_g=2600,
    ),
    GoodsText(
        "spinach", "带泥菠菜 500 克", "今早六点收，根上还带泥，这样能多放两天。",
        "带着泥用报纸包好放阳台，冬天能放五天。吃之前再洗。", "sun", "greens", "杭州余杭", ("spinach-1", "spinach-2"), 450, 240,
        lasts_days=5, storage="chilled",
    ),
    GoodsText(
        "tomato", "老品种小番茄 2 斤", "皮薄，酸甜口，像小时候的味道。", "树上红了才摘，运的时候会有一两颗裂，我们多装一两补上。",
        "sun", "greens", "山东寿光", ("tomato-1",), 1890, 980, "约 9.45 元一斤", {}, lasts_days=6, weight_g=1000,
    ),
    GoodsText(
        "corn", "甜糯玉米 6 根", "摘下当天发，带皮。", "带皮放冰箱能存四天，煮十二分钟就好。", "sun", "greens", "山东莒南", ("corn-1",), 1680, 860,
        lasts_days=7, storage="chilled", weight_g=1500,
    ),
    GoodsText(
        "tofu", "卤水豆腐 400 克", "早上点的，中午到站。", "卤水点的豆腐有豆香，炖不散。当天吃最好，泡水冷藏能放一天。",
        "baker", "greens", "杭州余杭", ("tofu-1",), 480, 220, lasts_days=3, storage="chilled", weight_g=420,
    ),
    GoodsText(
        "tangerine", "砂糖橘 3 斤", "广西荔浦，树上熟，带叶剪。", "个头不大，皮薄无核。带叶是为了看新鲜，叶子蔫了就是放久了。",
        "sun", "fruit", "广西荔浦", ("tangerine-1", "tangerine-2"), 1990, 1050, "约 6.63 元一斤", {},
        team=(4, 1590, "四户一箱，整箱运", "Four share one case"), lasts_days=14, weight_g=1600,
    ),
    GoodsText(
        "apple", "阿克苏苹果 5 斤", "冰糖心，霜降后下树。", "不打蜡，果面有锈斑，不影响吃。", "sun", "fruit", "新疆阿克苏", ("apple-1",), 3980, 2300,
        "约 7.96 元一斤", {}, lasts_days=40, weight_g=2600,
    ),
    GoodsText(
        "strawberry", "红颜草莓 1 斤", "当天摘，两层装，不压。", "草莓娇气，路上坏的按颗退。", "sun", "fruit", "浙江建德", ("strawberry-1",), 3280, 1900,
        lasts_days=3, storage="chilled", weight_g=600, team=(3, 2780, "三盒一箱，少一层泡沫", "Three boxes share one case"),
    ),
    GoodsText(
        "blueberry", "高山蓝莓 125 克 4 盒", "云南澄江，果径 15 毫米以上。", "果粉是它自己的，别使劲搓。", "sun", "fruit", "云南澄江", ("blueberry-1",), 4580, 2800,
        lasts_days=7, storage="chilled", weight_g=600,
    ),
    GoodsText(
        "eggs", "散养鸡蛋 30 枚", "莒南山坡散养，一周一送。", "蛋壳颜色深浅不一，是散养的样子。路上碎的拍照，按枚退。",
        "sun", "eggs", "山东莒南", ("eggs-1", "eggs-2"), 3280, 2050, "约 1.09 元一枚", {}, lasts_days=30, weight_g=1900,
    ),
    GoodsText(
        "milk", "巴氏鲜牛奶 950 毫升", "早上灌，只能放五天。", "低温巴氏，奶皮厚。开了盖两天内喝完。", "baker", "eggs", "浙江金华", ("milk-1", "milk-2"), 1980, 1290,
        lasts_days=5, storage="chilled", weight_g=1000,
    ),
    GoodsText(
        "shrimp", "白虾 500 克", "舟山当天起网，冰鲜到站。", "白灼三分钟，壳一剥就下来。闻着有氨味就是不新鲜，直接退。",
        "fisher", "sea", "浙江舟山", ("shrimp-1", "shrimp-2"), 3990, 2600, "", {}, lasts_days=2, storage="chilled",
    ),
    GoodsText(
        "honey", "洋槐蜜 500 克", "延安洋槐花期，一年一季。", "四月底五月初那十几天的蜜，颜色浅，冬天会结一点晶，是正常的。",
        "sun", "pantry", "陕西延安", ("honey-1", "honey-2"), 4800, 2700, "", {}, rule="seven_days", lasts_days=540, weight_g=700,
    ),
    GoodsText(
        "rice", "五常大米 5 斤", "稻花香二号，今年新米。", "下锅前泡二十分钟，水和米一比一点一。", "sun", "pantry", "黑龙江五常", ("rice-1", "rice-2"), 4980, 3300,
        "约 9.96 元一斤", {}, rule="seven_days", lasts_days=300, weight_g=2600,
    ),
    GoodsText(
        "tea", "老白茶 100 克", "福鼎寿眉，存放三年。", "煮比泡好喝。第一泡洗一下，后面煮到没味为止。",
        "tea", "pantry", "福建福鼎", ("tea-1", "tea-2"), 6800, 3900, "", {}, rule="seven_days", lasts_days=1800, weight_g=160,
    ),
    GoodsText(
        "bread", "全麦欧包 420 克", "七成全麦，老面发酵。", "隔天回烤三分钟，跟刚出炉一样。", "baker", "pantry", "杭州余杭", ("bread-1",), 2200, 980,
        lasts_days=4, weight_g=450,
    ),
    GoodsText(
        "tote", "植鞣托特包", "手缝，内侧打编号。越用颜色越深。", "三毫米头层植鞣牛皮，整张裁。刚拿到会有点硬，背一个月就服帖了。",
        "shipi", "craft", "浙江温州", ("tote-1", "tote-2", "craft-note-2"), 46800, 21000, "", {"颜色": "原色"}, rule="seven_days", weight_g=1100,
        others=(("tote-brown", {"颜色": "栗棕"}, 48800, 21800),),
    ),
    GoodsText(
        "briefcase", "植鞣公文包", "放得下 14 寸电脑。", "下单后开始做，十五天左右。包带长度可以改，下单时写在备注里。",
        "shipi", "craft", "浙江温州", ("briefcase-1", "briefcase-2"), 68000, 31000, "", {"颜色": "栗棕"}, rule="made_to_order", weight_g=1500,
    ),
    GoodsText(
        "wallet", "植鞣长夹", "十二卡位，拉链零钱袋。", "蜡线手缝，每寸七针。", "shipi", "craft", "浙江温州", ("wallet-1", "craft-note-2"), 26800, 11000, "",
        {"颜色": "原色"}, rule="seven_days", weight_g=300, team=(2, 22800, "两只一起裁，省料", "Two cut from one hide"),
    ),
    GoodsText(
        "card", "植鞣卡包", "放六张卡，不撑口袋。", "边油封三遍，用久了边也不毛。", "shipi", "craft", "浙江温州", ("card-1",), 12800, 4600, "",
        {"颜色": "原色"}, rule="seven_days", weight_g=80,
    ),
]  # fmt: skip
