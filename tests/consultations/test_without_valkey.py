"""Valkey is away: public forms work and hold their brakes, people sign in, write and hand in, and no letter is lost."""

import pytest
from django.test import Client

from actors.models import OutgoingMail, User
from consultations.domain import throttle
from consultations.models import Answer, Response
from rus_platform.kit import brakes
from tests.consultations.test_open import MAIL, NAME, form, letters
from tests.consultations.test_own_pages import signed_in, url
from tests.factories import consultations as make

pytestmark = pytest.mark.django_db
PASSWORD = "ett-gott-ord-2027"


@pytest.fixture
def world():
    world = make.make_open_round()
    make.open_to_public(world)
    return world


@pytest.fixture(autouse=True)
def _valkey_is_away(world, settings):
    brakes.own.clear()
    settings.CACHES = {
        **settings.CACHES,
        "default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"},
    }
    yield
    brakes.own.clear()


def test_the_public_form_sends_its_letter(world):
    answer = Client().post(*form(world))
    assert (answer.status_code, letters(MAIL)) == (302, 1)


def test_the_brakes_hold_in_this_process_and_say_so_with_what_was_typed(world):
    for n in range(throttle.MOST_PER_PLACE):
        make.ask(world, place=f"127.0.0.{n}")
    answer = Client().post(*form(world))
    page = answer.content.decode()
    assert answer.status_code == 429
    assert "Vänta en timme" in page and NAME in page


def test_a_mailbox_gets_no_more_letters_than_otherwise(world):
    for _turn in range(5):
        make.ask(world, email=MAIL)
    assert letters(MAIL) == throttle.MOST_PER_MAILBOX


def test_people_sign_in_and_guesses_are_counted(world):
    world.editor.set_password(PASSWORD)
    world.editor.save()

    def sign_in(word):
        return Client().post("/logga-in/", {"username": world.editor.email, "password": word})

    assert sign_in(PASSWORD).status_code == 302
    for _turn in range(5):
        assert sign_in("fel").status_code == 422
    assert sign_in(PASSWORD).status_code != 302  # too many guesses


def test_an_organisation_writes_and_hands_in(world):
    response = make.start(world)
    client = signed_in(world.editor)
    sent = {"piece": f"answer-{world.questions[0].pk}", "revision": 0, "base": '{"value": ""}', "value": "Cykeln."}
    assert client.post(url("save_piece", response.pk), sent).status_code == 200
    assert Answer.objects.get(response=response).text == "Cykeln."
    assert client.get(url("news", response.pk)).status_code == 200
    answer = signed_in(world.signatory).post(url("submit", response.pk))
    assert answer.status_code == 302
    assert Response.objects.get(pk=response.pk).state == "submitted"
    assert OutgoingMail.objects.filter(key__startswith="receipt:").count() == 2


def test_a_count_begins_anew_when_it_is_forgotten():
    assert [brakes.count("one", 60), brakes.count("one", 60), brakes.counted("one")] == [1, 2, 2]
    brakes.forget("one")
    assert (brakes.counted("one"), User.objects.exists()) == (0, True)
