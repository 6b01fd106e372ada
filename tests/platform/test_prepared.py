"""Prepared questions give what the ORM gives."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from actors.models import Membership, Role, User
from rus_platform.kit.prepared import Prepared, PreparedRow
from tests.factories.actors import make_person, make_region

pytestmark = pytest.mark.django_db


def test_rows_are_those_of_the_query() -> None:
    region = make_region()
    people = [make_person(region, role) for role in (Role.LEADER, Role.EDITOR, Role.READER)]

    def ask(user_id: int, role: str):
        return Membership.objects.filter(user_id=user_id, role=role, until=None).values_list("actor_id", "role")

    prepared = Prepared(ask, -1, "a role")
    for person in people:
        for role in (Role.LEADER, Role.EDITOR):
            assert prepared(person.pk, role) == list(ask(person.pk, role))


def test_an_object_is_the_object_and_its_documents_wait() -> None:
    person = make_person(make_region(), Role.READER)
    found = PreparedRow(User, lambda pk: User.objects.filter(pk=pk), -1)
    assert found(person.pk) == person
    assert found(person.pk).email == person.email
    assert found(-5) is None


def test_a_stand_in_that_stands_nowhere_is_an_error() -> None:
    with pytest.raises(ValueError, match="stand-in"):
        Prepared(lambda one, other: User.objects.filter(pk=one).values_list("pk"), -1, -2)(1, 2)


def test_a_session_is_read_with_one_question_and_ends_when_it_is_deleted(client: Client) -> None:
    person = make_person(make_region(), Role.READER)
    client.force_login(person)
    with CaptureQueriesContext(connection) as queries:
        assert client.session["_auth_user_id"] == str(person.pk)
    assert len(queries) == 1
    client.session.delete()
    assert client.get("/konto/").status_code == 302
    assert isinstance(client.get("/").wsgi_request.user, AnonymousUser) or not client.get("/").wsgi_request.user.pk
