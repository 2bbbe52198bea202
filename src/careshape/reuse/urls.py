"""The addresses of reuse; they stand before those of the place to work and of the statements."""

from django.urls import path

from careshape.reuse import api, evidence_views, form_views, regional_views

_ONE = "api/open/v1/councils/<slug:slug>/editions/<slug:edition>"

urlpatterns = [
    path("schemas/market-position-statement/", form_views.form),
    path("schemas/market-position-statement/<str:version>/", form_views.form),
    path("schemas/market-position-statement/<str:version>/<str:name>", form_views.form_document),
    path("api/open/v1/", form_views.documentation),
    path("api/open/v1/openapi.json", form_views.openapi),
    path("api/open/v1/councils", api.councils),
    path("api/open/v1/councils/<slug:slug>/editions", api.editions),
    path(f"{_ONE}/statement", api.statement),
    path(f"{_ONE}/tables", api.tables),
    path(f"{_ONE}/tables/<str:name>", api.table),
    *(path(f"{_ONE}/{part}", view) for part, view in api.LISTED.items()),
    path("regional/", regional_views.regional),
    path("regional.<slug:kind>", regional_views.regional_download),
    path("regional/councils/", regional_views.sources),
    path("<slug:slug>/evidence/", evidence_views.evidence),
    path("<slug:slug>/evidence.<slug:kind>", evidence_views.evidence_download),
]
