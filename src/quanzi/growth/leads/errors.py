"""Refusals of the room."""

from quanzi.kernel.errors import DomainError, InvalidInput
from quanzi.kernel.words import N_


class TopicForbidden(DomainError):
    code = "topic_forbidden"
    message = N_("The shop allows no offers on this topic.")


class SentenceNeeded(InvalidInput):
    code = "topic_sentence_needed"
    message = N_("This topic is sensitive. Please agree to its own sentence first.")


class HoursNeeded(InvalidInput):
    code = "offer_hours_needed"
    message = N_("Choose hours between {least} and {most} o’clock, the first before the last.")


class SpanNeeded(InvalidInput):
    code = "topic_span_needed"
    message = N_("Choose from whom, and for 30, 90 or 365 days.")


class TopicWordsNeeded(InvalidInput):
    code = "topic_words_needed"
    message = N_("A topic needs a name of its own and one to forty words.")


class NotALeader(DomainError):
    code = "watch_not_a_leader"
    message = N_("Only leaders and the shop look out for topics.")


class TooManyWatches(DomainError):
    code = "watches_too_many"
    message = N_("You look out for {most} things already. End one first.")


class WatchWords(InvalidInput):
    code = "watch_words"
    message = N_("At most five words of two to twenty characters.")


class WordsNeeded(InvalidInput):
    code = "offer_words_needed"
    message = N_("Say what you offer in at most 300 characters.")


class NoConsent(DomainError):
    code = "offer_without_consent"
    message = N_("They are not open to this, or not any more. Nothing was sent.")


class OfferedOnce(DomainError):
    code = "offer_once"
    message = N_("You have offered something here already. The next word is theirs.")


class BeyondAttention(DomainError):
    code = "offer_beyond_attention"
    message = N_("They have had as many messages as they want this week. Nothing was sent; try again in a few days.")


class TooMuch(DomainError):
    code = "offer_too_much"
    message = N_(
        "You wrote several times without an answer, so there is a pause now. Nothing was sent. What helps: a useful answer under "
        "their post, without goods in it, and time."
    )


class CoolsDown(DomainError):
    code = "offer_cools_down"
    message = N_("They said no, or want to hear less from you. Leave them in peace for ninety days.")


class AnsweredOnce(DomainError):
    code = "offer_answered"
    message = N_("You have answered this already.")
