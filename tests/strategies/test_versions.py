"""Freezing and forking: what is frozen never changes, what is forked keeps its identity."""

from time import sleep

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from actors.models import Actor, AuditEvent
from rus_platform.kit.errors import Conflict, Forbidden, Invalid, NotFound, WrongState
from strategies import rules
from strategies.domain import access, sections, versions
from strategies.domain.manifest import verify_manifest
from strategies.models import PolicyItem, Section, Step, Version
from strategies.states import TextStatus
from tests.factories.actors import make_municipality
from tests.factories.texts import insert, make_section, words, write
from tests.factories.threads import together

pytestmark = pytest.mark.django_db


@pytest.fixture
def written(world):
    """A draft with a text, a goal with facts, and one removed section."""
    world.text = make_section(world.draft, "Länet växer.\n\nDet växer **ojämnt**.", by=world.editor, title="Nuläget")
    world.goal = sections.add_section(version_id=world.draft.pk, kind="goal", title="Fler jobb", by=world.editor)
    sections.set_goal_facts(
        section_id=world.goal.pk, by=world.editor, revision=world.goal.revision, target_year=2035,
        responsible_ids=[Actor.objects.filter(kind="municipality").first().pk],
        policy_item_ids=list(PolicyItem.objects.filter(framework="sdg", number__in=[4, 8]).values_list("pk", flat=True)),
    )  # fmt: skip
    gone = sections.add_section(version_id=world.draft.pk, kind="text", title="Bort", by=world.editor)
    sections.remove_section(section_id=gone.pk, by=world.editor)
    return world


def freeze(world, **given):
    return versions.freeze_version(
        **{"version_id": world.draft.pk, "by": world.leader, "label": "Samrådsversion 1", **given}
    )


# --- Freeze -------------------------------------------------------------------------------------
def test_freeze_version_says_who_when_and_what(written):
    frozen = freeze(written)
    assert (frozen.status, frozen.label, frozen.frozen_by) == ("consultation", "Samrådsversion 1", written.leader)
    assert frozen.sha256 == frozen.manifest["sha256"]
    assert verify_manifest(frozen.manifest, versions.manifest_sections(Version.objects.get(pk=frozen.pk))) == []
    assert "Bort" not in [row["title"] for row in frozen.manifest["sections"]]
    event = AuditEvent.objects.latest("pk")
    assert (event.verb, event.by, event.data["sha256"]) == ("freeze_version", written.leader, frozen.sha256)


def test_freeze_version_same_text_has_the_same_hash_in_the_next_version(written):
    first = freeze(written)
    draft = versions.fork_version(version_id=first.pk, by=written.leader)
    second = versions.freeze_version(version_id=draft.pk, by=written.leader, label="Samrådsversion 2")
    assert [row["sha256"] for row in second.manifest["sections"]] == [
        row["sha256"] for row in first.manifest["sections"]
    ]


@pytest.mark.parametrize("change", ["update", "delete", "insert", "facts", "step"])
def test_freeze_version_makes_the_database_refuse_change(written, change):
    freeze(written)
    kommun = Actor.objects.filter(kind="municipality").last()
    calls = {
        "update": lambda: Section.objects.filter(pk=written.text.pk).update(title="Ändrad"),
        "delete": lambda: Section.objects.filter(pk=written.text.pk)._raw_delete(using="default"),
        "insert": lambda: make_section(written.draft, title="Ny"),
        "facts": lambda: Section.responsible.through.objects.create(section_id=written.goal.pk, actor_id=kommun.pk),
        "step": lambda: Step.objects.filter(section=written.text).update(by=None),
    }
    with pytest.raises(DatabaseError), transaction.atomic():
        calls[change]()


@pytest.mark.parametrize("status", ["working", "proposal", "adopted", "kung"])
def test_freeze_version_as_something_else_is_refused(written, status):
    with pytest.raises(Invalid) as refusal:
        freeze(written, status=status)
    assert list(refusal.value.fields) == ["status"]


@pytest.mark.parametrize("label", ["", "  ", "x" * 121])
def test_freeze_version_needs_a_name(written, label):
    with pytest.raises(Invalid) as refusal:
        freeze(written, label=label)
    assert list(refusal.value.fields) == ["label"]
    assert Version.objects.get().status == TextStatus.WORKING


def test_freeze_version_of_nothing_is_refused(world):
    for row in Section.objects.filter(version=world.draft, parent=None):
        sections.remove_section(section_id=row.pk, by=world.leader)
    with pytest.raises(Invalid, match="tomt"):
        freeze(world)


def test_freeze_version_with_open_suggestions_names_the_section(written):
    doc = {"type": "doc", "content": [{"type": "paragraph", "attrs": {"id": "a"}, "content": [
        {"type": "text", "text": "Nytt", "marks": [{"type": "insertion", "attrs": {"id": "s1"}}]}]}]}  # fmt: skip
    Section.objects.filter(pk=written.text.pk).update(doc=doc)
    with pytest.raises(Invalid, match="Nuläget"):
        freeze(written)


def test_freeze_version_twice_is_once_and_otherwise_refused(written):
    first = freeze(written)
    assert freeze(written) == first
    assert AuditEvent.objects.filter(verb="freeze_version").count() == 1
    with pytest.raises(WrongState):
        freeze(written, label="Ett annat namn")


MAY_LEAD = {"leader": True, "editor": False, "secretary": False, "reader": False, "outsider": False, "nobody": False}


@pytest.mark.parametrize("person", MAY_LEAD)
def test_freeze_and_fork_by_person(written, person):
    by = written.people[person]
    if MAY_LEAD[person]:
        frozen = freeze(written, by=by)
        assert versions.fork_version(version_id=frozen.pk, by=by).status == "working"
        return
    with pytest.raises(Forbidden):
        freeze(written, by=by)
    frozen = freeze(written)
    with pytest.raises(Forbidden):
        versions.fork_version(version_id=frozen.pk, by=by)


# --- Fork ---------------------------------------------------------------------------------------
def test_fork_version_keeps_uuids_text_blocks_and_facts(written):
    frozen = freeze(written)
    draft = versions.fork_version(version_id=frozen.pk, by=written.leader)
    assert (draft.number, draft.label, draft.forked_from, draft.status) == (2, "Utkast 2", frozen, "working")

    def told(version):
        return [
            (row.uuid, row.kind, row.title, row.doc, row.target_year, row.parent.uuid if row.parent else None,
             set(row.responsible.all()), set(row.policy_items.all()))
            for row in version.sections.filter(removed_at=None).order_by("position", "pk")
        ]  # fmt: skip

    assert told(draft) == told(frozen)
    assert set(draft.sections.values_list("doc_version", flat=True)) == {0}
    assert not draft.sections.filter(title="Bort").exists()
    assert draft.sections.first().history.count() == 1


def test_fork_version_can_be_written_in_and_leaves_the_frozen_alone(written):
    frozen = freeze(written)
    draft = versions.fork_version(version_id=frozen.pk, by=written.leader)
    copy = draft.sections.get(uuid=written.text.uuid)
    write(copy, written.editor, insert(1, "Det gamla "))
    assert words(copy).startswith("Det gamla Länet")
    assert words(written.text).startswith("Länet växer")


def test_fork_version_takes_the_same_queries_for_few_and_many(written):
    def count(version):
        with CaptureQueriesContext(connection) as captured:
            draft = versions.fork_version(version_id=version.pk, by=written.leader)
        return len(captured), draft

    few, draft = count(freeze(written))
    for n in range(30):
        sections.add_section(version_id=draft.pk, kind="goal", title=f"Mål {n}", by=written.leader)
    many, _draft = count(versions.freeze_version(version_id=draft.pk, by=written.leader, label="Samrådsversion 2"))
    assert few == many


def test_fork_version_while_there_is_a_draft_is_refused_in_words(written):
    frozen = freeze(written)
    versions.fork_version(version_id=frozen.pk, by=written.leader)
    with pytest.raises(Conflict, match="redan ett utkast"):
        versions.fork_version(version_id=frozen.pk, by=written.leader)


def test_fork_version_of_a_draft_or_of_nothing_is_refused(written):
    with pytest.raises(WrongState):
        versions.fork_version(version_id=written.draft.pk, by=written.leader)
    with pytest.raises(NotFound):
        versions.fork_version(version_id=987654321, by=written.leader)


# --- Access -------------------------------------------------------------------------------------
MAY_READ = {
    # person: (draft, frozen, frozen and granted to their organisation, frozen and granted to all)
    "leader": (True, True, True, True),
    "editor": (True, True, True, True),
    "secretary": (True, True, True, True),
    "reader": (True, True, True, True),
    "outsider": (False, False, True, True),
    "nobody": (False, False, False, True),
}


@pytest.mark.parametrize("person", MAY_READ)
def test_can_read_version_by_person_and_state(written, person):
    user = written.people[person]
    theirs = Actor.objects.get(memberships__user=written.outsider)

    def may():
        version = Version.objects.select_related("strategy").get()
        listed = Version.objects.filter(rules.readable_versions(user)).exists()
        assert rules.can_read_version(user, version) == listed
        return listed

    seen = [may()]
    frozen = freeze(written)
    seen.append(may())
    access.grant(version=frozen, reason="samråd", by=written.leader, actors=[theirs])
    seen.append(may())
    access.grant(version=frozen, reason="samråd", by=written.leader, public=True)
    seen.append(may())
    assert tuple(seen) == MAY_READ[person]
    access.revoke(version=frozen, reason="samråd", by=written.leader)
    assert may() == MAY_READ[person][1]


def test_grant_twice_is_once_and_revoke_takes_only_its_reason(written):
    frozen = freeze(written)
    kommun, other = make_municipality(number=1), make_municipality(number=2)
    assert access.grant(version=frozen, reason="a", by=written.leader, actors=[kommun]) == 1
    assert access.grant(version=frozen, reason="b", by=written.leader, actors=[kommun, other]) == 1
    assert access.revoke(version=frozen, reason="a", by=written.leader) == 1
    assert list(frozen.grants.filter(revoked_at=None).values_list("actor", flat=True)) == [other.pk]


def test_grant_of_a_draft_is_refused(written):
    with pytest.raises(WrongState):
        access.grant(version=written.draft, reason="a", by=written.leader, public=True)


# --- Two at once --------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_fork_version_two_at_once_make_one_draft(written):
    frozen = freeze(written)
    results = together(*[lambda: versions.fork_version(version_id=frozen.pk, by=written.leader)] * 2)
    assert sorted(type(result).__name__ for result in results) == ["Conflict", "Version"]


@pytest.mark.django_db(transaction=True)
def test_freeze_version_waits_for_somebody_in_the_middle_of_a_save(written):
    """The writer was first: her words are in the frozen version, and in its hash."""

    def save_slowly():
        with transaction.atomic():
            write(written.text, written.editor, insert(1, "Sista ordet. "))
            sleep(0.6)

    def freeze_soon():
        sleep(0.2)
        return freeze(written)

    _saved, frozen = together(save_slowly, freeze_soon)
    assert words(written.text).startswith("Sista ordet.")
    assert verify_manifest(frozen.manifest, versions.manifest_sections(Version.objects.get(pk=frozen.pk))) == []


@pytest.mark.django_db(transaction=True)
def test_commit_steps_that_waited_for_a_freeze_is_refused_in_words(written):
    """The freeze was first: the writer is told so, and nothing is changed."""

    def freeze_slowly():
        with transaction.atomic():
            frozen = freeze(written)
            sleep(0.6)
        return frozen

    def write_soon():
        sleep(0.2)
        return write(written.text, written.editor, insert(1, "För sent. "))

    frozen, refusal = together(freeze_slowly, write_soon)
    assert isinstance(refusal, WrongState), repr(refusal)
    assert verify_manifest(frozen.manifest, versions.manifest_sections(Version.objects.get(pk=frozen.pk))) == []


@pytest.mark.django_db(transaction=True)
def test_outline_verb_that_waited_for_a_freeze_is_refused_in_words(written):
    def freeze_slowly():
        with transaction.atomic():
            freeze(written)
            sleep(0.6)

    def rename_soon():
        sleep(0.2)
        return sections.rename_section(section_id=written.text.pk, title="För sent", by=written.editor)

    _frozen, refusal = together(freeze_slowly, rename_soon)
    assert isinstance(refusal, WrongState), repr(refusal)
