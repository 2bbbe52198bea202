"""Addresses of the pages of places to live, and of their match with requests."""

from __future__ import annotations

from django.urls import path

from careshape.work.care import fit_views, room_views

urlpatterns = [
    path("work/rooms/", room_views.rooms_page),
    path("work/rooms.<slug:kind>", room_views.rooms_download),
    path("work/rooms/add/", room_views.add_page),
    path("work/rooms/<int:pk>/", room_views.room_page),
    path("work/rooms/<int:pk>/correct/", room_views.correct_page),
    path("work/rooms/<int:pk>/agree/", room_views.agree_page),
    path("work/rooms/<int:pk>/in/", room_views.in_page),
    path("work/rooms/<int:pk>/out/", room_views.out_page),
    path("work/requests/<int:pk>/rooms/", fit_views.fits_page),
]
