"""The search, what it keeps of the caller, and the shop's words."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from ninja import Router, Status

from quanzi.faces.api.document import refuses
from quanzi.faces.api.schemas.common import Id, Limit, Word
from quanzi.faces.api.schemas.people import CountOut
from quanzi.faces.api.schemas.searching import (
    ChoiceIn,
    ChoiceOut,
    FoundOut,
    HitOut,
    MissOut,
    PastOut,
    Typed,
    WordLineIn,
    WordLineOut,
    Words,
)
from quanzi.faces.api.security import EVERYBODY, member_of, staff_of, viewer_of
from quanzi.growth.searching import errors, queries, services
from quanzi.growth.searching.models import Choice, Kind, Past
from quanzi.growth.searching.titles import titled
from quanzi.kernel import clock
from quanzi.kernel.clock import today
from quanzi.kernel.errors import NotAllowed, NotFound

router = Router(tags=["search"])
staff = Router(tags=["staff"])


@router.get("/search", auth=EVERYBODY, response=FoundOut, summary="Search everything that I may find")
def search(
    request: HttpRequest,
    words: Words,
    kind: Kind | None = None,
    circle: Id | None = None,
    origin: Word = "",
    proven: bool = False,
    limit: Limit = 20,
) -> dict[str, Any]:
    """Goods, makers, circles, posts, and people who agreed; Chinese, English, pinyin or first letters. proven: only what people the caller
    knows stand behind with goods they kept. limit: of each kind."""
    now = clock.now()
    asked = queries.Asked(
        words=words, kind=kind.value if kind else "", circle_id=circle, origin=origin, is_proven=proven
    )
    reader = queries.reader_of(viewer_of(request), now)
    found = queries.search(asked=asked, reader=reader, now=now)
    hits = [(each, one) for each, ids in found.ids.items() for one in ids[:limit]]
    return {
        "items": titled(hits),
        "counts": found.counts,
        "circles": [{"value": str(one), "count": count} for one, count in found.circles],
        "origins": [{"value": one, "count": count} for one, count in found.origins],
        "proven": found.proven,
        "is_loose": found.is_loose,
    }


@router.get("/search/suggestions", auth=EVERYBODY, response=list[HitOut], summary="Names like this")
def suggest(request: HttpRequest, words: Typed = "") -> list[Any]:
    """While somebody types: goods, makers, circles and people whose name holds the words; the best eight."""
    reader = queries.reader_of(viewer_of(request), clock.now())
    return titled(queries.suggest(words=words, reader=reader))


@router.get("/me/searches", response=list[PastOut], summary="What I looked for")
def list_searches(request: HttpRequest) -> list[Past]:
    """On the shop's pages; the latest first. Nobody else sees it."""
    return queries.past(member_of(request))


@router.delete("/me/searches", response=CountOut, summary="Forget what I looked for")
def forget_searches(request: HttpRequest) -> dict[str, int]:
    """All of it; answers how many searches that were."""
    return {"count": services.forget(member=member_of(request))}


@router.delete("/me/searches/{search_id}", response={204: None}, summary="Forget one search")
def forget_search(request: HttpRequest, search_id: Id) -> None:
    """Also when it was not kept."""
    services.forget(member=member_of(request), past_id=search_id)


@router.get("/me/search-choices", response=ChoiceOut, summary="What I let the search do")
def get_choices(request: HttpRequest) -> Choice:
    """Whether others find the caller, and whether what they look for is remembered for them."""
    return queries.choice_of(member_of(request))


@router.patch("/me/search-choices", response=ChoiceOut, summary="Choose what the search may do")
def choose(request: HttpRequest, body: ChoiceIn) -> Choice:
    """Not to remember forgets what was looked for at once."""
    return services.choose(member=member_of(request), is_findable=body.is_findable, remembers=body.remembers)


@staff.get(
    "/staff/search-words", response=list[WordLineOut], summary="The shop's words", openapi_extra=refuses(NotAllowed)
)
def list_words(request: HttpRequest) -> list[queries.LineRow]:
    """Lines of words that mean the same, the newest first. Needs goods.edit."""
    staff_of(request, "goods.edit")
    return queries.word_lines()


@staff.post(
    "/staff/search-words",
    response={201: WordLineOut},
    summary="Add words that mean the same",
    openapi_extra=refuses(NotAllowed, errors.WordNeeded, errors.WordKnown, errors.TooManyLines),
)
def add_words(request: HttpRequest, body: WordLineIn) -> Status[Any]:
    """Or one name that is not cut in two. The next search knows them. Needs goods.edit."""
    me = staff_of(request, "goods.edit")
    line = services.add_words(words=",".join(body.words), actor=me, now=clock.now())
    return Status(201, {"id": line.pk, "words": [word.said for word in line.words.all()]})


@staff.post(
    "/staff/search-words/usual", response=CountOut, summary="Add the usual words", openapi_extra=refuses(NotAllowed)
)
def add_usual_words(request: HttpRequest) -> dict[str, int]:
    """Lines of food by its names in different places. A line of which the shop knows a word is left out; safe to repeat.

    Needs goods.edit.
    """
    return {"count": services.add_usual_words(actor=staff_of(request, "goods.edit"), now=clock.now())}


@staff.delete(
    "/staff/search-words/{line_id}",
    response={204: None},
    summary="Take words away",
    openapi_extra=refuses(NotAllowed, NotFound),
)
def remove_words(request: HttpRequest, line_id: Id) -> None:
    """They are words like others again. Needs goods.edit."""
    services.remove_words(line_id=line_id, actor=staff_of(request, "goods.edit"), now=clock.now())


@staff.get(
    "/staff/search-misses",
    response=list[MissOut],
    summary="Words that found nothing",
    openapi_extra=refuses(NotAllowed),
)
def list_misses(request: HttpRequest) -> list[queries.MissRow]:
    """Of the last thirty days, the most wanted first, without whose they were. Needs goods.edit."""
    staff_of(request, "goods.edit")
    return queries.misses(since_day=today(clock.now() - timedelta(days=30)))
