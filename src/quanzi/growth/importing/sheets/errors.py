"""What a sheet's way refuses."""

from quanzi.kernel.errors import DomainError
from quanzi.kernel.words import N_


class SheetGone(DomainError):
    code = "sheet_gone"
    message = N_("This sheet was applied, dropped, or lay here for a day. Send it in again.")


class SheetBusy(DomainError):
    code = "sheet_busy"
    message = N_("This sheet is being applied already.")
