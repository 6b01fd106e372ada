"""A refusal, whatever its cause, gives back what was typed, and never in another person's name."""

import json
import uuid

import pytest
from django.test import Client
from django.urls import reverse

from actors.domain.links import issue_link
from actors.models import Role, User
from consultations.models import InternalNote, Response
from rus_platform.kit import clock
from strategies.models import Section, Step
from tests.factories.actors import PASSWORD, make_person, make_region
from tests.factories.consultations import World, close, make_draft
from tests.factories.strategies import make_strategy, working_version
from tests.factories.texts import insert, make_section

pytestmark = pytest.mark.django_db
WORDS = "Femtio rader om cykelbanor"


@pytest.fixture
def draft() -> tuple[World, Response]:
    return make_draft()


def client_of(user: User, **options: bool) -> Client:
    client = Client(**options)
    client.force_login(user)
    return client


def note(response: Response) -> str:
    return reverse("consultations:add_note", args=[response.pk])


def test_expired_session_gives_the_text_back_and_a_way_to_send_it_again(draft: tuple[World, Response]) -> None:
    world, response = draft
    client = client_of(world.editor)
    client.logout()
    answer = client.post(
        note(response),
        {"text": WORDS, "password": "hemligt-ord"},
        headers={"Referer": f"http://testserver/svar/{response.pk}/"},
    )
    page = answer.content.decode()
    assert answer.status_code == 401
    assert page.count(WORDS) == 2  # to read, and to send again
    assert "hemligt-ord" not in page
    assert f"/logga-in/?next=/svar/{response.pk}/" in page
    client.force_login(world.editor)
    assert client.post(note(response), {"text": WORDS}).status_code == 302
    assert InternalNote.objects.filter(text=WORDS, created_by=world.editor).count() == 1


def test_expired_session_with_htmx_leaves_the_page_alone(draft: tuple[World, Response]) -> None:
    world, response = draft
    answer = Client().post(note(response), {"text": WORDS}, headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert "data-problem" in answer.content.decode()


def test_another_person_in_another_tab_cannot_send_what_the_first_typed(draft: tuple[World, Response]) -> None:
    """Signing in gives a new token, so a form that was open belongs to nobody; its words are shown."""
    world, response = draft
    client = client_of(world.editor, enforce_csrf_checks=True)
    token = client.get(f"/svar/{response.pk}/").context["csrf_token"]
    make_person(email="bo@sago.example", password=PASSWORD)
    client.logout()
    door = client.get("/logga-in/").context["csrf_token"]
    client.post("/logga-in/", {"username": "bo@sago.example", "password": PASSWORD, "csrfmiddlewaretoken": str(door)})
    answer = client.post(
        note(response), {"text": WORDS, "csrfmiddlewaretoken": str(token)}, headers={"Sec-Fetch-Site": "same-origin"}
    )
    assert answer.status_code == 403
    assert answer.content.decode().count(WORDS) == 2
    assert not InternalNote.objects.filter(text=WORDS).exists()


def test_a_form_from_another_site_is_not_offered_to_be_sent_again(draft: tuple[World, Response]) -> None:
    world, response = draft
    client = client_of(world.editor, enforce_csrf_checks=True)
    answer = client.post(
        note(response), {"text": WORDS}, headers={"Sec-Fetch-Site": "cross-site", "Referer": "https://ond.example/"}
    )
    assert answer.status_code == 403
    assert "data-fresh-token" not in answer.content.decode()
    assert "ond.example" not in answer.content.decode()


def test_the_editor_of_another_person_is_refused_and_keeps_its_text() -> None:
    anna = make_person(make_region(), Role.LEADER, name="Anna")
    bo = make_person(make_region(), Role.EDITOR, name="Bo")
    section = make_section(working_version(make_strategy(by=anna)), "Ett två tre.", by=anna)
    address = reverse("strategies_api:steps", args=[section.version_id, section.uuid])
    batch = {"version": 1, "batch_id": str(uuid.uuid4()), "steps": [insert(1, WORDS)]}
    steps = Step.objects.count()
    answer = client_of(bo).post(
        address, json.dumps(batch), content_type="application/json", headers={"X-Rus-Person": str(anna.pk)}
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "somebody_else")
    assert client_of(bo).get(f"{address}?since=1", headers={"X-Rus-Person": str(anna.pk)}).status_code == 403
    assert Step.objects.count() == steps
    ours = client_of(anna).post(
        address, json.dumps(batch), content_type="application/json", headers={"X-Rus-Person": str(anna.pk)}
    )
    assert ours.status_code == 200
    assert WORDS in json.dumps(Section.objects.get(pk=section.pk).doc, ensure_ascii=False)


def test_a_round_that_closes_while_somebody_types_gives_the_text_back(draft: tuple[World, Response]) -> None:
    world, response = draft
    world.round.accepts_late = False
    world.round.save(update_fields=["accepts_late"])
    close(world)
    address = reverse("consultations:summary", args=[response.pk])
    answer = client_of(world.editor).post(address, {"summary": WORDS, "kind": "answer", "revision": response.revision})
    assert answer.status_code == 409
    assert WORDS in answer.content.decode()


def test_a_refusal_never_shows_a_password() -> None:
    region = make_region()
    _link, token = issue_link(
        actor=region, email="ny@sago.example", purpose="welcome", target="/", expires_at=clock.now()
    )
    answer = Client().post(f"/valkommen/{token}/", {"name": "Ny Person", "password": "hemligt-ord-hemligt"})
    assert answer.status_code == 409
    assert "hemligt-ord" not in answer.content.decode()
    assert "Ny Person" in answer.content.decode()


def test_far_too_much_is_said_in_words(draft: tuple[World, Response], settings: object) -> None:
    world, response = draft
    answer = client_of(world.editor).post(
        note(response), {"text": "å" * 10_000_000}, content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code == 413
    assert "6 MB" in answer.content.decode()
