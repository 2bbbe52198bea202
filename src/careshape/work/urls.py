"""The addresses of the place to work."""

from django.urls import include, path

from careshape.work import (
    audit_views,
    home_views,
    import_views,
    job_views,
    measure_views,
    posting_views,
    register_views,
    search_views,
    token_views,
)
from careshape.work.api import service

urlpatterns = [
    path("work/", home_views.home),
    path("work/imports/", import_views.imports),
    path("work/imports.<slug:kind>", import_views.imports_download),
    path("work/imports/new/", import_views.bring_page),
    path("work/imports/withdraw/", import_views.withdraw_page),
    path("work/imports/<int:pk>/", import_views.import_page),
    path("work/imports/<int:pk>/progress.json", import_views.progress),
    path("work/imports/<int:pk>/post/", import_views.post_page),
    path("work/imports/<int:pk>/discard/", import_views.discard_page),
    path("work/imports/<int:pk>/again/", import_views.again_page),
    path("work/imports/<int:pk>/refused.csv", import_views.refused_download),
    path("work/imports/<int:pk>/report.<slug:kind>", import_views.report_download),
    path("work/postings/", posting_views.postings),
    path("work/postings.<slug:kind>", posting_views.postings_download),
    path("work/postings/<int:number>/", posting_views.posting_page),
    path("work/registers/<slug:which>/", register_views.register),
    path("work/registers/<slug:which>.<slug:kind>", register_views.register_download),
    path("work/registers/<slug:which>/<str:number>/", register_views.entry),
    path("work/organisation/", register_views.organisation),
    path("work/measures/", measure_views.measures_page),
    path("work/measures.<slug:kind>", measure_views.measures_download),
    path("work/search/", search_views.search_page),
    path("work/jobs/", job_views.jobs),
    path("work/jobs.<slug:kind>", job_views.jobs_download),
    path("work/jobs/<int:pk>/", job_views.job_page),
    path("work/jobs/<int:pk>/cancel/", job_views.cancel_page),
    path("work/jobs/<int:pk>/retry/", job_views.retry_page),
    path("work/audit/", audit_views.events),
    path("work/audit.<slug:kind>", audit_views.events_download),
    path("work/audit/verify/", audit_views.verify_page),
    path("account/tokens/", token_views.tokens),
    path("account/tokens/<int:pk>/revoke/", token_views.revoke_page),
    path("api/v1/", service.documentation),
    path("api/v1/openapi.json", service.openapi),
    path("api/v1/", include(service.operations)),
]
