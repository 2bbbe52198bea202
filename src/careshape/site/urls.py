"""The addresses of the site."""

from django.urls import include, path
from django.views.generic.base import RedirectView

from careshape.policy.views import does
from careshape.site import health
from careshape.site.beginnings import by_beginning

IN_ORDER = [
    path("favicon.ico", does("site.static")(RedirectView.as_view(url="/static/careshape/favicon.svg", permanent=True))),
    path("health/live", health.live, name="health-live"),
    path("health/ready", health.ready, name="health-ready"),
    path("", include("careshape.accounts.urls")),
    path("", include("careshape.jobs.urls")),
    path("", include("careshape.reuse.urls")),
    path("", include("careshape.work.urls")),
    path("", include("careshape.readers.urls")),
    path("", include("careshape.editions.urls")),
    path("", include("careshape.statement.urls")),
]
urlpatterns = by_beginning(IN_ORDER)

handler400 = "careshape.statement.views.bad_request"
handler403 = "careshape.site.problems.forbidden"
handler404 = "careshape.statement.views.not_found"
handler500 = "careshape.site.middleware.server_error"
