"""The way to a decision: development board, executive board, council; and what a consultation led to."""

from datetime import timedelta

import pytest
from django.utils import timezone

from actors.models import AuditEvent, Notification
from rus_platform.kit import clock
from rus_platform.kit.errors import Conflict, Forbidden, Invalid, NotFound, WrongState
from strategies.domain import versions, workflow
from strategies.models import ApprovalCase, ConsultationOutcome, Decision, Reservation, Version
from tests.factories.threads import together

pytestmark = pytest.mark.django_db
BODIES = ["development_board", "executive_board", "regional_council"]


def submit(world, **given):
    return workflow.submit_for_decision(
        **{
            "version_id": world.draft.pk,
            "by": world.leader,
            "label": "Beslutsförslag",
            "case_number": "RUN 2026/1",
            **given,
        }
    )


def decide(world, case, body, outcome="", **given):
    outcome = outcome or ("adopted" if body == "regional_council" else "approved")
    return workflow.record_decision(
        **{
            "case_id": case.pk,
            "body": body,
            "outcome": outcome,
            "decided_on": clock.today(),
            "paragraph": "§ 12",
            "by": world.secretary,
            **given,
        }
    )


def status(version):
    return Version.objects.get(pk=version.pk).status


# --- Submit -------------------------------------------------------------------------------------
def test_submit_for_decision_freezes_and_tells_the_secretary(world):
    case = submit(world, summary="Efter samråd.")
    version = Version.objects.get(pk=world.draft.pk)
    assert (version.status, version.label, case.state, case.case_number) == (
        "proposal",
        "Beslutsförslag",
        "development_board",
        "RUN 2026/1",
    )
    assert version.sha256
    assert [row.user for row in Notification.objects.all()] == [world.secretary]


def test_submit_for_decision_twice_is_once(world):
    assert submit(world) == submit(world)
    assert AuditEvent.objects.filter(verb="submit_for_decision").count() == 1
    with pytest.raises(WrongState):
        submit(world, label="Ett annat")


def test_submit_for_decision_waits_for_the_proposal_before(world):
    case = submit(world)
    world.draft = versions.fork_version(version_id=world.draft.pk, by=world.leader)
    with pytest.raises(Conflict):
        submit(world)
    decide(world, case, BODIES[0], "referred_back")
    assert submit(world).state == "development_board"


@pytest.mark.parametrize("person", ["leader", "editor", "secretary", "reader", "outsider", "nobody"])
def test_submit_for_decision_by_person(world, person):
    if person == "leader":
        assert submit(world).submitted_by == world.leader
    else:
        with pytest.raises(Forbidden):
            submit(world, by=world.people[person])


# --- Decide -------------------------------------------------------------------------------------
def test_record_decision_walks_the_three_bodies_to_adopted(world):
    case = submit(world)
    states = []
    for body in BODIES:
        decide(world, case, body)
        states.append(ApprovalCase.objects.get().state)
    assert states == ["executive_board", "regional_council", "adopted"]
    version = Version.objects.get(pk=world.draft.pk)
    assert (version.status, version.adopted_on) == ("adopted", clock.today())
    assert AuditEvent.objects.filter(verb="adopt").count() == 1


def test_record_decision_adopting_supersedes_the_edition_before(world):
    case = submit(world)
    for body in BODIES:
        decide(world, case, body)
    draft = versions.fork_version(version_id=world.draft.pk, by=world.leader, label="Ny upplaga")
    second = workflow.submit_for_decision(version_id=draft.pk, by=world.leader, label="Beslutsförslag 2")
    for body in BODIES:
        decide(world, second, body)
    assert (status(world.draft), status(draft)) == ("superseded", "adopted")


@pytest.mark.parametrize("at", range(3))
def test_record_decision_refers_back_at_any_body_and_a_new_draft_begins(world, at):
    case = submit(world)
    for body in BODIES[:at]:
        decide(world, case, body)
    decide(world, case, BODIES[at], "referred_back", note="Målen behöver kunna följas upp.")
    assert (ApprovalCase.objects.get().state, status(world.draft)) == ("referred_back", "referred_back")
    with pytest.raises(WrongState if at == 2 else Invalid):
        decide(world, case, BODIES[min(at + 1, 2)], paragraph="§ 99") if at < 2 else versions.freeze_version(
            version_id=world.draft.pk, by=world.leader, label="x"
        )
    assert versions.fork_version(version_id=world.draft.pk, by=world.leader).status == "working"


@pytest.mark.parametrize("body", BODIES[1:])
def test_record_decision_out_of_order_is_refused(world, body):
    with pytest.raises(Invalid) as refusal:
        decide(world, submit(world), body)
    assert list(refusal.value.fields) == ["body"]


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("outcome", {"outcome": "adopted"}),
        ("outcome", {"outcome": "kung"}),
        ("paragraph", {"paragraph": "  "}),
        ("paragraph", {"paragraph": "§" * 21}),
        ("decided_on", {"decided_on": timezone.localdate() + timedelta(days=2)}),
        ("decided_on", {"decided_on": timezone.localdate() - timedelta(days=2)}),
        ("reservations", {"reservations": [{"kind": "reservation", "by_whom": "Parti A", "text": ""}]}),
        ("reservations", {"reservations": [{"kind": "kung", "by_whom": "Parti A", "text": "Nej."}]}),
    ],
)
def test_record_decision_with_bad_input_names_the_field_and_keeps_nothing(world, field, given):
    case = submit(world)
    with pytest.raises(Invalid) as refusal:
        decide(world, case, BODIES[0], **{"outcome": "approved", **given})
    assert list(refusal.value.fields) == [field]
    assert (Decision.objects.count(), ApprovalCase.objects.get().state) == (0, BODIES[0])


def test_record_decision_before_the_body_before_it_is_refused(world):
    with clock.travel(clock.now() - timedelta(days=30)):
        case = submit(world)
    today = clock.today()
    decide(world, case, BODIES[0], decided_on=today - timedelta(days=5))
    with pytest.raises(Invalid) as refusal:
        decide(world, case, BODIES[1], decided_on=today - timedelta(days=6))
    assert list(refusal.value.fields) == ["decided_on"]
    assert decide(world, case, BODIES[1], decided_on=today - timedelta(days=5)).paragraph == "§ 12"


def test_record_decision_keeps_reservations_and_separate_opinions(world):
    rows = [
        {"kind": "reservation", "by_whom": "Parti A", "text": "Vi yrkade avslag."},
        {"kind": "separate_opinion", "by_whom": "Parti B", "text": "Vi hade velat mer."},
        {"kind": "reservation", "by_whom": " ", "text": ""},
    ]
    decide(world, submit(world), BODIES[0], reservations=rows)
    kept = Reservation.objects.order_by("pk").values_list("kind", "by_whom", "text")
    assert [dict(zip(("kind", "by_whom", "text"), row, strict=True)) for row in kept] == rows[:2]


def test_record_decision_twice_is_once_and_another_is_a_conflict(world):
    case = submit(world)
    assert decide(world, case, BODIES[0]) == decide(world, case, BODIES[0])
    with pytest.raises(Conflict):
        decide(world, case, BODIES[0], paragraph="§ 13")
    assert Decision.objects.count() == 1


@pytest.mark.parametrize("person", ["leader", "editor", "secretary", "reader", "outsider", "nobody"])
def test_record_decision_by_person(world, person):
    case = submit(world)
    if person == "secretary":
        assert decide(world, case, BODIES[0]).recorded_by == world.secretary
    else:
        with pytest.raises(Forbidden):
            decide(world, case, BODIES[0], by=world.people[person])


def test_record_decision_of_nothing_is_refused(world):
    with pytest.raises(NotFound):
        workflow.record_decision(
            case_id=987654321,
            body=BODIES[0],
            outcome="approved",
            decided_on=clock.today(),
            paragraph="§ 1",
            by=world.secretary,
        )


# --- Two at once --------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_record_decision_two_at_once_make_one(world):
    case = submit(world)
    first, second = together(*[lambda: decide(world, case, BODIES[0])] * 2)
    assert first == second
    assert ApprovalCase.objects.get().state == "executive_board"


@pytest.mark.django_db(transaction=True)
def test_record_decision_approved_and_referred_back_at_once_is_one_of_them(world):
    case = submit(world)
    results = together(lambda: decide(world, case, BODIES[0]), lambda: decide(world, case, BODIES[0], "referred_back"))
    assert sorted(type(result).__name__ for result in results) == ["Conflict", "Decision"]
    assert Decision.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_submit_and_freeze_at_once_is_one_of_them(world):
    results = together(
        lambda: submit(world),
        lambda: versions.freeze_version(version_id=world.draft.pk, by=world.leader, label="Samrådsversion 1"),
    )
    assert sum(isinstance(result, WrongState) for result in results) == 1


# --- What a consultation led to -----------------------------------------------------------------
def test_record_consultation_outcome_is_kept_once(world):
    version = versions.freeze_version(version_id=world.draft.pk, by=world.leader, label="Samrådsversion 1")
    given = {
        "version_id": version.pk,
        "round_key": "7",
        "round_title": "Samråd",
        "at": clock.now(),
        "numbers": {"invited": 3},
    }
    first = workflow.record_consultation_outcome(event="opened", **given)
    assert workflow.record_consultation_outcome(event="opened", **given) == first
    workflow.record_consultation_outcome(event="closed", **given)
    assert list(ConsultationOutcome.objects.values_list("event", flat=True)) == ["opened", "closed"]
