"""How ties are said, in the reader's language. Words that a person chose for another are shown to that person only."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext, ngettext, pgettext

from quanzi.people.trust.facts import PairFacts
from quanzi.people.trust.models import TieKind

NEAREST_FIRST = (TieKind.FAMILY, TieKind.FRIEND, TieKind.BOUGHT_TOGETHER, TieKind.INVITED, TieKind.FOLLOW)


def noun(facts: PairFacts, *, is_own: bool) -> str:
    """What the target is to the source: the source's own word when the source is reading, else the kind's."""
    if is_own and facts.label:
        return facts.label
    kind = next(kind for kind in NEAREST_FIRST if kind in facts.counts)
    return {
        TieKind.FAMILY: pgettext("tie", "family member"),
        TieKind.FRIEND: pgettext("tie", "friend"),
        TieKind.BOUGHT_TOGETHER: pgettext("tie", "team mate"),
        TieKind.INVITED: pgettext("tie", "guest") if facts.invited else pgettext("tie", "host"),
        TieKind.FOLLOW: pgettext("tie", "person followed"),
    }[kind]


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
    times = facts.counts.get(TieKind.BOUGHT_TOGETHER, 0)
    invited = gettext("Came through your invitation") if facts.invited else gettext("Invited you")
    said = {
        TieKind.FAMILY: gettext("Family: you both agreed"),
        TieKind.FRIEND: gettext("Friend: you both agreed"),
        TieKind.BOUGHT_TOGETHER: ngettext("Bought together once", "Bought together {count} times", times).format(
            count=times
        ),
        TieKind.INVITED: invited,
        TieKind.FOLLOW: gettext("You follow them"),
    }
    return tuple(said[kind] for kind in NEAREST_FIRST if kind in facts.counts)


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
