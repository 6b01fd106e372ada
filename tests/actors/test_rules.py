"""Who may what with an organisation and its people: person x organisation."""

import pytest

from actors import rules
from actors.domain.membership import end_role
from actors.models import Role
from actors.queries.roles import fresh
from tests.factories.actors import make_municipality, make_organisation, make_person, make_region

pytestmark = pytest.mark.django_db

PEOPLE = [
    "admin",
    "leader",
    "editor",
    "signatory",
    "secretary",
    "reader",
    "outsider",
    "region_admin",
    "other_region_admin",
]


@pytest.fixture
def people():
    """One person of each kind; the first six belong to the municipality."""
    actor = make_municipality("98", 1)
    persons = {role: make_person(actor, role) for role in PEOPLE[:6]}
    persons["outsider"] = make_person()
    persons["region_admin"] = make_person(make_region("98"), Role.ADMIN)
    persons["other_region_admin"] = make_person(make_region("97"), Role.ADMIN)
    return actor, persons


def allowed(predicate, actor, persons):
    return {name for name, person in persons.items() if predicate(fresh(person), actor)}


@pytest.mark.parametrize(
    ("predicate", "expected"),
    [
        (rules.can_handle_people, {"admin"}),
        (rules.can_see_people, set(PEOPLE[:6])),
        (rules.belongs_to, set(PEOPLE[:6])),
        (rules.can_start_organisation, set()),  # it has an administrator
    ],
)
def test_rules_of_an_organisation_with_administrator(people, predicate, expected):
    actor, persons = people
    assert allowed(predicate, actor, persons) == expected


def test_can_start_organisation_when_nobody_is_administrator(people):
    _actor, persons = people
    assert allowed(rules.can_start_organisation, make_municipality("98", 2), persons) == {"region_admin"}
    assert allowed(rules.can_start_organisation, make_municipality("97", 2), persons) == {"other_region_admin"}
    assert allowed(rules.can_start_organisation, make_organisation(), persons) == {"region_admin", "other_region_admin"}
    assert allowed(rules.can_start_organisation, make_region("96"), persons) == set()


@pytest.mark.parametrize(
    ("role", "may"),
    [
        ("admin", True),
        ("leader", True),
        ("editor", False),
        ("signatory", False),
        ("secretary", False),
        ("reader", False),
    ],
)
def test_can_create_strategy_by_role(role, may):
    region = make_region()
    assert rules.can_create_strategy(make_person(region, role), region) is may


def test_can_create_strategy_never_for_a_municipality():
    municipality = make_municipality()
    assert rules.can_create_strategy(make_person(municipality, Role.ADMIN), municipality) is False


def test_a_closed_account_holds_no_roles():
    region = make_region()
    person = make_person(region, Role.ADMIN)
    person.is_active = False
    assert rules.can_handle_people(fresh(person), region) is False


def test_an_ended_role_gives_nothing():
    region = make_region()
    boss, person = make_person(region, Role.ADMIN), make_person(region, Role.EDITOR)
    end_role(membership_id=person.memberships.get().pk, by=boss)
    assert rules.belongs_to(fresh(person), region) is False
