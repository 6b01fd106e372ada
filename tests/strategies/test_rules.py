"""Who may do what with a strategy: person x rule."""

import pytest

from actors.domain.membership import end_role
from actors.models import Role
from actors.queries.roles import fresh
from strategies import rules
from tests.factories.actors import make_person, make_region
from tests.factories.strategies import make_strategy

pytestmark = pytest.mark.django_db

RULES = ["is_in_region", "can_suggest", "can_edit", "can_lead", "can_record_decision", "can_publish"]
MAY = {
    "admin": (True, False, False, False, False, False),
    "leader": (True, True, True, True, False, True),
    "editor": (True, True, True, False, False, True),
    "reviewer": (True, True, False, False, False, False),
    "secretary": (True, False, False, False, True, True),
    "signatory": (True, False, False, False, False, False),
    "reader": (True, False, False, False, False, False),
}


def asked(user, strategy):
    return tuple(getattr(rules, name)(user, strategy) for name in RULES)


@pytest.mark.parametrize("role", MAY)
def test_rules_by_role(role):
    region = make_region()
    strategy = make_strategy(region)
    assert asked(make_person(region, Role(role)), strategy) == MAY[role]


@pytest.mark.parametrize("role", MAY)
def test_rules_in_another_region_give_nothing(role):
    strategy = make_strategy()
    assert asked(make_person(make_region("97"), Role(role)), strategy) == (False,) * len(RULES)


def test_rules_after_the_role_ended_give_nothing():
    region = make_region()
    strategy, leader = make_strategy(region), make_person(region, Role.LEADER)
    end_role(membership_id=leader.memberships.get().pk, by=make_person(region, Role.ADMIN))
    assert asked(fresh(leader), strategy) == (False,) * len(RULES)


def test_rules_with_a_closed_account_give_nothing():
    region = make_region()
    strategy, leader = make_strategy(region), make_person(region, Role.LEADER)
    leader.is_active = False
    assert asked(leader, strategy) == (False,) * len(RULES)


def test_rules_with_two_roles_add_up():
    region = make_region()
    both = make_person(region, Role.EDITOR, Role.SECRETARY)
    assert asked(both, make_strategy(region)) == (True, True, True, False, True, True)
