"""How ties are said, in the reader's language. Words that a person chose for another are shown to that person only."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.utils.translation import gettext, ngettext, pgettext

from quanzi.people.trust.facts import PairFacts
from quanzi.people.trust.models import TieKind

NEAREST_FIRST = (
    TieKind.FAMILY, TieKind.FRIEND, TieKind.HELPED, TieKind.KEPT_ADVICE, TieKind.BOUGHT_TOGETHER, TieKind.INVITED,
    TieKind.FOLLOW, TieKind.REPLIED,
)  # fmt: skip


def noun(facts: PairFacts, *, is_own: bool) -> str:
    """What the target is to the source: the source's own word when the source is reading, else the kind's."""
    if is_own and facts.label:
        return facts.label
    kind = next(kind for kind in NEAREST_FIRST if kind in facts.counts)
    match kind:  # only the word that is said is looked up: a page has hundreds
        case TieKind.FAMILY:
            return pgettext("tie", "family member")
        case TieKind.FRIEND:
            return pgettext("tie", "friend")
        case TieKind.BOUGHT_TOGETHER:
            return pgettext("tie", "team mate")
        case TieKind.INVITED:
            return pgettext("tie", "guest") if facts.invited else pgettext("tie", "host")
        case TieKind.FOLLOW:
            return pgettext("tie", "person followed")
        case TieKind.HELPED:
            return pgettext("tie", "helper")
        case TieKind.KEPT_ADVICE:
            return pgettext("tie", "adviser")
        case _:
            return pgettext("tie", "person talked with")


def direct(facts: PairFacts) -> str:
    """A direct tie in a few words, such as "sister" or "Bought together 4 times"."""
    if facts.label:
        return facts.label
    if TieKind.FAMILY in facts.counts:
        return gettext("Family")
    if TieKind.FRIEND in facts.counts:
        return gettext("Friend")
    return reasons(facts)[0]


def along(pairs: Sequence[PairFacts]) -> str:
    """A path of two or three steps: "sister’s friend" where that says something, else through whom the path begins."""
    first, last = noun(pairs[0], is_own=True), pairs[-1]
    if len(pairs) > 2:
        return pgettext("tie", "known through {person}").format(person=first)
    if TieKind.FAMILY in last.counts or TieKind.FRIEND in last.counts:
        return pgettext("tie", "{person}’s {other}").format(person=first, other=noun(last, is_own=False))
    return pgettext("tie", "{person} knows them").format(person=first)


def reasons(facts: PairFacts) -> tuple[str, ...]:
    """Every reason for a direct tie as a short sentence, the nearest first."""
    said: dict[str, Callable[[int], str]] = {
        TieKind.FAMILY: lambda count: gettext("Family: you both agreed"),
        TieKind.FRIEND: lambda count: gettext("Friend: you both agreed"),
        TieKind.BOUGHT_TOGETHER: _together,
        TieKind.INVITED: lambda count: (
            gettext("Came through your invitation") if facts.invited else gettext("Invited you")
        ),
        TieKind.FOLLOW: lambda count: gettext("You follow them"),
        TieKind.HELPED: lambda count: ngettext(
            "Their answer helped you once", "Their answers helped you {count} times", count
        ).format(count=count),
        TieKind.KEPT_ADVICE: lambda count: ngettext(
            "You kept one thing they recommended", "You kept {count} things they recommended", count
        ).format(count=count),
        TieKind.REPLIED: lambda count: ngettext(
            "You replied to them in one conversation", "You replied to them in {count} conversations", count
        ).format(count=count),
    }
    return tuple(said[kind](facts.counts[kind]) for kind in NEAREST_FIRST if kind in facts.counts)


def received(facts: PairFacts) -> tuple[str, ...]:
    """The same reasons as the target reads them: what the source knows of the target. Mutual reasons stand on the target's own side."""
    said: dict[str, Callable[[int], str]] = {
        TieKind.HELPED: lambda count: ngettext(
            "Your answer helped them once", "Your answers helped them {count} times", count
        ).format(count=count),
        TieKind.KEPT_ADVICE: lambda count: ngettext(
            "They kept one thing you recommended", "They kept {count} things you recommended", count
        ).format(count=count),
        TieKind.FOLLOW: lambda count: gettext("They follow you"),
        TieKind.REPLIED: lambda count: ngettext(
            "They replied to you in one conversation", "They replied to you in {count} conversations", count
        ).format(count=count),
    }
    return tuple(said[kind](facts.counts[kind]) for kind in NEAREST_FIRST if kind in facts.counts and kind in said)


def _together(count: int) -> str:
    return ngettext("Bought together once", "Bought together {count} times", count).format(count=count)


def through(name: str) -> str:
    """The reason of a path of two steps."""
    return gettext("Through {name}; you have no tie of your own.").format(name=name)


def neighbour() -> str:
    """Somebody near, without a tie."""
    return gettext("In a circle with you")


def strength_word(word: str) -> str:
    """ "strong", "medium" or "weak" for the reader."""
    return {
        "strong": pgettext("tie", "strong"), "medium": pgettext("tie", "medium"), "weak": pgettext("tie", "weak"),
    }[word]  # fmt: skip
