"""give_role, end_role, and inviting colleagues."""

import pytest

from actors.domain.membership import end_role, give_role
from actors.domain.people import invite_colleague, send_welcome_again
from actors.models import AuditEvent, Membership, Notification, OutgoingMail, PersonalLink, Role, User
from rus_platform.kit.errors import Forbidden, Invalid, NotFound, WrongState
from tests.factories.actors import PASSWORD, make_municipality, make_person, make_region
from tests.factories.threads import together


@pytest.fixture
def region(db):
    return make_region()


@pytest.fixture
def boss(region):
    return make_person(region, Role.ADMIN, name="Karin Berg")


def test_give_role_twice_is_one(region, boss):
    first = give_role(actor_id=region.pk, email="a@b.example", name="Anna", role=Role.EDITOR, by=boss)
    again = give_role(actor_id=region.pk, email=" A@B.example ", name="Någon annan", role=Role.EDITOR, by=boss)
    assert first == again
    assert again.user.name == "Anna"
    assert AuditEvent.objects.filter(verb="give_role", by=boss).count() == 1


def test_give_role_without_right_is_refused(region):
    with pytest.raises(Forbidden):
        give_role(
            actor_id=region.pk, email="a@b.example", name="A", role=Role.EDITOR, by=make_person(region, Role.EDITOR)
        )
    assert not User.objects.filter(email="a@b.example").exists()


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("email", {"email": "inte-en-adress"}),
        ("email", {"email": ""}),
        ("email", {"email": "a@b.example\nBcc: x@y.example"}),
        ("name", {"name": "  "}),
        ("name", {"name": "x" * 121}),
        ("role", {"role": "kung"}),
    ],
)
def test_give_role_with_bad_input_says_which_field(region, boss, field, given):
    with pytest.raises(Invalid) as refusal:
        give_role(
            **{"actor_id": region.pk, "email": "a@b.example", "name": "A", "role": Role.EDITOR, "by": boss, **given}
        )
    assert list(refusal.value.fields) == [field]


def test_give_role_keeps_hostile_names_as_words(region, boss):
    name = "Robert'); DROP TABLE actors_user;-- <script>alert(1)</script>"
    assert give_role(actor_id=region.pk, email="r@b.example", name=name, role=Role.READER, by=boss).user.name == name


def test_region_admin_gives_only_the_first_administrator(region, boss):
    municipality = make_municipality()
    with pytest.raises(Forbidden):
        give_role(actor_id=municipality.pk, email="m@b.example", name="M", role=Role.SIGNATORY, by=boss)
    with pytest.raises(Forbidden):
        give_role(actor_id=municipality.pk, email=boss.email, name="M", role=Role.ADMIN, by=boss)
    give_role(actor_id=municipality.pk, email="m@b.example", name="M", role=Role.ADMIN, by=boss)
    with pytest.raises(Forbidden):
        give_role(actor_id=municipality.pk, email="n@b.example", name="N", role=Role.ADMIN, by=boss)


def test_end_role_protects_the_last_administrator(region, boss):
    with pytest.raises(Invalid):
        end_role(membership_id=boss.memberships.get().pk, by=boss)
    make_person(region, Role.ADMIN)
    ended = end_role(membership_id=boss.memberships.get().pk, by=boss)
    assert ended.until is not None
    assert ended.ended_by == boss


def test_end_role_of_oneself_needs_no_administrator(region, boss):
    person = make_person(region, Role.EDITOR)
    end_role(membership_id=person.memberships.get().pk, by=person)
    assert person.memberships.filter(until=None).count() == 0


@pytest.mark.parametrize("role", [Role.LEADER, Role.EDITOR, Role.SIGNATORY, Role.SECRETARY, Role.READER])
def test_end_role_of_somebody_else_is_for_administrators(region, boss, role):
    with pytest.raises(Forbidden):
        end_role(membership_id=boss.memberships.get().pk, by=make_person(region, role))


def test_end_role_twice_is_not_found(region, boss):
    row = make_person(region, Role.EDITOR).memberships.get()
    end_role(membership_id=row.pk, by=boss)
    with pytest.raises(NotFound):
        end_role(membership_id=row.pk, by=boss)


def test_invite_colleague_sends_a_link_to_somebody_new(region, boss):
    row = invite_colleague(actor_id=region.pk, email="ny@b.example", name="Ny", role=Role.EDITOR, by=boss)
    letter = OutgoingMail.objects.get(to="ny@b.example")
    assert "/valkommen/" in letter.text
    assert PersonalLink.objects.get(email="ny@b.example").token_sha256 not in letter.text
    assert not row.user.has_usable_password()


def test_invite_colleague_with_an_account_sends_no_link(region, boss):
    make_person(name="Erik", email="erik@b.example", password=PASSWORD)
    invite_colleague(actor_id=region.pk, email="erik@b.example", name="Strunt", role=Role.EDITOR, by=boss)
    assert "/valkommen/" not in OutgoingMail.objects.get(to="erik@b.example").text
    assert Notification.objects.filter(user__email="erik@b.example").count() == 1
    assert User.objects.get(email="erik@b.example").name == "Erik"


def test_invite_colleague_twice_says_so_and_sends_one_letter(region, boss):
    invite_colleague(actor_id=region.pk, email="ny@b.example", name="Ny", role=Role.EDITOR, by=boss)
    with pytest.raises(Invalid):
        invite_colleague(actor_id=region.pk, email="NY@b.example", name="Ny", role=Role.EDITOR, by=boss)
    assert OutgoingMail.objects.filter(to="ny@b.example").count() == 1


def test_send_welcome_again_ends_the_older_link(region, boss):
    row = invite_colleague(actor_id=region.pk, email="ny@b.example", name="Ny", role=Role.EDITOR, by=boss)
    send_welcome_again(membership_id=row.pk, by=boss)
    assert sorted(link.revoked_at is None for link in PersonalLink.objects.filter(email="ny@b.example")) == [
        False,
        True,
    ]
    row.user.set_password(PASSWORD)
    row.user.save()
    with pytest.raises(WrongState):
        send_welcome_again(membership_id=row.pk, by=boss)


def test_letters_are_plain_text_without_escapes(region, boss):
    invite_colleague(actor_id=region.pk, email="ny@b.example", name="Å & <b>Ö</b>", role=Role.EDITOR, by=boss)
    assert "Hej Å & <b>Ö</b>," in OutgoingMail.objects.get(to="ny@b.example").text


@pytest.mark.django_db(transaction=True)
def test_give_role_by_two_at_once_is_one_person_and_one_role():
    region = make_region()

    def give():
        return give_role(actor_id=region.pk, email="a@b.example", name="Anna", role=Role.EDITOR, by=None).pk

    first, second = together(give, give)
    assert first == second
    assert Membership.objects.filter(user__email="a@b.example").count() == 1


@pytest.mark.django_db(transaction=True)
def test_give_role_in_two_organisations_at_once_is_one_person():
    region, municipality = make_region(), make_municipality()

    def give(actor):
        return give_role(actor_id=actor.pk, email="a@b.example", name="Anna", role=Role.EDITOR, by=None).user_id

    first, second = together(lambda: give(region), lambda: give(municipality))
    assert first == second


@pytest.mark.django_db(transaction=True)
def test_end_role_by_two_administrators_at_once_leaves_one():
    region = make_region()
    one, two = make_person(region, Role.ADMIN), make_person(region, Role.ADMIN)
    ids = {person.pk: person.memberships.get().pk for person in (one, two)}
    results = together(
        lambda: end_role(membership_id=ids[two.pk], by=one), lambda: end_role(membership_id=ids[one.pk], by=two)
    )
    assert Membership.objects.filter(actor=region, role=Role.ADMIN, until=None).count() == 1
    assert sum(isinstance(result, Invalid | Forbidden) for result in results) == 1
