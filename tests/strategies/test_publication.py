"""Publishing: who may ask for a PDF, that it is made once, what is served to whom, and the public page."""

import hashlib
import threading
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.urls import reverse

from actors.models import AuditEvent, Notification, Role
from rus_platform.kit import clock
from rus_platform.kit.errors import Forbidden
from strategies.domain import publish
from strategies.domain.versions import fork_version, freeze_version
from strategies.domain.workflow import record_consultation_outcome, record_decision, submit_for_decision
from strategies.models import Publication, Version
from strategies.publishing.pdf import render_pdf
from strategies.publishing.tree import book_of
from strategies.states import PublicationState
from tests.factories.actors import make_person, make_region
from tests.factories.strategies import make_strategy, working_version
from tests.factories.texts import make_section

State = PublicationState
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> None:
    """Files of this test alone."""
    settings.MEDIA_ROOT = tmp_path


@dataclass
class Made:
    """What a renderer gives, without a renderer: the bytes are the text's own hash."""

    data: bytes
    pages: int = 3
    sha256: str = field(default="")

    def __post_init__(self) -> None:
        self.sha256 = hashlib.sha256(self.data).hexdigest()


def quick(version: Version, progress: publish.Progress) -> Made:
    progress("Sätter sida 1 av ungefär 3", 300, 1000)
    return Made(f"%PDF-1.7 {version.pk}".encode())


@dataclass
class World:
    region: Any
    leader: Any
    secretary: Any
    strategy: Any
    version: Version


@pytest.fixture
def world(db: None) -> World:
    region = make_region()
    leader, secretary = make_person(region, Role.LEADER), make_person(region, Role.SECRETARY)
    strategy = make_strategy(region, by=leader, title="Strategi för sagan", chapters=("purpose",))
    version = working_version(strategy)
    goal = make_section(version, "Alla får plats.[^1]\n\n[^1]: En fotnot.", by=leader, title="Ett mål", kind="goal")
    goal.target_year = 2030
    goal.save(update_fields=["target_year"])
    return World(region, leader, secretary, strategy, version)


def frozen(world: World, label: str = "Samrådsversion 1") -> Version:
    return freeze_version(version_id=world.version.pk, by=world.leader, label=label)


def adopted(world: World, draft: Version | None = None, label: str = "Förslag") -> Version:
    """The draft through the three bodies."""
    draft = draft or world.version
    case = submit_for_decision(version_id=draft.pk, by=world.leader, label=label)
    today = clock.today()
    for body, outcome in (
        ("development_board", "approved"),
        ("executive_board", "approved"),
        ("regional_council", "adopted"),
    ):
        reservations = (
            [{"kind": "reservation", "by_whom": "Anna Ek (S)", "text": "Vi vill mer."}] if outcome == "adopted" else []
        )
        record_decision(
            case_id=case.pk, body=body, outcome=outcome, decided_on=today, paragraph="§ 45", by=world.secretary,
            reservations=reservations,
        )  # fmt: skip
    return Version.objects.get(pk=draft.pk)


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


# --- asking


@pytest.mark.parametrize(
    ("role", "may"),
    [(Role.LEADER, True), (Role.EDITOR, True), (Role.SECRETARY, True), (Role.ADMIN, False), (None, False)],
)
def test_request_pdf_is_for_those_who_work_with_the_strategy(world, role, may):
    person = make_person(world.region, role) if role else make_person()
    if may:
        assert publish.request_pdf(version_id=frozen(world).pk, by=person).state == State.WAITING
    else:
        with pytest.raises(Forbidden):
            publish.request_pdf(version_id=frozen(world).pk, by=person)


def test_request_pdf_twice_is_one_publication_and_one_event(world):
    version = frozen(world)
    first = publish.request_pdf(version_id=version.pk, by=world.leader)
    assert publish.request_pdf(version_id=version.pk, by=world.secretary) == first
    assert AuditEvent.objects.filter(verb="request_pdf").count() == 1


def test_a_draft_that_has_been_written_in_is_another_publication(world):
    first = publish.request_pdf(version_id=world.version.pk, by=world.leader)
    make_section(world.version, "Nytt.", by=world.leader)
    assert publish.request_pdf(version_id=world.version.pk, by=world.leader) != first


def test_content_follows_the_text_and_what_is_printed_about_it(world):
    version = frozen(world)
    before = publish.content_sha256(version)
    assert publish.content_sha256(Version.objects.get(pk=version.pk)) == before
    world.strategy.contact = "strategi@sago.example"
    world.strategy.save()
    assert publish.content_sha256(Version.objects.get(pk=version.pk)) != before


# --- making


def test_render_publication_stores_the_bytes_under_their_hash_and_tells_who_asked(world):
    asked = publish.request_pdf(version_id=frozen(world).pk, by=world.leader)
    done = publish.render_publication(publication_id=asked.pk, render=quick)
    assert (done.state, done.pages, done.file.name) == (State.DONE, 3, f"publications/{done.file_sha256}.pdf")
    with default_storage.open(done.file.name) as file:
        assert hashlib.sha256(file.read()).hexdigest() == done.file_sha256
    assert Notification.objects.get(user=world.leader, kind="pdf_ready").url == f"/versioner/{asked.version_id}/pdf/"


def test_render_publication_again_makes_nothing(world):
    asked = publish.request_pdf(version_id=frozen(world).pk, by=world.leader)
    publish.render_publication(publication_id=asked.pk, render=quick)
    assert publish.render_publication(publication_id=asked.pk, render=never) is None
    assert publish.request_pdf(version_id=asked.version_id, by=world.leader).state == State.DONE


def never(version: Version, progress: publish.Progress) -> Made:
    raise AssertionError("rendered twice")


def test_progress_is_written_to_the_row(world):
    asked = publish.request_pdf(version_id=frozen(world).pk, by=world.leader)
    seen = []

    def slow(version: Version, progress: publish.Progress) -> Made:
        progress("Sätter sida 2 av ungefär 3", 500, 1000)
        row = Publication.objects.get(pk=asked.pk)
        seen.append((row.state, row.stage, row.done, row.total))
        return quick(version, lambda *_args: None)

    publish.render_publication(publication_id=asked.pk, render=slow)
    assert seen == [(State.RUNNING, "Sätter sida 2 av ungefär 3", 500, 1000)]


def test_a_failure_is_kept_in_words_and_can_be_tried_again(world):
    asked = publish.request_pdf(version_id=frozen(world).pk, by=world.leader)

    def broken(version: Version, progress: publish.Progress) -> Made:
        raise RuntimeError("secret path /var/lib")

    failed = publish.render_publication(publication_id=asked.pk, render=broken)
    assert failed.state == State.FAILED
    assert failed.error.startswith("Något gick fel") and "secret" not in failed.error
    assert Notification.objects.filter(user=world.leader, kind="pdf_failed").count() == 1
    again = publish.request_pdf(version_id=asked.version_id, by=world.leader)
    assert (again.pk, again.state, again.error) == (asked.pk, State.WAITING, "")
    assert publish.render_publication(publication_id=asked.pk, render=quick).state == State.DONE


def test_a_second_worker_leaves_it_to_the_first_until_that_one_is_silent(world):
    asked = publish.request_pdf(version_id=frozen(world).pk, by=world.leader)

    def taken_over(version: Version, progress: publish.Progress) -> Made:
        assert publish.render_publication(publication_id=asked.pk, render=never) is None
        with clock.travel(clock.now() + timedelta(minutes=3)):
            assert publish.render_publication(publication_id=asked.pk, render=quick).state == State.DONE
        progress("för sent", 900, 1000)
        raise AssertionError("the one that was overtaken went on")

    assert publish.render_publication(publication_id=asked.pk, render=taken_over) is None
    assert Publication.objects.get(pk=asked.pk).state == State.DONE


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_render_once(transactional_db, world):
    asked = publish.request_pdf(version_id=frozen(world).pk, by=world.leader)
    gate, rendered, results = threading.Barrier(2), [], []

    def render(version: Version, progress: publish.Progress) -> Made:
        rendered.append(version.pk)
        return quick(version, progress)

    def work() -> None:
        gate.wait()
        results.append(publish.render_publication(publication_id=asked.pk, render=render))
        connection.close()

    workers = [threading.Thread(target=work) for _n in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(rendered) == 1
    assert sorted(result is None for result in results) == [False, True]


def test_see_to_publications_asks_for_what_is_adopted_and_sends_lost_work_again(world):
    version = adopted(world)
    assert publish.see_to_publications() == 1
    row = Publication.objects.get(version=version)
    assert (row.state, row.requested_by) == (State.WAITING, None)
    assert publish.see_to_publications() == 0
    with clock.travel(clock.now() + timedelta(minutes=1)):
        assert publish.see_to_publications() == 1
    publish.render_publication(publication_id=row.pk, render=quick)
    with clock.travel(clock.now() + timedelta(minutes=5)):
        assert publish.see_to_publications() == 0


# --- the pages


def test_the_page_asks_follows_and_opens(world):
    version, client = frozen(world), signed_in(world.leader)
    page = reverse("strategies:pdf", args=[version.pk])
    assert "Skapa PDF" in client.get(page).content.decode()
    assert client.post(page).status_code == 302
    row = Publication.objects.get()
    poll = reverse("strategies:pdf_state", args=[row.pk])
    assert f'hx-get="{poll}"' in client.get(page).content.decode()
    Publication.objects.filter(pk=row.pk).update(
        state="running",
        stage="Sätter sida 4 av ungefär 80",
        done=250,
        total=1000,
        heartbeat_at=clock.now(),
        started_at=clock.now(),
    )
    fragment = client.get(poll, headers=HTMX).content.decode()
    assert "Sätter sida 4 av ungefär 80" in fragment and 'value="25"' in fragment
    Publication.objects.filter(pk=row.pk).update(state="waiting")
    publish.render_publication(publication_id=row.pk, render=quick)
    fragment = client.get(poll, headers=HTMX).content.decode()
    assert "Öppna PDF" in fragment and "hx-get" not in fragment


def test_a_failure_is_shown_with_a_way_to_try_again(world):
    version = frozen(world)
    row = publish.request_pdf(version_id=version.pk, by=world.leader)
    Publication.objects.filter(pk=row.pk).update(state="failed", error="Det tog för lång tid.")
    shown = signed_in(world.leader).get(reverse("strategies:pdf", args=[version.pk])).content.decode()
    assert "Det tog för lång tid." in shown and "Försök igen" in shown


def test_the_file_is_for_those_who_may_read_the_version(world):
    version = frozen(world)
    row = publish.request_pdf(version_id=version.pk, by=world.leader)
    publish.render_publication(publication_id=row.pk, render=quick)
    address = reverse("strategies:pdf_file", args=[row.pk, f"{world.strategy.slug}-{version.number}"])
    assert {name: who.get(address).status_code for name, who in {
        "leader": signed_in(world.leader), "outsider": signed_in(make_person()), "anyone": Client(),
    }.items()} == {"leader": 200, "outsider": 404, "anyone": 404}  # fmt: skip
    assert signed_in(world.leader).get(address)["Cache-Control"] == "private, max-age=0, must-revalidate"


def test_the_file_of_an_adopted_version_is_for_everyone_with_the_right_headers(world):
    version = adopted(world, label="Älvmarks strategi")
    row = publish.publish(version_id=version.pk)
    row = publish.render_publication(publication_id=row.pk, render=quick)
    address = reverse("strategies:pdf_file", args=[row.pk, f"{world.strategy.slug}-{version.number}"])
    answer = Client().get(address)
    assert answer.content == f"%PDF-1.7 {version.pk}".encode()
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("inline; filename*=utf-8''Strategi")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["ETag"] == f'"{row.file_sha256}"'
    assert Client().get(address, headers={"If-None-Match": answer["ETag"]}).status_code == 304


@pytest.mark.parametrize(
    ("asked", "status", "part", "said"),
    [
        ("bytes=0-3", 206, slice(0, 4), "bytes 0-3/"),
        ("bytes=5-", 206, slice(5, None), "bytes 5-"),
        ("bytes=-4", 206, slice(-4, None), "bytes "),
        ("bytes=9999-", 416, None, "bytes */"),
        ("bytes=0-1,3-4", 200, slice(None), None),
        ("nonsense", 200, slice(None), None),
    ],
)
def test_a_part_of_the_file_can_be_asked_for(world, asked, status, part, said):
    row = publish.publish(version_id=adopted(world).pk)
    row = publish.render_publication(publication_id=row.pk, render=quick)
    address = reverse("strategies:pdf_file", args=[row.pk, f"{world.strategy.slug}-{world.version.number}"])
    whole = Client().get(address).content
    answer = Client().get(address, headers={"Range": asked})
    assert answer.status_code == status
    if part is not None:
        assert answer.content == whole[part]
    if said:
        assert answer["Content-Range"].startswith(said)


def test_the_public_page_shows_the_adopted_edition_and_how_it_came_about(world):
    first = frozen(world)
    for event, numbers in (
        ("opened", {"invited": 120}),
        ("closed", {"invited": 120, "submitted": 90}),
        ("settled", {"points": 900}),
    ):
        record_consultation_outcome(
            version_id=first.pk,
            round_key="round:1",
            round_title="Samråd om strategin",
            event=event,
            at=clock.now(),
            numbers=numbers,
        )
    draft = fork_version(version_id=first.pk, by=world.leader)
    version = adopted(world, draft, "Sagans strategi 2026")
    row = publish.publish(version_id=version.pk)
    publish.render_publication(publication_id=row.pk, render=quick)
    shown = Client().get(reverse("strategies:public", args=[world.strategy.slug])).content.decode()
    told = [
        "Arbetet med texten började",
        "Samrådsversion 1",
        "120 inbjudna",
        "90 svar",
        "900 synpunkter",
        "§ 45",
        "Anna Ek (S)",
        "Läs som PDF (3 sidor",
    ]
    assert [words for words in told if words not in shown] == []
    assert f'/versioner/{first.pk}/"' not in shown  # a consultation version that the reader may not open is no link


def test_an_earlier_edition_is_kept_and_says_that_it_is_superseded(world):
    first = adopted(world, label="Första utgåvan")
    second = adopted(world, fork_version(version_id=first.pk, by=world.leader), "Andra utgåvan")
    client, slug = Client(), world.strategy.slug
    now = client.get(reverse("strategies:public", args=[slug])).content.decode()
    before = client.get(reverse("strategies:public_edition", args=[slug, first.number])).content.decode()
    assert "Andra utgåvan" in now and "En nyare utgåva gäller" not in now
    assert "En nyare utgåva gäller" in before
    assert client.get(reverse("strategies:public_edition", args=[slug, second.number + 7])).status_code == 404


def test_nothing_is_public_before_the_council_has_decided(world):
    frozen(world)
    assert Client().get(reverse("strategies:public", args=[world.strategy.slug])).status_code == 404
    assert "Ingen strategi är antagen än" in Client().get(reverse("strategies:published")).content.decode()


def test_the_public_page_asks_the_database_as_often_however_long_the_text(
    world, django_assert_num_queries, django_assert_max_num_queries
):
    for number in range(12):
        make_section(world.version, f"Text {number}.", by=world.leader, title=f"Avsnitt {number}")
    version = adopted(world)
    assert version.adopted_on == date.fromordinal(clock.today().toordinal())
    with django_assert_max_num_queries(30):
        Client().get(reverse("strategies:public", args=[world.strategy.slug]))


# --- the real renderer, on the real version


@pytest.mark.filterwarnings("ignore:.*sRGB2014.icc")  # the engine leaves its own colour profile open
def test_an_adopted_version_becomes_a_book(world):
    version = adopted(world, label="Sagans strategi 2026")
    row = publish.publish(version_id=version.pk)
    done = publish.render_publication(
        publication_id=row.pk, render=lambda version, progress: render_pdf(book_of(version), progress=progress)
    )
    assert done.state == State.DONE, done.error
    with done.file.open("rb") as file:
        assert file.read(8) == b"%PDF-1.7"
