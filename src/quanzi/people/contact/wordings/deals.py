"""What is told about buying together, and about what is made or comes at its time."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from quanzi.people.contact.models import Purpose
from quanzi.people.contact.wordings.wording import Wording

WORDINGS: dict[str, Wording] = {
    # deals
    "team_opened": Wording("users", _("Your team for {product} is open"), _("{left} more to go, until {deadline}.")),
    "team_joined": Wording("users", _("{name} joined your team for {product}"), _("{left} more to go.")),
    "team_succeeded": Wording(
        "party-popper", _("The team for {product} is complete"), _("We prepare your order {number} now.")
    ),
    "ladder_joined": Wording(
        "users",
        _("{name} joined your team for {product}"),
        _("Enough have paid; {more} more may still make it cheaper."),
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
    "team_left": Wording("log-out", _("You left the team for {product}"), _("{amount} is on its way back to you.")),
    "team_late": Wording(
        "clock",
        _("Your payment came after the team for {product} had closed"),
        _("{amount} is on its way back to you."),
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
    # chains
    "chain_closes": Wording("list", _("“{title}” in “{circle}” closes soon"), purpose=Purpose.CIRCLE),
    "chain_pay": Wording("clock", _("You signed up for “{title}”: please pay order {number}")),
    "chain_called_off": Wording(
        "rotate-ccw", _("“{title}” was called off"), _("Nothing of order {number} is charged. Reason: {reason}")
    ),
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
}
