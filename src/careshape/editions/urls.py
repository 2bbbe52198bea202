"""The addresses of editions; they stand before those of the statement as it is today."""

from django.urls import path

from careshape.editions import views

urlpatterns = [
    path("<slug:slug>/editions/", views.editions),
    path("<slug:slug>/editions/<int:number>/", views.edition_file),
    path("<slug:slug>/editions/<int:number>/<path:path>", views.edition_file),
    path("<slug:slug>/latest/", views.latest),
    path("<slug:slug>/latest/<path:path>", views.latest),
]
