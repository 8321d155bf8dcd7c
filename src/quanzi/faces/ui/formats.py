"""How money, time and counts are written for people. Pure: the language and the moment are arguments."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from markupsafe import Markup

from quanzi.kernel.clock import SITE_ZONE

MINUS = "−"
SIGNS = {"CNY": "¥"}
WEEKDAYS_ZH = "一二三四五六日"
WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
EVENING_FROM = 18
NAMED_WEEKDAY_DAYS = 6  # a weekday name is used up to six days away; from the seventh it would be ambiguous


def minor_of(amount: object) -> tuple[int, str]:
    """Minor units and currency of a Money or of a bare integer of fen."""
    if isinstance(amount, bool) or amount is None:
        raise TypeError("An amount is Money or an integer of minor units.")
    if isinstance(amount, int):
        return amount, "CNY"
    minor: int = amount.minor  # type: ignore[attr-defined]
    currency: str = amount.currency  # type: ignore[attr-defined]
    return minor, currency


def plain_money(amount: object, *, signed: bool = False) -> str:
    """ "4,126.30"; a negative amount has a true minus sign; with `signed` a positive one has a plus."""
    minor, _ = minor_of(amount)
    sign = MINUS if minor < 0 else "+" if signed and minor > 0 else ""
    whole, cents = divmod(abs(minor), 100)
    return f"{sign}{whole:,}.{cents:02d}"


def money(amount: object, *, short: bool = False) -> Markup:
    """A price with a small currency sign. `short` drops ".00", for figures in running text only."""
    minor, currency = minor_of(amount)
    text = plain_money(abs(minor))
    if short:
        text = text.removesuffix(".00")
    sign = MINUS if minor < 0 else ""
    return Markup('<span class="money">{}<span class="yen">{}</span>{}</span>').format(
        sign, SIGNS.get(currency, currency + " "), text
    )


def number(value: int | float, *, digits: int = 0, signed: bool = False) -> str:
    """A count with thousands separators and a true minus sign."""
    text = f"{abs(value):,.{digits}f}"
    if value < 0:
        return MINUS + text
    return "+" + text if signed and value > 0 else text


def percent(rate_bp: int, *, digits: int = 1) -> str:
    """Basis points as a percentage: 9810 is "98.1%"."""
    return f"{number(rate_bp / 100, digits=digits)}%"


def local(at: datetime) -> datetime:
    """The moment in the site's zone; refuses a naive datetime."""
    if at.tzinfo is None:
        raise ValueError("A naive datetime cannot be shown: its moment is unknown.")
    return at.astimezone(SITE_ZONE)


def weekday(on: date, *, lang: str) -> str:
    return "周" + WEEKDAYS_ZH[on.weekday()] if lang.startswith("zh") else WEEKDAYS_EN[on.weekday()]


def day(on: date | datetime, *, lang: str, now: datetime | None = None, with_weekday: bool = False) -> str:
    """ "11月20日" or "20 Nov"; the year is added when it is not this year's."""
    on = local(on).date() if isinstance(on, datetime) else on
    other_year = now is not None and local(now).year != on.year
    if lang.startswith("zh"):
        text = f"{on.month}月{on.day}日"
        text = f"{on.year}年{text}" if other_year else text
        return f"{text} {weekday(on, lang=lang)}" if with_weekday else text
    text = f"{on.day} {MONTHS_EN[on.month - 1]}"
    text = f"{text} {on.year}" if other_year else text
    return f"{weekday(on, lang=lang)} {text}" if with_weekday else text


def hour(at: datetime) -> str:
    """ "20:00" in the site's zone."""
    at = local(at)
    return f"{at.hour}:{at.minute:02d}"


def clock(at: datetime, *, now: datetime, lang: str, mid: bool = False, always_time: bool = False) -> str:
    """A clock time as people say it: 今晚 20:00, 周五 16:00, 11月20日; Tonight 20:00, Fri 16:00, 20 Nov.

    `mid` starts an English phrase in lower case; `always_time` keeps the hour on far days too.
    """
    shown, today = local(at), local(now).date()
    days = (shown.date() - today) // timedelta(days=1)
    name = _near_name(days, evening=shown.hour >= EVENING_FROM, lang=lang)
    if name:
        return f"{name.lower() if mid else name} {hour(at)}"
    if abs(days) <= NAMED_WEEKDAY_DAYS:
        return f"{weekday(shown.date(), lang=lang)} {hour(at)}"
    text = day(shown.date(), lang=lang, now=now)
    return f"{text} {hour(at)}" if always_time else text


def until(at: datetime, *, now: datetime, lang: str, mid: bool = False, always_time: bool = False) -> str:
    """`clock` for the end of something: midnight is the end of the day that people were told, 今天 24:00; on far days the last day."""
    if local(at).time() != time.min:
        return clock(at, now=now, lang=lang, mid=mid, always_time=always_time)
    last = clock(at - timedelta(minutes=1), now=now, lang=lang, mid=mid, always_time=always_time)
    last = last.removesuffix(" 23:59") + " 24:00" if last.endswith(" 23:59") else last
    return last.replace("晚 24:00", "天 24:00").replace("onight 24:00", "oday 24:00")


def last_day(until_at: datetime, *, lang: str, now: datetime | None = None) -> str:
    """The last day on which something holds that ends at this moment: at midnight the day before."""
    return day(until_at - timedelta(microseconds=1), lang=lang, now=now)


def _near_name(days: int, *, evening: bool, lang: str) -> str:
    if lang.startswith("zh"):
        names = {-1: "昨天", 0: "今晚" if evening else "今天", 1: "明晚" if evening else "明天"}
    else:
        names = {-1: "Yesterday", 0: "Tonight" if evening else "Today", 1: "Tomorrow"}
    return names.get(days, "")


def span(starts: datetime, ends: datetime, *, now: datetime, lang: str, mid: bool = False) -> str:
    """ "周五 16:00–20:00": the end repeats its day only when it differs; `mid` as with `clock`."""
    first = clock(starts, now=now, lang=lang, mid=mid, always_time=True)
    if local(starts).date() == local(ends).date():
        return f"{first}–{hour(ends)}"
    if local(ends).time() == time.min and local(starts).date() == local(ends).date() - timedelta(days=1):
        return f"{first}–24:00"
    return f"{first}–{until(ends, now=now, lang=lang, mid=True, always_time=True)}"


def initial(name: str) -> str:
    """The first character of a name, for an avatar without a picture."""
    name = name.strip()
    return name[:1].upper() if name else "·"
