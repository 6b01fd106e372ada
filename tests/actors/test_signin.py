"""Signing in and out, too many tries, and a new password by letter."""

import re
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from actors.domain import attempts
from actors.models import AuditEvent, OutgoingMail, User
from tests.factories.actors import PASSWORD, make_person

pytestmark = pytest.mark.django_db
LOGIN = "/logga-in/"


@pytest.fixture
def client():
    """Somebody at a place of their own: tries are counted per place, also between tests that run side by side."""
    return Client(REMOTE_ADDR=f"2001:db8::{uuid4().hex[:4]}:{uuid4().hex[:4]}")


@pytest.fixture
def anna():
    return make_person(name="Anna Ek", email="anna@b.example", password=PASSWORD)


def sign_in(client, email="anna@b.example", password=PASSWORD, url=LOGIN):
    return client.post(url, {"username": email, "password": password})


def test_sign_in_is_not_case_sensitive_and_rotates_the_session(client, anna):
    client.session.create()
    old = client.session.session_key
    assert sign_in(client, " Anna@B.example").headers["Location"] == "/"
    assert client.session.session_key != old


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"password": "fel"}, "stämmer inte ihop"),
        ({"email": "okand@b.example"}, "stämmer inte ihop"),
        ({"email": "inte en adress"}, "till exempel anna.ek@kommun.se"),
        ({"password": ""}, "Skriv ditt lösenord"),
        ({"email": "x' OR 1=1;--@b.example"}, "till exempel anna.ek@kommun.se"),
    ],
)
def test_sign_in_refused_says_why(client, anna, given, words):
    answer = sign_in(client, **given)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    ("target", "lands"),
    [("/aktorer/", "/aktorer/"), ("https://evil.example/", "/"), ("//evil.example", "/"), ("javascript:alert(1)", "/")],
)
def test_sign_in_follows_only_safe_addresses(client, anna, target, lands):
    answer = client.post(LOGIN, {"username": "anna@b.example", "password": PASSWORD, "next": target})
    assert answer.headers["Location"] == lands


def test_sign_in_after_too_many_tries_waits_even_with_the_right_password(client, anna):
    for _try in range(attempts.MOST_PER_PAIR):
        sign_in(client, password="fel")
    answer = sign_in(client)
    assert answer.status_code == 422
    assert "För många försök" in answer.content.decode()
    # Somebody else, from the same place, still can.
    make_person(email="erik@b.example", password=PASSWORD)
    assert sign_in(client, "erik@b.example").status_code == 302


def test_sign_in_forgets_failures_when_it_succeeds(client, anna):
    for _round in range(3):
        for _try in range(attempts.MOST_PER_PAIR - 1):
            sign_in(client, password="fel")
        assert sign_in(client).status_code == 302
        client.post("/logga-ut/")


def test_sign_in_of_a_closed_account_is_refused(client, anna):
    User.objects.update(is_active=False)
    assert sign_in(client).status_code == 422


def test_sign_out_is_a_post(client, anna):
    client.force_login(anna)
    assert client.get("/logga-ut/").status_code == 405
    client.post("/logga-ut/")
    assert "_auth_user_id" not in client.session


def test_demo_accounts_are_listed_only_in_a_demo(client, settings, tmp_path):
    file = tmp_path / "accounts.json"
    file.write_text(
        '[{"email": "k@b.example", "name": "Karin <b>Berg</b>", "about": "Leder", "password": "hemligt-ord"}]'
    )
    settings.DEMO_ACCOUNTS_FILE = str(file)
    settings.DEMO = True
    page = client.get(LOGIN + "?konto=k@b.example").content.decode()
    assert "Karin &lt;b&gt;Berg&lt;/b&gt;" in page
    assert 'value="k@b.example"' in page
    settings.DEMO = False
    assert "hemligt-ord" not in client.get(LOGIN).content.decode()


def password_link(email="anna@b.example"):
    text = OutgoingMail.objects.filter(to=email).latest("pk").text
    return re.search(r"/losenord/valj/\S+", text)[0]


def test_forgotten_password_answers_alike_and_writes_only_to_accounts(client, anna):
    known = client.post("/losenord/glomt/", {"email": "Anna@b.example"})
    unknown = client.post("/losenord/glomt/", {"email": "okand@b.example"})
    assert known.headers["Location"] == unknown.headers["Location"] == "/losenord/skickat/"
    assert list(OutgoingMail.objects.values_list("to", flat=True)) == ["anna@b.example"]


def test_forgotten_password_ignores_the_host_that_the_browser_names(client, anna, settings):
    settings.ALLOWED_HOSTS = ["*"]
    client.post("/losenord/glomt/", {"email": anna.email}, headers={"host": "evil.example"})
    assert "evil" not in OutgoingMail.objects.get().text


def test_forgotten_password_sends_few_letters(client, anna):
    for _try in range(6):
        client.post("/losenord/glomt/", {"email": anna.email})
    assert OutgoingMail.objects.count() <= 3


def test_choose_password_by_letter_works_once_and_signs_in(client, anna):
    client.post("/losenord/glomt/", {"email": anna.email})
    link = password_link()
    page = client.get(link, follow=True)
    assert User.objects.get().check_password(PASSWORD)  # opening changed nothing
    new = "en-helt-annan-losenfras"
    form = page.redirect_chain[-1][0]
    assert client.post(form, {"new_password1": new, "new_password2": new}).headers["Location"] == "/"
    assert User.objects.get().check_password(new)
    assert client.session["_auth_user_id"] == str(anna.pk)
    assert AuditEvent.objects.filter(verb="choose_password").count() == 1
    client.post("/logga-ut/")
    assert "gäller inte längre" in client.get(link, follow=True).content.decode()


def test_choose_password_for_somebody_who_never_had_one(client):
    make_person(email="ny@b.example")
    client.post("/losenord/glomt/", {"email": "ny@b.example"})
    assert password_link("ny@b.example")


def test_change_password_asks_for_the_old_one(client, anna):
    client.force_login(anna)
    page = reverse("actors:password")
    assert client.post(page, {"old": "fel", "password": "en-helt-annan-losenfras"}).status_code == 422
    assert client.post(page, {"old": PASSWORD, "password": "kort"}).status_code == 422
    assert client.post(page, {"old": PASSWORD, "password": "en-helt-annan-losenfras"}).status_code == 302
    assert client.get(reverse("actors:account")).status_code == 200  # still signed in here


def test_account_change_keeps_language_in_the_browser(client, anna):
    client.force_login(anna)
    answer = client.post("/konto/", {"name": " Anna  Ek-Öberg ", "title": "Utredare", "language": "en"})
    assert answer.cookies["django_language"].value == "en"
    anna.refresh_from_db()
    assert (anna.name, anna.title) == ("Anna Ek-Öberg", "Utredare")
