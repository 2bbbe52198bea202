"""Addresses of the register of providers: who there is, what each has shown, and tenders."""

from __future__ import annotations

from django.urls import path

from careshape.work.care import evidence_views, provider_keep_views, provider_views, settle_views, tender_views

urlpatterns = [
    path("work/providers/", provider_views.providers),
    path("work/providers.<slug:kind>", provider_views.providers_download),
    path("work/providers/add/", provider_keep_views.add_page),
    path("work/providers/regulator/", provider_keep_views.bring),
    path("work/providers/regulator.<slug:kind>", provider_keep_views.bring_download),
    path("work/providers/<int:pk>/", provider_views.provider_page),
    path("work/providers/<int:pk>/correct/", provider_keep_views.correct_page),
    path("work/providers/<int:pk>/location/", provider_keep_views.locate_page),
    path("work/providers/<int:pk>/regulator/", provider_keep_views.regulator_page),
    path("work/providers/<int:pk>/grade/", provider_keep_views.grade_page),
    path("work/providers/<int:pk>/show/", evidence_views.show_page),
    path("work/provider-locations/<int:pk>/", provider_keep_views.location_page),
    path("work/shown/", evidence_views.evidence),
    path("work/shown.<slug:kind>", evidence_views.evidence_download),
    path("work/shown/<int:pk>/", evidence_views.one_page),
    path("work/shown/<int:pk>/check/", evidence_views.check_page),
    path("work/shown/<int:pk>/withdraw/", evidence_views.withdraw_page),
    path("work/tenders/", tender_views.tenders),
    path("work/tenders.<slug:kind>", tender_views.tenders_download),
    path("work/tenders/add/", tender_views.add_page),
    path("work/tenders/<int:pk>/", tender_views.decide_page),
    path("work/tenders/<int:pk>/outcome/", settle_views.outcome_page),
    path("work/tenders/<int:pk>/outcome.<slug:kind>", settle_views.outcome_download),
    path("work/tenders/<int:pk>/settle/", settle_views.settle_page),
    path("work/tenders/<int:pk>/settle/file/", settle_views.file_page),
    path("work/tenders/<int:pk>/settle/confirm/", settle_views.confirm_page),
]
