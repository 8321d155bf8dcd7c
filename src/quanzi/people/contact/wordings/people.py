"""What is told about people, circles and what they say."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from quanzi.people.contact.models import Purpose
from quanzi.people.contact.wordings.wording import Wording

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
    "circle_role_founder": Wording(
        "users",
        _("“{circle}” is yours now"),
        _("Its founder handed it over to you. You can hand it on in the circle at any time."),
        purpose=Purpose.CIRCLE,
    ),
    "circle_role_moderator": Wording(
        "users",
        _("You are a moderator of “{circle}” now"),
        _("Its founder named you. You answer who asks to join, and look at what is reported."),
        purpose=Purpose.CIRCLE,
    ),
    "circle_role_member": Wording(
        "users", _("You are no moderator of “{circle}” any more"), _("You stay a member."), purpose=Purpose.CIRCLE
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
    "film_failed": Wording("film", _("The film in “{title}” could not be prepared"), purpose=Purpose.CIRCLE),
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
    # needs
    "wanted_seeking": Wording("search", _("The shop is looking for “{what}”"), _("{answer}")),
    "wanted_found": Wording("sprout", _("“{what}” is here, which you wanted"), _("{answer}")),
    "wanted_preorder": Wording("sprout", _("“{what}” can be ordered ahead"), _("{answer}")),
    "wanted_declined": Wording("search", _("The shop will not have “{what}”"), _("Reason: {answer}")),
    "need_seeking": Wording("search", _("The shop is looking for what you want"), _("{answer}")),
    "need_found": Wording("sprout", _("What you wanted is here"), _("{answer}")),
    "need_preorder": Wording("sprout", _("What you wanted can be ordered ahead"), _("{answer}")),
    "need_declined": Wording("search", _("The shop will not have what you wanted"), _("Reason: {answer}")),
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
    "update_came": Wording("bell", _("News of {name}"), _("You follow them. One tap, and you hear no more.")),
    "update_thanks": Wording("heart-handshake", _("{name} thanks you for your news")),
    "update_ask": Wording("message-circle", _("{name} would like to know more about your news")),
    "offer_thanks": Wording("heart-handshake", _("{name} thanks you for your offer")),
    "offer_ask": Wording("message-circle", _("{name} would like to know more about your offer")),
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
}
