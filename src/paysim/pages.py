"""The pages that people see. No script; Chinese and English; always marked as simulated."""

import sqlite3
import time
from datetime import datetime
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from paysim.desk import ZONE

if TYPE_CHECKING:
    from paysim.app import Request, Response

WORDS = {
    "zh": {
        "ribbon": "模拟支付 · 不会动用真钱",
        "service": "模拟支付",
        "to": "付给",
        "for": "商品",
        "number": "订单号",
        "until": "请在此前付款",
        "pay": "付款",
        "fail": "试一次付款失败",
        "cancel": "先不付，返回商户",
        "back": "返回商户",
        "paid": "已付款",
        "closed": "订单已关闭",
        "failed": "付款没有成功",
        "late": "已超过付款时间",
        "safe": "没有扣款。回到商户页面可以重新下单。",
        "thanks": "商户会收到签名的通知，你可以回去查看订单。",
        "missing": "没有这笔订单",
        "missing_more": "链接可能不完整，请回到商户页面重新打开。",
        "about": "这是演示用的收银台：签名、通知和退款与真实渠道一样，只是不动用真钱。",
        "other": "English",
    },
    "en": {
        "ribbon": "Simulated payment · no real money",
        "service": "Simulated payment",
        "to": "To",
        "for": "For",
        "number": "Order number",
        "until": "Please pay before",
        "pay": "Pay",
        "fail": "Try a failed payment",
        "cancel": "Not now, back to the shop",
        "back": "Back to the shop",
        "paid": "Paid",
        "closed": "This order is closed",
        "failed": "The payment did not go through",
        "late": "The time to pay has passed",
        "safe": "Nothing was charged. You can order again in the shop.",
        "thanks": "The shop is told by a signed notification; go back to see your order.",
        "missing": "No such order",
        "missing_more": "The link may be incomplete. Open it again from the shop.",
        "about": "A cash desk for demonstrations: signatures, notifications and refunds are real, the money is not.",
        "other": "中文",
    },
}

STYLE = """
:root{color-scheme:light dark;--paper:#FFFCF7;--card:#FFFFFF;--soft:#F7F2EA;--ink:#23201C;--ink-2:#6B645B;
--line:#E8E2D9;--fill:#C94A17;--fill-2:#B8430F;--on:#FFFFFF;--pine:#1F6B52;--pine-tint:#E6F2EC;--tint:#FCEBE2;
--accent-ink:#B8430F}
@media(prefers-color-scheme:dark){:root{--paper:#171411;--card:#221E1A;--soft:#2B2621;--ink:#F4EFE7;--ink-2:#B7AEA2;
--line:#3A342D;--fill:#F0804E;--fill-2:#F59A70;--on:#23120A;--pine:#7CCBAC;--pine-tint:#1D2F28;--tint:#3B2519;
--accent-ink:#F59A70}}
*{box-sizing:border-box;margin:0}
body{background:var(--paper);color:var(--ink);min-height:100vh;line-height:1.55;
font:16px/1.55 system-ui,-apple-system,"PingFang SC","Noto Sans CJK SC","Microsoft YaHei",sans-serif}
.ribbon{background:var(--tint);color:var(--accent-ink);text-align:center;padding:10px 16px;
font-size:14px;font-weight:600}
main{max-width:440px;margin:0 auto;padding:20px 16px 40px}
header{display:flex;justify-content:space-between;align-items:center;min-height:44px;margin-bottom:12px}
.name{display:flex;align-items:center;gap:10px;font-weight:700}
header a{color:var(--pine);min-height:44px;display:inline-flex;align-items:center;padding:0 4px}
.card{background:var(--card);border:1px solid var(--line);border-radius:20px;padding:28px 20px 8px;
box-shadow:0 1px 2px rgb(60 40 20/.05),0 8px 24px rgb(60 40 20/.05)}
.amount{text-align:center;font-size:48px;line-height:1.1;font-weight:700;font-variant-numeric:tabular-nums}
.amount small{font-size:26px;font-weight:600;margin-right:4px}
.payee{text-align:center;color:var(--ink-2);margin:0 0 10px}
dl{margin-top:24px;border-top:1px solid var(--line)}
dl div{display:flex;justify-content:space-between;gap:20px;padding:13px 0;border-bottom:1px solid var(--line)}
dl div:last-child{border:0}
dt{color:var(--ink-2);flex:none}
dd{text-align:right;overflow-wrap:anywhere;font-variant-numeric:tabular-nums}
form{display:grid;gap:12px;margin-top:20px}
button,.button{appearance:none;font:inherit;font-weight:600;min-height:52px;border-radius:26px;
border:1px solid var(--line);
background:var(--card);color:var(--ink);cursor:pointer;width:100%;display:flex;align-items:center;justify-content:center;
text-decoration:none}
button.main,.button.main{background:var(--fill);border-color:var(--fill);color:var(--on);font-size:18px}
button.main:hover,button.main:active{background:var(--fill-2)}
button.quiet{border-color:transparent;background:transparent;color:var(--ink-2);font-weight:500}
button:focus-visible,a:focus-visible{outline:3px solid var(--pine);outline-offset:2px}
.note{color:var(--ink-2);font-size:14px;margin-top:20px;text-align:center;text-wrap:balance}
.state{text-align:center;padding-bottom:20px}
.state h1{font-size:24px;margin:14px 0 6px}
.state p{color:var(--ink-2);text-wrap:balance}
.disc{width:72px;height:72px;margin:0 auto;border-radius:50%;background:var(--pine-tint);color:var(--pine);display:grid;
place-items:center}
.disc.no{background:var(--soft);color:var(--ink-2)}
.gap{margin-top:20px}
"""

_MARK = (
    '<svg width="32" height="32" viewBox="0 0 32 32" aria-hidden="true"><rect width="32" height="32" rx="10"'
    ' fill="#1F6B52"/><path d="M9 12h14M9 16h14M10 22l6-6 6 6M16 16v7" fill="none" stroke="#fff" stroke-width="2.2"'
    ' stroke-linecap="round" stroke-linejoin="round"/></svg>'
)
_TICK = '<path d="M8 18l6 6 14-14"/>'
_CROSS = '<path d="M11 11l14 14M25 11L11 25"/>'


def html(text: str, status: int = 200, to: str = "") -> "Response":
    """A page with a strict policy; `to` is where its form may lead after a redirect."""
    from paysim.app import Response

    origin = "{0.scheme}://{0.netloc}".format(urlsplit(to)) if to else ""
    policy = (
        f"default-src 'none'; style-src 'self'; form-action 'self' {origin}; frame-ancestors 'none'; base-uri 'none'"
    )
    headers = {"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": policy}
    return Response(status, text.encode(), headers | {"Referrer-Policy": "no-referrer"})


def language(request: "Request") -> str:
    """zh or en: what was chosen, else what the browser prefers."""
    chosen = request.argument("lang") or request.form("lang") if request.method == "POST" else request.argument("lang")
    if chosen in WORDS:
        return chosen
    wanted = request.headers.get("accept-language", "zh").lower()
    return "en" if wanted.startswith("en") else "zh"


def money(minor: int) -> str:
    return f"{minor // 100:,}.{minor % 100:02d}"


def _frame(lang: str, body: str) -> str:
    words, other = WORDS[lang], "en" if lang == "zh" else "zh"
    return f"""<!doctype html>
<html lang="{"zh-CN" if lang == "zh" else "en"}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex">
<title>{words["service"]}</title><link rel="stylesheet" href="/pay/style.css"></head>
<body><p class="ribbon" role="note">{words["ribbon"]}</p><main>
<header><span class="name">{_MARK}{words["service"]}</span>
<a href="?lang={other}" lang="{"en" if other == "en" else "zh-CN"}">{words["other"]}</a></header>
{body}
<p class="note">{words["about"]}</p></main></body></html>"""


def pay(trade: sqlite3.Row, merchant: str, lang: str) -> str:
    """The cash desk for one order, in whatever state it is."""
    words, amount = WORDS[lang], money(trade["amount"])
    until = datetime.fromtimestamp(trade["expires"], ZONE).strftime("%m-%d %H:%M")
    facts = f"""<dl><div><dt>{words["for"]}</dt><dd>{escape(trade["description"])}</dd></div>
<div><dt>{words["number"]}</dt><dd>{escape(trade["out_trade_no"])}</dd></div>
<div><dt>{words["until"]}</dt><dd>{until}</dd></div></dl>"""
    late = trade["state"] == "NOTPAY" and trade["expires"] <= time.time()
    if trade["state"] != "NOTPAY" or late:
        return _frame(lang, _over("LATE" if late else trade["state"], trade, lang))
    return _frame(
        lang,
        f"""<section class="card"><p class="payee">{words["to"]} {escape(merchant)}</p>
<h1 class="amount"><small>¥</small>{amount}</h1>{facts}</section>
<form method="post"><input type="hidden" name="lang" value="{lang}">
<button class="main" name="choice" value="pay">{words["pay"]} ¥{amount}</button>
<button name="choice" value="fail">{words["fail"]}</button>
<button class="quiet" name="choice" value="cancel">{words["cancel"]}</button></form>""",
    )


def _over(state: str, trade: sqlite3.Row, lang: str) -> str:
    words, paid = WORDS[lang], state == "SUCCESS"
    title = words[{"SUCCESS": "paid", "CLOSED": "closed", "PAYERROR": "failed", "LATE": "late"}[state]]
    icon = (
        '<svg width="36" height="36" viewBox="0 0 36 36" fill="none" stroke="currentColor" stroke-width="3"'
        f' stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">{_TICK if paid else _CROSS}</svg>'
    )
    back = f'<a class="button main gap" href="{escape(trade["return_url"])}">{words["back"]}</a>'
    return f"""<section class="card state"><div class="disc{"" if paid else " no"}">{icon}</div><h1>{title}</h1>
<p>¥{money(trade["amount"])} · {escape(trade["description"])}</p><p>{words["thanks" if paid else "safe"]}</p></section>
{back if trade["return_url"] else ""}"""


def missing(lang: str) -> str:
    words = WORDS[lang]
    return _frame(
        lang,
        f'<section class="card state"><h1>{words["missing"]}</h1><p>{words["missing_more"]}</p></section>',
    )


def front(lang: str) -> str:
    return _frame(lang, f'<section class="card state"><h1>{WORDS[lang]["service"]}</h1></section>')
