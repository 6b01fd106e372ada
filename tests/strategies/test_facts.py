"""Correcting what a strategy is called and which years it is for."""

import pytest
from django.test import Client

from actors.models import Role
from rus_platform.kit.errors import Forbidden, Invalid
from strategies.domain.spaces import change_strategy
from tests.factories.actors import make_person
from tests.factories.strategies import make_strategy

pytestmark = pytest.mark.django_db
GOOD = {
    "title": "Ny strategi",
    "horizon_from": 2027,
    "horizon_to": 2045,
    "case_number": "RUN 2027-1",
    "contact": "rus@sago.example",
}


@pytest.mark.parametrize(
    ("role", "may"), [(Role.LEADER, True), (Role.EDITOR, False), (Role.SECRETARY, False), (Role.ADMIN, False)]
)
def test_change_strategy_is_for_the_process_leader(role: str, may: bool) -> None:
    strategy = make_strategy()
    person = make_person(strategy.owner, role)
    if may:
        changed = change_strategy(strategy_id=strategy.pk, by=person, **GOOD)
        assert {name: getattr(changed, name) for name in GOOD} == GOOD
    else:
        with pytest.raises(Forbidden):
            change_strategy(strategy_id=strategy.pk, by=person, **GOOD)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"title": " "}, "title"), ({"horizon_to": 2027}, "horizon_to"), ({"horizon_from": 1900}, "horizon_from")],
)
def test_change_strategy_names_the_wrong_field(wrong: dict[str, object], field: str) -> None:
    strategy = make_strategy()
    with pytest.raises(Invalid) as refusal:
        change_strategy(strategy_id=strategy.pk, by=strategy.created_by, **{**GOOD, **wrong})
    assert list(refusal.value.fields) == [field]


def test_page_saves_and_shows_what_is_wrong(client: Client) -> None:
    strategy = make_strategy()
    client.force_login(strategy.created_by)
    address = f"/strategier/{strategy.pk}/uppgifter/"
    assert client.get(address).status_code == 200
    assert client.post(address, GOOD).status_code == 302
    strategy.refresh_from_db()
    assert strategy.horizon_to == 2045
    assert client.post(address, {**GOOD, "title": ""}).status_code == 422
