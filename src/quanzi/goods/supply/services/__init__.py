"""Writing supply: suppliers, offers, purchases, receiving."""

from quanzi.goods.supply.services.offers import make_offer, sell_from_offer, withdraw_offer
from quanzi.goods.supply.services.papers import add_paper, check_paper, set_import_facts, withdraw_paper
from quanzi.goods.supply.services.purchases import (
    call_off,
    close,
    confirm,
    decline,
    draft,
    from_demand,
    send,
    set_line,
    ship,
)
from quanzi.goods.supply.services.receiving import receive
from quanzi.goods.supply.services.suppliers import (
    add_person,
    create_supplier,
    end_person,
    set_goods,
    update_supplier,
)

__all__ = [
    "add_paper",
    "add_person",
    "call_off",
    "check_paper",
    "close",
    "confirm",
    "create_supplier",
    "decline",
    "draft",
    "end_person",
    "from_demand",
    "make_offer",
    "receive",
    "sell_from_offer",
    "send",
    "set_goods",
    "set_import_facts",
    "set_line",
    "ship",
    "update_supplier",
    "withdraw_offer",
    "withdraw_paper",
]
