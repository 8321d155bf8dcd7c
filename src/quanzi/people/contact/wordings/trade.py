"""What is told about orders, goods, stations and stores."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from quanzi.people.contact.models import Purpose
from quanzi.people.contact.wordings.wording import Wording

WORDINGS: dict[str, Wording] = {
    # trade
    "order_paid": Wording(
        "receipt", _("Order {number} is paid"), _("{amount} is held safely until you keep the goods.")
    ),
    "order_cancelled": Wording("receipt", _("Order {number} was cancelled"), _("Reason: {reason}")),
    "order_expired": Wording(
        "clock", _("Order {number} was not paid in time"), _("Nothing was charged; the goods are free again.")
    ),
    "order_ready": Wording(
        "package", _("Order {number} waits for you at {point}"), _("Pickup code: {code}"), is_discreet=True
    ),
    "order_ready_window": Wording(
        "package",
        _("Order {number} waits for you at {point}"),
        _("Pick it up {window}. Pickup code: {code}"),
        is_discreet=True,
    ),
    "order_ready_door": Wording(
        "truck",
        _("Order {number} is at {point} and comes to your door"),
        _("{window}. Say this code to whoever brings it: {code}"),
        is_discreet=True,
    ),
    "purchase_sent": Wording(
        "package", _("The shop orders of you: {number}"), _("Please say what you will send, and when.")
    ),
    "purchase_cancelled": Wording("package", _("The shop called off {number}")),
    "order_shipped": Wording("truck", _("Order {number} is on its way"), _("{carrier} {tracking}")),
    "parcel_shipped": Wording(
        "truck", _("Parcel {position} of order {number} is on its way"), _("{carrier} {tracking}")
    ),
    "parcel_arrived": Wording("package-check", _("Parcel {position} of order {number} has arrived, says the carrier")),
    "run_planned": Wording(
        "truck", _("Order {number} comes {window}"), _("Our driver brings it; the order page says how near.")
    ),
    "load_arrived": Wording(
        "truck", _("{driver} unloads at {point}"), _("Count what came; the count is the hand-over.")
    ),
    "driver_invited": Wording("truck", _("The shop asks you to drive"), _("Read what it means, then say yes or no.")),
    "stop_missed": Wording(
        "package",
        _("We were at your door with order {number}"),
        _("Nobody was there. It comes again; tell us when it suits you."),
    ),
    "parcel_asked": Wording("package", _("The shop asks you to send a parcel to its buyer")),
    "parcel_declined": Wording("package", _("{supplier} cannot send order {number}"), _("{reason}")),
    "order_handed_over": Wording("package-check", _("Order {number} was handed over")),
    "order_received": Wording(
        "package-check",
        _("Order {number} is received"),
        _("Did it turn out well? Your word helps the people who know you."),
    ),
    "refund_paid_by_hand": Wording("banknote", _("{amount} for {title} was paid back to you"), _("{reference}")),
    "order_refunded": Wording("rotate-ccw", _("{amount} of order {number} is on its way back"), _("Reason: {reason}")),
    "claim_declined": Wording("message-circle", _("We have looked into {product}"), _("Answer: {reason}")),
    "experience_invited": Wording("pen-line", _("You kept {product}"), _("Tell the people who know you how it is.")),
    "lot_recalled": Wording(
        "triangle-alert",
        _("{product}: a lot that you bought was recalled"),
        _("Do not use it any more; your money comes back by itself. Reason: {reason}"),
    ),
    "help_answered": Wording("message-circle", _("The shop answered you about {product}"), _("{answer}")),
    "compensation_promised": Wording("banknote", _("You get {amount} on top for {product}"), _("{reason}")),
    "compensation_paid": Wording("banknote", _("{amount} for {product} was sent to you"), _("Reference: {reference}")),
    "compensation_withdrawn": Wording("banknote", _("{amount} for {product} was promised by mistake"), _("{reason}")),
    "coupon_given": Wording("ticket", _("The shop gave you a coupon"), _("{reason}")),
    "invoice_issued": Wording("receipt-text", _("Your invoice {number} is issued")),
    "dispute_decided": Wording("scale", _("We have looked at {product} again"), _("Answer: {reason}")),
    "return_asked": Wording(
        "undo-2", _("Please send {product} back"), _("The shop pays for the way; then your request is answered.")
    ),
    "return_arrived": Wording(
        "package-check", _("{product} has come back to us"), _("You are answered within {days} days.")
    ),
    "return_lapsed": Wording(
        "undo-2", _("{product} was not sent back in time"), _("Your request ended; you keep the goods.")
    ),
    "exchange_unpaid": Wording(
        "rotate-ccw",
        _("The exchange of {product} fell away"),
        _("The difference was not paid. You can still send the goods back for the money, or keep them."),
    ),
    "exchange_sent": Wording(  # as it was told before the goods that are sent were named
        "truck", _("What you wanted instead of {product} is on its way"), _("{carrier} {tracking}")
    ),
    "exchange_out": Wording("truck", _("{product}, which you chose instead, is on its way"), _("{carrier} {tracking}")),
    "exchange_given": Wording(
        "package-check",
        _("{product}, which you chose instead, was given out"),
        _("The days for complaints begin anew."),
    ),
    "lot_paused": Wording(
        "triangle-alert",
        _("Lot {lot} is paused"),
        _("{n} of {of} lines that were handed over complain about it. Look into it, then release or recall it."),
    ),
    "lot_waits": Wording(
        "clipboard-check",
        _("Lot {lot} waits for its quality check"),
        _("Nobody is given or sold it before. Open a few, write down what you find; it goes on when it passes."),
    ),
    "payout_account": Wording(
        "landmark",
        _("Your commission goes to another account now (…{tail})"),
        _("Money follows it after 24 hours. If that was not you, change it back and tell the shop."),
    ),
    "payout_sent": Wording("wallet", _("{amount} of commission is on its way to you"), _("Reference: {reference}")),
    "payout_failed": Wording("wallet", _("{amount} of commission came back to the shop"), _("Reason: {reason}")),
    # goods
    "back_in_stock": Wording(
        "package",
        _("{product} is back"),
        _("You asked to be told. Those who asked first are told first."),
        purpose=Purpose.RESTOCK,
    ),
    # stations
    "station_approved": Wording("store", _("You lead the station “{name}” now"), _("Its page and its code are ready.")),
    "station_declined": Wording("store", _("“{name}” does not become a station this time"), _("Reason: {answer}")),
    "round_closed": Wording("package", _("“{title}” is cut off"), _("{count} orders come to your station.")),
    "round_cancelled": Wording(
        "package",
        _("“{title}” was called off: nothing comes"),
        _("{count} paid orders at your station are given back."),
    ),
    "lot_recalled_here": Wording(
        "circle-alert",
        _("{product}, lot {lot} is recalled"),
        _("{units} of it lie at your station. Hand none over, and put them aside for the shop."),
    ),
    "round_below_minimum": Wording(
        "clock", _("Too few ordered: part of order {number} does not come"), _("The money for it is on its way back.")
    ),
    "round_short": Wording(
        "clock",
        _("Too little came: part of order {number} cannot be handed over"),
        _("The money for it is on its way back."),
    ),
    "round_not_fetched": Wording(
        "clock", _("Order {number} was not fetched"), _("The money for what keeps is on its way back.")
    ),
    "round_fresh_not_fetched": Wording(
        "clock", _("Fresh goods of order {number} were not fetched"), _("The money for them is on its way back.")
    ),
    "station_not_fetched": Wording(
        "clock",
        _("Order {number} was not fetched: its money goes back"),
        _("Do not hand over what lies there for it; the shop says what becomes of it."),
    ),
    "pickup_kept": Wording(
        "package", _("Order {number} still waits for you"), _("It is kept at {point} until {until}.")
    ),
    "pickup_missed": Wording(  # as it was told before the moment was named
        "package", _("Order {number} still waits for you"), _("It is kept at {point} for one more day.")
    ),
    "pickup_waits": Wording(
        "package", _("Your leader asks you to pick up order {number}"), _("It is kept at {point}.")
    ),
    "fresh_waits": Wording(
        "clock",
        _("Your fresh goods of order {number} wait until {until}"),
        _("Fetch them at {point} before; else your money goes back."),
    ),
    # stores
    "amount_asked": Wording("qr-code", _("{name} at the counter: {amount}"), _("For: {what}. Look at it and confirm.")),
    "amount_confirmed": Wording("store", _("{store} confirmed your amount"), _("You can pay for “{what}” now.")),
    "amount_declined": Wording("store", _("{store} did not confirm your amount"), _("Ask at the counter: {what}.")),
}
