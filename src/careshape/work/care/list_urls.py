"""Addresses of the pages of the lists by which a council buys."""

from __future__ import annotations

from django.urls import path

from careshape.work.care import (
    application_views,
    approach_views,
    grade_views,
    list_views,
    price_views,
    standing_views,
    switch_views,
)

urlpatterns = [
    path("work/lists/", list_views.lists),
    path("work/lists.<slug:kind>", list_views.lists_download),
    path("work/lists/add/", list_views.begin_page),
    path("work/lists/<int:pk>/", list_views.list_page),
    path("work/lists/<int:pk>/members.<slug:kind>", list_views.members_download),
    path("work/lists/<int:pk>/admit/", list_views.admit_page),
    path("work/lists/<int:pk>/round/", list_views.round_page),
    path("work/lists/<int:pk>/end/", list_views.end_page),
    path("work/lists/<int:pk>/lots/", list_views.lots),
    path("work/lists/<int:pk>/lots.<slug:kind>", list_views.lots_download),
    path("work/lists/<int:pk>/lots/add/", list_views.lot_page),
    path("work/lists/<int:pk>/prices/", price_views.prices),
    path("work/lists/<int:pk>/prices.<slug:kind>", price_views.prices_download),
    path("work/lists/<int:pk>/prices/add/", price_views.add_page),
    path("work/lists/<int:pk>/prices/file/", price_views.file_page),
    path("work/lists/<int:pk>/grades/", switch_views.grades_page),
    path("work/lists/<int:pk>/grades.<slug:kind>", switch_views.grades_download),
    path("work/lists/<int:pk>/grades/switch/", switch_views.switch_page),
    path("work/switches/<int:pk>/", switch_views.one_page),
    path("work/prices/<int:pk>/take-out/", price_views.take_out_page),
    path("work/members/<int:pk>/", standing_views.member_page),
    path("work/members/<int:pk>/rank/", standing_views.rank_page),
    path("work/grades/", grade_views.grades),
    path("work/grades.<slug:kind>", grade_views.grades_download),
    path("work/joining/", application_views.joining),
    path("work/joining.<slug:kind>", application_views.joining_download),
    path("work/joining/<int:pk>/", application_views.join_page),
    path("work/applications/", application_views.applications),
    path("work/applications.<slug:kind>", application_views.applications_download),
    path("work/applications/<int:pk>/", application_views.one_page),
    path("work/applications/<int:pk>/edit/", application_views.edit_page),
    path("work/applications/<int:pk>/withdraw/", application_views.withdraw_page),
    path("work/applications/<int:pk>/consider/", application_views.consider_page),
    path("work/approaches/", approach_views.approaches),
    path("work/approaches.<slug:kind>", approach_views.approaches_download),
    path("work/standing/", standing_views.own),
    path("work/standing.<slug:kind>", standing_views.own_download),
]
