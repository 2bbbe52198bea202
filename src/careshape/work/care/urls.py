"""Addresses of the pages on which care is arranged."""

from __future__ import annotations

from django.urls import path

from careshape.work.care import (
    asked_views,
    barred_views,
    failure_views,
    filling_views,
    package_views,
    person_views,
    quote_views,
    request_views,
    round_views,
    taught_views,
)
from careshape.work.care.capacity_urls import urlpatterns as capacity_patterns
from careshape.work.care.judged_urls import urlpatterns as judged_patterns
from careshape.work.care.list_urls import urlpatterns as list_patterns
from careshape.work.care.package_urls import urlpatterns as package_patterns
from careshape.work.care.provider_urls import urlpatterns as provider_patterns
from careshape.work.care.room_urls import urlpatterns as room_patterns

urlpatterns = [
    *judged_patterns,
    *list_patterns,
    path("work/supported/", person_views.supported),
    path("work/supported.<slug:kind>", person_views.supported_download),
    path("work/supported/add/", person_views.add_page),
    path("work/supported/<int:pk>/", person_views.person_page),
    path("work/supported/<int:pk>/looked-at/<slug:fact>/", person_views.assess_page),
    path("work/supported/<int:pk>/ask/", person_views.ask_page),
    path("work/supported/<int:pk>/close/", person_views.close_page),
    path("work/supported/<int:pk>/reopen/", person_views.reopen_page),
    path("work/requests/", request_views.requests),
    path("work/requests.<slug:kind>", request_views.requests_download),
    path("work/requests/<int:pk>/", request_views.request_page),
    path("work/requests/<int:pk>/say/", request_views.say_page),
    path("work/requests/<int:pk>/set-aside/<slug:rule>/", request_views.set_aside_page),
    path("work/requests/<int:pk>/barred/", barred_views.barred_page),
    path("work/requests/<int:pk>/correct/", filling_views.correct_page),
    path("work/requests/<int:pk>/visits/", filling_views.visits_page),
    path("work/requests/<int:pk>/needs/", filling_views.needs_page),
    path("work/requests/<int:pk>/again/", filling_views.again_page),
    path("work/requests/<int:pk>/next/", request_views.next_page),
    path("work/requests/<int:pk>/withdraw/", request_views.withdraw_page),
    path("work/requests/<int:pk>/send/", request_views.send_page),
    path("work/offers/<int:pk>/award/", request_views.award_page),
    path("work/rounds/", round_views.rounds),
    path("work/rounds.<slug:kind>", round_views.rounds_download),
    path("work/rounds/add/", round_views.round_new_page),
    path("work/rounds/<int:pk>/", round_views.round_page),
    path("work/rounds/<int:pk>/proposals.<slug:kind>", round_views.proposals_download),
    path("work/rounds/<int:pk>/accept/", round_views.accept_page),
    path("work/proposals/<int:pk>/", round_views.proposal_page),
    path("offers/<str:token>/", asked_views.link_page),
    path("work/unmet/", taught_views.unmet_page),
    path("work/unmet.<slug:kind>", taught_views.unmet_download),
    path("work/fairness/", taught_views.fairness_page),
    path("work/fairness.<slug:kind>", taught_views.fairness_download),
    path("work/finding/", taught_views.finding_page),
    path("work/finding.<slug:kind>", taught_views.finding_download),
    path("work/quotes/", quote_views.quotes_page),
    path("work/quotes.<slug:kind>", quote_views.quotes_download),
    path("work/failures/", failure_views.failures),
    path("work/failures.<slug:kind>", failure_views.failures_download),
    path("work/failures/drill/", failure_views.drill_choice),
    path("work/failures/drill/<int:pk>/", failure_views.drill_page),
    path("work/failures/drill/<int:pk>.<slug:kind>", failure_views.drill_download),
    path("work/failures/drill/<int:pk>/stops/", failure_views.fail_page),
    path("work/failures/<int:pk>/", failure_views.failure_page),
    path("work/failures/<int:pk>/affected.<slug:kind>", failure_views.affected_download),
    path("work/failures/<int:pk>/anew/", failure_views.anew_page),
    path("work/asked/", asked_views.asked),
    path("work/asked.<slug:kind>", asked_views.asked_download),
    path("work/asked/<int:pk>/", asked_views.answer_page),
    path("work/packages/", package_views.packages),
    path("work/packages.<slug:kind>", package_views.packages_download),
    path("work/packages/<int:pk>/", package_views.package_page),
    *capacity_patterns,
    *package_patterns,
    *provider_patterns,
    *room_patterns,
]
