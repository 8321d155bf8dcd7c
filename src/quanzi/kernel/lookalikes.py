"""Names that look the same have the same skeleton, however they are typed.

After Unicode's UTS 39, with what a shop of Chinese and Latin names needs instead of its whole table: widths, circles and
other forms are undone (NFKD), marks, blanks and signs are dropped, case is folded, and letters of other scripts stand
for the Latin letter or figure that they look like. It says nothing of names that only mean the same.
"""

from __future__ import annotations

import unicodedata

_LOOK = {
    "o": "0оοσօ৹୦〇ⲟ○◯",
    "l": "1i|ıіιⅼӏɩǀ׀ߊا",
    "a": "аαɑ",
    "b": "ьвβ",
    "c": "сϲⅽ",
    "d": "ԁⅾ",
    "e": "еєεҽ",
    "g": "ɡց",
    "h": "һнηհ",
    "j": "јϳ",
    "k": "кκ",
    "m": "мμⅿ",
    "n": "пոñ",
    "p": "рρ",
    "q": "ԛզ",
    "r": "г",
    "s": "ѕ5$",
    "t": "тτ",
    "u": "υսц",
    "v": "νѵⅴ",
    "w": "ѡωԝш",
    "x": "хχⅹ",
    "y": "уγү",
    "z": "2",
    "己": "已巳",
    "末": "未",
    "士": "土",
    "日": "曰",
    "人": "入",
    "一": "ー―—–－",
    "口": "囗ロ",
    "工": "エ",
    "力": "カ",
    "二": "ニ",
    "八": "ハ",
    "卜": "ト",
    **dict(zip("长门页风飞马鱼鸟麦黄齐齿龙见贝车", "⻓⻔⻚⻛⻜⻢⻥⻦⻨⻩⻬⻮⻰⻅⻉⻋", strict=True)),
}
_AS = {ord(other): letter for letter, others in _LOOK.items() for other in others}
_SHOWN = ("L", "N", "S")
"""Letters, figures and symbols (an emoji tells people apart); marks, blanks, signs and what cannot be seen do not."""


def skeleton(text: str) -> str:
    """What a name looks like; two names with one skeleton are easily taken for each other. Empty when nothing is left."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold().translate(_AS))
    seen = "".join(one.translate(_AS) for one in folded if unicodedata.category(one)[0] in _SHOWN or ord(one) in _AS)
    return seen.replace("rn", "m").replace("vv", "w")


def looks_like(one: str, other: str) -> bool:
    """Whether people would take one name for the other."""
    mine = skeleton(one)
    return bool(mine) and mine == skeleton(other)
