"""Addresses of background work that a script asks for; the pages for people are the place to work's."""

from django.urls import path

from careshape.jobs import views

urlpatterns = [
    path("work/jobs/<int:pk>/progress.json", views.progress, name="job-progress"),
]
