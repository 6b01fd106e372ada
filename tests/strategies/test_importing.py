"""Reading in: who may, what each verb does, that nothing reaches the draft before it is taken in, and the pages."""

import io
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actors.models import AuditEvent, Notification
from rus_platform.kit import work
from rus_platform.kit.errors import Forbidden, Invalid, WrongState
from strategies.domain import documents, suggestions
from strategies.domain.importing import jobs
from strategies.domain.importing.proposal import Choice
from strategies.domain.importing.taking_in import proposal_for, take_in
from strategies.domain.sections import add_section
from strategies.domain.versions import freeze_version
from strategies.models import Comment, Image, ImportJob, Section, StepVia, Suggestion
from strategies.queries.outline import outline
from strategies.states import ImportState
from tests.factories.documents import make_docx, with_tracked_changes

MAY = {"leader": True, "editor": True, "secretary": False, "reader": False, "outsider": False, "nobody": False}


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    """Files of a test are the test's own."""
    settings.MEDIA_ROOT = tmp_path


def sent(world, by=None, data: bytes | None = None, name="rus.docx") -> ImportJob:
    data = make_docx() if data is None else data
    return jobs.import_document(
        strategy_id=world.strategy.pk, by=by or world.editor, file=io.BytesIO(data), name=name, size=len(data)
    )


def ready(world, **options) -> ImportJob:
    job = jobs.read_document(job_id=sent(world, **options).pk)
    assert job is not None
    return job


def everything(job: ImportJob, world) -> list[Choice]:
    return [
        Choice(item.n, True, item.kind, item.place, item.section_id) for item in proposal_for(job, world.draft).sections
    ]


def take(job: ImportJob, world, by=None, **options) -> ImportJob:
    return take_in(
        **{
            "job_id": job.pk,
            "by": by or world.editor,
            "depth": None,
            "parent_id": None,
            "choices": everything(job, world),
            **options,
        }
    )


@pytest.mark.parametrize("who", MAY)
def test_who_may_send_a_document_take_it_in_and_leave_it(world, who):
    job, other = ready(world), ready(world, data=with_tracked_changes())  # the same file again would be the same job
    deeds = [
        lambda: sent(world, by=world.people[who]),
        lambda: jobs.import_paste(strategy_id=world.strategy.pk, by=world.people[who], html="<p>x</p>"),
        lambda: take(job, world, by=world.people[who]),
        lambda: jobs.cancel_import(job_id=other.pk, by=world.people[who]),
    ]
    for deed in deeds:
        if MAY[who]:
            deed()
        else:
            with pytest.raises(Forbidden):
                deed()


def test_a_document_is_read_and_nothing_is_in_the_draft_yet(world):
    before = list(Section.objects.values_list("pk", "doc_version"))
    job = ready(world)
    assert (job.state, [part["title"] for part in job.parts][1:3]) == (
        ImportState.READY,
        ["1 Inledning", "1.1 Bakgrund"],
    )
    assert list(Section.objects.values_list("pk", "doc_version")) == before
    assert Notification.objects.get(user=world.editor).text == "”rus.docx” är inläst och klar att granska."
    assert Image.objects.get().uploaded_by == world.editor


def test_the_same_file_sent_twice_is_one(world):
    assert sent(world) == sent(world)


def test_a_refusal_is_kept_in_words_and_can_be_tried_again(world):
    job = sent(world, data=make_docx()[:3000])
    jobs.read_document(job_id=job.pk)
    job.refresh_from_db()
    assert (job.state, job.error.startswith("Filen är skadad")) == (ImportState.FAILED, True)
    assert jobs.read_again(job_id=job.pk, by=world.editor).state == ImportState.WAITING


@pytest.mark.parametrize("name", ["rus.docm", "RUS.DOTM"])
def test_files_for_macros_are_refused_by_their_name(world, name):
    with pytest.raises(Invalid, match="makron"):
        sent(world, name=name)


def test_a_cancelled_document_is_not_read_and_not_taken_in(world):
    job = sent(world)
    jobs.cancel_import(job_id=job.pk, by=world.editor)
    assert jobs.read_document(job_id=job.pk) is None
    with pytest.raises(WrongState):
        take(job, world)


def test_of_two_workers_one_reads(world):
    job = sent(world)
    assert jobs._take(job.pk) is not None
    assert jobs.read_document(job_id=job.pk) is None


def test_what_a_worker_left_is_sent_again(world, monkeypatch):
    job = sent(world)
    asked = []
    monkeypatch.setattr(jobs, "send_after_commit", lambda *args: asked.append(args))
    ImportJob.objects.filter(pk=job.pk).update(requested_at=job.requested_at - 2 * work.WAITED)
    assert (jobs.see_to_imports(), asked) == (1, [(jobs.TASK, job.pk)])


def test_taking_in_makes_sections_with_their_text_as_steps(world):
    titles = {node.title for node in outline(world.draft)}
    job = take(ready(world), world)
    new = [node for node in outline(world.draft, with_text=True) if node.section.pk in job.result.values()]
    assert [(node.level, node.kind, node.title) for node in new if node.title not in titles] == [
        (1, "chapter", "Inledande text"),
        (1, "chapter", "Inledning"),
        (2, "text", "Bakgrund"),
        (1, "goal", "Ett län som reser"),
        (2, "subgoal", "Fler tar tåget"),
    ]
    text = next(node.section for node in new if node.title == "Inledning")
    assert documents.plain_text(text.doc) == "Hela länet ska leva"
    assert {(step.via, step.by_id) for step in text.steps.all()} == {(StepVia.IMPORT, world.editor.pk)}
    event = AuditEvent.objects.get(verb="take_in")
    assert (event.by, event.data["sections"]) == (world.editor, 5)


def test_taken_in_twice_is_once(world):
    job = take(ready(world), world)
    count = Section.objects.count()
    assert take(job, world, choices=[]).result == job.result
    assert Section.objects.count() == count


def test_a_text_can_be_put_last_in_or_instead_of_one_that_is_there(world):
    job = ready(world)
    target = next(node.section for node in outline(world.draft))
    for place, words in (
        ("append", "Hela länet ska leva"),
        ("append", "Hela länet ska leva\nHela länet ska leva"),
        ("replace", "Hela länet ska leva"),
    ):
        take(job, world, choices=[Choice(1, True, "text", place, target.pk)])
        target.refresh_from_db()
        assert documents.plain_text(target.doc) == words
        ImportJob.objects.filter(pk=job.pk).update(state="ready", taken_in_at=None, taken_in_by=None)


def test_a_section_that_cannot_stand_there_is_named_and_nothing_is_taken_in(world):
    job = ready(world)
    count = Section.objects.count()
    with pytest.raises(Invalid, match="”Bakgrund”: Delmål kan inte ligga under") as refusal:
        take(job, world, choices=[Choice(1, True, "chapter"), Choice(2, True, "subgoal")])
    assert list(refusal.value.fields) == ["kind-2"]
    assert (Section.objects.count(), ImportJob.objects.get().state) == (count, "ready")


def test_nothing_is_taken_into_a_frozen_text(world):
    job = ready(world)
    choices = everything(job, world)
    add_section(version_id=world.draft.pk, kind="text", title="Något", by=world.leader)
    freeze_version(version_id=world.draft.pk, by=world.leader, label="Samrådsversion 1")
    with pytest.raises(WrongState, match="inget utkast"):
        take(job, world, choices=choices)


def test_pasted_plain_words_become_headings_and_paragraphs(world):
    job = jobs.import_paste(
        strategy_id=world.strategy.pk, by=world.editor, html="", text="# Mål\n\nEtt <stycke>\nmed två rader\n\nEtt till"
    )
    job = jobs.read_document(job_id=job.pk)
    assert [(part["level"], part["title"], documents.plain_text(part["doc"])) for part in job.parts] == [
        (1, "Mål", "Ett <stycke>\nmed två rader\nEtt till")
    ]


# --- pages


@pytest.fixture
def pages(world, client) -> SimpleNamespace:
    client.force_login(world.editor)
    url = lambda name, *args: reverse(f"strategies:{name}", args=[world.strategy.pk, *args])  # noqa: E731
    return SimpleNamespace(client=client, url=url)


def test_the_whole_way_on_pages(world, pages):
    file = SimpleUploadedFile("rus.docx", make_docx())
    answer = pages.client.post(pages.url("import_start"), {"file": file})
    job = ImportJob.objects.get()
    assert answer["Location"] == pages.url("import_job", job.pk)
    assert "Väntar på sin tur" in pages.client.get(answer["Location"]).content.decode()
    jobs.read_document(job_id=job.pk)
    state = pages.client.get(pages.url("import_state", job.pk), headers={"HX-Request": "true"})
    assert state["HX-Refresh"] == "true"
    page = pages.client.get(pages.url("import_job", job.pk))
    assert "1 kommentar står inte i texten" in page.content.decode()
    data = {
        field.html_name: field.value()
        for row in page.context["form"].rows()
        for field in (row.take, row.title, row.kind, row.place)
    }
    done = pages.client.post(pages.url("import_job", job.pk), {**data, "nivaer": 2, "title-1": "Eget namn"})
    assert done["Location"] == pages.url("draft")
    assert Section.objects.filter(title="Eget namn").count() == 1
    assert "Texten är intagen" in pages.client.get(pages.url("import_job", job.pk)).content.decode()


def test_a_refused_choice_is_shown_at_its_field(world, pages):
    job = ready(world)
    page = pages.client.get(pages.url("import_job", job.pk))
    data = {
        field.html_name: field.value()
        for row in page.context["form"].rows()
        for field in (row.take, row.title, row.kind, row.place)
    }
    answer = pages.client.post(pages.url("import_job", job.pk), {**data, "kind-2": "subgoal", "nivaer": "2"})
    assert (answer.status_code, "Delmål kan inte ligga under" in answer.content.decode()) == (422, True)


@pytest.mark.parametrize(
    ("who", "status"),
    [("leader", 200), ("editor", 200), ("secretary", 403), ("reader", 403), ("outsider", 404), ("nobody", 404)],
)
def test_who_sees_the_pages(world, client, who, status):
    job = ready(world)
    client.force_login(world.people[who])
    for name, args in (("import_start", []), ("import_job", [job.pk])):
        assert client.get(reverse(f"strategies:{name}", args=[world.strategy.pk, *args])).status_code == status


def test_a_bad_file_and_an_empty_paste_are_said_on_the_page(world, pages):
    answer = pages.client.post(pages.url("import_start"), {"file": SimpleUploadedFile("x.docx", b"%PDF-1.7")})
    assert (answer.status_code, "Filen är en PDF" in answer.content.decode()) == (422, True)
    answer = pages.client.post(pages.url("import_start"), {"paste": "1", "text": " "})
    assert (answer.status_code, "Klistra in texten först" in answer.content.decode()) == (422, True)


def test_the_list_takes_as_many_queries_for_three_as_for_one(world, pages):
    counts = []
    for n in range(3):
        jobs.import_paste(strategy_id=world.strategy.pk, by=world.editor, html=f"<p>{n}</p>")
        if n != 1:
            with CaptureQueriesContext(
                connection,
            ) as queries:
                pages.client.get(pages.url("import_start"))
            counts.append(len(queries))
    assert counts[0] == counts[1]


# --- tracked changes and comments


@pytest.mark.parametrize(
    ("how", "said"),
    [("accepterade", "Länet ska växa"), ("fore", "Länet krymper"), ("forslag", "Länet ska växakrymper")],
)
def test_tracked_changes_are_taken_in_as_the_officer_chose(world, how, said):
    job = ready(world, data=with_tracked_changes())
    assert {change["author"] for change in job.changes} == {"Bo Alm", "Anna Ek"}
    choices = [Choice(item.n, True, item.kind) for item in proposal_for(job, world.draft, None, None, how).sections]
    take(job, world, choices=choices, changes=how)
    job.refresh_from_db()
    section = Section.objects.get(pk=next(iter(job.result.values())))
    assert documents.plain_text(section.doc).split("\n")[0] == said
    rows = Suggestion.objects.filter(section=section, state="open")
    assert {row.author for row in rows} == ({world.editor} if how == "forslag" else set())
    assert {row.mark_id for row in rows} == ({change["id"] for change in job.changes} if how == "forslag" else set())
    if how == "forslag":
        row = next(row for row in rows if row.mark_id == job.changes[0]["id"])
        suggestions.decide_suggestions(section_id=section.pk, ids=[row.mark_id], accept=True, by=world.leader)
        section.refresh_from_db()
        assert documents.plain_text(section.doc).startswith("Länet ska växa")


def test_comments_of_the_file_become_comments_on_their_words(world):
    job = ready(world)
    take(job, world, with_comments=True)
    [comment] = Comment.objects.all()
    assert (comment.created_by, comment.anchor.quote) == (world.editor, "Tåget går oftare.")
    assert comment.remarks.get().text.startswith("Anna Ek") and "Hur ofta?" in comment.remarks.get().text


def test_a_comment_whose_words_are_not_found_goes_to_the_draft(world):
    job = ready(world)
    ImportJob.objects.filter(pk=job.pk).update(
        comments=[{"author": "Bo Alm", "words": "Nja.", "at": "", "on": "Finns ej"}]
    )
    job.refresh_from_db()
    take(job, world, with_comments=True)
    comment = Comment.objects.get()
    assert (comment.section, comment.anchor) == (None, None)
    assert comment.remarks.get().text == "”Finns ej”\nBo Alm i Word: Nja."


def test_the_preview_shows_changes_and_takes_them_in_as_chosen(client, world):
    job = ready(world, data=with_tracked_changes())
    client.force_login(world.editor)
    url = f"/strategier/{world.strategy.pk}/lasa-in/{job.pk}/"
    page = client.get(url + "?andringar=forslag").content.decode()
    assert "Bo Alm" in page and "2026-03-01" in page and 'value="forslag" selected' in page
    data = {"andringar": "fore", "take-0": "on", "title-0": "Text", "kind-0": "text", "place-0": "new"}
    assert client.post(url, data).status_code == 302
    assert "Länet krymper" in {documents.plain_text(row.doc).split("\n")[0] for row in world.draft.sections.all()}
