"""Addresses of the pages on which a person's record is kept and acts are judged by the rules."""

from __future__ import annotations

from django.urls import path

from careshape.work.care import admission_views, decide_views, entry_views, kept_views

urlpatterns = [
    path("work/supported/<int:pk>/add/<slug:part>/", entry_views.enter_page),
    path("work/supported/<int:pk>/known/<slug:known>/", entry_views.noted_page),
    path("work/supported/<int:pk>/correct/", entry_views.correct_person_page),
    path("work/supported/<int:pk>/corrections/", entry_views.corrections),
    path("work/supported/<int:pk>/corrections.<slug:kind>", entry_views.corrections_download),
    path("work/supported/kept/<slug:part>/<int:pk>/correct/", entry_views.correct_page),
    path("work/supported/kept/<slug:part>/<int:pk>/take-back/", entry_views.take_back_page),
    path("work/needs/<int:pk>/decide/", decide_views.propose_page),
    path("work/decisions/", decide_views.decisions),
    path("work/decisions.<slug:kind>", decide_views.decisions_download),
    path("work/decisions/<int:pk>/", decide_views.decision_page),
    path("work/decisions/<int:pk>/say/", decide_views.say_page),
    path("work/decisions/<int:pk>/set-aside/<slug:rule>/", decide_views.set_aside_page),
    path("work/decisions/<int:pk>/decide/", decide_views.decide_page),
    path("work/decisions/<int:pk>/withdraw/", decide_views.withdraw_page),
    path("work/packages/<int:pk>/admit/", admission_views.admit_page),
    path("work/packages/<int:pk>/admit/set-aside/<slug:rule>/", admission_views.set_aside_page),
    path("work/packages/<int:pk>/admit/take-back/", admission_views.take_back_page),
    path("work/kept/", kept_views.kept),
    path("work/kept.<slug:kind>", kept_views.kept_download),
    path("work/kept/set-aside/", kept_views.aside),
    path("work/kept/set-aside.<slug:kind>", kept_views.aside_download),
    path("work/kept/told/", kept_views.told),
    path("work/kept/told/<slug:asked>/", kept_views.tell_page),
]
