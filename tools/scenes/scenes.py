"""The scenes of the demo shop. Each object: (name, x of its middle, y of its foot, height, tilt) in shares of the width
(x, height) and of the height (y); a sixth entry recolours it. Order is from back to front."""

# ruff: noqa: E501 - one scene, one line
# fmt: off

from __future__ import annotations

from dataclasses import dataclass, field

# wall, disc, table and the warm tone of the ground shadow, one family per kind of goods
TINTS = {
    "yam": ("#f8e6d5", "#fdf4ea", "#efd0b3", "#7a4a22"),
    "greens": ("#e3f0e2", "#f3f9f1", "#cbe0cc", "#3c5a3a"),
    "fruit": ("#fdecd3", "#fff7e8", "#f6d7aa", "#8a5a1c"),
    "berry": ("#f7e3e4", "#fdf4f3", "#ecc9cb", "#7a3a40"),
    "egg": ("#f4ecdf", "#fcf8f1", "#e5d6bf", "#6b5434"),
    "honey": ("#fbebc4", "#fff7e2", "#f0d595", "#7a5a14"),
    "tea": ("#e9ebdc", "#f7f8f0", "#d3d7be", "#545a34"),
    "sea": ("#e0ecf1", "#f2f8fa", "#c9dce2", "#38525c"),
    "leather": ("#eee2d8", "#f8f1eb", "#dac6b5", "#5c4230"),
}
BROWN = "hue-rotate(42deg) saturate(.42) brightness(.72)"
TAN = "hue-rotate(34deg) saturate(.6) brightness(.92)"
CLAY = "hue-rotate(20deg) saturate(.5)"


@dataclass(frozen=True)
class Scene:
    name: str
    tint: str
    shape: str
    objects: tuple[tuple, ...]
    zh: str
    en: str
    kind: str = "goods"
    extra: dict = field(default_factory=dict)


def product(name, tint, objects, zh, en):
    return Scene(name, tint, "square", tuple(objects), zh, en)


def note(name, tint, objects, zh, en):
    return Scene(name, tint, "tall", tuple(objects), zh, en, kind="note")


YAM, LEAF, EGG, ORANGE = "roasted-sweet-potato", "leafy-green", "egg", "tangerine"

SCENES: list[Scene] = [
    product("yam-1", "yam", [("basket", 0.64, 0.77, 0.42, 0), (YAM, 0.34, 0.82, 0.38, 0), (YAM, 0.58, 0.88, 0.33, 26), (YAM, 0.82, 0.85, 0.20, 0)], "三个蜜薯，后面一只竹篮", "Three sweet potatoes before a wicker basket"),
    product("yam-2", "yam", [(YAM, 0.40, 0.82, 0.42, 0), (YAM, 0.68, 0.86, 0.30, 22)], "两个掰开的蜜薯", "Two sweet potatoes cut open"),
    note("yam-note-1", "yam", [(YAM, 0.41, 0.77, 0.42, 0), ("hot-beverage", 0.74, 0.80, 0.27, 0)], "蒸好的蜜薯和一杯热饮", "A steamed sweet potato and a hot drink"),
    note("yam-note-2", "yam", [("pot-of-food", 0.62, 0.78, 0.40, 0), (YAM, 0.33, 0.83, 0.30, 0), (YAM, 0.54, 0.87, 0.22, 20)], "锅边的两个蜜薯", "Two sweet potatoes beside a pot"),
    product("spinach-1", "greens", [(LEAF, 0.62, 0.81, 0.40, 18), (LEAF, 0.38, 0.83, 0.46, -8), ("carrot", 0.58, 0.90, 0.22, 0)], "两把带泥菠菜和一根胡萝卜", "Two bunches of spinach and a carrot"),
    product("spinach-2", "greens", [("shallow-pan-of-food", 0.36, 0.82, 0.40, 0), (LEAF, 0.70, 0.86, 0.36, 10), ("garlic", 0.47, 0.90, 0.15, 0)], "炒锅、菠菜和一头蒜", "A pan, spinach and garlic"),
    note("spinach-note-1", "greens", [(LEAF, 0.66, 0.78, 0.40, 14), (LEAF, 0.38, 0.80, 0.48, -8)], "早上收的两把菠菜", "Two bunches of spinach picked in the morning"),
    product("eggs-1", "egg", [("egg", 0.36, 0.79, 0.26, 0), ("egg", 0.55, 0.78, 0.28, 0), ("egg", 0.72, 0.80, 0.25, 0), ("egg", 0.45, 0.87, 0.27, -6), ("egg", 0.64, 0.88, 0.26, 6)], "五枚散养鸡蛋", "Five free-range eggs"),
    product("eggs-2", "egg", [("egg-tray", 0.50, 0.85, 0.42, 0)], "一托散养鸡蛋", "A tray of free-range eggs"),
    note("eggs-note-1", "egg", [("egg", 0.34, 0.77, 0.22, 0), ("egg", 0.51, 0.76, 0.23, 0), ("egg", 0.68, 0.77, 0.21, 0), ("egg", 0.42, 0.82, 0.23, 0), ("egg", 0.60, 0.83, 0.22, 0)], "五枚鸡蛋", "Five eggs"),
    note("eggs-note-2", "egg", [("cooking", 0.53, 0.80, 0.46, 0), ("egg", 0.24, 0.83, 0.19, -8), ("salt", 0.82, 0.82, 0.20, 0)], "平底锅里的煎蛋", "A fried egg in a pan"),
    product("tangerine-1", "fruit", [(ORANGE, 0.36, 0.79, 0.29, 0), (ORANGE, 0.62, 0.77, 0.30, 0), (ORANGE, 0.26, 0.86, 0.25, 0), (ORANGE, 0.75, 0.86, 0.27, 0), (ORANGE, 0.50, 0.89, 0.31, 0)], "五个带叶砂糖橘", "Five tangerines with leaves"),
    product("tangerine-2", "fruit", [("basket", 0.42, 0.80, 0.44, 0), (ORANGE, 0.68, 0.85, 0.25, 0), (ORANGE, 0.52, 0.90, 0.22, 0)], "竹篮和两个砂糖橘", "A basket and two tangerines"),
    note("tangerine-note-1", "fruit", [(ORANGE, 0.38, 0.78, 0.36, 0), (ORANGE, 0.66, 0.81, 0.30, 0), (ORANGE, 0.48, 0.86, 0.22, 0)], "三个砂糖橘", "Three tangerines"),
    product("honey-1", "honey", [("honey-pot", 0.43, 0.84, 0.46, 0), ("honeybee", 0.77, 0.42, 0.15, 0, "fly"), ("lemon", 0.74, 0.88, 0.22, 0)], "一罐洋槐蜜、柠檬和蜜蜂", "A pot of locust honey, a lemon and a bee"),
    product("honey-2", "honey", [("bread", 0.34, 0.82, 0.30, 0), ("honey-pot", 0.66, 0.86, 0.42, 0)], "面包和一罐蜂蜜", "Bread and a pot of honey"),
    note("honey-note-1", "honey", [("teacup-without-handle", 0.66, 0.81, 0.30, 0), ("honey-pot", 0.35, 0.80, 0.40, 0)], "蜂蜜和一杯温水", "Honey and a warm drink"),
    product("shrimp-1", "sea", [("shrimp", 0.40, 0.80, 0.44, 0), ("shrimp", 0.62, 0.88, 0.36, 0), ("lemon", 0.80, 0.90, 0.17, 0)], "两只白虾和一个柠檬", "Two white prawns and a lemon"),
    product("shrimp-2", "sea", [("ice", 0.30, 0.83, 0.28, 0), ("ice", 0.72, 0.80, 0.24, 0), ("shrimp", 0.53, 0.88, 0.44, 0)], "冰块之间的白虾", "A prawn between blocks of ice"),
    note("shrimp-note-1", "sea", [("shrimp", 0.40, 0.77, 0.44, 0), ("shrimp", 0.60, 0.83, 0.36, 0), ("lemon", 0.82, 0.85, 0.17, 0)], "白灼虾和柠檬", "Boiled prawns and lemon"),
    product("tea-1", "tea", [("teapot", 0.44, 0.83, 0.42, 0, BROWN), ("teacup-without-handle", 0.75, 0.88, 0.26, 0), ("herb", 0.20, 0.89, 0.20, 0)], "紫砂壶、茶杯和一枝茶叶", "A teapot, a cup and a sprig of tea"),
    product("tea-2", "tea", [("potted-plant", 0.30, 0.82, 0.36, 0), ("jar", 0.60, 0.86, 0.38, 0, "sepia(.5) saturate(.8)"), ("herb", 0.80, 0.89, 0.20, 20)], "茶罐和一盆绿植", "A tea jar and a plant"),
    note("tea-note-1", "tea", [("teapot", 0.40, 0.78, 0.40, 0, BROWN), ("teacup-without-handle", 0.72, 0.83, 0.26, 0)], "一壶老白茶", "A pot of aged white tea"),
    product("rice-1", "honey", [("rice-sack", 0.42, 0.84, 0.52, 0), ("cooked-rice", 0.74, 0.89, 0.26, 0, CLAY)], "一袋五常大米和一碗米饭", "A sack of rice and a bowl of it"),
    product("rice-2", "honey", [("sheaf-of-rice", 0.34, 0.80, 0.42, 0), ("cooked-rice", 0.60, 0.87, 0.40, 0, CLAY)], "稻穗和一碗米饭", "Ears of rice and a bowl"),
    note("rice-note-1", "honey", [("cooked-rice", 0.48, 0.80, 0.46, 0, CLAY), ("chopsticks", 0.80, 0.82, 0.30, 0)], "一碗刚盛的米饭", "A fresh bowl of rice"),
    product("milk-1", "sea", [("milk-bottle", 0.40, 0.84, 0.52, 0), ("glass-of-milk", 0.68, 0.88, 0.34, 0)], "一瓶鲜牛奶和一杯", "A bottle of milk and a glass"),
    product("milk-2", "sea", [("glass-of-milk", 0.40, 0.85, 0.44, 0), ("cookie", 0.69, 0.88, 0.24, 0)], "一杯牛奶和饼干", "A glass of milk and a biscuit"),
    product("tomato-1", "berry", [("tomato", 0.38, 0.80, 0.30, 0), ("tomato", 0.65, 0.81, 0.32, 0), ("tomato", 0.51, 0.89, 0.30, 0)], "三个小番茄", "Three small tomatoes"),
    note("tomato-note-1", "berry", [("tomato", 0.40, 0.79, 0.36, 0), ("egg", 0.68, 0.80, 0.24, 0), ("tomato", 0.60, 0.86, 0.24, 0)], "番茄和鸡蛋", "Tomatoes and an egg"),
    product("tofu-1", "tea", [("tofu", 0.45, 0.85, 0.44, 0), ("herb", 0.78, 0.88, 0.24, 0)], "一块卤水豆腐和香菜", "A block of tofu and herbs"),
    note("tofu-note-1", "tea", [("pot-of-food", 0.57, 0.79, 0.44, 0), ("tofu", 0.30, 0.84, 0.26, 0)], "豆腐汤", "Tofu soup"),
    product("chicken-1", "egg", [("rooster", 0.46, 0.85, 0.52, 0), ("sheaf-of-rice", 0.80, 0.87, 0.28, 0)], "一只散养土鸡", "A free-range hen"),
    product("apple-1", "berry", [("red-apple", 0.36, 0.81, 0.34, 0), ("red-apple", 0.64, 0.82, 0.36, 0), ("red-apple", 0.50, 0.90, 0.30, 0)], "三个苹果", "Three apples"),
    product("strawberry-1", "berry", [("strawberry", 0.34, 0.80, 0.32, -10), ("strawberry", 0.64, 0.80, 0.34, 12), ("strawberry", 0.49, 0.89, 0.33, 0)], "三颗草莓", "Three strawberries"),
    note("strawberry-note-1", "berry", [("strawberry", 0.38, 0.78, 0.38, -8), ("glass-of-milk", 0.70, 0.79, 0.36, 0), ("strawberry", 0.54, 0.85, 0.24, 10)], "草莓和一杯牛奶", "Strawberries and a glass of milk"),
    product("corn-1", "honey", [("ear-of-corn", 0.38, 0.83, 0.44, 0), ("ear-of-corn", 0.66, 0.87, 0.38, 14)], "两根甜玉米", "Two ears of sweet corn"),
    product("blueberry-1", "sea", [("blueberries", 0.40, 0.82, 0.42, 0), ("blueberries", 0.68, 0.88, 0.30, 20)], "一捧蓝莓", "A handful of blueberries"),
    product("bread-1", "yam", [("baguette-bread", 0.66, 0.80, 0.44, 0), ("bread", 0.38, 0.86, 0.42, 0)], "一块全麦面包和一根法棍", "A wholemeal loaf and a baguette"),
    note("bread-note-1", "yam", [("bread", 0.40, 0.79, 0.42, 0), ("butter", 0.72, 0.83, 0.24, 0)], "早餐的面包和黄油", "Bread and butter at breakfast"),
    product("tote-1", "leather", [("handbag", 0.50, 0.84, 0.54, 0), ("scissors", 0.20, 0.89, 0.19, 14), ("thread", 0.80, 0.89, 0.20, 0)], "植鞣皮托特包，旁边是剪刀和线", "A leather tote, scissors and thread"),
    product("tote-2", "leather", [("notebook-with-decorative-cover", 0.74, 0.82, 0.30, 6, "sepia(.6) saturate(.5)"), ("handbag", 0.42, 0.87, 0.52, 0)], "托特包和一本笔记本", "A tote and a notebook"),
    note("tote-note-1", "leather", [("handbag", 0.50, 0.79, 0.56, 0)], "用了四个月的托特包", "A tote after four months of use"),
    product("briefcase-1", "leather", [("briefcase", 0.47, 0.84, 0.52, 0), ("sewing-needle", 0.80, 0.89, 0.20, 0)], "植鞣皮公文包和针线", "A leather briefcase, needle and thread"),
    product("briefcase-2", "leather", [("briefcase", 0.44, 0.83, 0.46, 0), ("fountain-pen", 0.78, 0.87, 0.24, 0)], "公文包和钢笔", "A briefcase and a fountain pen"),
    product("wallet-1", "leather", [("long-wallet", 0.47, 0.84, 0.34, -4), ("awl", 0.80, 0.89, 0.24, 0)], "植鞣皮长夹和锥子", "A long wallet and an awl"),
    note("wallet-note-1", "leather", [("long-wallet", 0.46, 0.79, 0.34, -5), ("coin", 0.78, 0.82, 0.16, 0)], "用久了的长夹", "A long wallet, well used"),
    product("card-1", "leather", [("card-holder", 0.44, 0.85, 0.42, 0), ("card-holder", 0.75, 0.89, 0.26, 8)], "两个植鞣皮卡包", "Two leather card holders"),
    product("keyfob-1", "leather", [("key-fob", 0.40, 0.85, 0.50, -8), ("old-key", 0.68, 0.87, 0.34, 0)], "皮钥匙扣和一把钥匙", "A leather key fob and a key"),
    product("belt-1", "leather", [("belt", 0.48, 0.86, 0.44, 0), ("straight-ruler", 0.82, 0.88, 0.26, 0)], "盘起的植鞣皮带和尺", "A coiled leather belt and a ruler"),
    note("craft-note-1", "leather", [("hide", 0.48, 0.80, 0.40, 0), ("scissors", 0.30, 0.86, 0.22, -12), ("straight-ruler", 0.74, 0.85, 0.26, 0)], "裁皮：一张皮、剪刀和尺", "Cutting: a hide, scissors and a ruler"),
    note("craft-note-2", "leather", [("thread", 0.32, 0.80, 0.32, 0), ("long-wallet", 0.58, 0.84, 0.28, -4), ("sewing-needle", 0.80, 0.80, 0.24, 0)], "手缝：蜡线、针和没缝完的长夹", "Stitching: waxed thread, a needle and a wallet"),
    note("craft-note-3", "leather", [("hammer", 0.70, 0.80, 0.36, 0), ("awl", 0.34, 0.82, 0.34, 0), ("hide", 0.50, 0.89, 0.24, 0)], "打孔用的锤子和锥子", "The hammer and the awl for the holes"),
]

COVERS = {
    "circle-neighbours": ("锦绣邻里：几栋房子和树", "Jinxiu neighbours: houses and trees", "street"),
    "circle-cooking": ("周末做饭：灶台上的锅和菜", "Weekend cooking: pots and greens on a worktop", "cook"),
    "circle-leather": ("皮具手作：皮料和工具", "Leather craft: leather and tools", "craft"),
    "shop-wide": ("禾间：一排当季货品", "Hejian: a row of goods in season", "row"),
}

# file name, emoji, ground, who
FACES = [
    ("xiaoyu", "woman-light", "#dcefe6"), ("you", "man-light", "#fbe3d8"), ("chennian", "woman-curly-hair-light", "#fbecd0"),
    ("wang", "old-woman-light", "#f3d9d3"), ("zhao", "older-person-light", "#e2e7d2"), ("xuning", "girl-light", "#f6dfea"),
    ("ligong", "man-curly-hair-light", "#dbe7f2"), ("zhouhe", "person-light", "#e2e1f0"), ("linxiaoman", "woman-light", "#f6dcd8"),
    ("axia", "woman-white-hair-light", "#e7e2f2"), ("chenjie", "child-light", "#dcefe6"), ("liushu", "old-man-light", "#efe3d6"),
    ("xiaohe", "boy-light", "#dbe7f2"), ("aqing", "woman-light", "#e2e7d2"), ("laoqin", "man-white-hair-light", "#dbe7f2"),
    ("sushu", "girl-light", "#fbecd0"), ("ahe", "man-light", "#e2e7d2"), ("dashan", "man-bald-light", "#f6dcd8"),
    ("baby", "baby-light", "#fce8cf"), ("meimei", "woman-curly-hair-light", "#f6dfea"),
]
MAKERS = [
    ("maker-shipi", "man-beard-light", "#eee2d8", "拾皮的手艺人", "The maker of Shipi"),
    ("maker-sun", "man-farmer-light", "#e3f0e2", "种蜜薯的孙兆平", "Sun Zhaoping, who grows the sweet potatoes"),
    ("maker-tea", "woman-farmer-light", "#e9ebdc", "做白茶的茶农", "The tea farmer"),
    ("maker-baker", "woman-cook-light", "#f8e6d5", "烤面包的师傅", "The baker"),
    ("maker-fisher", "man-mechanic-light", "#e0ecf1", "送白虾的船家", "The fisher"),
]
