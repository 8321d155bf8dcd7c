"""How each kind of notice is worded. `params` of the notice fill the braces; the reader's language is used.

A room that needs a new kind adds a line here: the wording of a kind must be known before the first one is sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from quanzi.kernel.errors import fill
from quanzi.people.contact.models import Purpose


@dataclass(frozen=True)
class Wording:
    """icon: a name of the icon set; both texts are English sources, translated when read.

    purpose: what a member allows when they let this kind reach their devices; is_discreet: the body is not for a locked screen.
    """

    icon: str
    title: str
    body: str = ""
    purpose: Purpose = Purpose.AFFAIRS
    is_discreet: bool = False


WORDINGS: dict[str, Wording] = {
    # people
    "tie_asked": Wording(
        "user-plus",
        _("{name} would like to be tied to you as {kind}"),
        _("You decide; nobody is told when you decline."),
    ),
    "tie_accepted": Wording("users", _("{name} agreed: you are tied now")),
    "guest_arrived": Wording("user-plus", _("{name} joined through your invitation")),
    "report_decided": Wording("flag", _("We have looked at what you reported"), _("Decision: {decision}")),
    "left_out": Wording(
        "scale",
        _("What you bought and said does not count for others for now"),
        _(
            "Your orders, money and words stay. Reason: {reason} If that is wrong, object by the page on your data; a person looks again."
        ),
    ),
    "counted_again": Wording(
        "circle-check", _("What you bought and said counts for others again"), _("Reason: {reason}")
    ),
    "second_step_reset": Wording(
        "key-round",
        _("{name} reset your second step"),
        _("Set a new one at the next login. If you did not ask for that, tell another owner of the shop."),
    ),
    "erasure_withdrawn": Wording(
        "shield-check", _("Your account stays"), _("You logged in, which took back the request to erase it.")
    ),
    # community
    "join_asked": Wording("users", _("{name} would like to join “{circle}”"), purpose=Purpose.CIRCLE),
    "circle_joined": Wording("users", _("You are in “{circle}” now"), purpose=Purpose.CIRCLE),
    "guest_joined": Wording("users", _("{name} joined “{circle}” through you"), purpose=Purpose.CIRCLE),
    "join_refused": Wording(
        "users", _("“{circle}” did not take you in this time"), _("Reason: {reason}"), purpose=Purpose.CIRCLE
    ),
    "circle_removed": Wording(
        "users", _("You are no longer in “{circle}”"), _("Reason: {reason}"), purpose=Purpose.CIRCLE
    ),
    "split_found": Wording(
        "users",
        _("“{circle}” has grown into several circles"),
        _("Look at the cut; you decide whether it is split."),
        purpose=Purpose.CIRCLE,
    ),
    "split_placed": Wording(
        "users",
        _("“{circle}” was split; you are in “{part}” too"),
        _("Nothing of the old circle is lost. For fourteen days you may choose another part, several, or none."),
        purpose=Purpose.CIRCLE,
    ),
    "split_unclear": Wording(
        "users",
        _("“{circle}” was split; where would you like to be?"),
        _("Your place in the old circle stays. For fourteen days you may choose a part, several, or none."),
        purpose=Purpose.CIRCLE,
    ),
    "split_lead": Wording(
        "user-plus", _("Would you lead “{part}”?"), _("People there trust you. You may say no."), purpose=Purpose.CIRCLE
    ),
    "split_led": Wording("users", _("“{part}” has its leader"), purpose=Purpose.CIRCLE),
    "split_not_led": Wording(
        "users",
        _("Nobody leads “{part}” yet"),
        _("Whom you asked said no. You keep it meanwhile."),
        purpose=Purpose.CIRCLE,
    ),
    "split_undone": Wording(
        "users",
        _("“{circle}” is one circle again"),
        _(
            "Words from open circles came along; what was said behind a door stays there, to be read by the same people."
        ),
        purpose=Purpose.CIRCLE,
    ),
    "comment": Wording("message-circle", _("{name} commented on “{title}”"), purpose=Purpose.CIRCLE),
    "answer_accepted": Wording("check", _("Your answer to “{title}” was accepted"), purpose=Purpose.CIRCLE),
    "post_hidden": Wording("eye-off", _("“{title}” was hidden"), _("Reason: {reason}"), purpose=Purpose.CIRCLE),
    "sample_offered": Wording(
        "gift",
        _("Would you try “{goods}”?"),
        _(
            "A sample is free. You decide, and what you say of it is yours. You agreed to be asked; it is at most once in thirty days."
        ),
    ),
    "sample_sent": Wording("gift", _("Your sample of “{goods}” is on its way")),
    "call_to_lead": Wording(
        "store",
        _("Would you look after a station in {area}?"),
        _("No station is near there, and people rely on you. Look at why we ask; a no is told to nobody."),
    ),
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
    "order_refunded": Wording("rotate-ccw", _("{amount} of order {number} is on its way back"), _("Reason: {reason}")),
    "claim_declined": Wording("message-circle", _("We have looked into {product}"), _("Answer: {reason}")),
    "experience_invited": Wording("pen-line", _("You kept {product}"), _("Tell the people who know you how it is.")),
    "lot_recalled": Wording(
        "triangle-alert", _("{product}: a lot that you bought was recalled"), _("Reason: {reason}")
    ),
    "help_answered": Wording("message-circle", _("The shop answered you about {product}"), _("{answer}")),
    "compensation_promised": Wording("banknote", _("You get {amount} on top for {product}"), _("{reason}")),
    "compensation_paid": Wording("banknote", _("{amount} for {product} was sent to you"), _("Reference: {reference}")),
    "compensation_withdrawn": Wording("banknote", _("{amount} for {product} was promised by mistake"), _("{reason}")),
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
    "exchange_sent": Wording(
        "truck", _("What you wanted instead of {product} is on its way"), _("{carrier} {tracking}")
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
    # deals
    "team_opened": Wording("users", _("Your team for {product} is open"), _("{left} more to go, until {deadline}.")),
    "team_joined": Wording("users", _("{name} joined your team for {product}"), _("{left} more to go.")),
    "team_succeeded": Wording(
        "party-popper", _("The team for {product} is complete"), _("We prepare your order {number} now.")
    ),
    "ladder_joined": Wording(
        "users", _("{name} joined your team for {product}"), _("It comes about; {more} more may still make it cheaper.")
    ),
    "ladder_ended": Wording(
        "party-popper",
        _("The team for {product} is complete: {people} people, {final} each"),
        _("We prepare your order {number} now. What you paid above that comes back by itself."),
    ),
    "team_not_new": Wording(
        "clock",
        _("The team for {product} is for people who are new here"),
        _("You had bought before, so {amount} is on its way back to you."),
    ),
    "team_failed": Wording(
        "clock", _("The team for {product} did not fill up"), _("{amount} is on its way back to you.")
    ),
    # polls
    "poll_asked": Wording(
        "message-circle-question-mark",
        _("{name} asks you before buying: {product}"),
        _("Yes or no? Only {name} reads your answer."),
    ),
    "poll_answered": Wording("message-circle", _("{name} answered your question")),
    "poll_ended": Wording(
        "clock",
        _("Your question to friends has ended: {answers} answered"),
        _("Price and goods are not held any more. Tell them what you decided."),
    ),
    "poll_decided": Wording("message-circle", _("{name} decided what you were asked about")),
    "poll_thanked": Wording("heart-handshake", _("{name} thanks you: your answer helped")),
    # bargains
    "bargain_agreed": Wording(
        "hand-coins",
        _("The shop agreed on {product}: {price} each"),
        _("From {people} people on. Open the team or send its link. {answer}"),
    ),
    "bargain_declined": Wording("hand-coins", _("The shop said no to the wish for {product}"), _("Reason: {answer}")),
    # leads
    "offer_came": Wording(
        "message-circle",
        _("{name} has something for what you wrote"),
        _("Thank them, ask, or say no; one word is enough."),
    ),
    "offer_came_shop": Wording(
        "message-circle",
        _("The shop has something for what you wrote"),
        _("Say thanks, ask, or no; one word is enough."),
    ),
    "suggestion_came": Wording(
        "message-circle", _("{name} thought of you: {product}"), _("Say thanks, ask, or no; one word is enough.")
    ),
    "offer_thanks": Wording("heart-handshake", _("{name} thanks you for your offer")),
    "offer_ask": Wording("message-circle", _("{name} would like to know more about your offer")),
    # needs
    "need_seeking": Wording("search", _("The shop is looking for what you want"), _("{answer}")),
    "need_found": Wording("sprout", _("What you wanted is here"), _("{answer}")),
    "need_preorder": Wording("sprout", _("What you wanted can be ordered ahead"), _("{answer}")),
    "need_declined": Wording("search", _("The shop will not have what you wanted"), _("Reason: {answer}")),
    # chains
    "chain_closes": Wording("list", _("“{title}” in “{circle}” closes soon"), purpose=Purpose.CIRCLE),
    "chain_pay": Wording("clock", _("You signed up for “{title}”: please pay order {number}")),
    "chain_called_off": Wording(
        "rotate-ccw", _("“{title}” was called off"), _("Nothing of order {number} is charged. Reason: {reason}")
    ),
    # stations
    "station_approved": Wording("store", _("You lead the station “{name}” now"), _("Its page and its code are ready.")),
    "station_declined": Wording("store", _("“{name}” does not become a station this time"), _("Reason: {answer}")),
    "round_closed": Wording("package", _("“{title}” is cut off"), _("{count} orders come to your station.")),
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
    "pickup_missed": Wording(
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
    # preorders
    "preorder_held": Wording(
        "hourglass",
        _("Your place in “{title}” counts"),
        _("The deposit of {amount} is held safely. You can leave at any time."),
    ),
    "preorder_made": Wording(
        "package", _("“{title}” is being made"), _("{count} are ordered. We tell you when the balance is due.")
    ),
    "preorder_news": Wording("package", _("News of “{title}”"), _("{text}")),
    "preorder_balance": Wording(
        "wallet",
        _("The balance for “{title}” can be paid now"),
        _("Until {until}. If you do not, the whole deposit comes back."),
    ),
    "preorder_date": Wording(
        "calendar-days",
        _("“{title}” would leave by {after} instead. Is that all right?"),
        _("Please answer until {until}. Without your yes everything comes back."),
    ),
    "preorder_missed": Wording(
        "clock", _("Too few took part in “{title}”"), _("Your {amount} is on its way back to you.")
    ),
    "preorder_off": Wording("clock", _("“{title}” was called off"), _("Your {amount} is on its way back to you.")),
    "preorder_left": Wording("log-out", _("You left “{title}”"), _("Your {amount} is on its way back to you.")),
    "preorder_date_no": Wording(
        "calendar-days", _("You said no to the new date of “{title}”"), _("Your {amount} is on its way back to you.")
    ),
    "preorder_silent": Wording(
        "calendar-days",
        _("We heard nothing from you about the new date of “{title}”"),
        _("Your {amount} is on its way back to you."),
    ),
    "preorder_lapsed": Wording(
        "clock", _("The balance for “{title}” was not paid in time"), _("Your {amount} is on its way back to you.")
    ),
    # launches
    "launch_turn": Wording(
        "clock", _("It is your turn: “{title}”"), _("Order until {until}; after that your turn passes on.")
    ),
    "launch_passed": Wording(
        "clock", _("Your turn for “{title}” has passed on"), _("You can enter again at the end of the queue.")
    ),
    "launch_sold_out": Wording(
        "clock", _("“{title}” is sold out"), _("Your turn did not come this time. Nothing was charged.")
    ),
    "launch_time_up": Wording(
        "clock", _("“{title}” is over"), _("Your turn did not come this time. Nothing was charged.")
    ),
    "launch_called_off": Wording("clock", _("“{title}” was called off"), _("Nothing was charged.")),
    "piece_offered": Wording(
        "hash",
        _("{title}: number {number} is free for you"),
        _("Order it until {until}; after that the next one is asked."),
    ),
    "day_opens": Wording(
        "calendar-days",
        _("“{title}” is open"),
        _("Until {until}. You asked to be reminded of this one."),
        purpose=Purpose.DEALS,
    ),
    # programs
    "webhook_paused": Wording(
        "triangle-alert",
        _("Webhooks to {url} are paused"),
        _("It has not answered for three days. What happens waits there; switch it on when it answers again."),
    ),
    "webhook_gone": Wording(
        "triangle-alert",
        _("Webhooks to {url} are off"),
        _("It answered that it is gone (410). Switch it on again if that was a mistake."),
    ),
    "team_left": Wording("log-out", _("You left the team for {product}"), _("{amount} is on its way back to you.")),
    "team_late": Wording(
        "clock",
        _("Your payment came after the team for {product} had closed"),
        _("{amount} is on its way back to you."),
    ),
}


@dataclass(frozen=True)
class NoticeWords:
    """A notice as the reader sees it."""

    icon: str
    title: str
    body: str


def words_of(kind: str, params: Mapping[str, Any]) -> NoticeWords:
    """The wording of a stored notice in the active language; a kind that this version has forgotten shows its name."""
    wording = WORDINGS.get(kind, Wording("bell", kind))
    said = {name: gettext(value) if name in ("kind", "decision") else value for name, value in params.items()}
    return NoticeWords(
        wording.icon, fill(gettext(wording.title), said), fill(gettext(wording.body), said) if wording.body else ""
    )
