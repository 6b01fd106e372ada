"""Organisations: those of a county, and those that somebody adds."""

import pytest

from actors.domain.register import FREE_KINDS, actors_of_counties, add_actor, change_actor
from actors.models import Actor, ActorKind
from rus_platform.kit.errors import Conflict, Invalid
from tests.factories.actors import make_county, make_municipality, make_organisation
from tests.factories.threads import together

pytestmark = pytest.mark.django_db


def test_actors_of_counties_are_region_county_board_and_municipalities():
    actors = actors_of_counties(["17"], None)
    assert [actor.name for actor in actors if actor.kind != "municipality"] == [
        "Länsstyrelsen i Värmlands län",
        "Region Värmland",
    ]
    names = [actor.name for actor in actors if actor.kind == "municipality"]
    assert len(names) == 16
    assert names[0] == "Arvika kommun"
    assert names[-1] == "Årjängs kommun"
    assert {code for actor in actors for code in actor.counties.values_list("code", flat=True)} == {"17"}


def test_actors_of_counties_again_makes_nothing_new():
    first = actors_of_counties(["17", "14"], None)
    assert actors_of_counties(["14", "17"], None) == first


def test_actors_of_counties_takes_the_same_queries_for_one_and_three(django_assert_max_num_queries):
    with django_assert_max_num_queries(14):
        actors_of_counties(["17"], None)
    with django_assert_max_num_queries(14):
        actors_of_counties(["14", "18", "20"], None)


@pytest.mark.parametrize("codes", [[], ["00"], ["17", "xx"], ["17' OR 1=1"]])
def test_actors_of_counties_that_do_not_exist(codes):
    with pytest.raises(Invalid):
        actors_of_counties(codes, None)


@pytest.mark.parametrize("kind", FREE_KINDS)
def test_add_actor_of_each_free_kind(kind):
    assert add_actor(kind=kind, name="  Nämnden   för Öar ", by=None).name == "Nämnden för Öar"


@pytest.mark.parametrize("kind", [kind for kind in [*ActorKind.values, "kung"] if kind not in FREE_KINDS])
def test_add_actor_of_a_listed_kind_is_refused(kind):
    with pytest.raises(Invalid):
        add_actor(kind=kind, name="Region Ny", by=None)


@pytest.mark.parametrize(
    "again", ["Almi Företagspartner", "ALMI  företagspartner AB", "Almi-Företagspartner.", "almi företagspartner, ab"]
)
def test_add_actor_that_is_there_already_says_which(again):
    known = add_actor(kind="business", name="Almi Företagspartner AB", by=None)
    with pytest.raises(Conflict) as refusal:
        add_actor(kind="business", name=again, by=None)
    assert refusal.value.data["likely"] == [known.pk]


def test_add_actor_with_a_like_name_is_another():
    add_actor(kind="business", name="Almi Väst", by=None)
    assert add_actor(kind="business", name="Almi Öst", by=None)


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("name", {"name": "x" * 161}),
        ("name", {"name": " \x00 "}),
        ("email", {"email": "a@b"}),
        ("email", {"email": "<x>@b.se"}),
    ],
)
def test_add_actor_with_bad_input_says_which_field(field, given):
    with pytest.raises(Invalid) as refusal:
        add_actor(**{"kind": "business", "name": "Almi", "by": None, **given})
    assert list(refusal.value.fields) == [field]


def test_change_actor_of_a_listed_kind_changes_only_the_address():
    actor = make_municipality()
    assert (
        change_actor(actor_id=actor.pk, by=None, email=" Registrator@SAGO.example ").email == "registrator@sago.example"
    )
    with pytest.raises(Invalid):
        change_actor(actor_id=actor.pk, by=None, name="Storkommunen")


def test_change_actor_name_moves_it_in_the_order():
    actor = make_organisation(name="Älvgården")
    change_actor(actor_id=actor.pk, by=None, name="Bäckgården")
    assert Actor.objects.get(pk=actor.pk).sort_key.startswith("b")


@pytest.mark.django_db(transaction=True)
def test_actors_of_counties_by_two_at_once_makes_each_once():
    make_county("98")
    make_county("97")
    first, second = together(
        lambda: [actor.pk for actor in actors_of_counties(["98", "97"], None)],
        lambda: [actor.pk for actor in actors_of_counties(["97", "98"], None)],
    )
    assert sorted(first) == sorted(second)


@pytest.mark.django_db(transaction=True)
def test_add_actor_by_two_at_once_is_one():
    results = together(*[lambda: add_actor(kind="business", name="Almi", by=None)] * 2)
    assert sorted(type(result).__name__ for result in results) == ["Actor", "Conflict"]
