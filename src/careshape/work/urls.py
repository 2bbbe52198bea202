"""The addresses of the place to work."""

from django.urls import path

from careshape.work import home_views, import_views

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
]
