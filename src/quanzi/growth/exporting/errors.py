"""Why an archive is not written or not handed out."""

from quanzi.kernel.errors import DomainError
from quanzi.kernel.words import N_


class ExportUnderWay(DomainError):
    code = "export_under_way"
    message = N_("You have asked for an archive already. Fetch it first, or wait until it expires.")


class ExportGone(DomainError):
    code = "export_gone"
    message = N_("This archive was fetched already, or it has expired. Ask for a new one.")
    status = 410
