"""The trail in words: every verb that is recorded has its sentence, and private events stay private."""

import ast

import pytest

from actors.domain.audit import record
from actors.models import Role
from actors.queries.events import events_of, told, told_page
from rus_platform.kit.wording import SENTENCES, sentence
from tests.architecture.sources import python_files, tree
from tests.factories.actors import make_municipality, make_person, make_region


def recorded_verbs():
    calls = [
        (node, keyword)
        for file in python_files("actors", "strategies", "consultations")
        for node in ast.walk(tree(file))
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("record")
        for keyword in node.keywords
        if keyword.arg == "verb"
    ]
    return {
        part.value for _call, keyword in calls for part in ast.walk(keyword.value) if isinstance(part, ast.Constant)
    }


def test_every_recorded_verb_has_a_sentence():
    assert recorded_verbs() - set(SENTENCES) == set()


def test_sentence_of_an_unknown_verb_is_still_told():
    assert sentence("hoppa_hage", who="Anna", what="Torget") == "Anna gjorde ”hoppa hage”: Torget"


def test_sentence_lacks_nothing_when_data_is_missing():
    assert sentence("give_role", who="Anna", what="x", actor="Ale") == "Anna gav – rollen – i Ale"


@pytest.mark.django_db
def test_events_private_to_an_organisation_are_seen_by_its_own():
    municipality, region = make_municipality(), make_region()
    own, other = make_person(municipality, Role.EDITOR), make_person(region, Role.LEADER)
    event = record(by=own, verb="add_point", obj=municipality, actor=municipality, private_to=municipality)
    assert event in events_of(own, obj=municipality)
    assert event not in events_of(other, obj=municipality)
    assert told(event).private is True


@pytest.mark.django_db
def test_told_page_takes_two_queries_for_one_event_and_three(django_assert_num_queries):
    region = make_region()
    person = make_person(region, Role.LEADER)
    events_of(person).exists()
    for _n in range(3):
        record(by=person, verb="change_account", obj=region)
        with django_assert_num_queries(2):
            assert (
                told_page(events_of(person, obj=region), "99").object_list[0].text
                == f"{person} ändrade sina kontouppgifter"
            )
