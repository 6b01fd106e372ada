"""Without an account: a link that ran out is sent anew to its own mailbox; the invitation is passed on, with a log."""

from datetime import timedelta

import pytest
from django.test import Client

from actors.domain.membership import end_role, give_role
from actors.models import AuditEvent, Membership, Notification, OutgoingMail, PersonalLink, Role
from consultations.domain import invitations, passing_on
from consultations.models import Letter, PassedOn
from rus_platform.kit import clock
from rus_platform.kit.errors import Forbidden, Invalid, WrongState
from tests.consultations.test_own_pages import signed_in, url
from tests.factories import consultations as make
from tests.factories.actors import make_person

pytestmark = pytest.mark.django_db
COLLEAGUE = "kollega@kommunen.example"


def token_in(letter):
    return letter.text.split("/inbjudan/")[1].split("/")[0]


def newest_letter(to):
    return OutgoingMail.objects.filter(to=to).latest("pk")


def test_a_link_that_ran_out_is_sent_anew_to_its_own_mailbox_by_a_button():
    world = make.make_open_round()
    token, client = make.token_of(world), Client()
    later = world.fresh().closes_at + timedelta(days=100)
    with clock.travel(later):
        before = OutgoingMail.objects.count()
        page = client.get(url("invitation", token))
        assert (page.status_code, "Skicka en ny länk" in page.content.decode()) == (410, True)
        assert client.get(url("renew_link", token)).status_code == 405  # a scanner that opens links sends nothing
        assert OutgoingMail.objects.count() == before
        assert client.post(url("renew_link", token)).status_code == 200
        letter = newest_letter(world.municipality.email)
        assert client.get(url("invitation", token_in(letter))).status_code == 200
        assert Letter.objects.filter(kind="renewed").get().mail == letter


def test_renewal_is_rare_and_never_after_it_was_taken_back():
    world = make.make_open_round()
    token = make.token_of(world)
    with clock.travel(world.fresh().closes_at + timedelta(days=100)):
        for _n in range(passing_on.MOST_RENEWED):
            passing_on.renew_link(token=token)
        with pytest.raises(Invalid, match="redan skickats"):
            passing_on.renew_link(token=token)
    PersonalLink.objects.update(revoked_at=clock.now())
    with pytest.raises(WrongState, match="gäller inte längre"):
        passing_on.renew_link(token=token)
    assert Client().post(url("renew_link", "nonsense")).status_code == 404


def invitation_of(world):
    return world.round.invitations.get(actor=world.municipality)


@pytest.mark.parametrize(("giver", "roles"), [("editor", {"editor"}), ("signatory", {"editor", "signatory"})])
def test_a_colleague_gets_what_the_giver_has_and_no_more(giver, roles):
    world = make.make_open_round()
    by = getattr(world, giver)
    client = signed_in(by)
    answer = client.post(url("pass_on", invitation_of(world).pk), {"email": COLLEAGUE, "words": "Kan du ta bussen?"})
    assert answer.status_code == 302
    letter = newest_letter(COLLEAGUE)
    assert "Kan du ta bussen?" in letter.text
    user, _row = invitations.accept_invitation(token=token_in(letter), name="Kim")
    assert {row.role for row in Membership.objects.filter(user=user, until=None)} == roles
    assert PassedOn.objects.get().accepted_at is not None
    assert COLLEAGUE in client.get(url("pass_on", invitation_of(world).pk)).content.decode()


def test_a_giver_who_has_lost_the_role_gives_nothing():
    world = make.make_open_round()
    passing_on.pass_on(invitation_id=invitation_of(world).pk, email=COLLEAGUE, by=world.editor)
    admin = make_person(world.municipality, Role.ADMIN)
    end_role(membership_id=Membership.objects.get(user=world.editor).pk, by=admin)
    with pytest.raises(WrongState):
        invitations.accept_invitation(token=token_in(newest_letter(COLLEAGUE)), name="Kim")


def test_taken_back_it_lets_nobody_in_and_the_log_says_so():
    world = make.make_open_round()
    admin = make_person(world.municipality, Role.ADMIN)
    row = passing_on.pass_on(invitation_id=invitation_of(world).pk, email=COLLEAGUE, by=world.editor)
    assert Notification.objects.get(kind="passed_on").user == admin
    with pytest.raises(Forbidden):
        passing_on.take_back(passed_on_id=row.pk, by=world.signatory)
    signed_in(admin).post(url("take_back", row.pk))
    assert Client().get(url("invitation", token_in(newest_letter(COLLEAGUE)))).status_code == 409
    events = AuditEvent.objects.filter(verb__in=["pass_on", "take_back"]).order_by("pk")
    assert [(event.actor, event.private_to, event.data["email"]) for event in events] == [
        (world.municipality, None, COLLEAGUE)
    ] * 2  # the region sees it too
    page = signed_in(world.leader).get(url("invitee", invitation_of(world).pk)).content.decode()
    assert COLLEAGUE in page


def test_pass_on_refusals():
    world = make.make_open_round()
    row = invitation_of(world)
    _other, stranger = make.other_consultee(world)
    for by in (world.leader, stranger, make_person(world.municipality, Role.READER)):
        with pytest.raises(Forbidden):
            passing_on.pass_on(invitation_id=row.pk, email=COLLEAGUE, by=by)
        assert signed_in(by).post(url("pass_on", row.pk), {"email": COLLEAGUE}).status_code == 404
    for email in ("", "nonsense", world.signatory.email):
        with pytest.raises(Invalid):
            passing_on.pass_on(invitation_id=row.pk, email=email, by=world.editor)
    for n in range(passing_on.MOST_PASSED):
        passing_on.pass_on(invitation_id=row.pk, email=f"k{n}@kommunen.example", by=world.editor)
    with pytest.raises(Invalid, match="många gånger"):
        passing_on.pass_on(invitation_id=row.pk, email=COLLEAGUE, by=world.editor)
    make.close(world)
    make.settle(world)
    with pytest.raises(WrongState):
        passing_on.pass_on(invitation_id=row.pk, email=COLLEAGUE, by=world.editor)


def test_opening_a_passed_on_link_changes_nothing():
    world = make.make_open_round()
    passing_on.pass_on(invitation_id=invitation_of(world).pk, email=COLLEAGUE, by=world.editor)
    before = Membership.objects.count()
    assert Client().get(url("invitation", token_in(newest_letter(COLLEAGUE)))).status_code == 200
    assert Membership.objects.count() == before
    give_role(
        actor_id=world.municipality.pk, email=COLLEAGUE, name="Kim", role=Role.READER, by=None
    )  # known by another way: still only what was given
    user, _row = invitations.accept_invitation(token=token_in(newest_letter(COLLEAGUE)), name="")
    assert {row.role for row in Membership.objects.filter(user=user, until=None)} == {"reader", "editor"}
