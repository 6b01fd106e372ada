"""A strategy's register of actors."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actors.models import Actor, ActorKind, Role
from rus_platform.kit.errors import Conflict, Forbidden, Invalid, WrongState
from strategies.domain import register
from strategies.models import StrategyActor
from strategies.queries.register import entries_of, grouped
from tests.factories.actors import make_county, make_municipality, make_organisation, make_person
from tests.factories.strategies import make_strategy, working_version
from tests.factories.threads import together

pytestmark = pytest.mark.django_db


@pytest.fixture
def strategy():
    return make_strategy()


@pytest.fixture
def editor(strategy, client):
    person = make_person(strategy.owner, Role.EDITOR)
    client.force_login(person)
    return person


def add(strategy, by, name="Almi", kind="business", email=""):
    return register.add_to_register(strategy_id=strategy.pk, by=by, kind=kind, name=name, email=email)


@pytest.mark.parametrize(
    ("role", "may"),
    [
        ("leader", True),
        ("editor", True),
        ("admin", False),
        ("signatory", False),
        ("secretary", False),
        ("reader", False),
    ],
)
def test_add_to_register_by_role(strategy, role, may):
    person = make_person(strategy.owner, role)
    if may:
        assert add(strategy, person).kind == "business"
    else:
        with pytest.raises(Forbidden):
            add(strategy, person)


def test_add_to_register_uses_the_organisation_that_is_known(strategy, editor):
    known = make_organisation("state_agency", "Trafikverket")
    assert add(strategy, editor, "TRAFIKVERKET", "state_agency").actor == known
    with pytest.raises(Conflict):
        add(strategy, editor, "Trafikverket", "state_agency")
    assert Actor.objects.filter(name__iexact="trafikverket").count() == 1


def test_add_neighbours_are_regions_of_other_counties(strategy, editor):
    make_county("97")
    (row,) = register.add_neighbours(strategy_id=strategy.pk, by=editor, county_codes=["97"])
    assert (row.kind, row.actor.kind, row.actor.name) == (ActorKind.NEIGHBOUR, ActorKind.REGION, "Region Sago97")
    assert register.add_neighbours(strategy_id=strategy.pk, by=editor, county_codes=["97"]) == []
    with pytest.raises(Invalid):
        register.add_neighbours(strategy_id=strategy.pk, by=editor, county_codes=["98"])


def test_change_in_register_until_the_organisation_has_its_own_administrator(strategy, editor):
    row = add(strategy, editor)
    assert (
        register.change_in_register(entry_id=row.pk, by=editor, name="Almi Sago", email="a@b.example").actor.name
        == "Almi Sago"
    )
    make_person(row.actor, Role.ADMIN)
    with pytest.raises(Forbidden):
        register.change_in_register(entry_id=row.pk, by=editor, name="Kapad", email="kapad@b.example")


def test_remove_from_register_keeps_the_owner_and_those_responsible(strategy, editor):
    with pytest.raises(WrongState):
        register.remove_from_register(entry_id=strategy.taking_part.get(actor=strategy.owner).pk, by=editor)
    row = add(strategy, editor)
    goal = working_version(strategy).sections.filter(title="Mål").get()
    goal.responsible.add(row.actor)
    with pytest.raises(WrongState):
        register.remove_from_register(entry_id=row.pk, by=editor)
    goal.responsible.clear()
    register.remove_from_register(entry_id=row.pk, by=editor)
    assert not StrategyActor.objects.filter(pk=row.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_add_to_register_twice_at_once_is_one():
    strategy = make_strategy()
    person = make_person(strategy.owner, Role.EDITOR)
    results = together(*[lambda: add(strategy, person)] * 2)
    assert sorted(type(result).__name__ for result in results) == ["Conflict", "StrategyActor"]


def test_register_is_grouped_by_kind_in_swedish_order(strategy, editor):
    for name in ("Örtugården", "Almi", "Åkeriet"):
        add(strategy, editor, name)
    groups = {group.kind: [entry.actor.name for entry in group.entries] for group in grouped(entries_of(strategy))}
    assert list(groups) == ["region", "county_board", "municipality", "business"]
    assert groups["business"] == ["Almi", "Åkeriet", "Örtugården"]


def test_register_page_takes_constant_queries(client, strategy, editor):
    counts = []
    for names in (["En"], ["Två", "Tre", "Fyra"]):
        for name in names:
            make_person(add(strategy, editor, name).actor, Role.READER)
        client.get(reverse("strategies:register", args=[strategy.pk]))
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse("strategies:register", args=[strategy.pk])).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(("words", "shown"), [("almi", 1), ("ALMI s", 1), ("' OR 1=1--", 0), ("%", 0), ("", 6)])
def test_register_search(client, strategy, editor, words, shown):
    add(strategy, editor, "Almi Sago")
    answer = client.get(reverse("strategies:register", args=[strategy.pk]), {"ord": words})
    assert answer.context["shown"] == shown


def test_register_search_by_htmx_gives_the_same_fragment(client, strategy, editor):
    url = reverse("strategies:register", args=[strategy.pk])
    fragment = client.get(url, headers={"hx-request": "true"}).content.decode()
    assert "<html" not in fragment
    assert fragment.strip() in client.get(url).content.decode()


def test_register_of_a_draft_is_not_found_by_others(client, strategy):
    client.force_login(make_person(make_municipality(), Role.ADMIN))
    assert client.get(reverse("strategies:register", args=[strategy.pk])).status_code == 404


def test_register_add_page_says_that_it_is_there_already(client, strategy, editor):
    add(strategy, editor, "Almi Sago AB")
    answer = client.post(
        reverse("strategies:register_add", args=[strategy.pk]), {"kind": "business", "name": "almi sago"}
    )
    assert answer.status_code == 422
    assert "finns redan i registret" in answer.content.decode()


def test_register_change_page_of_another_strategy_is_not_found(client, strategy, editor):
    other = make_strategy(title="En annan")
    row = other.taking_part.first()
    person_elsewhere = reverse("strategies:register_change", args=[strategy.pk, row.pk])
    assert client.get(person_elsewhere).status_code == 404
