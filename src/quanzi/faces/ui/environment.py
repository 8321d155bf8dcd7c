"""The Jinja2 environment of all pages: escaping, translation, filters and globals.

Django's backend adds `request` to each page; `context.page` adds the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import jinja2
from django.conf import settings
from django.templatetags.static import static
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse
from django.utils import translation
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from quanzi.community.posts.text import as_html
from quanzi.kernel import clock as site_clock
from quanzi.people.contact.queries import reason_in_words

from . import charts, cuts, formats
from .components import Components
from .icons import icon
from .people_marks import avatar
from .pictures import picture, qr
from .places import own_place
from .waiting import waiting_words


class Missing(jinja2.StrictUndefined):
    """A name that nobody gave: false in a condition, an error where it would be printed or walked through."""

    __slots__ = ()

    def __bool__(self) -> bool:  # type: ignore[override]  # the strict class declares that it never returns
        return False


def environment(**options: Any) -> jinja2.Environment:
    """Build the environment; named in settings as the Jinja2 backend's `environment`."""
    options.setdefault("autoescape", True)
    options["undefined"] = Missing
    options["extensions"] = [*options.get("extensions", []), "jinja2.ext.i18n", "jinja2.ext.do"]
    env = jinja2.Environment(trim_blocks=True, lstrip_blocks=True, **options)  # nosec B701  # escapes, three lines above
    env.install_gettext_callables(  # type: ignore[attr-defined]
        translation.gettext,
        translation.ngettext,
        newstyle=True,
        pgettext=translation.pgettext,
        npgettext=translation.npgettext,
    )
    env.globals["gettext"] = said
    env.policies["ext.i18n.trimmed"] = True  # as the collector of texts reads them
    env.filters.update(FILTERS)
    env.globals.update(GLOBALS)
    env.globals["ui"] = Components(env)
    return env


def language() -> str:
    """The language of this page, "zh-hans" or "en"."""
    return translation.get_language() or "zh-hans"


def moment(context: Context) -> datetime:
    """The page's own `now` when it has one, else the site's clock. A page reads the clock once."""
    found = context.get("now")
    return found if isinstance(found, datetime) else site_clock.now()


@pass_context
def clock(context: Context, at: datetime, mid: bool = False, always_time: bool = False) -> str:
    return formats.clock(at, now=moment(context), lang=language(), mid=mid, always_time=always_time)


@pass_context
def until(context: Context, at: datetime, mid: bool = False, always_time: bool = False) -> str:
    return formats.until(at, now=moment(context), lang=language(), mid=mid, always_time=always_time)


@pass_context
def day(context: Context, on: date | datetime, with_weekday: bool = False) -> str:
    return formats.day(on, lang=language(), now=moment(context), with_weekday=with_weekday)


@pass_context
def span(context: Context, starts: datetime, ends: datetime, mid: bool = False) -> str:
    return formats.span(starts, ends, now=moment(context), lang=language(), mid=mid)


def weekday(on: date | datetime) -> str:
    return formats.weekday(formats.local(on).date() if isinstance(on, datetime) else on, lang=language())


def t(text: object) -> str:
    """Translate a stored English text: a choice's label, a message of an error."""
    return translation.gettext(str(text)) if text else ""


def problem(error: Any) -> str:
    """A refusal in the reader's language: the message of a DomainError with its parameters filled in."""
    message = translation.gettext(str(error.message))
    return message.format(**getattr(error, "params", {}))


@pass_context
def said(context: Context, text: str, /, **variables: object) -> str:
    """gettext in templates, as Jinja's own; a text without variables is found once for each language."""
    found, is_plain = _said(translation.get_language(), text)
    if not context.eval_ctx.autoescape:
        found = str(found)
    return found if is_plain else found % variables


@lru_cache(maxsize=8192)
def _said(language: str | None, text: str) -> tuple[str, bool]:
    found = translation.gettext(text)
    return Markup(found), "%" not in found  # nosec B704  # the shop's own words


def url(name: str, *args: object, **kwargs: object) -> str:
    """reverse() with plain arguments: url("storefront:product", slug="yam")."""
    return _address((get_urlconf(), settings.ROOT_URLCONF, get_script_prefix()), name, args, tuple(kwargs.items()))


@lru_cache(maxsize=8192, typed=True)  # addresses stand still while a process lives
def _address(_where: Hashable, name: str, args: tuple[object, ...], kwargs: tuple[tuple[str, object], ...]) -> str:
    return reverse(name, args=args or None, kwargs=dict(kwargs) or None)


def link(name: str, fallback: str = "") -> str:
    """Address of a page that a build may lack: the layouts draw what exists."""
    try:
        return url(name)
    except NoReverseMatch:
        return fallback


def attributes(values: dict[str, Any]) -> Markup:
    """HTML attributes from a mapping: True stands bare, False and None are left out, `_` becomes `-`."""
    parts = [Markup("")]
    for name, value in values.items():
        if value is None or value is False:
            continue
        name = name.replace("_", "-")
        parts.append(Markup(" {}").format(name) if value is True else Markup(' {}="{}"').format(name, value))
    return Markup("").join(parts)


FILTERS: dict[str, Callable[..., Any]] = {
    "money": formats.money,
    "money_plain": formats.plain_money,
    "clock": clock,
    "until": until,
    "day": day,
    "hour": formats.hour,
    "weekday": weekday,
    "number": formats.number,
    "percent": formats.percent,
    "t": t,
    "reason": reason_in_words,
    "waits": waiting_words,
    "attributes": attributes,
    "prose": as_html,
}

GLOBALS: dict[str, Any] = {
    "url": url,
    "link": link,
    "static": static,
    "icon": icon,
    "avatar": avatar,
    "picture": picture,
    "own_place": own_place,
    "qr": qr,
    "span": span,
    "problem": problem,
    "language": language,
    "charts": charts,
    "cuts": cuts,
}
