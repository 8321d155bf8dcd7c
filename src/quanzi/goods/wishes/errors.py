"""What the room refuses."""

from quanzi.kernel.errors import DomainError
from quanzi.kernel.words import N_


class ListFull(DomainError):
    code = "wish_list_full"
    message = N_("Your wishlist holds {most} goods. Take one off first.")


class StillInStock(DomainError):
    code = "still_in_stock"
    message = N_("This can be bought right now; there is nothing to wait for.")
