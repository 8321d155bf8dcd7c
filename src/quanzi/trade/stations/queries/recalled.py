"""Goods that came back because the shop recalled their lot: no fault of whoever handed them over."""

BY_THE_SHOP = """EXISTS (SELECT FROM fulfilment_linelot recalled JOIN catalogue_lot its ON its.id = recalled.lot_id
    WHERE recalled.line_id = {line} AND its.recalled_at IS NOT NULL)"""
"""Whether the line {line} was given of a lot that was recalled."""
