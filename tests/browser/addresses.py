"""Every address of the shop that a person may open: who opens it, and where. `test_everyone` walks them all.

A new address is named here when it is made, in one of three tables; until then a test fails and says its name.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver

from tests.faces.console.test_doors import POSTS

NOT_PAGES = ("admin", "api", "media")
"""The back room has its theme's own tests; the API and pictures are no pages."""


@dataclass(frozen=True)
class Page:
    """One page. path: where it stands; links: the first such link on that page leads on, and so forth, down to it.

    status: what is answered, for pages that tell of a refusal.
    """

    path: str
    links: tuple[str, ...] = ()
    status: int = 200


STRANGER = {
    "account_login": Page("/account/login/"),
    "account_signup": Page("/account/signup/"),
    "account_inactive": Page("/account/inactive/"),
    "account_reset_password": Page("/account/password/reset/"),
    "account_password_reset_completed": Page("/account/password/reset/done/"),
    "account_request_login_code": Page("/account/login/code/"),
    "storefront:discover": Page("/discover"),
    "storefront:product": Page("/p/yam"),
    "storefront:papers": Page("/p/yam/papers"),
    "storefront:origins": Page("/from"),
    "storefront:region": Page("/from", ('main a[href^="/from/"]',)),
    "storefront:days": Page("/days"),
    "storefront:day": Page("/days", ('main a[href^="/days/"]',)),
    "storefront:launch": Page("/days", ('main a[href^="/launch/"]',)),
    "storefront:launch_lot": Page("/days", ('main a[href^="/launch/"]', 'main a[href$="/lot"]')),
    "storefront:preorders": Page("/preorders"),
    "storefront:preorder": Page("/preorders", ('main a[href^="/preorder/"]',)),
    "storefront:edition": Page("/days", ('main a[href^="/edition/"]',)),
    "storefront:stores": Page("/stores"),
    "storefront:store": Page("/stores", ('main a[href^="/store/"]',)),
    "storefront:stations": Page("/stations"),
    "storefront:station": Page("/stations", ('main a[href^="/station/"]',)),
    "storefront:evidence": Page("/p/yam/evidence"),
    "storefront:maker": Page("/m/sun"),
    "storefront:record": Page("/stations", ('main a[href^="/station/"]', 'main a[href$="/record"]')),
    "storefront:record_cases": Page(
        "/stations", ('main a[href^="/station/"]', 'main a[href$="/record"]', 'main a[href$="/leader_kept"]')
    ),
    "storefront:search": Page("/search?q=%E8%8F%A0%E8%8F%9C"),
    "storefront:circle_join": Page("/c/leather/join"),
    "storefront:circles": Page("/circles"),
    "storefront:needs": Page("/needs"),
    "storefront:about_shop": Page("/about"),
    "storefront:about_rules": Page("/about/terms"),
    "storefront:for_you": Page("/for-you"),
    "storefront:seen": Page("/seen"),
    "storefront:offline": Page("/offline"),
    "api_docs:start": Page("/api/docs/"),
    "api_docs:refusals": Page("/api/docs/refusals"),
    "api_docs:part": Page("/api/docs/", ('a[href^="/api/docs/"]:not([href$="/docs/"]):not([href*="#"])',)),
    "404": Page("/p/nothing", status=404),
}
MEMBER = {
    "storefront:feed": Page("/feed"),
    "storefront:discover": Page("/discover"),
    "storefront:product": Page("/p/yam"),
    "storefront:deals": Page("/deals"),
    "storefront:circle": Page("/c/jinxiu"),
    "storefront:circle_about": Page("/c/jinxiu/about"),
    "storefront:circle_found": Page("/circles/new"),
    "storefront:circle_invite": Page("/c/jinxiu/invite"),
    "storefront:write": Page("/write"),
    "storefront:post": Page("/feed", ('main a[href*="/n/"]',)),
    "storefront:team": Page("/deals", ('a[href*="/t/"]',)),
    "storefront:together": Page("/c/jinxiu/together"),
    "storefront:chain": Page("/c/jinxiu/together", ('main a[href^="/chain/"]',)),
    "storefront:compare": Page("/p/yam/compare"),
    "storefront:ask": Page("/p/blueberry/ask"),
    "storefront:ask_friends": Page("/p/blueberry/friends"),
    "storefront:all_asked": Page("/asked"),
    "storefront:asked": Page("/asked", ('main a[href^="/asked/"]',)),
    "storefront:bargain": Page("/p/blueberry/compare", ('main a[href^="/ask/"]',)),
    "storefront:cart": Page("/cart"),
    "storefront:my_coupons": Page("/me/coupons"),
    "storefront:coupon": Page("/me/coupons", ('main a[href^="/coupons/"]',)),
    "storefront:checkout": Page("/p/yam", ('a[href*="/checkout?deal="]',)),
    "storefront:orders": Page("/me/orders"),
    "storefront:past_orders": Page("/me/orders/before"),
    "storefront:order": Page("/me/orders", ('main a[href*="/o/"]',)),
    "storefront:places": Page("/me/preorders"),
    "storefront:place": Page("/me/preorders", ('main a[href^="/me/preorders/"]',)),
    "storefront:balance": Page("/me/preorders", ('main a[href^="/me/preorders/"]', 'main a[href$="/balance"]')),
    "storefront:messages": Page("/messages"),
    "storefront:me": Page("/me"),
    "storefront:profile": Page("/me/profile"),
    "storefront:addresses": Page("/me/addresses"),
    "storefront:address_new": Page("/me/addresses/new"),
    "storefront:sessions": Page("/me/sessions"),
    "storefront:erase_me": Page("/me/erase"),
    "storefront:consents": Page("/me/consents"),
    "storefront:offers": Page("/me/offers"),
    "storefront:searches": Page("/me/searches"),
    "storefront:consent_history": Page("/me/consents/history"),
    "storefront:trust": Page("/me/trust"),
    "storefront:commission": Page("/me/commission"),
    "storefront:product_posts": Page("/discover", ('main a[href^="/p/"]', 'main a[href$="/posts"]')),
    "storefront:tastes": Page("/tastes"),
    "storefront:taste": Page("/tastes", ('main a[href^="/tastes/"]',)),
    "storefront:readers": Page("/me/readers"),
    "storefront:trust_how": Page("/me/trust/how"),
    "storefront:kept_away": Page("/me/trust/away"),
    "storefront:invite": Page("/me/invite"),
    "storefront:asked_me": Page("/me/asked"),
    "storefront:member": Page("/p/yam", ('a[href*="/u/"]',)),
    "storefront:post_edit": Page("/me", ('main a[href*="/u/"]', 'main a[href*="/n/"]', 'main a[href$="/edit"]')),
    "storefront:order_invoice": Page("/me/orders?group=received", ('main a[href*="/o/"]', 'a[href$="/invoice"]')),
    "storefront:order_claim": Page(
        "/me/orders?group=received", ('main a[href*="/o/"]:has-text("阿克苏苹果")', 'a[href$="/claim"]')
    ),
    "storefront:devices": Page("/me/devices"),
    "storefront:wish": Page("/wish/yam"),
    "storefront:wishes": Page("/me/wishes"),
    "storefront:pieces": Page("/me/pieces"),
    "storefront:piece": Page("/me/pieces", ('main a[href^="/piece/"]',)),
    "storefront:seen": Page("/seen"),
    "programs:tokens": Page("/me/tokens"),
    "programs:apps": Page("/me/apps"),
    "storefront:share": Page("/share?to=/p/yam"),
    "account_logout": Page("/account/logout/"),
    "account_change_password": Page("/account/password/change/"),
    "account_email": Page("/account/email/"),
    "account_change_phone": Page("/account/phone/change/"),
    "account_reauthenticate": Page("/account/reauthenticate/"),
    "mfa_index": Page("/account/2fa/"),
    "mfa_activate_totp": Page("/account/2fa/totp/activate/"),
    "mfa_list_webauthn": Page("/account/2fa/webauthn/"),
    "mfa_add_webauthn": Page("/account/2fa/webauthn/add/"),
    "403": Page("/console/", status=403),
}
SUPPLIER = {
    "storefront:supplier": Page("/supplier"),
    "storefront:my_goods": Page("/me/goods"),
    "storefront:supplier_lots": Page("/supplier/lots"),
    "storefront:supplier_parcels": Page("/supplier/parcels"),
    "storefront:supplier_purchase": Page("/supplier", ('main a[href*="/supplier/orders/"]',)),
}
LEADER = {
    "storefront:leads": Page("/me/leads"),
    "storefront:leader": Page("/leader"),
    "storefront:leader_apply": Page("/leader/apply"),
    "storefront:leader_today": Page("/leader/station"),
    "storefront:for_circle": Page("/for-circle/jinxiu"),
    "storefront:for_contacts": Page("/for-contacts/yam"),
    "storefront:leader_people": Page("/leader/people"),
    "storefront:leader_give": Page("/leader/give"),
    "storefront:leader_pay": Page("/leader/pay"),
    "storefront:leader_arrivals": Page("/leader/arrivals"),
    "storefront:circle_manage": Page("/c/jinxiu/manage"),
    "storefront:circle_split": Page("/c/jinxiu/split"),
    "storefront:u_arrange": Page("/me/front"),
    "storefront:u_report": Page("/me/front/report"),
    "storefront:u_news": Page("/me/front/news"),
    "storefront:c_arrange": Page("/c/jinxiu/front"),
    "storefront:c_report": Page("/c/jinxiu/report"),
    "storefront:chain_new": Page("/c/jinxiu/chain"),
}
DRIVER = {
    "storefront:drive": Page("/drive"),
    "storefront:drive_run": Page("/drive", ('main a[href^="/drive/"]',)),
}
OWNER = {
    "ui:styleguide": Page("/styleguide"),
    "console:today": Page("/console/"),
    "console:search": Page("/console/search?q=yam"),
    "console:sources": Page("/console/sources"),
    "console:recommending": Page("/console/recommending"),
    "console:spread": Page("/console/spread"),
    "console:spread_new": Page("/console/spread/new"),
    "console:spread_leaders": Page("/console/spread/leaders"),
    "console:spread_plan": Page("/console/spread", ('main a.t[href^="/console/spread/"]',)),
    "console:facts": Page("/console/sources", ('main a[href*="/console/sources/facts"]',)),
    "console:source_new": Page("/console/sources/new"),
    "console:source": Page(
        "/console/sources",
        ('main td a[href^="/console/sources/"]:not([href*="facts"]):not([href$="new"])',),
    ),
    "console:members": Page("/console/members"),
    "console:member": Page("/console/members", ('main a[href^="/console/members/"]',)),
    "console:member_erase": Page("/console/members", ('main a[href^="/console/members/"]', 'main a[href$="/erase"]')),
    "console:circles": Page("/console/circles"),
    "console:joins": Page("/console/circles/door"),
    "console:readers": Page("/console/circles/readers"),
    "console:questions": Page("/console/circles/questions"),
    "console:reports": Page("/console/circles/reports"),
    "console:leads": Page("/console/circles/leads"),
    "console:rings": Page("/console/circles/rings"),
    "console:circle": Page("/console/circles", ('main td a[href^="/console/circles/"]',)),
    "console:circle_split": Page("/console/circles", ('main td a[href^="/console/circles/"]', 'a[href$="/split"]')),
    "console:orders": Page("/console/orders"),
    "console:claims": Page("/console/orders/claims"),
    "console:order": Page("/console/orders", ('main td a[href^="/console/orders/"]',)),
    "console:leaders": Page("/console/payouts/leaders"),
    "console:rounds": Page("/console/rounds"),
    "console:round": Page("/console/rounds", ('main td a[href^="/console/rounds/"]',)),
    "console:round_new": Page("/console/rounds/new"),
    "console:preorders": Page("/console/preorders"),
    "console:preorder": Page("/console/preorders", ('main td a[href^="/console/preorders/"]',)),
    "console:preorder_new": Page("/console/preorders/new"),
    "console:launches": Page("/console/launches"),
    "console:edition": Page("/console/launches", ('main td a[href^="/console/editions/"]',)),
    "console:edition_new": Page("/console/editions/new"),
    "console:launch": Page("/console/launches", ('main td a[href^="/console/launches/"]',)),
    "console:launch_new": Page("/console/launches/new"),
    "console:brand_day": Page("/console/launches", ('main td a[href^="/console/brand-days/"]',)),
    "console:brand_day_new": Page("/console/brand-days/new"),
    "console:stations": Page("/console/stations"),
    "console:station": Page("/console/stations", ('main td a[href^="/console/stations/"]',)),
    "console:deals": Page("/console/deals"),
    "console:deal_new": Page("/console/deals/new"),
    "console:chains": Page("/console/chains"),
    "console:chain": Page("/console/chains?show=all", ('main td a[href^="/console/chains/"]',)),
    "console:needs": Page("/console/needs"),
    "console:search_words": Page("/console/search/words"),
    "console:bargains": Page("/console/bargains"),
    "console:coupons": Page("/console/coupons"),
    "console:coupon": Page("/console/coupons", ('main td a[href^="/console/coupons/"]',)),
    "console:coupon_new": Page("/console/coupons/new"),
    "console:bargain": Page("/console/bargains", ('main td a[href^="/console/bargains/"]',)),
    "console:build_up": Page(
        "/console/goods", ('main td a[href^="/console/goods/"]', 'main a[href*="/goods/variants/"]')
    ),
    "console:deal": Page("/console/deals", ('main td a[href^="/console/deals/"]',)),
    "console:teams": Page("/console/teams"),
    "console:team": Page("/console/teams", ('main td a[href^="/console/teams/"]',)),
    "console:goods": Page("/console/goods"),
    "console:lot": Page("/console/goods/lots?show=all", ('main a[href^="/console/goods/lots/"]',)),
    "console:lot_list": Page(
        "/console/goods/lots?show=all", ('main a[href^="/console/goods/lots/"]', 'main a[href$="/list"]')
    ),
    "console:disputes": Page("/console/orders/disputes"),
    "console:dispute": Page("/console/orders/disputes", ('main td a[href^="/console/orders/disputes/"]',)),
    "console:invoices": Page("/console/invoices"),
    "console:supplier_score": Page(
        "/console/suppliers", ('main td a[href^="/console/suppliers/"]', 'main a[href$="/score"]')
    ),
    "console:station_score": Page(
        "/console/stations", ('main td a[href^="/console/stations/"]', 'main a[href$="/score"]')
    ),
    "console:helps": Page("/console/orders/help"),
    "console:compensations": Page("/console/orders/compensation"),
    "console:quality": Page("/console/goods/quality"),
    "console:lots": Page("/console/goods/lots"),
    "console:product_new": Page("/console/goods/new"),
    "console:product": Page("/console/goods", ('main td a[href^="/console/goods/"]',)),
    "console:product_edit": Page("/console/goods/1/edit"),
    "console:places": Page("/console/places"),
    "console:freight": Page("/console/shop/freight"),
    "console:suppliers": Page("/console/suppliers"),
    "console:dispatch": Page("/console/orders/send"),
    "console:fresh": Page("/console/rounds/fresh"),
    "console:runs": Page("/console/runs"),
    "console:drivers": Page("/console/runs/drivers"),
    "console:run": Page("/console/runs", ('main a[href^="/console/runs/"]:not([href$="/drivers"])',)),
    "console:product_tastes": Page("/console/goods", ('main td a[href^="/console/goods/"]', 'a[href$="/tastes"]')),
    "console:product_papers": Page("/console/goods", ('main td a[href^="/console/goods/"]', 'a[href$="/papers"]')),
    "console:supplier": Page("/console/suppliers", ('main td a[href^="/console/suppliers/"]',)),
    "console:purchases": Page("/console/purchases"),
    "console:purchase": Page("/console/purchases", ('main td a[href^="/console/purchases/"]:not([href*="demand"])',)),
    "console:demand": Page("/console/purchases/demand"),
    "console:ledger": Page("/console/ledger"),
    "console:cases": Page("/console/ledger/cases"),
    "console:ledger_order": Page(
        "/console/orders", ('main td a[href^="/console/orders/"]', 'main a[href^="/console/ledger/order/"]')
    ),
    "console:imports": Page("/console/imports"),
    "console:books": Page("/console/books"),
    "console:cards": Page("/console/sources/cards"),
    "console:pay_links": Page("/console/sources/paylinks"),
    "storefront:pay_link": Page("/console/sources/paylinks", ('main td a[href^="/l/"]',)),
    "console:stores": Page("/console/stores"),
    "console:patterns": Page("/console/patterns"),
    "console:pattern": Page("/console/patterns", ('main td a[href^="/console/patterns/"]',)),
    "storefront:store_pay": Page("/stores", ('main a[href^="/store/"]', 'main a[href$="/pay"]')),
    "storefront:till": Page("/till"),
    "storefront:till_shelf": Page("/till", ('main a[href$="/shelf"]',)),
    "storefront:till_link": Page("/till", ('main a[href$="/link"]',)),
    "storefront:till_events": Page("/till", ('main a[href$="/events"]',)),
    "console:approvals": Page("/console/approvals"),
    "console:setup": Page("/console/setup"),
    "console:setup_step": Page("/console/setup", ('a[href^="/console/setup/"]',)),
    "console:shop": Page("/console/shop"),
    "console:shop_text": Page("/console/shop", ('a[href^="/console/shop/rules/"]',)),
    "console_programs:programs": Page("/console/programs"),
    "console:webhooks": Page("/console/webhooks"),
    "console:webhook_kinds": Page("/console/webhooks/kinds"),
    "console:staff": Page("/console/staff"),
    "console:audit": Page("/console/audit"),
    "console:payouts": Page("/console/payouts"),
    "console:commission_rules": Page("/console/payouts/rules"),
    "console:commission_rule_new": Page("/console/payouts/rules/new"),
}
BY_ROLE = {"": STRANGER, "xiaoyu": MEMBER, "wang": LEADER, "sunzhaoping": SUPPLIER, "cangguan": DRIVER, "owner": OWNER}

ACTS = {
    *(f"console:{name}" for name in POSTS), "console:source_spend",
    "console_programs:app_remove", "console_programs:token_revoke", "idp:oidc:token", "idp:oidc:revoke", "payments:notify", "fulfilment:notify",
    "ui:language", "ui:theme", "storefront:circle_leave", "storefront:post_comment", "storefront:post_act", "storefront:post_read",
    "storefront:feed_order", "storefront:address_act",
    "storefront:trust_act", "storefront:messages_read", "storefront:member_act", "storefront:team_leave",
    "storefront:chain_act", "storefront:preorder_join", "storefront:place_act", "storefront:order_act",
    "storefront:day_remind", "storefront:launch_enter", "storefront:launch_leave", "storefront:edition_wait", "storefront:piece_hand_on",
    "storefront:seen_note", "storefront:past_not_mine", "storefront:leader_code", "storefront:leader_remind",
    "storefront:drive_stop", "storefront:need_act", "storefront:suggest", "storefront:not_this", "console:invoice_file",
    "storefront:coupon_by_code",
}  # fmt: skip
"""They only take what was sent, and answer with a page that stands in the tables above."""

NOT_FOR_EYES = {
    "healthz", "storefront:search_suggest", "storefront:for_you_short", "storefront:product_posts_short", "oauth_metadata", "storefront:my_data",
    "storefront:wish_marks",
    "storefront:seen_cards", "storefront:qr",
    "storefront:manifest", "storefront:worker", "storefront:app_icon", "storefront:favicon", "storefront:push_key", "storefront:card",
    "storefront:film", "storefront:captions", "storefront:post_film",
    "storefront:goods_feed", "storefront:experiences_feed", "storefront:circle_feed", "storefront:member_feed", "storefront:robots",
    "storefront:sitemap",
    "storefront:sitemap_part", "storefront:chain_sheet", "storefront:order_invoice_paper", "storefront:order_invoice_file",
    "mfa_download_recovery_codes", "console:poster", "console:card", "console:station_sheet", "console:store_codes",
    "console:pattern_file", "console:pattern_sheet", "console:goods_sheet",
}  # fmt: skip
"""Files, pictures, sheets to print and answers to programs."""

LEAD_ON = {
    "storefront:front", "storefront:message", "sources:arrive", "storefront:pay", "storefront:pay_return",
    "storefront:deposit", "storefront:deposit_return", "storefront:buy",
    "mfa_login_webauthn", "storefront:join_link",
}  # fmt: skip
"""They draw nothing themselves."""

DRAWN_ALIKE = {
    "storefront:drive_invitation": "needs an invitation to drive; a plain page as storefront:opening",
    "storefront:m_arrange": "as storefront:u_arrange",
    "storefront:m_report": "as storefront:u_report",
    "storefront:s_arrange": "as storefront:u_arrange",
    "storefront:s_report": "as storefront:u_report",
    "storefront:c_news": "as storefront:u_news",
    "storefront:m_news": "as storefront:u_news",
    "storefront:need": "needs something wanted; a card and a button as on storefront:launch",
    "console:need": "needs something wanted; a card and a form as on console:bargain",
    "storefront:order_dispute": "needs an answer that is contested; a form as on storefront:order_claim",
    "console:staff_invitation": "needs an invitation; cards and a link as on console:setup_step",
    "console:payout": "needs a payout; a card and a table as on console:order",
    "storefront:payout": "needs a payout; a list as on storefront:commission",
    "storefront:address": "the form of address_new, filled in",
    "storefront:piece_take": "needs a link to a piece; a card and a button as on storefront:launch",
    "storefront:experience": "the form of write with stars; drawn by the test of the loop",
    "account_email_verification_sent": "the page of account_inactive with other words",
    "account_confirm_login_code": "account/code.html, drawn by the tests of joining (test_ways_in)",
    "account_verify_phone": "account/code.html",
    "account_confirm_password_reset_code": "account/code.html",
    "account_complete_password_reset": "the form of account_change_password",
    "account_set_password": "the form of account_change_password",
    "mfa_authenticate": "needs a half-finished login; the form of mfa_activate_totp",
    "mfa_reauthenticate": "the form of account_reauthenticate",
    "mfa_reauthenticate_webauthn": "the form of account_reauthenticate",
    "mfa_deactivate_totp": "one button, as on account_logout",
    "mfa_view_recovery_codes": "needs an authenticator; a list as on mfa_index",
    "mfa_generate_recovery_codes": "one button, as on account_logout",
    "mfa_edit_webauthn": "needs a passkey; one field, as on mfa_add_webauthn",
    "mfa_remove_webauthn": "needs a passkey; one button",
    "idp:oidc:authorization": "needs an app's request; drawn by the tests of apps",
    "console:import_run": "needs a run of the importer; a table as on console:imports",
    "console:webhook": "needs an endpoint: test_everyone makes one",
    "console:webhook_delivery": "needs a delivery: test_everyone makes one",
    "console:dispatch_batch": "needs a batch sent off; a panel of rows as on console:dispatch",
    "console:sheet": "needs a sheet; a table as on console:goods_sheet",
    "storefront:invited": "needs an invitation to the staff; a plain page as storefront:opening",
    "storefront:tills": "needs two stores; rows as on storefront:stores",
    "storefront:circle_start": "needs a branch; cards and a button as on console:pattern and storefront:circle_manage",
    "storefront:opening": "only in an empty shop; drawn by the test of opening one",
}


def told() -> set[str]:
    """Every name in the tables."""
    pages = {name for pages in BY_ROLE.values() for name in pages if not name.isdigit()}
    return pages | ACTS | NOT_FOR_EYES | LEAD_ON | set(DRAWN_ALIKE)


def named_addresses(resolver: URLResolver | None = None, space: str = "") -> Iterator[str]:
    """The full names of all addresses outside NOT_PAGES."""
    for one in (resolver or get_resolver()).url_patterns:
        if isinstance(one, URLResolver):
            if one.namespace not in NOT_PAGES:
                yield from named_addresses(one, f"{space}{one.namespace}:" if one.namespace else space)
        elif isinstance(one, URLPattern) and one.name:
            yield space + one.name
