"""The addresses of readers; they stand before those of editions and of the statement as it is today."""

from django.urls import path

from careshape.readers import change_views, feed_views, part_views, views

urlpatterns = [
    path("following/stop/<str:token>/", views.stop_page),
    path("<slug:slug>/feed.xml", feed_views.feed),
    path("<slug:slug>/take-part/", part_views.take_part),
    path("<slug:slug>/editions/feed/<slug:segment>.xml", feed_views.segment_feed),
    path("<slug:slug>/editions/<int:number>/changes/", change_views.changes_page),
    path("<slug:slug>/editions/<int:number>/changes.<slug:kind>", change_views.changes_download),
    path("<slug:slug>/editions/<int:number>/comments/", views.comments_page),
]
