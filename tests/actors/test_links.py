"""Personal links: opening changes nothing, sending the form lets in, and only while the link lives."""

import hashlib
from datetime import timedelta

import pytest
from django.urls import reverse

from actors.domain.links import LinkRequest, accept_link, issue_link, issue_links, open_link, revoke_links
from actors.domain.people import WELCOME, accept_welcome, invite_colleague, open_welcome
from actors.models import AuditEvent, OutgoingMail, PersonalLink, Role, User
from rus_platform.kit import clock
from rus_platform.kit.errors import Invalid, NotFound, WrongState
from tests.factories.actors import PASSWORD, make_person, make_region
from tests.factories.threads import together


@pytest.fixture
def region(db):
    return make_region()


def link_for(region, email="ny@b.example", purpose="invitation", **life):
    expires = clock.now() + timedelta(**(life or {"days": 1}))
    return issue_link(actor=region, email=email, purpose=purpose, target="/aktorer/", expires_at=expires)


def welcome_token(region):
    boss = make_person(region, Role.ADMIN)
    invite_colleague(actor_id=region.pk, email="ny@b.example", name="Ny Person", role=Role.EDITOR, by=boss)
    letter = OutgoingMail.objects.get(to="ny@b.example")
    return letter.text.split("/valkommen/")[1].split("/")[0]


def test_issue_link_keeps_only_the_hash(region):
    link, token = link_for(region)
    assert link.token_sha256 == hashlib.sha256(token.encode()).hexdigest()
    assert len(token) >= 32


def test_issue_links_takes_one_query_whatever_their_number(region, django_assert_num_queries):
    expires = clock.now() + timedelta(days=1)
    for number in (1, 3):
        wanted = [LinkRequest(region, f"p{n}@b.example", "invitation", "/", expires) for n in range(number)]
        with django_assert_num_queries(1):
            assert len(issue_links(wanted)) == number


def test_open_link_says_what_is_wrong(region):
    with pytest.raises(NotFound):
        open_link(token="finns-inte", purpose="invitation")
    _link, token = link_for(region)
    with pytest.raises(NotFound):
        open_link(token=token, purpose="something else")
    with clock.travel(clock.now() + timedelta(days=2)), pytest.raises(WrongState, match="gått ut"):
        open_link(token=token, purpose="invitation")
    revoke_links(actor=region, email="NY@b.example", purpose="invitation")
    with pytest.raises(WrongState, match="gäller inte längre"):
        open_link(token=token, purpose="invitation")


def test_accept_link_makes_the_person_of_the_address(region):
    _link, token = link_for(region)
    user, link = accept_link(token=token, purpose="invitation", name="Ny Person")
    again, _link = accept_link(token=token, purpose="invitation")
    assert user == again
    assert (user.email, user.name, user.has_usable_password()) == ("ny@b.example", "Ny Person", False)
    assert link.first_opened_at is not None


def test_accept_link_without_a_name_is_refused_and_makes_nobody(region):
    _link, token = link_for(region)
    with pytest.raises(Invalid):
        accept_link(token=token, purpose="invitation", name=" ")
    assert not User.objects.filter(email="ny@b.example").exists()


def test_accept_link_of_a_closed_account_is_refused(region):
    person = make_person()
    User.objects.filter(pk=person.pk).update(is_active=False)
    _link, token = link_for(region, email=person.email)
    with pytest.raises(WrongState):
        accept_link(token=token, purpose="invitation")


def test_opening_a_welcome_by_get_changes_nothing(region, client):
    token = welcome_token(region)
    before = (list(PersonalLink.objects.values()), list(User.objects.values()), AuditEvent.objects.count())
    answer = client.get(reverse("actors:welcome", args=[token]))
    assert answer.status_code == 200
    assert (list(PersonalLink.objects.values()), list(User.objects.values()), AuditEvent.objects.count()) == before
    assert "_auth_user_id" not in client.session


def test_welcome_signs_in_with_a_new_session_and_works_once(region, client):
    token = welcome_token(region)
    client.get(reverse("actors:login"))
    client.session.create()
    old = client.session.session_key
    page = reverse("actors:welcome", args=[token])
    answer = client.post(page, {"name": "Nya Namnet", "password": PASSWORD})
    assert answer.headers["Location"] == f"/aktorer/{region.pk}/"
    assert client.session.session_key != old
    user = User.objects.get(email="ny@b.example")
    assert (user.name, user.check_password(PASSWORD), client.session["_auth_user_id"]) == (
        "Nya Namnet",
        True,
        str(user.pk),
    )
    answer = client.get(page)
    assert answer.status_code == 409
    assert "redan använts" in answer.content.decode()


def test_welcome_with_a_weak_password_keeps_the_name_and_the_link(region, client):
    page = reverse("actors:welcome", args=[welcome_token(region)])
    answer = client.post(page, {"name": "Nya Namnet", "password": "kort"})
    assert answer.status_code == 422
    assert "Nya Namnet" in answer.content.decode()
    assert PersonalLink.objects.get().first_opened_at is None


@pytest.mark.parametrize(("days", "status"), [(13, 200), (15, 409)])
def test_welcome_lives_fourteen_days(region, client, days, status):
    token = welcome_token(region)
    PersonalLink.objects.update(expires_at=clock.now() + timedelta(days=14 - days))
    assert client.get(reverse("actors:welcome", args=[token])).status_code == status


@pytest.mark.django_db(transaction=True)
def test_accept_welcome_by_two_at_once_works_once():
    token = welcome_token(make_region())
    results = together(
        lambda: accept_welcome(token=token, name="En", password=PASSWORD),
        lambda: accept_welcome(token=token, name="Två", password=PASSWORD + "2"),
    )
    assert sum(isinstance(result, WrongState) for result in results) == 1


def test_welcome_of_another_purpose_is_not_found(region):
    _link, token = link_for(region, purpose="invitation")
    with pytest.raises(NotFound):
        open_welcome(token=token)
    assert WELCOME != "invitation"
