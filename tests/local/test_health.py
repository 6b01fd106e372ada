"""The health page says how it is, and says it in the status too."""

import time

import pytest
from django.core.cache import cache
from django.urls import reverse

from rus_platform import health


@pytest.fixture(autouse=True)
def forget_worker():
    cache.delete(health.SEEN)
    yield
    cache.delete(health.SEEN)


@pytest.mark.django_db
def test_health_without_worker_is_up_and_says_so(client):
    answer = client.get(reverse("health"))
    assert (answer.status_code, answer.json()["worker"]) == (200, False)


@pytest.mark.django_db
def test_health_sees_the_worker(client):
    health.note_worker_alive()
    body = client.get(reverse("health")).json()
    assert (body["worker"], body["worker_seen_seconds_ago"]) == (True, 0)


@pytest.mark.django_db
def test_health_sees_that_the_worker_is_silent(client):
    cache.set(health.SEEN, time.time() - health.FRESH_SECONDS - 1)
    assert client.get(reverse("health")).json()["worker"] is False


def test_health_is_503_when_the_database_is_away(client):
    """Without the django_db mark every use of the database is refused, as when it is away."""
    answer = client.get(reverse("health"))
    assert (answer.status_code, answer.json()["database"]) == (503, False)


@pytest.mark.django_db
def test_health_is_never_cached(client):
    assert "no-store" in client.get(reverse("health"))["Cache-Control"]
