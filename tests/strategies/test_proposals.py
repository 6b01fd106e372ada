"""Proposals from those who read but do not write: nothing of them is in a draft until an officer accepts."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from actors.models import AuditEvent, Notification, Role
from rus_platform.kit.errors import Conflict, Forbidden, Invalid, NotFound, WrongState
from strategies import rules
from strategies.domain import access, documents, markup, proposals, text, versions
from strategies.domain.three_way import put_into
from strategies.models import Proposal, Section, StepVia
from tests.factories.actors import make_person
from tests.factories.texts import insert, make_section, write

TEXT = "Ett två tre.\n\nFyra fem sex.\n\nSju åtta nio."


@pytest.fixture
def desk(world: SimpleNamespace) -> SimpleNamespace:
    world.section = make_section(world.draft, TEXT, by=world.leader, title="Nuläget")
    world.people["reviewer"] = world.reviewer = make_person(world.region, Role.REVIEWER)
    return world


def propose(desk: SimpleNamespace, who: str = "reader", old: str = "två", new: str = "TVÅ", **more: Any) -> Proposal:
    section = Section.objects.get(pk=more.pop("section", desk.section).pk)
    written = markup.to_markup(section.doc).replace(old, new)
    return proposals.propose_text(
        section_id=section.pk, by=desk.people[who], doc_version=section.doc_version, written=written, **more
    )


def words(section: Section) -> str:
    return documents.plain_text(Section.objects.get(pk=section.pk).doc)


@pytest.mark.parametrize(
    ("who", "may"),
    [("reader", True), ("secretary", True), ("reviewer", False), ("editor", False), ("leader", False), ("outsider", False), ("nobody", False)],
)  # fmt: skip
def test_who_proposes_in_a_draft(desk: SimpleNamespace, who: str, may: bool) -> None:
    assert rules.can_propose(desk.people[who], desk.draft) == may
    if may:
        propose(desk, who)
    else:
        with pytest.raises((Forbidden, NotFound)):
            propose(desk, who)
    assert words(desk.section) == "Ett två tre.\nFyra fem sex.\nSju åtta nio."
    assert Proposal.objects.count() == may


def test_accept_puts_it_into_the_draft_as_it_is_now(desk: SimpleNamespace) -> None:
    one = propose(desk, reason="För tydlighetens skull.")
    write(desk.section, desk.editor, insert(15, "NU "))
    done = proposals.accept_proposal(proposal_id=one.pk, by=desk.editor, answer="Tack!")
    assert words(desk.section) == "Ett TVÅ tre.\nNU Fyra fem sex.\nSju åtta nio."
    trail = desk.section.steps.filter(batch_id=done.batch_id)
    assert {(step.via, step.by) for step in trail} == {(StepVia.PROPOSAL, desk.editor)}
    assert (done.state, done.decided_by, done.answer) == ("accepted", desk.editor, "Tack!")
    assert Notification.objects.filter(user=desk.reader, kind="proposal").count() == 1
    assert set(AuditEvent.objects.filter(object_type="strategies.proposal").values_list("verb", flat=True)) == {
        "propose_text",
        "accept_proposal",
    }
    with pytest.raises(WrongState):
        proposals.accept_proposal(proposal_id=one.pk, by=desk.editor)


def test_what_no_longer_fits_shows_both_texts_and_can_be_put_in_by_hand(desk: SimpleNamespace) -> None:
    one = propose(desk)
    write(desk.section, desk.editor, insert(5, "X"))
    with pytest.raises(Conflict) as conflict:
        proposals.accept_proposal(proposal_id=one.pk, by=desk.editor)
    assert "TVÅ" in conflict.value.data["submitted"] and "Ett Xtvå" in conflict.value.data["current"]
    assert Proposal.objects.get().state == "open"
    assert proposals.accept_proposal(proposal_id=one.pk, by=desk.editor, by_hand=True).batch_id is None


def test_reject_needs_a_reason_and_tells_the_author(desk: SimpleNamespace) -> None:
    one = propose(desk)
    with pytest.raises(Invalid):
        proposals.reject_proposal(proposal_id=one.pk, by=desk.editor, answer="  ")
    proposals.reject_proposal(proposal_id=one.pk, by=desk.editor, answer="Det står redan.")
    assert words(desk.section).startswith("Ett två")
    assert "tas inte in" in Notification.objects.get(user=desk.reader).text


@pytest.mark.parametrize("who", ["reader", "reviewer", "secretary", "outsider"])
def test_only_writers_decide(desk: SimpleNamespace, who: str) -> None:
    one = propose(desk)
    for verb, more in ((proposals.accept_proposal, {}), (proposals.reject_proposal, {"answer": "Nej."})):
        with pytest.raises(Forbidden):
            verb(proposal_id=one.pk, by=desk.people[who], **more)  # type: ignore[operator]


def test_of_a_shared_version_into_the_next_draft(desk: SimpleNamespace) -> None:
    frozen = versions.freeze_version(version_id=desk.draft.pk, by=desk.leader, label="Delad", status="shared")
    actor = desk.outsider.memberships.get().actor
    with pytest.raises(NotFound):
        propose(desk, "outsider")
    access.grant(version=frozen, reason="Läs och tyck", by=desk.leader, actors=[actor])
    one = propose(desk, "outsider", old="Fyra fem sex.", new="Fyra sex.\n\nEtt nytt stycke.")
    assert one.actor == actor
    with pytest.raises(WrongState, match="inget utkast"):
        proposals.accept_proposal(proposal_id=one.pk, by=desk.editor)
    draft = versions.fork_version(version_id=frozen.pk, by=desk.leader)
    section = draft.sections.get(uuid=desk.section.uuid)
    write(section, desk.editor, insert(1, "NU "))
    proposals.accept_proposal(proposal_id=one.pk, by=desk.editor)
    assert words(section) == "NU Ett två tre.\nFyra sex.\nEtt nytt stycke.\nSju åtta nio."
    assert words(desk.section) == "Ett två tre.\nFyra fem sex.\nSju åtta nio."


def test_a_consultation_version_is_answered_not_proposed_in(desk: SimpleNamespace) -> None:
    frozen = versions.freeze_version(version_id=desk.draft.pk, by=desk.leader, label="Samrådsversion 1")
    assert not rules.can_propose(desk.reader, frozen)


def test_nothing_changed_is_no_proposal(desk: SimpleNamespace) -> None:
    with pytest.raises(Invalid, match="lika med texten"):
        propose(desk, old="finns inte", new="x")


def node(*blocks: tuple[str, str]) -> Any:
    content = [
        {"type": "paragraph", "attrs": {"id": key}, "content": [{"type": "text", "text": words}]}
        for key, words in blocks
    ]
    return documents.parse({"type": "doc", "content": content})


A, B, C = ("a", "A"), ("b", "B"), ("c", "C")


@pytest.mark.parametrize(
    ("wanted", "now", "result"),
    [
        (node(A, ("b", "BB"), C), node(("x", "X"), A, B, C), "X\nA\nBB\nC"),
        (node(A, C), node(A, B, ("c", "CC")), "A\nCC"),
        (node(A, ("n", "N"), B, C), node(A, C), "A\nN\nC"),
        (node(("n", "N"), A, B, C), node(B), "N\nB"),
        (node(A, ("b", "BB"), C), node(A, ("b", "BX"), C), None),
        (node(A, ("b", "BB"), C), node(A, C), None),
        (node(A, ("n", "N"), B, C), node(B, C), None),
        (node(C), node(B, A, C), None),
    ],
)
def test_put_into(wanted: Any, now: Any, result: str | None) -> None:
    found = put_into(now, node(A, B, C), wanted)
    assert (found and documents.plain_text(found.to_json())) == result


# --- Pages ----------------------------------------------------------------------------------------------


def client(desk: SimpleNamespace, who: str) -> Client:
    browser = Client(raise_request_exception=False)
    browser.force_login(desk.people[who], backend="django.contrib.auth.backends.ModelBackend")
    return browser


def test_from_the_reading_page_to_the_answer(desk: SimpleNamespace) -> None:
    reader, editor = client(desk, "reader"), client(desk, "editor")
    own = reverse("strategies:proposals", args=[desk.draft.pk])
    form = reverse("strategies:propose", args=[desk.draft.pk, desk.section.uuid])
    listed = reverse("strategies:proposals_from_outside", args=[desk.strategy.pk])
    assert own in reader.get(reverse("strategies:version", args=[desk.draft.pk])).content.decode()
    assert own not in editor.get(reverse("strategies:version", args=[desk.draft.pk])).content.decode()
    assert form in reader.get(own).content.decode()
    section = Section.objects.get(pk=desk.section.pk)
    written = markup.to_markup(section.doc)
    assert reader.post(form, {"text": written, "version": section.doc_version}).status_code == 422
    sent = {"text": written.replace("åtta", "8"), "version": section.doc_version, "reason": "Siffror läses lättare."}
    assert reader.post(form, sent).status_code == 302
    shown = editor.get(listed).content.decode()
    assert "Siffror läses lättare." in shown and "<del" in shown and "Ta in i utkastet" in shown
    one = Proposal.objects.get()
    assert editor.post(listed, {"do": f"reject:{one.pk}", f"answer-{one.pk}": ""}).status_code == 422
    assert editor.post(listed, {"do": f"accept:{one.pk}", f"answer-{one.pk}": "Bra tänkt."}).status_code == 302
    assert text.doc_at(Section.objects.get(pk=section.pk), section.doc_version) == section.doc
    assert "Sju 8 nio." in words(section)
    assert "Bra tänkt." in reader.get(own).content.decode()


def test_the_list_shows_both_texts_when_it_no_longer_fits(desk: SimpleNamespace) -> None:
    one = propose(desk)
    write(desk.section, desk.editor, insert(5, "X"))
    listed = reverse("strategies:proposals_from_outside", args=[desk.strategy.pk])
    answer = client(desk, "editor").post(listed, {"do": f"accept:{one.pk}"})
    assert answer.status_code == 409
    assert "Ett Xtvå" in answer.content.decode() and "för hand" in answer.content.decode()
    assert client(desk, "editor").post(listed, {"do": f"by-hand:{one.pk}"}).status_code == 302


@pytest.mark.parametrize(
    ("who", "status"), [("leader", 200), ("editor", 200), ("reviewer", 403), ("reader", 403), ("outsider", 404)]
)
def test_who_sees_the_list(desk: SimpleNamespace, who: str, status: int) -> None:
    assert (
        client(desk, who).get(reverse("strategies:proposals_from_outside", args=[desk.strategy.pk])).status_code
        == status
    )
