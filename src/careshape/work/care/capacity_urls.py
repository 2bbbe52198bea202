"""Addresses of the pages of capacity: returns, what is free, and alerts."""

from __future__ import annotations

from django.urls import path

from careshape.work.care import alert_views, capacity_views, return_file_views, return_views

urlpatterns = [
    path("work/returns/", return_views.returns),
    path("work/returns.<slug:kind>", return_views.returns_download),
    path("work/returns/<int:pk>/<slug:what>/", return_views.send_page),
    path("work/returns/files/", return_file_views.files),
    path("work/returns/files.<slug:kind>", return_file_views.files_download),
    path("work/returns/files/add/", return_file_views.add_page),
    path("work/returns/files/<int:pk>/", return_file_views.file_page),
    path("work/returns/files/<int:pk>/report.<slug:kind>", return_file_views.report_download),
    path("work/returns/files/<int:pk>/refused.csv", return_file_views.rows_download),
    path("work/capacity/<slug:what>/", capacity_views.capacity_page),
    path("work/capacity/<slug:what>.<slug:kind>", capacity_views.capacity_download),
    path("work/capacity/locations/<int:pk>/<slug:what>/", capacity_views.location_page),
    path("work/capacity/locations/<int:pk>/<slug:what>.<slug:kind>", capacity_views.location_download),
    path("work/alerts/", alert_views.alerts_page),
    path("work/alerts.<slug:kind>", alert_views.alerts_download),
]
