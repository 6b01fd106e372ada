"""A form sent twice from the same page is carried out once, also without a script; what is meant twice is done twice."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from consultations.models import InternalNote, Response
from strategies.models import Section
from tests.factories.consultations import World, make_draft
from tests.factories.strategies import make_strategy, working_version
from tests.factories.threads import together

pytestmark = pytest.mark.django_db
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


@pytest.fixture
def draft() -> tuple[World, Response]:
    return make_draft()


def at(world: World, page: str) -> tuple[Client, str]:
    """The editor's browser, and the token of the form on a page that it has opened."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.editor)
    return client, token_of(client, page)


def token_of(client: Client, page: str) -> str:
    found = TOKEN.search(client.get(page).content.decode())
    assert found is not None
    return found[1]


def notes(response: Response) -> int:
    return InternalNote.objects.filter(response=response, text__startswith="Ring").count()


def test_second_press_goes_where_the_first_went(draft):
    world, response = draft
    client, token = at(world, f"/svar/{response.pk}/")
    form = {"csrfmiddlewaretoken": token, "text": "Ring Anna"}
    where = [client.post(reverse("consultations:add_note", args=[response.pk]), form) for _press in range(2)]
    assert [answer.status_code for answer in where] == [302, 302]
    assert where[0]["Location"] == where[1]["Location"]
    assert notes(response) == 1


def test_the_same_words_from_a_page_opened_again_are_meant(draft):
    world, response = draft
    client, token = at(world, f"/svar/{response.pk}/")
    address = reverse("consultations:add_note", args=[response.pk])
    client.post(address, {"csrfmiddlewaretoken": token, "text": "Ring Anna"})
    again = token_of(client, f"/svar/{response.pk}/")
    client.post(address, {"csrfmiddlewaretoken": again, "text": "Ring Anna"})
    assert notes(response) == 2


def test_other_words_from_the_same_page_are_another_press(draft):
    world, response = draft
    client, token = at(world, f"/svar/{response.pk}/")
    address = reverse("consultations:add_note", args=[response.pk])
    for text in ("Ring Anna", "Ring Erik"):
        client.post(address, {"csrfmiddlewaretoken": token, "text": text})
    assert notes(response) == 2


def test_what_was_refused_may_be_sent_again_at_once(draft):
    world, response = draft
    client, token = at(world, f"/svar/{response.pk}/")
    address = reverse("consultations:add_note", args=[response.pk])
    form = {"csrfmiddlewaretoken": token, "text": "  "}
    assert [client.post(address, form).status_code for _press in range(2)] == [422, 422]


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_add_one_section():
    strategy = make_strategy()
    version = working_version(strategy)
    client = Client()
    client.force_login(strategy.created_by)
    token = token_of(client, reverse("strategies:draft", args=[strategy.pk]))
    form = {"csrfmiddlewaretoken": token, "kind": "chapter", "title": "Ett nytt kapitel"}

    def press() -> str:
        own = Client()
        own.cookies = client.cookies
        return own.post(reverse("strategies:add_section", args=[strategy.pk]), form)["Location"]

    places = together(press, press)
    assert places[0] == places[1]
    assert Section.objects.filter(version=version, title="Ett nytt kapitel").count() == 1
