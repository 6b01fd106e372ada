"""PDFs of a response are made by a worker: once for the same words, again when they change, enclosed in the receipt's letter."""

from datetime import timedelta
from threading import Barrier

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext

from actors.domain.mail import release, send_waiting
from actors.models import OutgoingMail
from consultations.domain import papers, receipts, responses
from consultations.models import Paper
from consultations.publishing.papers import content_sha256, render
from consultations.queries.responses import response_for
from rus_platform.kit import clock
from rus_platform.kit.errors import NotFound, WrongState
from tests.consultations.test_letters import office  # noqa: F401 - a fixture
from tests.consultations.test_own_pages import signed_in, url
from tests.factories import consultations as make
from tests.factories.papers import make_all_papers
from tests.factories.threads import together

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def ask(response, by, kind="answer"):
    content = content_sha256(response_for(response.pk), kind)
    return papers.request_paper(response_id=response.pk, kind=kind, content_sha256=content, by=by)


def broken(paper):
    raise OSError("the disk is full")


def test_asked_for_on_the_page_made_by_the_worker_and_fetched():
    world, response = make.make_draft()
    client = signed_in(world.editor)
    page = url("answer_paper", response.pk)
    assert "Skapa PDF" in client.get(page).content.decode()
    assert Paper.objects.count() == 0  # looking asks for nothing
    assert client.post(page).headers["Location"] == page
    waiting = client.get(page).content.decode()
    assert 'http-equiv="refresh"' in waiting and 'role="progressbar"' in waiting or "<progress" in waiting
    state = client.get(url("answer_paper_state", response.pk), HTTP_HX_REQUEST="true").content.decode()
    assert "every 1s" in state
    make_all_papers()
    state = client.get(url("answer_paper_state", response.pk), HTTP_HX_REQUEST="true").content.decode()
    assert "every 1s" not in state and url("answer_pdf", response.pk) in state
    answer = client.get(url("answer_pdf", response.pk))
    assert (answer["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")


def test_the_same_words_are_made_once_and_other_words_again():
    world, response = make.make_draft()
    first = ask(response, world.editor)
    make_all_papers()
    again = ask(response, world.signatory)
    assert (again.pk, again.state, make_all_papers()) == (first.pk, "done", [])
    before = again.file.name
    responses.add_point(response_id=response.pk, by=world.editor, text="En till")
    client = signed_in(world.editor)
    assert (
        client.get(url("answer_pdf", response.pk)).status_code == 302
    )  # the file says something else than the response
    assert "har ändrats" in client.get(url("answer_paper", response.pk)).content.decode()
    assert ask(response, world.editor).state == "waiting"
    (made,) = make_all_papers()
    assert made.file.name != before and default_storage.exists(made.file.name)
    assert client.get(url("answer_pdf", response.pk)).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_a_file_that_was_replaced_is_removed_and_one_that_nobody_wants_after_a_week():
    world, response = make.make_draft()
    ask(response, world.editor)
    (first,) = make_all_papers()
    responses.add_point(response_id=response.pk, by=world.editor, text="En till")
    ask(response, world.editor)
    (second,) = make_all_papers()
    assert not default_storage.exists(first.file.name)
    with clock.travel(clock.now() + timedelta(days=6)):
        assert papers.see_to_papers() == 0
    with clock.travel(clock.now() + timedelta(days=8)):
        assert papers.see_to_papers() == 1
    assert not Paper.objects.exists() and not default_storage.exists(second.file.name)


@pytest.mark.django_db(transaction=True)
def test_two_workers_make_it_once_and_two_askers_ask_once():
    world, response = make.make_draft()
    asked = together(lambda: ask(response, world.editor), lambda: ask(response, world.signatory))
    assert len({paper.pk for paper in asked}) == 1
    made = together(*[lambda: papers.make_paper(paper_id=asked[0].pk, render=render)] * 2)
    assert len([paper for paper in made if paper]) == 1


@pytest.mark.django_db(transaction=True)
def test_words_that_change_while_it_is_made_are_made_anew():
    world, response = make.make_draft()
    paper, met = ask(response, world.editor), Barrier(2)

    def slowly(row):
        made = render(row)
        met.wait(timeout=20)
        met.wait(timeout=20)
        return made

    def change():
        met.wait(timeout=20)
        responses.add_point(response_id=response.pk, by=world.editor, text="Medan den skapades")
        ask(response, world.editor)
        met.wait(timeout=20)

    results = together(lambda: papers.make_paper(paper_id=paper.pk, render=slowly), change)
    assert results == [None, None]  # the first worker has been overtaken
    make_all_papers()
    paper.refresh_from_db()
    assert (paper.state, paper.content_sha256) == ("done", content_sha256(response_for(response.pk), "answer"))


def test_a_failure_is_said_in_words_and_can_be_tried_again():
    world, response = make.make_draft()
    paper = ask(response, world.editor)
    papers.make_paper(paper_id=paper.pk, render=broken)
    page = signed_in(world.editor).get(url("answer_paper", response.pk)).content.decode()
    assert "kunde inte skapas" in page and "Försök igen" in page and "disk" not in page
    assert ask(response, world.editor).state == "waiting"
    (made,) = make_all_papers()
    assert (made.state, made.attempts) == ("done", 1)


def test_a_worker_that_dies_of_it_gives_up_in_the_end():
    world, response = make.make_submitted()
    paper, now = Paper.objects.get(kind="receipt"), clock.now()
    for minutes in (0, 2, 4):
        with clock.travel(now + timedelta(minutes=minutes)):
            assert papers._take(paper.pk) is not None  # taken, and never heard of again
            assert papers._take(paper.pk) is None  # somebody is at it
    with clock.travel(now + timedelta(minutes=6)):
        papers.make_paper(paper_id=paper.pk, render=render)
        paper.refresh_from_db()
        assert paper.state == "failed"
        letters = OutgoingMail.objects.filter(key__startswith="receipt:")
        assert {letter.next_attempt_at <= clock.now() for letter in letters} == {True}


def test_who_may_ask():
    world, response = make.make_draft()
    _other, stranger = make.other_consultee(world)
    for by in (world.leader, stranger):
        with pytest.raises(NotFound):
            ask(response, by)
    with pytest.raises(WrongState):
        papers.request_paper(response_id=response.pk, kind="receipt", content_sha256="x", by=world.editor)
    make.submit(world, response)
    assert ask(response, world.leader).state == "waiting"
    with pytest.raises(NotFound):
        ask(response, stranger)


def test_asking_takes_the_same_queries_for_one_point_and_for_ten():
    counts = []
    for code, points in (("98", 1), ("97", 10)):
        world, response = make.make_draft(code, points=points)
        client = signed_in(world.editor)
        with CaptureQueriesContext(connection) as seen:
            client.post(url("answer_paper", response.pk))
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 34


# --- the receipt's letter


def receipts_in(office):  # noqa: F811
    return [letter for letter in office.letters if letter["Subject"].startswith("Kvitto")]


def test_the_letter_waits_for_its_receipt_and_carries_it_once(office):  # noqa: F811
    office.open()
    _world, response = make.make_submitted()
    send_waiting()
    assert receipts_in(office) == []  # the worker has not made the PDF yet
    make_all_papers()
    send_waiting()
    send_waiting()
    letters = receipts_in(office)
    assert len(letters) == 2  # the signatory and the organisation
    for letter in letters:
        (enclosed,) = letter.iter_attachments()
        assert (enclosed.get_content_type(), enclosed.get_content()[:5]) == ("application/pdf", b"%PDF-")
        assert enclosed.get_filename() == f"kvitto-{response.number}.pdf"
    kept = OutgoingMail.objects.filter(key__startswith="receipt:")
    assert {row.attachments[0]["base64"] for row in kept} == {""}  # what has been sent is not kept twice


def test_without_its_pdf_the_letter_goes_with_the_link(office):  # noqa: F811
    office.open()
    _world, response = make.make_submitted()
    papers.make_paper(paper_id=Paper.objects.get().pk, render=broken)
    send_waiting()
    letters = receipts_in(office)
    assert [list(letter.iter_attachments()) for letter in letters] == [[], []]
    assert all(f"/svar/{response.pk}/kvitto/" in letter.get_content() for letter in letters)


def test_the_letter_does_not_wait_for_ever(office):  # noqa: F811
    office.open()
    make.make_submitted()
    with clock.travel(clock.now() + receipts.WAITS + timedelta(minutes=1)):
        send_waiting()
    assert len(receipts_in(office)) == 2
    make_all_papers()  # afterwards: nothing is sent again
    send_waiting()
    assert len(receipts_in(office)) == 2


def test_the_mail_server_is_down_for_a_day_and_the_receipt_comes_once_with_its_pdf(office):  # noqa: F811
    make.make_submitted()
    make_all_papers()
    now = clock.now()
    for hour in range(0, 24, 2):
        with clock.travel(now + timedelta(hours=hour)), pytest.raises(OSError, match="refused"):
            send_waiting()
    office.open()
    with clock.travel(now + timedelta(hours=25)):
        send_waiting()
        send_waiting()
    assert [len(list(letter.iter_attachments())) for letter in receipts_in(office)] == [1, 1]
    assert len({letter["Message-ID"] for letter in receipts_in(office)}) == 2


def test_release_encloses_once_and_leaves_sent_letters_alone(office):  # noqa: F811
    office.open()
    make.make_submitted()
    prefix = OutgoingMail.objects.filter(key__startswith="receipt:").first().key.rpartition(":")[0]
    file = ("kvitto.pdf", "application/pdf", b"%PDF-1.7")
    assert [release(prefix=prefix, enclosed=file), release(prefix=prefix, enclosed=file)] == [2, 2]
    send_waiting()
    assert release(prefix=prefix, enclosed=file) == 0
    assert [len(list(letter.iter_attachments())) for letter in receipts_in(office)] == [1, 1]
