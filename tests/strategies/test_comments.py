"""Comments in the draft: who may, what can be done when, who is told, and that they stay with their words."""

import uuid
from itertools import count
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from actors.models import AuditEvent, Notification, OutgoingMail, Role
from rus_platform.kit.errors import Forbidden, Invalid, NotFound, WrongState
from strategies.domain import carry, comments, confirming, sections, versions
from strategies.domain.mentions import named_in
from strategies.domain.standing import standing_of
from strategies.models import AnchorResolution, Comment, Mention, Step
from tests.factories.actors import make_person
from tests.factories.texts import delete, insert, make_section, write
from tests.factories.threads import together

pytestmark = pytest.mark.django_db

TEXT = (
    "Regionen ska tillsammans med kommunerna utveckla kollektivtrafiken i hela länet.\n\n"
    "Andelen invånare med eftergymnasial utbildning är lägre än i riket.\n\n"
    "Kulturen ska vara fri och tillgänglig för alla."
)
REGION = ("leader", "editor", "secretary", "reader")
KEYS = count(1)


@pytest.fixture
def talk(world):
    """A draft with a section, and a comment of the reader on two words."""
    section = make_section(world.draft, TEXT, by=world.editor, title="Text")
    made = SimpleNamespace(**vars(world), section=section)
    made.comment = on_words(made, "utveckla kollektivtrafiken", by=world.reader)
    return made


def on_words(talk, quote, *, by, text="Hur då?", **more):
    return comments.add_comment(
        version_id=talk.draft.pk, section_id=talk.section.pk, by=by, text=text, key=f"k{next(KEYS)}", words={"quote": quote}, **more
    )  # fmt: skip


def reply(talk, *, by, text="Så här."):
    return comments.reply(comment_id=talk.comment.pk, by=by, text=text, key=f"k{next(KEYS)}")


def now(talk, comment=None, version=None):
    comment = comment or talk.comment
    anchor = Comment.objects.select_related("anchor__section").get(pk=comment.pk).anchor
    return standing_of(version or talk.draft, [anchor])[anchor.pk]


def place_of(section, quote):
    section.refresh_from_db()
    at = 0
    for block in section.doc["content"]:
        text = "".join(child.get("text", "") for child in block.get("content", []))
        if quote in text:
            return at + 1 + text.index(quote)
        at += len(text) + 2
    raise LookupError(quote)


# --- Who may ------------------------------------------------------------------------------------
@pytest.mark.parametrize("person", [*REGION, "outsider", "nobody"])
def test_add_comment_by_person(talk, person):
    if person in REGION:
        assert on_words(talk, "invånare", by=talk.people[person]).created_by == talk.people[person]
    else:
        with pytest.raises(Forbidden):
            on_words(talk, "invånare", by=talk.people[person])


VERBS = {
    "reply": lambda talk, by: reply(talk, by=by),
    "assign": lambda talk, by: comments.assign_comment(comment_id=talk.comment.pk, by=by, assignee_id=talk.editor.pk),
    "resolve": lambda talk, by: comments.resolve_comment(comment_id=talk.comment.pk, by=by),
    "reopen": lambda talk, by: comments.reopen_comment(comment_id=talk.comment.pk, by=by),
    "edit": lambda talk, by: comments.edit_remark(remark_id=talk.comment.remarks.first().pk, by=by, text="Annat"),
    "remove": lambda talk, by: comments.remove_remark(remark_id=talk.comment.remarks.first().pk, by=by),
}
MAY = {  # the thread is the reader's own
    "reply": {*REGION},
    "assign": {*REGION},
    "resolve": {"leader", "editor", "reader"},
    "reopen": {"leader", "editor", "reader"},
    "edit": {"reader"},
    "remove": {"reader"},
}
REFUSED_WHEN = {  # what cannot be done now, whoever asks
    "open": set(),
    "resolved": {"reply", "assign", "edit", "remove"},
    "removed": set(VERBS),
}


@pytest.mark.parametrize("state", REFUSED_WHEN)
@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("person", [*REGION, "outsider", "nobody"])
def test_verbs_by_person_and_state(talk, person, verb, state):
    if state == "resolved":
        comments.resolve_comment(comment_id=talk.comment.pk, by=talk.editor)
    elif state == "removed":
        comments.remove_remark(remark_id=talk.comment.remarks.first().pk, by=talk.reader)
    if person in MAY[verb] and verb not in REFUSED_WHEN[state]:
        VERBS[verb](talk, talk.people[person])
    else:
        with pytest.raises((Forbidden, WrongState)) as refusal:
            VERBS[verb](talk, talk.people[person])
        outside = person not in REGION
        assert refusal.type is (
            Forbidden if outside or (person not in MAY[verb] and state != "removed") else WrongState
        )


def test_resolve_by_the_one_it_was_given_to(talk):
    other = make_person(talk.region, Role.READER)
    with pytest.raises(Forbidden):
        comments.resolve_comment(comment_id=talk.comment.pk, by=other)
    comments.assign_comment(comment_id=talk.comment.pk, by=talk.editor, assignee_id=other.pk)
    assert comments.resolve_comment(comment_id=talk.comment.pk, by=other).resolved_by == other


# --- What is said ---------------------------------------------------------------------------------
def test_add_comment_on_a_section_and_on_the_draft(talk):
    on_section = comments.add_comment(
        version_id=talk.draft.pk, section_id=talk.section.pk, by=talk.editor, text="Hela?", key="a"
    )
    general = comments.add_comment(version_id=talk.draft.pk, by=talk.editor, text="Allt?", key="b")
    assert (on_section.section, on_section.anchor, general.section) == (talk.section, None, None)


def test_add_comment_twice_with_one_key_is_one(talk):
    first = comments.add_comment(version_id=talk.draft.pk, by=talk.editor, text="En", key="samma")
    assert comments.add_comment(version_id=talk.draft.pk, by=talk.editor, text="En", key="samma") == first


@pytest.mark.parametrize("text", ["", "  \n", "x" * 5001])
def test_add_comment_without_words_or_with_too_many_is_refused(talk, text):
    with pytest.raises(Invalid) as refusal:
        on_words(talk, "invånare", by=talk.editor, text=text)
    assert list(refusal.value.fields) == ["text"]


@pytest.mark.parametrize("quote", ["ord som inte finns", "ska"])
def test_add_comment_on_words_that_nobody_can_find_is_refused(talk, quote):
    with pytest.raises(Invalid) as refusal:
        on_words(talk, quote, by=talk.editor)
    assert list(refusal.value.fields) == ["quote"]


def test_add_comment_on_positions_of_an_older_text(talk):
    start, version = place_of(talk.section, "invånare"), talk.section.doc_version
    write(talk.section, talk.editor, insert(1, "Nytt. "))
    words = {"start": start, "end": start + 8, "doc_version": version, "quote": "invånare"}
    made = comments.add_comment(
        version_id=talk.draft.pk, section_id=talk.section.pk, by=talk.editor, text="Hm", key="c", words=words
    )
    assert (made.anchor.quote, made.anchor.start) == ("invånare", start + 6)


def test_add_comment_in_a_frozen_version_or_a_removed_section_is_refused(talk):
    sections.remove_section(section_id=talk.section.pk, by=talk.editor)
    with pytest.raises(WrongState):
        on_words(talk, "invånare", by=talk.editor)
    sections.restore_section(section_id=talk.section.pk, by=talk.editor)
    versions.freeze_version(version_id=talk.draft.pk, by=talk.leader, label="Ett")
    with pytest.raises(WrongState):
        on_words(talk, "invånare", by=talk.editor)


def test_remove_own_words_leaves_them_in_the_trail(talk):
    answer = reply(talk, by=talk.editor, text="Ogenomtänkt")
    comments.edit_remark(remark_id=answer.pk, by=talk.editor, text="Mer genomtänkt")
    comments.remove_remark(remark_id=answer.pk, by=talk.editor)
    talk.comment.refresh_from_db()
    assert talk.comment.removed_at is None
    trail = AuditEvent.objects.filter(verb__in=["edit_remark", "remove_remark"]).order_by("pk")
    assert [event.data["before"] for event in trail] == ["Ogenomtänkt", "Mer genomtänkt"]
    comments.remove_remark(remark_id=talk.comment.remarks.first().pk, by=talk.reader)
    talk.comment.refresh_from_db()
    assert talk.comment.removed_at is not None


def test_every_verb_leaves_one_event(talk):
    answer = reply(talk, by=talk.editor)
    comments.edit_remark(remark_id=answer.pk, by=talk.editor, text="Hellre så")
    comments.assign_comment(comment_id=talk.comment.pk, by=talk.leader, assignee_id=talk.editor.pk)
    comments.resolve_comment(comment_id=talk.comment.pk, by=talk.editor)
    comments.reopen_comment(comment_id=talk.comment.pk, by=talk.editor)
    trail = AuditEvent.objects.filter(object_type="strategies.comment").order_by("pk").values_list("verb", flat=True)
    expected = ["add_comment", "reply", "edit_remark", "assign_comment", "resolve_comment", "reopen_comment"]
    assert list(trail) == expected


# --- Who is told ----------------------------------------------------------------------------------
def told(person):
    kinds = list(Notification.objects.filter(user=person).order_by("pk").values_list("kind", flat=True))
    return kinds, OutgoingMail.objects.filter(to=person.email, key__startswith="mention:").count()


def test_mention_gives_one_notice_and_one_letter(talk):
    anna = make_person(talk.region, Role.READER, name="Anna Ask")
    answer = reply(talk, by=talk.editor, text="Vad säger @Anna Ask? Och @anna ask igen?")
    assert told(anna) == (["mention"], 1)
    comments.edit_remark(remark_id=answer.pk, by=talk.editor, text="Vad säger du, @Anna Ask?")
    assert told(anna) == (["mention"], 1), "told once of each remark"
    reply(talk, by=talk.editor, text="@Anna Ask?")
    assert told(anna) == (["mention", "mention"], 2)
    letter = OutgoingMail.objects.filter(to=anna.email).latest("pk")
    assert "utveckla kollektivtrafiken" in letter.text
    assert f"/kommentarer/{talk.comment.pk}/" in letter.text
    assert Mention.objects.count() == 2


def test_mention_of_oneself_or_of_somebody_else_tells_nobody(talk):
    make_person(name="Ulla Utanför")
    before = OutgoingMail.objects.count()
    reply(talk, by=talk.editor, text=f"@{talk.editor.name} och @Ulla Utanför och anna@region.example")
    assert (OutgoingMail.objects.count(), Mention.objects.count()) == (before, 0)


def test_reply_tells_those_who_take_part_by_notice(talk):
    reply(talk, by=talk.editor)
    reply(talk, by=talk.leader)
    assert told(talk.reader) == (["comment", "comment"], 0)
    assert told(talk.editor) == (["comment"], 0)
    assert told(talk.leader) == ([], 0)


def test_assign_tells_the_person_by_notice_and_letter(talk):
    comments.assign_comment(comment_id=talk.comment.pk, by=talk.leader, assignee_id=talk.editor.pk)
    comments.assign_comment(comment_id=talk.comment.pk, by=talk.leader, assignee_id=talk.editor.pk)
    assert told(talk.editor)[0] == ["assigned"]
    assert OutgoingMail.objects.filter(to=talk.editor.email, key__startswith="assigned:").count() == 1
    with pytest.raises(Invalid):
        comments.assign_comment(comment_id=talk.comment.pk, by=talk.leader, assignee_id=talk.outsider.pk)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("@Anna Ask", ["Anna Ask"]),
        ("hej @anna ASK, och @Bo!", ["Anna Ask", "Bo Berg"]),
        ("@Anna", []),
        ("@Anna Askersund", []),
        ("@Anna-Karin Ek och @Åsa", ["Anna-Karin Ek", "Åsa Öst"]),
        ("@A\u030asa O\u0308st", ["Åsa Öst"]),
        ("bo@Bo", []),
        ("@", []),
    ],
)
def test_named_in(text, names):
    people = [
        SimpleNamespace(pk=n, name=name)
        for n, name in enumerate(["Anna Ask", "Anna Alm", "Bo Berg", "Anna-Karin Ek", "Åsa Öst"])
    ]
    assert [person.name for person in named_in(text, people)] == names


# --- With the words -------------------------------------------------------------------------------
def test_comment_follows_its_words_through_edits(talk):
    write(talk.section, talk.editor, insert(1, "Före. "))
    at = place_of(talk.section, "kollektivtrafiken")
    write(talk.section, talk.editor, insert(at, "den "))
    assert (now(talk).outcome, now(talk).text) == ("reworded", "utveckla den kollektivtrafiken")
    write(talk.section, talk.editor, delete(at, at + 4))
    assert (now(talk).outcome, now(talk).text) == ("exact", "utveckla kollektivtrafiken")


@pytest.mark.parametrize("looked_up", [False, True])
def test_comment_whose_words_are_deleted_is_gone_and_comes_back_with_undo(talk, looked_up):
    at = place_of(talk.section, "utveckla")
    write(talk.section, talk.editor, delete(at - 3, at + 30))
    if looked_up:
        carry.resolve_anchors(version_id=talk.draft.pk)
    assert (now(talk).outcome, now(talk).start) == ("gone", None)
    write(talk.section, talk.editor, insert(1, "Annat. "))
    undo = Step.objects.filter(section=talk.section).order_by("-n")[1].step["undo"]
    write(talk.section, talk.editor, {**undo, "from": undo["from"] + 7, "to": undo["to"] + 7})
    assert (now(talk).outcome, now(talk).start) == ("exact", at + 7)
    carry.resolve_anchors(version_id=talk.draft.pk)
    assert (now(talk).outcome, now(talk).start) == ("exact", at + 7)


def test_comment_on_words_of_a_removed_section_is_gone_until_it_comes_back(talk):
    sections.remove_section(section_id=talk.section.pk, by=talk.editor)
    assert now(talk).outcome == "gone"
    sections.restore_section(section_id=talk.section.pk, by=talk.editor)
    assert now(talk).outcome == "exact"


def test_comment_goes_with_its_paragraph_to_another_section(talk):
    other = make_section(talk.draft, "Annat.", by=talk.editor, title="Annat")
    block = talk.section.doc["content"][0]
    size = 2 + len(block["content"][0]["text"])
    write(talk.section, talk.editor, delete(0, size))
    write(other, talk.editor, {"stepType": "replace", "from": 0, "to": 0, "slice": {"content": [block]}})
    carry.resolve_anchors(version_id=talk.draft.pk)
    assert (now(talk).outcome, now(talk).section) == ("moved", other)
    write(other, talk.editor, insert(1, "Se: "))
    assert now(talk).text == "utveckla kollektivtrafiken"


def test_comment_never_goes_to_a_lookalike_in_another_section(talk):
    make_section(talk.draft, TEXT, by=talk.editor, title="Samma text en gång till")
    at = place_of(talk.section, "utveckla")
    write(talk.section, talk.editor, delete(at, at + 26))
    carry.resolve_anchors(version_id=talk.draft.pk)
    assert now(talk).outcome == "gone"


def forked(talk):
    frozen = versions.freeze_version(version_id=talk.draft.pk, by=talk.leader, label="Ett")
    draft = versions.fork_version(version_id=frozen.pk, by=talk.leader)
    return draft, draft.sections.get(uuid=talk.section.uuid)


def test_comment_is_carried_through_freeze_and_fork(talk):
    write(talk.section, talk.editor, insert(1, "Före. "))
    draft, section = forked(talk)
    write(section, talk.editor, insert(1, "Och mer. "))
    carry.resolve_anchors(version_id=draft.pk)
    found = now(talk, version=draft)
    assert (found.outcome, found.section, found.text) == ("exact", section, "utveckla kollektivtrafiken")
    assert AnchorResolution.objects.filter(anchor=talk.comment.anchor_id).count() == 2, "one for each version"
    write(section, talk.editor, insert(1, "Sist. "))
    assert now(talk, version=draft).start == place_of(section, "utveckla")


def test_comment_lost_before_the_freeze_stays_lost_whatever_is_written_after(talk):
    at = place_of(talk.section, "utveckla")
    write(talk.section, talk.editor, delete(at, at + 26))
    draft, _section = forked(talk)
    make_section(draft, "Vi vill utveckla kollektivtrafiken.", by=talk.editor, title="Nytt")
    carry.resolve_anchors(version_id=draft.pk)
    assert now(talk, version=draft).outcome == "gone"


def test_what_a_person_said_of_a_place_holds_in_the_next_draft(talk):
    at = place_of(talk.section, "utveckla")
    write(talk.section, talk.editor, delete(at, at + 26))
    carry.resolve_anchors(version_id=talk.draft.pk)
    row = AnchorResolution.objects.get(anchor=talk.comment.anchor_id)
    place = place_of(talk.section, "fri och tillgänglig")
    confirming.confirm_resolution(
        resolution_id=row.pk, by=talk.editor, choice="place", section_id=talk.section.pk, start=place, end=place + 19
    )
    write(talk.section, talk.editor, insert(1, "Före. "))
    assert (now(talk).text, now(talk).start) == ("fri och tillgänglig", place + 6)
    draft, section = forked(talk)
    write(section, talk.editor, insert(1, "Mer. "))
    carry.resolve_anchors(version_id=draft.pk)
    found = now(talk, version=draft)
    assert (found.outcome, found.text, found.start) == ("reworded", "fri och tillgänglig", place + 11)


def test_words_that_a_person_said_are_gone_stay_gone_in_the_next_draft(talk):
    carry.resolve_anchors(version_id=talk.draft.pk)
    row = AnchorResolution.objects.get(anchor=talk.comment.anchor_id)
    confirming.confirm_resolution(resolution_id=row.pk, by=talk.editor, choice="gone")
    draft, _section = forked(talk)
    carry.resolve_anchors(version_id=draft.pk)
    row = AnchorResolution.objects.get(anchor=talk.comment.anchor_id, version=draft)
    assert (row.outcome, row.confirmed_by) == ("gone", talk.editor)


def test_standing_takes_the_same_queries_for_few_and_many(talk):
    write(talk.section, talk.editor, insert(1, "Nytt. "))

    def queries():
        anchors = [row.anchor for row in Comment.objects.select_related("anchor__section")]
        with CaptureQueriesContext(connection) as captured:
            standing_of(talk.draft, anchors)
        return len(captured)

    few = queries()
    for quote in ("invånare", "eftergymnasial utbildning", "fri och tillgänglig"):
        on_words(talk, quote, by=talk.editor)
    assert queries() == few <= 4


# --- At the same time -------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_resolve_and_reply_at_once_is_one_after_the_other(talk):
    results = together(
        lambda: comments.resolve_comment(comment_id=talk.comment.pk, by=talk.editor),
        lambda: reply(talk, by=talk.leader),
    )
    talk.comment.refresh_from_db()
    assert talk.comment.state == "resolved"
    refused = [result for result in results if isinstance(result, Exception)]
    assert [type(error) for error in refused] in ([], [WrongState])
    assert talk.comment.remarks.count() == 2 - len(refused), "what was refused was not kept, what was kept came first"


@pytest.mark.django_db(transaction=True)
def test_the_same_comment_sent_twice_at_once_is_one(talk):
    key = uuid.uuid4().hex
    one = lambda: comments.add_comment(version_id=talk.draft.pk, by=talk.editor, text="En", key=key)  # noqa: E731
    first, second = together(one, one)
    assert first == second


def test_comment_that_does_not_exist(talk):
    with pytest.raises(NotFound):
        comments.reply(comment_id=0, by=talk.editor, text="?", key="x")
