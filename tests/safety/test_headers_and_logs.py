"""Every answer carries its headers; no log line carries a personal link."""

import logging

import pytest
from django.test import Client

from rus_platform.logs import WithoutSecrets
from tests.factories.actors import PASSWORD, make_person

pytestmark = pytest.mark.django_db
STRICT = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'none'",
}


@pytest.mark.parametrize(
    "address",
    ["/", "/logga-in/", "/finns-inte/", "/halsa/", "/strategier/", "/inbjudan/abc/", "/static/css/tokens.css", "/static/saknas.css",
     "/api/utkast/1/avsnitt/00000000-0000-0000-0000-000000000001/", "/admin/login/", "/notiser/", "/bilder/00000000-0000-0000-0000-000000000001/"],
)  # fmt: skip
def test_every_answer_has_a_strict_policy(address: str) -> None:
    answer = Client(raise_request_exception=False).get(address)
    policy = dict(
        part.strip().split(" ", 1) for part in answer["Content-Security-Policy"].split(";") if " " in part.strip()
    )
    assert {name: policy.get(name) for name in STRICT} == STRICT
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "Access-Control-Allow-Origin" not in answer
    answer.close()


def test_signed_in_pages_are_private_and_signing_out_empties_the_cache() -> None:
    client = Client()
    client.force_login(make_person())
    page = client.get("/konto/")
    assert page["Cache-Control"] == "private, no-cache"
    assert "Cookie" in page["Vary"]
    assert client.post("/logga-ut/")["Clear-Site-Data"] == '"cache"'


def test_a_demo_is_not_indexed(settings: object) -> None:
    settings.DEMO = True  # type: ignore[attr-defined]
    assert Client().get("/")["X-Robots-Tag"] == "noindex, nofollow"


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ('127.0.0.1 - "GET /inbjudan/abcDEF-_123/ HTTP/1.1" 200', "GET /inbjudan/…/ HTTP/1.1"),
        ("Not Found: /valkommen/abcDEF-_123/", "/valkommen/…/"),
        ("GET /losenord/valj/MTI/c8x-abcDEF-_123/?a=b", "/losenord/valj/MTI/…/?a=b"),
    ],
)
def test_a_log_line_holds_no_personal_link(line: str, kept: str) -> None:
    written = WithoutSecrets("%(message)s").format(logging.LogRecord("x", 20, "", 1, "%s", (line,), None))
    assert kept in written
    assert "abcDEF" not in written


def test_the_web_servers_own_log_goes_the_same_way() -> None:
    for name in ("uvicorn.access", "uvicorn.error", "django.request", "django.server"):
        logger = logging.getLogger(name)
        assert logger.handlers == [], name
        assert logger.propagate, name


def test_the_admins_door_counts_failed_tries_too(settings: object) -> None:
    staff = make_person(email="stod@sago.example", password=PASSWORD)
    staff.is_staff = True
    staff.save(update_fields=["is_staff"])
    client = Client(REMOTE_ADDR="10.9.8.7")
    for _try in range(5):
        client.post("/admin/login/", {"username": staff.email, "password": "fel"})
    client.post("/admin/login/", {"username": staff.email, "password": PASSWORD})
    assert "_auth_user_id" not in client.session


def test_the_admin_is_for_staff() -> None:
    client = Client()
    client.force_login(make_person())
    assert client.get("/admin/").status_code == 302
    assert client.get("/admin/login/").status_code == 200


def test_an_address_that_only_takes_forms_says_so_in_words() -> None:
    answer = Client().get("/logga-ut/")
    assert answer.status_code == 405
    assert "POST" in answer["Allow"]
    assert "Inget har ändrats" in answer.content.decode()
