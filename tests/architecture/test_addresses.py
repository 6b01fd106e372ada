"""Every address is behind a rule: somebody who is not logged in gets nothing but what is listed here."""

import uuid
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import IntConverter, UUIDConverter

# What anyone may read. A page of a public object answers 404 to made-up ids, and needs no line here.
PUBLIC = {
    "/": "the start page",
    "/designsystem/": "the design system",
    "/publicerat/": "adopted strategies",
    "/samrad/": "consultations that are open, and those that are over",
    "/samrad/atom/": "the feed of consultations that everyone may know of",
    "/halsa/": "health",
    "/tillganglighet/": "the accessibility statement",
    "/strategier/": "the strategies that one may know of; adopted ones for everybody",
    "/utseende/": "choice of colours, kept in a cookie",
}
DOORS = ("/logga-", "/losenord/", "/i18n/")  # pages one uses before one is known
REFUSED = {400, 401, 403, 404, 405, 409, 422}
EXAMPLES = {IntConverter: "987654321", UUIDConverter: str(uuid.UUID(int=1))}


def addresses(patterns=None, before: str = "") -> Iterator[str]:
    """Every address of ours, made-up ids filled in."""
    for entry in patterns if patterns is not None else get_resolver().url_patterns:
        route = getattr(entry.pattern, "_route", None)
        if route is None or route.startswith("admin/"):  # the admin guards itself
            continue
        for name, converter in entry.pattern.converters.items():
            example = EXAMPLES.get(type(converter), "a-b")
            route = route.replace(f"<{name}>", example)
            for kind in ("int", "uuid", "str", "slug", "path"):
                route = route.replace(f"<{kind}:{name}>", example)
        if isinstance(entry, URLResolver):
            yield from addresses(entry.url_patterns, before + route)
        elif isinstance(entry, URLPattern):
            yield "/" + before + route


@pytest.fixture
def stranger() -> Client:
    """Somebody who is not logged in; a broken page is a finding, not the end of the test."""
    return Client(raise_request_exception=False)


@pytest.mark.django_db
def test_a_stranger_sees_only_what_is_public(stranger):
    seen = {}
    for address in addresses():
        status = stranger.get(address).status_code
        if status >= 500 or (status == 200 and address not in PUBLIC and not is_door(address)):
            seen[address] = status
    assert seen == {}


@pytest.mark.django_db
def test_a_stranger_can_change_nothing(stranger):
    """A POST without login leads to the door (302), or is refused in words."""
    done = {}
    for address in addresses():
        answer = stranger.post(address, {})
        to_login = answer.status_code == 302 and is_door(answer["Location"])
        if not to_login and not is_door(address) and address not in PUBLIC and answer.status_code not in REFUSED:
            done[address] = (answer.status_code, answer.get("Location"))
    assert done == {}


def is_door(address: str) -> bool:
    """Whether the page is one of those before one is known."""
    return address.startswith(DOORS)
