"""The addresses of the place to work."""

from django.urls import path

from careshape.work import home_views

urlpatterns = [
    path("work/", home_views.home),
]
