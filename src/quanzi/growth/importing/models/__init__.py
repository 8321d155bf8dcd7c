"""Records of a log that is replayed (`groupbuy`), sheets that were sent in (`sheets`), orders from before (`past`)."""

from quanzi.growth.importing.models.groupbuy import ImportedMember, ImportedProduct, ImportedRecord, ImportRun
from quanzi.growth.importing.models.past import PastBuyer, PastLine, PastOrder
from quanzi.growth.importing.models.sheets import Sheet, SheetContent, SheetKind, SheetState, WantedPicture

__all__ = [
    "ImportRun",
    "ImportedMember",
    "ImportedProduct",
    "ImportedRecord",
    "PastBuyer",
    "PastLine",
    "PastOrder",
    "Sheet",
    "SheetContent",
    "SheetKind",
    "SheetState",
    "WantedPicture",
]
