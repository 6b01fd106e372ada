"""The preview as a consultee: the very pages, walked from the first to the last, and nothing of it is left anywhere."""

import re

import pytest
from django.apps import apps
from django.core.cache import cache
from django.test import Client
from django.urls import get_script_prefix, reverse

from actors.models import OutgoingMail, Role, User
from consultations.domain import openness, rounds, stage
from consultations.models import ConsultationRound, Response
from consultations.queries.coverage import coverage_of
from rus_platform.kit.errors import Conflict, Forbidden, Invalid, WrongState
from tests.factories import consultations as make
from tests.factories.actors import make_person

pytestmark = pytest.mark.django_db
BAND = "Förhandsvisning: inget sparas."
LINK = re.compile(r'(?:href|action|hx-post)="(/[^"#?]*)')


def signed_in(person):
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def everything():
    """How many rows every table has."""
    return {
        model._meta.label: model._base_manager.count()
        for model in apps.get_models()
        if model._meta.managed and not model._meta.proxy and not model._meta.label.startswith("sessions.")
    }


def prepared(*, public=False):
    world = make.make_round()
    if public:
        openness.set_openness(round_id=world.round.pk, by=world.leader, open_to_public=True, public_when="closed")
    return world, signed_in(world.leader), reverse("consultations:preview", args=[world.round.pk])


def entrances(page):
    return [url for url in LINK.findall(page.content.decode()) if "/forhandsgranska/" in url]


def crawl(client, first):
    """Every page of one seat, by its links: {address without numbers: status}."""
    prefix = "/".join(first.split("/")[:5]) + "/"
    waiting, seen = [first], {}
    while waiting:
        url = waiting.pop()
        kind = re.sub(r"\d+", "N", url)
        if kind in seen:
            continue
        answer = client.get(url)
        seen[kind] = answer.status_code
        if answer.status_code == 302:
            waiting.append(answer["Location"])
        elif answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
            text = answer.content.decode()
            assert BAND in text
            waiting += [link for link in LINK.findall(text) if link.startswith(prefix)]
    return seen


def test_the_way_in_leads_to_an_organisation_and_an_association():
    world, client, preview = prepared()
    assert [url.split("/")[4] for url in entrances(client.get(preview))] == ["kommun", "forening"]


def test_the_way_in_leads_to_the_public_form_when_the_round_is_open_to_all():
    world, client, preview = prepared(public=True)
    assert [url.split("/")[4] for url in entrances(client.get(preview))] == ["kommun", "forening", "allmanheten"]


@pytest.mark.parametrize("seat", ["kommun", "forening", "allmanheten"])
def test_a_walk_meets_the_real_pages_and_leaves_nothing(seat):
    world, client, preview = prepared(public=True)
    before, kept = everything(), world.fresh()
    first = next(url for url in entrances(client.get(preview)) if url.split("/")[4] == seat)
    met = crawl(client, first)
    pages = {url.split(f"/{seat}/", 1)[-1] for url, status in met.items() if status == 200}
    shared = {
        "svar/N/",
        "svar/N/las/",
        "svar/N/sammanfattning/",
        "svar/N/stallningstaganden/",
        "svar/N/fragor/",
        "svar/N/synpunkter/",
    }
    assert shared <= pages
    own = {
        "kommun": {"inbjudan/exempel/", "samrad/N/svara/N/", "svar/N/lamna-in/", "svar/N/fordela/"},
        "forening": {"inbjudan/exempel/", "samrad/N/svara/N/", "svar/N/lamna-in/"},
        "allmanheten": {"samrad/N/delta/", "delta/exempel/", "svar/N/lamna-in-som-allman/"},
    }
    assert own[seat] <= pages
    assert 500 not in met.values()
    assert everything() == before
    assert world.fresh().state == kept.state == "preparing"
    assert get_script_prefix() == "/"


@pytest.mark.parametrize(
    "seat", ["kommun-klart", "kommun-beslutat", "kommun-inlamnat", "forening-inlamnat", "allmanheten-inlamnat"]
)
def test_the_chain_can_be_seen_to_its_end(seat):
    world, client, _preview = prepared(public=True)
    before = everything()
    last = "kvitto" if seat.endswith("inlamnat") else "lamna-in"
    page = client.get(f"/samrad/{world.round.pk}/forhandsgranska/{seat}/svar/0/{last}/")
    text = page.content.decode()
    assert (page.status_code, BAND in text) == (200, True)
    words = {"kommun-klart": "Skriv in beslutet", "kommun-beslutat": "Lämna in för Exempelkommunen"}
    assert words.get(seat, "Kvitto") in text
    assert everything() == before


@pytest.mark.parametrize(
    ("page", "leads_to"),
    [
        ("kommun/inbjudan/exempel/", "kommun/samrad/N/svara/N/"),
        ("kommun/samrad/1/svara/1/", "kommun/svar/N/"),
        ("kommun/svar/1/sammanfattning/", "kommun/svar/N/sammanfattning/"),
        ("kommun/svar/1/klart/", "kommun-klart/svar/N/lamna-in/"),
        ("kommun-klart/svar/1/beslut/", "kommun-beslutat/svar/N/lamna-in/"),
        ("kommun-beslutat/svar/1/lamna-in/", "kommun-inlamnat/svar/N/kvitto/"),
        ("kommun/svar/1/fordela/", "kommun/svar/N/fordela/"),
        ("kommun/logga-ut/", "kommun/svar/N/"),
        ("allmanheten/samrad/1/delta/", "allmanheten/samrad/N/delta/skickat/"),
        ("allmanheten/delta/exempel/", "allmanheten/svar/N/"),
        ("allmanheten/svar/1/lamna-in-som-allman/", "allmanheten-inlamnat/svar/N/kvitto/"),
    ],
)
def test_what_is_sent_is_carried_out_nowhere_and_leads_on(page, leads_to):
    world, client, _preview = prepared(public=True)
    before = everything()
    start = f"/samrad/{world.round.pk}/forhandsgranska/"
    answer = client.post(start + page, {"summary": "SKREVS I EN FÖRHANDSVISNING", "name": "X"})
    assert answer.status_code == 302
    assert re.sub(r"\d+", "N", answer["Location"].removeprefix(start)) == leads_to
    shown = client.get(answer["Location"], follow=True).content.decode()
    assert BAND in shown
    assert "SKREVS I EN" not in shown
    assert everything() == before


def test_a_script_is_told_in_words():
    world, client, _preview = prepared()
    url = f"/samrad/{world.round.pk}/forhandsgranska/kommun/svar/1/stallningstaganden/{world.goal.pk}/"
    answer = client.post(url, {}, headers={"HX-Request": "true"})
    assert (answer.status_code, BAND in answer.content.decode()) == (409, True)


def test_pages_of_others_are_not_part_of_it():
    world, client, _preview = prepared()
    for page in (
        "",
        "konto/",
        "admin/",
        "samrad/",
        f"samrad/{world.round.pk}/forbered/",
        f"aktorer/{world.municipality.pk}/",
    ):
        answer = client.get(f"/samrad/{world.round.pk}/forhandsgranska/kommun/{page or 'x'}")
        assert answer.status_code == 404


def test_the_language_can_be_changed_on_the_way():
    world, client, _preview = prepared()
    url = f"/samrad/{world.round.pk}/forhandsgranska/kommun/i18n/setlang/"
    answer = client.post(url, {"language": "en"})
    assert (answer.status_code, answer["Location"]) == (307, "/i18n/setlang/")


def test_only_the_regions_own_officers_walk_and_only_before_the_opening():
    world, client, _preview = prepared()
    url = f"/samrad/{world.round.pk}/forhandsgranska/kommun/svar/1/"
    reader = make_person(world.region, Role.READER)
    assert signed_in(reader).get(url).status_code == 403
    assert signed_in(world.editor).get(url).status_code == 404
    assert Client().get(url).status_code == 302
    with pytest.raises(Forbidden), stage.raised(round_id=world.round.pk, by=reader, seat="kommun"):
        pass
    rounds.open_round(round_id=world.round.pk, by=world.leader)
    assert client.get(url)["Location"] == reverse("consultations:round", args=[world.round.pk])
    with pytest.raises(WrongState), stage.raised(round_id=world.round.pk, by=world.leader, seat="kommun"):
        pass
    assert not Response.objects.filter(round=world.round).exists()


def test_without_a_closing_time_there_is_no_way_in():
    world, client, preview = prepared()
    ConsultationRound.objects.filter(pk=world.round.pk).update(closes_at=None)
    assert entrances(client.get(preview)) == []
    with pytest.raises(Invalid), stage.raised(round_id=world.round.pk, by=world.leader, seat="kommun"):
        pass


def test_while_another_round_is_open_on_the_version_it_says_so():
    world = make.make_open_round()
    other = rounds.create_round(version_id=world.version.pk, title="Nästa", by=world.leader)
    make.describe(other, by=world.leader)
    with pytest.raises(Conflict), stage.raised(round_id=other.pk, by=world.leader, seat="kommun"):
        pass


def test_what_stands_on_the_stage_is_gone_when_the_page_is_made():
    world, _client, _preview = prepared()
    boards = [(group.state, group.count) for group in coverage_of(world.fresh())]
    with stage.raised(round_id=world.round.pk, by=world.leader, seat="kommun", step="inlamnat") as set_up:
        assert (set_up.response.state, set_up.response.number) in {("drafting", None), ("submitted", 1)}
        assert Response.objects.filter(round=world.round).count() == 1
    assert not Response.objects.filter(round=world.round).exists()
    assert not User.objects.filter(email__endswith="exempel.invalid").exists()
    assert not OutgoingMail.objects.filter(to__endswith="exempel.invalid").exists()
    assert [(group.state, group.count) for group in coverage_of(world.fresh())] == boards


def test_an_error_on_the_way_undoes_it_too():
    world, _client, _preview = prepared()
    before = everything()
    with pytest.raises(ZeroDivisionError), stage.raised(round_id=world.round.pk, by=world.leader, seat="forening"):
        raise ZeroDivisionError
    assert everything() == before


def test_nothing_is_remembered_of_who_writes(monkeypatch):
    world, client, _preview = prepared()
    cache.clear()
    client.get(f"/samrad/{world.round.pk}/forhandsgranska/kommun/svar/1/sammanfattning/")
    page = client.get(f"/samrad/{world.round.pk}/forhandsgranska/kommun/svar/1/stallningstaganden/").content.decode()
    assert "data-writing" not in page


@pytest.mark.parametrize("seat", ["kommun", "forening"])
def test_the_stage_asks_the_same_number_of_questions_whatever_the_list(seat, django_assert_max_num_queries):
    world, client, _preview = prepared()
    url = f"/samrad/{world.round.pk}/forhandsgranska/{seat}/svar/1/"
    client.get(url)
    with django_assert_max_num_queries(140):
        client.get(url)
