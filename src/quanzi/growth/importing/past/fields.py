"""What an order history may tell, and how other shops head its columns."""

from __future__ import annotations

from quanzi.growth.importing.tables.mapping import Field, folded, guess
from quanzi.kernel.words import N_

FIELDS = (
    Field("number", N_("Order number"),
          ("InvoiceNo", "Invoice", "订单编号", "订单号", "主订单编号", "交易编号", "order id", "order no", "order name", "order"), True),
    Field("placed_at", N_("Ordered at"),
          ("InvoiceDate", "订单付款时间", "付款时间", "支付时间", "订单创建时间", "创建时间", "下单时间", "成交时间", "order date", "created at",
           "paid at", "date"), True),
    Field("title", N_("Goods"),
          ("Description", "宝贝标题", "标题", "商品标题", "商品名称", "商品", "product", "lineitem name", "item")),
    Field("code", N_("Code of the goods"),
          ("StockCode", "商家编码", "外部系统编号", "规格编码", "商品编码", "货号", "sku", "lineitem sku")),
    Field("quantity", N_("Quantity"),
          ("宝贝总数量", "购买数量", "商品数量", "数量", "宝贝数量", "件数", "qty", "lineitem quantity")),
    Field("unit_price", N_("Price of one"),
          ("UnitPrice", "Price", "商品单价", "单价", "价格", "商品价格", "成交单价", "lineitem price")),
    Field("amount", N_("Paid for the line"),
          ("买家实际支付金额", "买家实付金额", "实付金额", "实收金额", "商品实付金额", "订单实付金额", "line total", "amount", "total",
           "订单金额", "订单总金额", "订单总额", "order total", "order amount")),
    Field("refund", N_("Given back"), ("退款金额", "已退款金额", "refunded amount", "refund")),
    Field("customer", N_("Customer number"),
          ("CustomerID", "Customer ID", "买家会员名", "买家昵称", "买家ID", "会员名", "客户编号", "customer", "buyer")),
    Field("phone", N_("Phone number"), ("联系手机", "联系电话", "手机号", "收货人手机", "收货人手机号", "买家手机", "phone", "mobile")),
    Field("email", N_("E-mail address"), ("邮箱", "买家邮箱", "电子邮箱", "e-mail")),
    Field("name", N_("Name"), ("收货人姓名", "收货人", "姓名", "客户姓名", "customer name")),
    Field("status", N_("State"), ("订单状态", "交易状态", "状态", "financial status")),
    Field("currency", N_("Currency"), ("currency", "币种", "货币", "货币单位")),
)  # fmt: skip

UNPAID = ("交易关闭", "已关闭", "已取消", "等待买家付款", "待付款", "未付款", "cancelled", "canceled", "closed", "unpaid", "pending",
          "voided")  # fmt: skip
"""States of orders that nobody paid."""

CLOSED = ("交易关闭", "已关闭", "closed")
"""Of these, what may have been paid before: where money went back, it was."""

_SHOPIFY = {"name", "lineitemname", "lineitemprice"}
_LAYOUTS = (
    (N_("Taobao-like orders"), {"订单编号", "买家会员名"}, "淘宝", "CNY"),
    (N_("Youzan-like orders"), {"订单号", "订单状态", "收货人"}, "有赞", "CNY"),
    (N_("Shopify’s order sheet"), _SHOPIFY, "Shopify", "CNY"),
    (N_("Retail log"), {"invoiceno", "stockcode", "invoicedate"}, "", "GBP"),
    (N_("Retail log"), {"invoice", "stockcode", "invoicedate"}, "", "GBP"),
)


def guessed(headings: tuple[str, ...]) -> dict[str, str]:
    """Field → heading. Shopify heads the order's number "Name" and the buyer's name "Billing Name"."""
    by_name = {folded(heading): heading for heading in headings}
    found = guess(headings, FIELDS)
    if not by_name.keys() >= _SHOPIFY:
        return found
    named = {"number": by_name["name"], "name": by_name.get("billingname", "")}
    return {field: heading for field, heading in {**found, **named}.items() if heading}


def is_of_order(heading: str) -> bool:
    """Whether a column of amounts says that they are a whole order's, not a line's: "订单实付金额", "Order total"."""
    return folded(heading).startswith(("订单", "主订单", "order"))


def recognised(headings: tuple[str, ...]) -> tuple[str, str, str]:
    """What kind of sheet this looks like (English, or empty), a name for its source, and its currency."""
    there = {folded(heading) for heading in headings}
    for label, needed, source, currency in _LAYOUTS:
        if needed <= there:
            return label, source, currency
    return "", "", "CNY"
