"""Addresses of what is told of packages, what is owed for them, and what is paid."""

from __future__ import annotations

from django.urls import path

from careshape.work.care import owed_views, payment_views, tell_views, uplift_views, visit_views

urlpatterns = [
    path("work/packages/uplift/", uplift_views.uplift_page),
    path("work/packages/<int:pk>/tell/<slug:what>/", tell_views.tell_page),
    path("work/packages/<int:pk>/told/<int:number>/correct/", tell_views.correct_page),
    path("work/packages/<int:pk>/told/<int:number>/withdraw/", tell_views.withdraw_page),
    path("work/packages/<int:pk>/owed/", owed_views.package_owed),
    path("work/packages/<int:pk>/owed.<slug:kind>", owed_views.package_owed_download),
    path("work/visits/", visit_views.visit_files),
    path("work/visits.<slug:kind>", visit_views.visit_files_download),
    path("work/visits/add/", visit_views.visits_page),
    path("work/visits/<int:pk>/", visit_views.visit_file_page),
    path("work/visits/<int:pk>.<slug:kind>", visit_views.visit_file_download),
    path("work/owed/", owed_views.owed_page),
    path("work/owed.<slug:kind>", owed_views.owed_download),
    path("work/owed/<int:pk>/", owed_views.provider_owed),
    path("work/owed/<int:pk>.<slug:kind>", owed_views.provider_owed_download),
    path("work/payments/", payment_views.payments),
    path("work/payments.<slug:kind>", payment_views.payments_download),
    path("work/payments/make/", payment_views.make_page),
    path("work/payments/<int:pk>/", payment_views.run_page),
    path("work/payments/<int:pk>.<slug:kind>", payment_views.run_download),
]
