"""Addresses of what belongs to pages of one's own."""

from django.urls import URLPattern, path

from quanzi.faces.storefront.fronts import arranging, record, report, updates

fronts_urls: list[URLPattern] = [
    path("me/front", arranging.arrange, {"kind": "u"}, name="u_arrange"),
    path("c/<slug:slug>/front", arranging.arrange, {"kind": "c"}, name="c_arrange"),
    path("m/<slug:slug>/front", arranging.arrange, {"kind": "m"}, name="m_arrange"),
    path("station/<slug:slug>/front", arranging.arrange, {"kind": "s"}, name="s_arrange"),
    path("me/front/report", report.report, {"kind": "u"}, name="u_report"),
    path("c/<slug:slug>/report", report.report, {"kind": "c"}, name="c_report"),
    path("m/<slug:slug>/report", report.report, {"kind": "m"}, name="m_report"),
    path("station/<slug:slug>/report", report.report, {"kind": "s"}, name="s_report"),
    path("me/front/news", updates.updates, {"kind": "u"}, name="u_news"),
    path("c/<slug:slug>/news", updates.updates, {"kind": "c"}, name="c_news"),
    path("m/<slug:slug>/news", updates.updates, {"kind": "m"}, name="m_news"),
    path("u/<int:member_id>/record", record.record, name="record"),
    path("u/<int:member_id>/record/<slug:measure>", record.cases, name="record_cases"),
]
