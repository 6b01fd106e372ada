"""The organisation's own pages: chain, versions, sharing out, threads, files. Queries, bad input, without a script."""

import io

import docx
import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actors.models import Notification, Role
from consultations.domain import attachments, corrections, notes, responses, sharing, signoff
from consultations.models import Assignment, Attachment, InternalNote, Response, StandIn
from rus_platform.kit import clock
from rus_platform.kit.errors import Forbidden, Invalid, WrongState
from tests.factories import consultations as make
from tests.factories.actors import make_person
from tests.factories.documents import picture, saved, with_part

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def url(name, *ids):
    return reverse(f"consultations:{name}", args=ids)


def signed_in(person):
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def body_of(answer):
    """What was sent; a file is let go (closing the answer itself would end the test's transaction)."""
    if not answer.streaming:
        return answer.content
    data = b"".join(answer.streaming_content)
    if answer.file_to_stream is not None:  # not for a HEAD, nor once it has been read to its end
        answer.file_to_stream.close()
    return data


def pdf(pages=1):
    out = io.BytesIO()
    with pikepdf.new() as file:
        for _n in range(pages):
            file.add_blank_page()
        file.save(out, deterministic_id=True)
    return out.getvalue()


def word():
    document = docx.Document()
    document.add_paragraph("Protokoll")
    return saved(document)


# --- the chain


def test_the_chain_in_the_browser_without_a_script():
    world, response = make.make_draft()
    editor, signatory = signed_in(world.editor), signed_in(world.signatory)
    assert editor.post(url("choose_sign_off", response.pk), {"political": "yes"}).status_code == 302
    assert "Politiskt beslut" in editor.get(url("response", response.pk)).content.decode()
    page = signatory.post(url("submit", response.pk))
    assert (page.status_code, "Skriv in beslutet först" in page.content.decode()) == (422, True)
    editor.post(url("mark_ready", response.pk))
    assert "väntar på politiskt beslut" in editor.get(url("response", response.pk)).content.decode()
    assert editor.get(url("summary", response.pk)).status_code == 302
    decision = {
        "body": "Kommunstyrelsen", "decided_on": clock.now().date().isoformat(), "paragraph": "§ 4",
        "minutes": SimpleUploadedFile("utdrag.pdf", pdf()),
    }  # fmt: skip
    bad = editor.post(url("record_decision", response.pk), {**decision, "minutes": SimpleUploadedFile("x.exe", b"MZ")})
    assert (bad.status_code, "slag som inte tas emot" in bad.content.decode(), "§ 4" in bad.content.decode()) == (
        422, True, True,
    )  # fmt: skip
    decision["minutes"] = SimpleUploadedFile("utdrag.pdf", pdf())
    assert editor.post(url("record_decision", response.pk), decision).status_code == 302
    page = signatory.get(url("submit", response.pk)).content.decode()
    assert "Kommunstyrelsen" in page
    assert "§ 4" in page
    assert signatory.post(url("submit", response.pk))["Location"] == url("receipt", response.pk)
    receipt = signatory.get(url("receipt", response.pk)).content.decode()
    assert "Kommunstyrelsen" in receipt
    assert Attachment.objects.get(response=response).is_minutes


def test_back_to_draft_says_why_on_the_start_page():
    world, response = make.make_draft()
    editor = signed_in(world.editor)
    editor.post(url("mark_ready", response.pk))
    assert editor.post(url("return_to_drafting", response.pk), {"reason": ""}).status_code == 422
    editor.post(url("return_to_drafting", response.pk), {"reason": "Bussen saknas"})
    assert "Bussen saknas" in editor.get(url("response", response.pk)).content.decode()


def test_preliminary_then_adopted_with_the_difference_shown_to_both():
    world, response = make.make_draft(points=2)
    signoff.choose_sign_off(response_id=response.pk, by=world.editor, political=True)
    editor, signatory, region = signed_in(world.editor), signed_in(world.signatory), signed_in(world.leader)
    signatory.post(url("submit", response.pk), {"preliminary": "1"})
    assert "Preliminärt" in region.get(url("response", response.pk)).content.decode()
    made = editor.post(url("start_correction", response.pk))["Location"]
    second = Response.objects.get(supersedes=response)
    assert made == url("response", second.pk)
    assert region.get(url("response", second.pk)).status_code == 404
    assert region.get(url("differences", second.pk)).status_code == 404
    point = second.points.get(number=1)
    editor.post(url("edit_point", point.pk), {"text": "Synpunkt ett", "kind": "change", "revision": point.revision})
    assert "Synpunkt 1" in editor.get(url("response", response.pk)).content.decode()  # what stands is as it was
    signoff.mark_ready(response_id=second.pk, by=world.editor)
    signoff.record_decision(response_id=second.pk, by=world.editor, body="KS", decided_on=clock.now().date())
    signatory.post(url("submit", second.pk))
    for client in (editor, region):
        shown = client.get(url("differences", second.pk)).content.decode()
        assert "ett" in shown.split('<ins class="diff-ins">')[1].split("</ins>")[0]
        assert "1 synpunkt är som förut" in shown
        assert "Version 1" in client.get(url("response", second.pk)).content.decode()
        assert client.get(url("response", response.pk)).status_code == 200


def test_discard_in_the_browser():
    world, response = make.make_submitted()
    editor = signed_in(world.editor)
    editor.post(url("start_correction", response.pk))
    second = Response.objects.get(supersedes=response)
    assert editor.post(url("discard_correction", second.pk))["Location"] == url("response", response.pk)
    assert not Response.objects.filter(supersedes=response).exists()


# --- sharing out


def test_share_out_and_mine():
    world, response = make.make_draft()
    editor = signed_in(world.editor)
    form = {
        f"s{world.goal.pk}": world.signatory.pk, f"q{world.questions[0].pk}": world.editor.pk, "summary": "",
        "s999999": world.editor.pk,
    }  # fmt: skip
    assert editor.post(url("sharing", response.pk), form).status_code == 302
    assert {(row.section, row.question, row.person) for row in Assignment.objects.all()} == {
        (world.goal, None, world.signatory), (None, world.questions[0], world.editor),
    }  # fmt: skip
    assert Notification.objects.get(kind="shared_out").user == world.signatory
    page = signed_in(world.signatory).get(url("response", response.pk)).content.decode()
    assert "Dina delar" in page
    editor.post(url("sharing", response.pk), {f"s{world.goal.pk}": ""})
    assert Assignment.objects.get().person == world.editor
    editor.post(url("share_done", Assignment.objects.get().pk))
    assert Assignment.objects.get().done_at is not None


def test_a_stand_in_has_the_colleagues_share_as_her_own():
    world, response = make.make_draft()
    third = make_person(world.municipality, Role.EDITOR)
    sharing.share_out(response_id=response.pk, by=world.editor, person_id=world.editor.pk, section_id=world.goal.pk)
    client = signed_in(third)
    assert "Dina delar" not in client.get(url("response", response.pk)).content.decode()
    form = {"person": world.editor.pk, "stand_in": third.pk, "until": ""}
    assert (
        client.post(url("stand_in", response.pk), form).status_code == 422
    )  # only for oneself, or by the administrator
    signed_in(world.editor).post(url("stand_in", response.pk), form)
    assert "Dina delar" in client.get(url("response", response.pk)).content.decode()
    client.post(url("end_stand_in", response.pk, StandIn.objects.get().pk))
    assert "Dina delar" not in client.get(url("response", response.pk)).content.decode()


def test_sharing_refusals():
    world, response = make.make_draft()
    reader = make_person(world.municipality, Role.READER)
    with pytest.raises(Invalid):
        sharing.share_out(response_id=response.pk, by=world.editor, person_id=reader.pk, section_id=world.goal.pk)
    for by in (world.leader, reader):
        with pytest.raises(Forbidden):
            sharing.share_out(response_id=response.pk, by=by, person_id=world.editor.pk)
    with pytest.raises(Invalid):
        sharing.name_stand_in(
            actor_id=world.municipality.pk, by=world.editor, person_id=world.editor.pk, stand_in_id=world.editor.pk
        )
    with pytest.raises(Forbidden):
        sharing.name_stand_in(
            actor_id=world.municipality.pk,
            by=world.signatory,
            person_id=world.editor.pk,
            stand_in_id=world.signatory.pk,
        )
    make.submit(world, response)
    with pytest.raises(WrongState):
        sharing.share_out(response_id=response.pk, by=world.editor, person_id=world.editor.pk)


# --- threads


def test_a_thread_with_reply_mention_and_done():
    world, response = make.make_draft()
    editor, signatory = signed_in(world.editor), signed_in(world.signatory)
    editor.post(url("add_note", response.pk), {"text": "Vad säger ni om bussen?", "mention": [world.signatory.pk]})
    first = InternalNote.objects.get(text="Vad säger ni om bussen?")
    told = Notification.objects.get(kind="mentioned")
    assert (told.user, told.url) == (world.signatory, f"/svar/{response.pk}/#anteckning-{first.pk}")
    signatory.post(url("add_note", response.pk), {"text": "Den behövs.", "reply_to": first.pk})
    assert InternalNote.objects.get(text="Den behövs.").parent == first
    assert Notification.objects.get(kind="note_reply").user == world.editor
    editor.post(url("resolve_thread", first.pk))
    first.refresh_from_db()
    assert first.resolved_by == world.editor
    assert "Klar, säger" in editor.get(url("response", response.pk)).content.decode()
    notes.add_note(response_id=response.pk, by=world.signatory, text="Vänta", reply_to=first.pk)
    first.refresh_from_db()
    assert first.resolved_at is None  # a reply opens it again


def test_nobody_else_is_told_and_no_thread_is_reached_from_outside():
    world, response = make.make_draft()
    _other, stranger = make.other_consultee(world)
    note = InternalNote.objects.get()
    signed_in(world.editor).post(url("add_note", response.pk), {"text": "Hej", "mention": [world.leader.pk]})
    assert not InternalNote.objects.filter(text="Hej").exists()
    for by in (world.leader, stranger):
        client = signed_in(by)
        assert client.post(url("resolve_thread", note.pk)).status_code == 404
        assert client.post(url("add_note", response.pk), {"text": "A", "reply_to": note.pk}).status_code in (403, 404)
    assert InternalNote.objects.count() == 1
    mine = responses.start_response(round_id=world.round.pk, actor_id=_other.pk, by=stranger)
    assert signed_in(stranger).post(url("add_note", mine.pk), {"text": "A", "reply_to": note.pk}).status_code == 404


# --- files


@pytest.mark.parametrize(
    ("name", "data", "kept"),
    [
        ("utdrag.pdf", pdf(), "utdrag.pdf"),
        ("protokoll", word(), "protokoll.docx"),
        ("bild.gif", picture().getvalue(), "bild.gif.png"),
        ("../../etc/passwd.pdf", pdf(), "passwd.pdf"),
        ("html.pdf", b"<!doctype html><script>alert(1)</script>", None),
        ("x.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", None),
        ("x.exe", b"MZ\x90", None),
        ("x.pdf", b"%PDF-1.7 nonsense", None),
        ("x.docx", b"PK\x03\x04 nonsense", None),
        ("macro.docx", with_part(word(), "word/vbaProject.bin", b"x"), None),
        ("tom.pdf", b"", None),
    ],
)
def test_files_are_known_by_their_content(name, data, kept):
    world, response = make.make_draft()
    client = signed_in(world.editor)
    answer = client.post(url("attachments", response.pk), {"file": SimpleUploadedFile(name, data)})
    assert [row.name for row in response.attachments.all()] == ([kept] if kept else [])
    assert answer.status_code == (302 if kept else 422)


def test_a_file_is_fetched_not_shown_and_only_by_those_who_may_see_the_response():
    world, response = make.make_draft()
    row = attachments.add_attachment(
        response_id=response.pk, by=world.editor, file=io.BytesIO(pdf()), name="a.pdf", size=10
    )
    address = url("attachment", row.pk)
    _other, stranger = make.other_consultee(world)
    for person, status in ((world.editor, 200), (world.leader, 404), (stranger, 404)):
        answer = signed_in(person).get(address)
        body_of(answer)
        assert answer.status_code == status
    make.submit(world, response)
    answer = signed_in(world.leader).get(address)
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert body_of(answer) == pdf()
    assert Response.objects.get(pk=response.pk).receipt["attachments"][0]["sha256"] == row.sha256
    with pytest.raises(WrongState):
        attachments.remove_attachment(attachment_id=row.pk, by=world.editor)


def test_a_locked_pdf_is_refused_in_words():
    out = io.BytesIO()
    with pikepdf.new() as file:
        file.add_blank_page()
        file.save(out, encryption=pikepdf.Encryption(owner="a", user="b"))
    world, response = make.make_draft()
    with pytest.raises(Invalid, match="lösenord"):
        attachments.add_attachment(
            response_id=response.pk, by=world.editor, file=io.BytesIO(out.getvalue()), name="a.pdf", size=10
        )


def test_the_same_file_twice_is_one_and_the_next_version_has_it_too(django_capture_on_commit_callbacks):
    world, response = make.make_draft()
    first, again = (
        attachments.add_attachment(
            response_id=response.pk, by=world.editor, file=io.BytesIO(pdf()), name="a.pdf", size=9
        )
        for _n in range(2)
    )
    assert first == again
    make.submit(world, response)
    second = corrections.start_correction(response_id=response.pk, by=world.editor)
    copy = second.attachments.get()
    with django_capture_on_commit_callbacks(execute=True):
        attachments.remove_attachment(attachment_id=copy.pk, by=world.editor)
    assert first.file.storage.exists(first.file.name)  # the one that was handed in still has its file


# --- constant numbers of queries


def grown(n):
    """A draft with ``n`` of everything."""
    world, response = make.make_draft(points=n)
    for number in range(n):
        person = make_person(world.municipality, Role.EDITOR)
        first = notes.add_note(response_id=response.pk, by=person, text="A", mention=[world.signatory.pk])
        notes.add_note(response_id=response.pk, by=person, text="B", reply_to=first.pk)
        section = (world.goal, world.subgoal)[number % 2]
        sharing.share_out(response_id=response.pk, by=world.editor, person_id=person.pk, section_id=section.pk)
        attachments.add_attachment(
            response_id=response.pk, by=person, file=io.BytesIO(pdf(number + 1)), name="a.pdf", size=9
        )
        sharing.name_stand_in(
            actor_id=world.municipality.pk, by=person, person_id=person.pk, stand_in_id=world.editor.pk
        )
    return world, response


@pytest.mark.parametrize(
    "name", ["response", "sharing", "attachments", "whole_answer", "submit", "version2", "differences", "handed_in"]
)
def test_queries_do_not_grow(name):
    counted = set()
    for n in (1, 3):
        world, response = grown(n)
        if name in ("version2", "differences", "handed_in"):
            response = corrections.start_correction(response_id=make.submit(world, response).pk, by=world.editor)
            for point in response.points.all():
                responses.edit_point(
                    point_id=point.pk, by=world.editor, revision=0, text="B", kind="remark", suggested_wording="C"
                )
            if name == "handed_in":
                make.submit(world, response)
        address = url({"version2": "response", "handed_in": "response"}.get(name, name), response.pk)
        client = signed_in(world.editor)
        client.get(address)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(address).status_code == 200
        counted.add(len(seen))
    assert len(counted) == 1, counted
