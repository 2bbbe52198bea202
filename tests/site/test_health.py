"""Whether the site says that it lives and can serve, and only then."""

from __future__ import annotations

import pytest
from django.db import connection


@pytest.mark.django_db
def test_site_is_ready_where_database_and_folder_are(client):
    assert client.get("/health/live").json() == {"live": True}
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()) == (200, {"ready": True})
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.django_db
def test_site_of_another_version_s_database_is_not_ready_and_does_not_say_why(client):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'jobs'")
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()) == (503, {"ready": False})
    assert client.get("/health/live").status_code == 200


@pytest.mark.django_db
def test_site_without_its_folder_is_not_ready(client, settings, tmp_path):
    settings.CARESHAPE_DIR = tmp_path / "gone"
    assert client.get("/health/ready").status_code == 503


@pytest.mark.django_db
def test_health_is_told_under_any_name_and_without_https(client, settings):
    settings.ALLOWED_HOSTS = ["care.example.org"]
    settings.SECURE_SSL_REDIRECT = True
    assert client.get("/health/ready", SERVER_NAME="10.0.0.7").status_code == 200
    assert client.get("/help/", SERVER_NAME="10.0.0.7").status_code == 400


def test_life_is_told_without_the_database(client):
    assert client.get("/health/live").status_code == 200  # pytest-django refuses a query here
