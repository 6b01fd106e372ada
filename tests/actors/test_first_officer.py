"""A new installation gets its first person, and support closes and reopens accounts."""

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from actors.domain.accounts import close_account, reopen_account
from actors.models import Actor, OutgoingMail, Role, User
from rus_platform.kit.errors import Forbidden, Invalid
from tests.factories.actors import PASSWORD, make_person, make_region

pytestmark = pytest.mark.django_db


def test_create_first_officer_lets_the_person_choose_a_password_and_begin(client, capsys):
    call_command("create_first_officer", "17", "Karin.Berg@region.example", "Karin Berg", "--show-link")
    user = User.objects.get()
    region = Actor.objects.get(kind="region", county="17")
    assert sorted(user.memberships.filter(actor=region).values_list("role", flat=True)) == [Role.ADMIN, Role.LEADER]
    link = capsys.readouterr().out.split()[-1]
    assert link in OutgoingMail.objects.get(to="karin.berg@region.example").text
    form = client.get("/" + link.split("/", 3)[3], follow=True).redirect_chain[-1][0]
    assert client.post(form, {"new_password1": PASSWORD, "new_password2": PASSWORD}).status_code == 302
    assert client.get("/strategier/ny/").status_code == 200


@pytest.mark.parametrize("given", [["00", "a@b.example", "A"], ["17", "inte", "A"], ["17", "a@b.example", " "]])
def test_create_first_officer_with_bad_input_makes_nothing(given):
    with pytest.raises(CommandError):
        call_command("create_first_officer", *given)
    assert not User.objects.exists()


def test_close_account_ends_open_sessions_and_reopen_gives_the_roles_back(client):
    region = make_region()
    person, support = make_person(region, Role.ADMIN), make_person()
    User.objects.filter(pk=support.pk).update(is_staff=True)
    support.refresh_from_db()
    client.force_login(person)
    close_account(user_id=person.pk, by=support)
    assert client.get("/konto/").status_code == 302
    reopen_account(user_id=person.pk, by=support)
    client.force_login(User.objects.get(pk=person.pk))
    assert client.get(reverse("actors:invite", args=[region.pk])).status_code == 200


def test_close_account_is_for_support_and_not_for_oneself():
    person, support = make_person(), make_person()
    with pytest.raises(Forbidden):
        close_account(user_id=support.pk, by=person)
    support.is_staff = True
    with pytest.raises(Invalid):
        close_account(user_id=support.pk, by=support)


def test_admin_shows_but_never_writes(client):
    support = User.objects.create_superuser("support@b.example", PASSWORD, name="Support")
    client.force_login(support)
    for model in ("user", "actor", "membership", "outgoingmail", "auditevent", "personallink", "county"):
        assert client.get(f"/admin/actors/{model}/").status_code == 200
        assert client.get(f"/admin/actors/{model}/add/").status_code == 403
    person = make_person()
    page = client.get(f"/admin/actors/user/{person.pk}/change/").content.decode()
    assert person.email in page
    assert "_save" not in page
