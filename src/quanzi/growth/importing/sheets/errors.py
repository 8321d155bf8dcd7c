"""What a sheet's way refuses."""

from quanzi.kernel.errors import DomainError
from quanzi.kernel.words import N_


class SheetGone(DomainError):
    code = "sheet_gone"
    message = N_("This sheet was applied, dropped, or lay here for a day. Send it in again.")


class SheetStuck(DomainError):
    code = "sheet_stuck"
    message = N_("Applying did not come to its end. Start it again: what is there already is not done twice.")


class SheetBusy(DomainError):
    code = "sheet_busy"
    message = N_("This sheet is being applied already.")
