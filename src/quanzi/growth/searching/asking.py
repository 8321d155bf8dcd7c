"""From what somebody typed to what the index is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from quanzi.growth.searching.folding import fold, is_plain, runs
from quanzi.growth.searching.words import INITIALS, SLIP, SOUND, cut, heard, slips, sound

MOST_TERMS = 8
PARTICLES = frozenset("的了吗呢吧啊呀地得着过和与跟在是有个这那哪很都也就")
"""Said beside other words they do not have to be found."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The merchant's words. own: kept whole; same: each folded word → the others that mean the same."""

    own: tuple[str, ...] = ()
    same: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Term:
    """One word that must be found, or another of the same meaning. exact: in Chinese, literally; plain: in letters."""

    exact: tuple[str, ...]
    plain: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A search, ready to be asked. whole: folded; runs: of Chinese or letters, each with its terms."""

    whole: str
    runs: tuple[tuple[str, tuple[Term, ...]], ...]

    @property
    def is_empty(self) -> bool:
        return not self.runs

    @property
    def words(self) -> list[str]:
        """Everything that may be shown as found, the longest first."""
        found = {word for _, terms in self.runs for term in terms for word in (*term.exact, *term.plain)}
        return sorted(found | {run for run, _ in self.runs}, key=lambda word: (-len(word), word))


def read(words: str, vocabulary: Vocabulary, *, is_loose: bool = False) -> Wanted:
    """What somebody typed, cut into words that must all be found. is_loose: a word of the merchant's may be misspelled."""
    found: list[tuple[str, tuple[Term, ...]]] = []
    left = MOST_TERMS
    for run in runs(fold(words)):
        said = [run] if is_plain(run) else cut(run, vocabulary.own)
        said = [word for word in said if word not in PARTICLES] or said
        terms = tuple(_term(word, vocabulary, is_loose) for word in dict.fromkeys(said[:left]))
        left -= len(terms)
        if terms:
            found.append((run, terms))
    return Wanted(fold(words), tuple(found))


def _term(word: str, vocabulary: Vocabulary, is_loose: bool) -> Term:
    meant = (word,) if word in vocabulary.same else (word, *_meant(word, vocabulary, is_loose))
    alike = tuple(dict.fromkeys([*meant, *(other for one in meant for other in vocabulary.same.get(one, ()))]))
    return Term(tuple(one for one in alike if not is_plain(one)), tuple(one for one in alike if is_plain(one)))


def _meant(word: str, vocabulary: Vocabulary, is_loose: bool) -> list[str]:
    """Words of the merchant's that this one spells by their sound, whole; loosely also those that sound the same or are one slip away."""
    if is_plain(word):
        said = heard(word) if word.isalpha() and len(word) > 2 else set()
        slipped = {word, *slips(word)} if is_loose and len(word) > 4 else set()
    else:
        said, slipped = ({sound(word)} if is_loose and len(word) > 1 else set()), set()
    if not said and not slipped:
        return []
    by_sound, by_slip = known_by_sound(vocabulary.own)
    return [
        *(one for way in sorted(said) for one in by_sound.get(way, ())),
        *(one for way in sorted(slipped) for one in by_slip.get(way, ())),
    ]


@lru_cache(maxsize=2)
def known_by_sound(own: tuple[str, ...]) -> tuple[Mapping[str, tuple[str, ...]], Mapping[str, tuple[str, ...]]]:
    """The merchant's words by how they are spoken, and those of letters by themselves without one of them."""
    by_sound: dict[str, tuple[str, ...]] = {}
    by_slip: dict[str, tuple[str, ...]] = {}
    for word in own:
        ways = {word, *slips(word)} if is_plain(word) else {sound(word)}
        found = by_slip if is_plain(word) else by_sound
        for way in ways - {""}:
            found[way] = (*found.get(way, ()), word)
    return by_sound, by_slip


class Statement:
    """A condition on `e`, and its values."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}

    def put(self, value: str) -> str:
        """A value's place in the statement."""
        name = f"v{len(self.values)}"
        self.values[name] = value
        return f"%({name})s"


def condition(wanted: Wanted, statement: Statement, *, is_loose: bool) -> str:
    """SQL: whether entry e holds what is wanted. is_loose: also what sounds the same, or has one slip."""
    query = " && ".join(_run(run, terms, statement, is_loose) for run, terms in wanted.runs)
    rechecks = [] if is_loose else [_literally(term, statement) for _, terms in wanted.runs for term in terms]
    return " AND ".join([f"e.keys @@ ({query})", *filter(None, rechecks)])


def _run(run: str, terms: tuple[Term, ...], statement: Statement, is_loose: bool) -> str:
    found = " && ".join(_asked(term, statement, is_loose) for term in terms)
    spoken = sound(run) if is_loose and not is_plain(run) and 1 < len(run) <= 8 else ""
    if spoken and len(terms) > 1:
        return f"(({found}) || {statement.put(_prefix(SOUND + spoken))}::tsquery)"
    return f"({found})"


def _asked(term: Term, statement: Statement, is_loose: bool) -> str:
    either = [" & ".join(map(_key, _pairs(word))) for word in term.exact]
    for word in term.plain:
        either.append(_prefix(word))
        if word.isalpha():
            either += [_prefix(SOUND + one) for one in sorted(heard(word)) if len(one) > 1]
            either += [_prefix(INITIALS + word)] if 2 <= len(word) <= 8 else []
    if is_loose:
        either += [_prefix(SOUND + sound(word)) for word in term.exact if len(word) > 1 and sound(word)]
        either += [_key(SLIP + one) for word in term.plain if len(word) >= 4 for one in sorted({word, *slips(word)})]
    asked = statement.put(" | ".join(f"({one})" for one in either)) + "::tsquery"
    stems = [f"plainto_tsquery('english'::regconfig, {statement.put(word)})" for word in term.plain if word.isalpha()]
    return f"({' || '.join([asked, *stems])})"


def _literally(term: Term, statement: Statement) -> str:
    """For three characters and more: pairs may stand apart."""
    if not any(len(word) > 2 for word in term.exact):
        return ""
    found = [f"strpos(e.text, {statement.put(word)}) > 0" for word in term.exact]
    if term.plain:
        found.append(f"e.keys @@ {_asked(Term((), term.plain), statement, False)}")
    return f"({' OR '.join(found)})"


def _pairs(word: str) -> list[str]:
    return [one + other for one, other in pairwise(word)] or [word]


def _key(key: str) -> str:
    return "'" + key.replace("\\", "\\\\").replace("'", "''") + "'"


def _prefix(key: str) -> str:
    return _key(key) + ":*"
