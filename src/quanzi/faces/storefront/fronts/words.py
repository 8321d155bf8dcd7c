"""How facts of a record and links of a report are said."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext

from quanzi.growth.fronts.queries.record import Fact


@dataclass(frozen=True)
class FactWords:
    """title: what is counted; yes, no: how one case of it is called."""

    title: str
    yes: str
    no: str
    icon: str


def of_role(role: str) -> str:
    return {
        "maker": gettext("Goods of their own making"),
        "leader": gettext("At the pickup points they lead"),
        "supplier": gettext("Goods they supply"),
        "": gettext("What they tell others"),
    }[role]


def fact_words(fact: Fact) -> FactWords:
    return {
        "kept": FactWords(gettext("Kept, of lines that were kept or returned"), gettext("Kept"), gettext("Returned"), "check"),
        "complaints": FactWords(
            gettext("Lines with a complaint that was upheld"), gettext("Complaint upheld"), gettext("No complaint"), "circle-alert"
        ),
        "disputes": FactWords(
            gettext("Disputes that the buyer won"), gettext("The buyer won"), gettext("The answer stood"), "scale"
        ),
        "counted": FactWords(
            gettext("Deliveries counted in time"), gettext("In time"), gettext("Not in time"), "clipboard-check"
        ),
        "on_time": FactWords(gettext("Deliveries to the shop in time"), gettext("In time"), gettext("Late"), "truck"),
        "replies": FactWords(
            gettext("Questions about their goods answered within two days"), gettext("Answered within two days"),
            gettext("No answer within two days"), "message-circle",
        ),
        "answers": FactWords(gettext("Answers that helped, says who asked"), gettext("Helped"), "", "check"),
        "advice": FactWords(gettext("Goods kept by people whom they told about them"), gettext("Kept"), "", "heart-handshake"),
        "experiences": FactWords(gettext("Experiences with goods that they kept"), gettext("Experience"), "", "pen-line"),
    }[fact.what]  # fmt: skip
