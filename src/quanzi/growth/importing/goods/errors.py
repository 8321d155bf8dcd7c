"""Why a row of goods is not taken, or a whole sheet."""

from quanzi.kernel.errors import DomainError, InvalidInput
from quanzi.kernel.words import N_


class NoSuchChoice(InvalidInput):
    code = "no_such_choice"
    message = N_("“{text}” is none of: {choices}.")


class NobodyCalled(InvalidInput):
    code = "nobody_called"
    message = N_("There is no “{text}” in this shop. Make it first, or leave the cell empty.")


class CodeTwice(InvalidInput):
    code = "code_twice"
    message = N_("Row {row} has the same code.")


class NamesNothing(InvalidInput):
    code = "names_nothing"
    message = N_(
        "This row names no product, and nothing tells it from row {row}. Write its name; for another variant of those goods, its options."
    )


class CodeElsewhere(InvalidInput):
    code = "code_elsewhere"
    message = N_("This code belongs to “{name}”.")


class OtherCurrency(InvalidInput):
    code = "other_currency"
    message = N_("This shop sells in {currency}. Write the price in it, and leave the currency out.")


class BelowHeld(InvalidInput):
    code = "below_held"
    message = N_("{held} are held for orders; fewer cannot be on the shelf.")


class DraftNoMore(InvalidInput):
    code = "draft_no_more"
    message = N_("A product that was on sale cannot become a draft again. Write “paused”.")


class NothingToOffer(InvalidInput):
    code = "nothing_to_offer"
    message = N_("A product without a variant that can be bought cannot be on sale.")


class GoodsRefused(DomainError):
    code = "goods_refused"
    message = N_("{count} cells cannot be used. Nothing was changed.")
    status = 422


class ShopChanged(DomainError):
    code = "shop_changed"
    message = N_("The shop has changed since this was checked. Look at the list again, then apply it.")


class SameOptions(InvalidInput):
    code = "sku_same_options"
    message = N_("The variant {code} has the same options; buyers could not tell them apart.")


class GoodsTwice(InvalidInput):
    code = "goods_twice"
    message = N_(
        "Row {row} names the same goods, and neither has a code of its own. Give each a code, or options that differ."
    )
