"""Refusals of backup and restore."""

from quanzi.kernel.errors import DomainError
from quanzi.kernel.words import N_


class NotEmbedded(DomainError):
    code = "not_embedded"
    message = N_(
        "This shop's database is named by DATABASE_URL. Its past is kept by its own server (continuous archiving, or the service of "
        "its provider); `quanzi backup FILE` saves how it stands now."
    )


class NotKept(DomainError):
    code = "past_not_kept"
    message = N_("This shop's past is not kept yet. Begin with: quanzi backup start [FOLDER]")


class CopyFailed(DomainError):
    code = "copy_failed"
    message = N_("The copy was not made: {why}")


class FolderNotReached(DomainError):
    code = "folder_not_reached"
    message = N_(
        "The database runs as the account {account}, which cannot enter {folder}. Choose a folder that it can reach."
    )


class NoSuchMoment(DomainError):
    code = "no_such_moment"
    message = N_("Nothing is kept from before {moment}. The oldest copy was finished at {oldest}.")


class LaterThanKept(DomainError):
    code = "later_than_kept"
    message = N_("The kept log ends before {moment}. Name an earlier moment, or `--to latest`. The server said:\n{why}")


class ShopIsRunning(DomainError):
    code = "shop_is_running"
    message = N_("The shop is running. Stop it first: what it does now would be lost.")
