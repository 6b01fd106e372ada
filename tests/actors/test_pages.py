"""Pages about people and organisations: who sees what, and the same number of queries for one row and three."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actors.domain.membership import give_role
from actors.domain.notify import notify
from actors.models import Membership, Notification, Role
from tests.factories.actors import make_municipality, make_organisation, make_person, make_region

pytestmark = pytest.mark.django_db


@pytest.fixture
def region():
    return make_region()


@pytest.fixture
def boss(region, client):
    person = make_person(region, Role.ADMIN, name="Karin Berg")
    client.force_login(person)
    return person


def queries_of(client, url):
    client.get(url)  # what is remembered per process (content types) is read first
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


@pytest.mark.parametrize(
    "url",
    [
        "/konto/",
        "/konto/losenord/",
        "/notiser/",
        "/aktorer/",
        "/aktorer/1/",
        "/aktorer/1/bjud-in/",
        "/roller/1/avsluta/",
    ],
)
def test_pages_of_people_ask_for_signing_in(client, url):
    assert client.get(url).headers["Location"] == f"/logga-in/?next={url}"


def test_actor_list_takes_constant_queries(client, boss):
    url = reverse("actors:list")
    before = queries_of(client, url)
    for _n in range(3):
        give_role(actor_id=make_organisation().pk, email="karin2@b.example", name="K", role=Role.READER, by=None)
        give_role(actor_id=make_organisation().pk, email=boss.email, name="K", role=Role.READER, by=None)
    assert queries_of(client, url) == before


def test_actor_page_takes_constant_queries(client, boss, region):
    url = reverse("actors:actor", args=[region.pk])
    before = queries_of(client, url)
    for n in range(3):
        for role in (Role.EDITOR, Role.READER):
            give_role(actor_id=region.pk, email=f"p{n}@b.example", name=f"P {n}", role=role, by=boss)
    assert queries_of(client, url) == before


def test_notices_take_constant_queries_and_the_bell_one(client, boss):
    url = reverse("actors:notifications")
    notify(users=[boss], kind="x", text="Ett", url="/")
    before = queries_of(client, url)
    for n in range(3):
        notify(users=[boss], kind="x", text=f"Nr {n}", url="/")
    assert queries_of(client, url) == before


def test_start_page_takes_constant_queries(client, boss):
    notify(users=[boss], kind="x", text="Ett", url="/")
    give_role(actor_id=make_organisation().pk, email=boss.email, name="K", role=Role.EDITOR, by=None)
    from_one = queries_of(client, "/")
    for n in range(3):
        notify(users=[boss], kind="x", text=f"Nr {n}", url="/")
        give_role(actor_id=make_organisation().pk, email=boss.email, name="K", role=Role.EDITOR, by=None)
    assert queries_of(client, "/") == from_one


def test_opening_a_notice_marks_it_and_goes_there(client, boss):
    notify(users=[boss], kind="x", text="Ett", url="/aktorer/")
    notice = Notification.objects.get()
    page = client.get("/notiser/")
    assert "Oläst:" in page.content.decode()
    assert Notification.objects.get().read_at is None  # reading the list changes nothing
    assert client.post(reverse("actors:open_notice", args=[notice.pk])).headers["Location"] == "/aktorer/"
    assert Notification.objects.get().read_at is not None


def test_notices_of_others_are_not_found_and_stay_unread(client, boss):
    notify(users=[make_person()], kind="x", text="Hemligt", url="/")
    assert client.post(reverse("actors:open_notice", args=[Notification.objects.get().pk])).status_code == 404
    client.post(reverse("actors:read_all_notices"))
    assert Notification.objects.get().read_at is None


def test_actor_page_shows_people_only_to_its_own(client, boss):
    municipality = make_municipality()
    make_person(municipality, Role.ADMIN, name="Hemlig Svensson")
    page = client.get(reverse("actors:actor", args=[municipality.pk])).content.decode()
    assert "Hemlig Svensson" not in page


def test_actor_pages_do_not_exist_for_somebody_without_a_role(client, region):
    client.force_login(make_person())
    assert client.get(reverse("actors:actor", args=[region.pk])).status_code == 404
    assert "Du tillhör ingen organisation" in client.get(reverse("actors:list")).content.decode()


def test_hostile_names_are_shown_as_words(client, boss, region):
    make_person(region, Role.EDITOR, name="<script>alert(1)</script>", email="x@b.example")
    page = client.get(reverse("actors:actor", args=[region.pk])).content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


@pytest.mark.parametrize("words", ["' OR 1=1 --", "%_\\", "<b>", "x" * 5000, "å" * 90])
def test_search_with_hostile_words_finds_nothing(client, boss, words):
    answer = client.get(reverse("actors:list"), {"ord": words, "slag": "kung", "page": "-3"})
    assert answer.status_code == 200


def test_invite_page_keeps_what_was_typed(client, boss, region):
    answer = client.post(
        reverse("actors:invite", args=[region.pk]), {"name": "Ny Person", "email": "fel adress", "role": "editor"}
    )
    assert answer.status_code == 422
    assert "fel adress" in answer.content.decode()


def test_end_role_page_of_the_last_administrator_refuses_in_words(client, boss, region):
    row = boss.memberships.get()
    answer = client.post(reverse("actors:end_role", args=[row.pk]))
    assert answer.status_code == 422
    assert "Någon måste vara administratör" in answer.content.decode()
    assert Membership.objects.get(pk=row.pk).until is None


def test_end_role_page_asks_first(client, boss, region):
    row = make_person(region, Role.EDITOR).memberships.get()
    assert client.get(reverse("actors:end_role", args=[row.pk])).status_code == 200
    assert Membership.objects.get(pk=row.pk).until is None
    assert client.post(reverse("actors:end_role", args=[row.pk])).status_code == 302
    assert Membership.objects.get(pk=row.pk).until is not None
