"""Reading fulfilment: the work list, lots to choose from, parcels."""

from quanzi.trade.fulfilment.queries.work import (
    OPEN,
    Progress,
    WorkItem,
    WorkLine,
    find_by_code,
    given_under,
    lots_of,
    points_of,
    progress,
    work_list,
)

__all__ = [
    "OPEN",
    "Progress",
    "WorkItem",
    "WorkLine",
    "find_by_code",
    "given_under",
    "lots_of",
    "points_of",
    "progress",
    "work_list",
]
