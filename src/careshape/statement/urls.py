"""The addresses of a statement's pages."""

from django.urls import path

from careshape.statement import care_views, easy_views, subject_views, views
from careshape.statement.design import views as design
from careshape.statement.outlook import report_views
from careshape.statement.outlook import views as outlook
from careshape.statement.outlook.reports import KINDS
from careshape.statement.print import views as prints

urlpatterns = [
    path("", views.councils),
    path("help/", views.help_page),
    path("accessibility/", views.accessibility),
    path("<slug:slug>/", views.home),
    path("<slug:slug>/statement/<slug:name>/", views.segment),
    path("<slug:slug>/statement/<slug:name>.json", views.segment_json),
    path("<slug:slug>/statements/<slug:name>/", subject_views.subject_page),
    path("<slug:slug>/statement.pdf", prints.statement_file),
    path("<slug:slug>/statement-large-print.pdf", prints.statement_file, {"name": "statement-large-print"}),
    path("<slug:slug>/statements/<slug:name>.pdf", prints.statement_file),
    path("<slug:slug>/tables/", views.tables),
    path("<slug:slug>/tables/index.json", views.tables_json),
    path("<slug:slug>/tables/<slug:name>/", views.table),
    path("<slug:slug>/tables/<slug:name>.<slug:kind>", views.table_download),
    path("<slug:slug>/figures/<slug:key>/", views.figure),
    path("<slug:slug>/measures/", views.measures_page),
    path("<slug:slug>/measures/<slug:name>/", views.measure_page),
    path("<slug:slug>/observations/", views.observations_page),
    path("<slug:slug>/observations/<slug:name>/", views.observation_table),
    path("<slug:slug>/observations/<slug:name>.<slug:kind>", views.observation_download),
    path("<slug:slug>/outlook/", outlook.contents),
    path("<slug:slug>/outlook.<slug:kind>", outlook.gaps_download),
    path("<slug:slug>/outlook/<slug:name>/", outlook.segment),
    path("<slug:slug>/outlook/<slug:name>/<slug:group>.<slug:kind>", outlook.series_download),
    path("<slug:slug>/outlook/<slug:name>/<slug:group>/<slug:area>/", outlook.reached),
    *(path(f"<slug:slug>/{name}/", report_views.report_page, {"name": name}) for name in KINDS),
    *(path(f"<slug:slug>/{name}/<slug:leaf>/", report_views.leaf_page, {"name": name}) for name in KINDS),
    *(
        path(f"<slug:slug>/{name}/<slug:section>.<slug:kind>", report_views.report_download, {"name": name})
        for name in KINDS
    ),
    path("<slug:slug>/intentions/<slug:name>/", design.intention_page),
    path("<slug:slug>/may-i-build/", design.may_i_build_page),
    path("<slug:slug>/may-i-build.<slug:kind>", design.may_i_build_download),
    path("<slug:slug>/opportunities/", design.opportunities_page),
    path("<slug:slug>/opportunities.<slug:kind>", design.opportunities_download),
    path("<slug:slug>/end-states/", design.end_states_page),
    path("<slug:slug>/review/", design.review_page),
    path("<slug:slug>/views/", design.engagement_page),
    path("<slug:slug>/find-care/", care_views.find_care),
    path("<slug:slug>/large-print/", subject_views.large_print),
    path("<slug:slug>/large-print/<slug:name>/", views.segment, {"large": True}),
    path("<slug:slug>/easy-read/", easy_views.easy_page),
    path("<slug:slug>/easy-read/<slug:name>/", easy_views.easy_segment),
    path("<slug:slug>/about/", views.about),
    path("<slug:slug>/search/", views.search_page),
    path("<slug:slug>/index/", views.index),
    path("<slug:slug>/<slug:name>.<slug:kind>", views.listing_download),
    path("<slug:slug>/<slug:name>/", views.listing_page),
]
