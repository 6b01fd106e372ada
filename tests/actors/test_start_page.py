"""The start page: what awaits each person, step by step through a round."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from actors.models import Role
from consultations.domain import dispositions, invitations, responses, rounds
from rus_platform.home import start_page
from rus_platform.kit import clock
from strategies.domain.versions import freeze_version
from tests.factories.actors import make_municipality, make_person, make_region
from tests.factories.strategies import make_strategy, working_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def region():
    return make_region()


@pytest.fixture
def leader(region):
    return make_person(region, Role.LEADER)


def prepared(region, leader, number=1):
    """A round on a frozen version of a new strategy, with one municipality on the list."""
    version = working_version(make_strategy(region, by=leader, title=f"Strategi {number}"))
    freeze_version(version_id=version.pk, by=leader, label="Samrådsversion 1")
    round_ = rounds.create_round(version_id=version.pk, title=f"Samråd {number}", by=leader)
    invitations.invite_actors(round_id=round_.pk, actor_ids=[make_municipality().pk], by=leader)
    return rounds.describe_round(
        round_id=round_.pk, by=leader, revision=round_.revision, title=round_.title, cover_letter="Svara gärna.",
        case_number="", opens_at=None, closes_at=clock.now() + timedelta(days=30), public_when="closed", accepts_late=True,
    )  # fmt: skip


def waiting(person):
    return [task.title for task in start_page(person)["tasks"]]


def test_start_page_follows_a_round(region, leader):
    writer = make_person(make_municipality(), Role.EDITOR, name="Ulla")
    signatory = make_person(make_municipality(), Role.SIGNATORY)
    outsider = make_person()
    round_ = prepared(region, leader)
    assert [waiting(person) for person in (leader, writer, outsider)] == [[], [], []]

    rounds.open_round(round_id=round_.pk, by=leader)
    assert waiting(writer) == ["Svara på ”Samråd 1”"]

    response = responses.start_response(round_id=round_.pk, actor_id=make_municipality().pk, by=writer)
    responses.add_point(response_id=response.pk, by=writer, text="Bra målbild.")
    responses.submit_response(response_id=response.pk, by=signatory)
    assert waiting(writer) == []

    rounds.close_round(round_id=round_.pk, by=leader)
    assert waiting(leader) == ["Besluta om synpunkterna i ”Samråd 1”"]
    assert waiting(outsider) == []

    dispositions.decide_point(point_id=response.points.get().pk, by=leader, decision="noted", reason="")
    assert waiting(leader) == ["Avsluta ”Samråd 1”"]


def test_start_page_takes_the_same_queries_for_one_round_and_three(client, region, leader):
    writer = make_person(make_municipality(), Role.EDITOR)
    counts = []
    for numbers in ([1], [2, 3]):
        for number in numbers:
            rounds.open_round(round_id=prepared(region, leader, number).pk, by=leader)
            prepared(region, leader, number * 10)
        for person in (writer, leader):
            client.force_login(person)
            client.get("/")
            with CaptureQueriesContext(connection) as captured:
                assert client.get("/").status_code == 200
            counts.append(len(captured))
    assert counts[:2] == counts[2:]


def test_start_page_for_everyone_says_what_this_is(client):
    page = client.get("/").content.decode()
    assert "Länets framtid skrivs tillsammans" in page
    assert "Ingen strategi är antagen här än" in page


def test_cards_lead_those_outside_the_region_to_the_version_they_may_read(client, region, leader):
    writer = make_person(make_municipality(), Role.EDITOR)
    round_ = prepared(region, leader)
    rounds.open_round(round_id=round_.pk, by=leader)
    client.force_login(writer)
    assert f'href="/versioner/{round_.version_id}/"' in client.get("/strategier/").content.decode()
    assert client.get(f"/versioner/{round_.version_id}/").status_code == 200
