"""What a sheet of goods may tell. The names are the headings of our own format; the rest is what other shops write."""

from __future__ import annotations

from quanzi.goods.catalogue.models import ProductState, ReturnRule
from quanzi.growth.importing.tables.mapping import Field, folded
from quanzi.kernel.words import N_

MOST_OPTIONS = 5
_OPTIONS = tuple(
    field
    for n in range(1, MOST_OPTIONS + 1)
    for field in (
        Field(f"option{n}_name", N_("Name of an option"), (f"Option{n} Name", f"规格名{n}", f"规格项{n}")),
        Field(f"option{n}_value", N_("Value of an option"), (f"Option{n} Value", f"规格值{n}")),
    )
)

FIELDS = (
    Field("product", N_("Address of the product"), ("Handle", "URL handle", "商品链接名", "slug")),
    Field("group", N_("Number of the product elsewhere"), ("宝贝ID", "商品ID", "商品编号", "宝贝编号", "数字ID", "product id")),
    Field("name", N_("Name"), ("Title", "宝贝标题", "宝贝名称", "商品标题", "商品名称", "商品名", "标题", "名称"), True),
    Field("summary", N_("In one sentence"), ("商品卖点", "宝贝卖点", "分享描述", "卖点")),
    Field("story", N_("Story"), ("Body (HTML)", "Description", "宝贝描述", "商品描述", "商品详情", "描述")),
    Field("maker", N_("Maker"), ("产地人",)),
    Field("category", N_("Shelf"), ("货架",)),
    Field("origin", N_("Origin"), ("产地",)),
    Field("state", N_("State"), ("Status", "商品状态", "宝贝状态", "上架状态", "状态")),
    Field("return_rule", N_("If it is not wanted")),
    Field("return_days", N_("Days to return")),
    Field("claim_hours", N_("Hours to claim")),
    Field("code", N_("Code of the variant"),
          ("Variant SKU", "规格编码", "SKU编码", "商家编码", "商品编码", "外部编码", "外部系统编号", "货号", "sku")),
    Field("options", N_("Options in one cell"), ("规格", "商品规格", "规格名称", "销售属性", "规格属性", "sku属性")),
    *_OPTIONS,
    Field("price", N_("Price"), ("Variant Price", "价格", "售价", "销售价", "商品价格", "宝贝价格", "一口价", "单价"), True),
    Field("cost", N_("What one costs you"), ("Cost per item", "成本价", "成本", "进价")),
    Field("currency", N_("Currency")),
    Field("weight_g", N_("Weight in grams"), ("Variant Grams", "Weight value (grams)", "重量g", "重量克")),
    Field("unit_note", N_("Price of a comparable unit")),
    Field("active", N_("Can be bought")),
    Field("position", N_("Place in the list")),
    Field("stock", N_("Stock"), ("Variant Inventory Qty", "Inventory quantity", "库存", "库存数量", "宝贝数量", "商品库存", "数量")),
    Field("pictures", N_("Pictures"), ("Image Src", "Product image URL", "商品图片", "宝贝图片", "商品主图", "主图", "图片")),
)  # fmt: skip

OWN = tuple(field.name for field in FIELDS if field.name not in ("group", "options"))
"""Headings of our own format, in order."""

STATES = {
    **{str(value): str(value) for value in ProductState.values},
    "active": "on_sale", "archived": "paused", "unlisted": "paused",
    "上架": "on_sale", "已上架": "on_sale", "在售": "on_sale", "售罄": "on_sale", "出售中": "on_sale", "销售中": "on_sale",
    "下架": "paused", "已下架": "paused", "仓库中": "draft", "草稿": "draft",
}  # fmt: skip
YES = {"yes": True, "true": True, "1": True, "是": True, "no": False, "false": False, "0": False, "否": False}
RETURN_RULES = {str(value) for value in ReturnRule.values}

_LAYOUTS = (
    (N_("Our own format"), {"product", "code", "price", "name"}),
    (N_("Shopify’s product sheet"), {"handle", "title", "variantprice"}),
    (N_("Shopify’s product sheet"), {"urlhandle", "title", "price"}),
    (N_("Taobao-like goods"), {"宝贝标题"}),
    (N_("Taobao-like goods"), {"宝贝名称"}),
    (N_("Youzan-like goods"), {"商品名称", "规格编码"}),
    (N_("Youzan-like goods"), {"商品标题"}),
    (N_("Youzan-like goods"), {"商品名称"}),
)


def recognised(headings: tuple[str, ...]) -> str:
    """What kind of sheet this looks like, in English; empty when unknown."""
    there = {folded(heading) for heading in headings}
    return next((label for label, needed in _LAYOUTS if needed <= there), "")
