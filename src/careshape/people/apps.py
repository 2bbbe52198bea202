"""The app of people."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """People whom a council supports."""

    name = "careshape.people"
    label = "people"
    verbose_name = "People who are supported"
