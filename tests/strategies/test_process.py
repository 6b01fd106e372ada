"""Where a strategy is on its way, walked through the verbs from the first draft to the second edition."""

from types import SimpleNamespace

import pytest

from rus_platform.kit import clock
from strategies.domain import versions, workflow
from strategies.models import ApprovalCase, ConsultationOutcome, DecisionOutcome, Version
from strategies.queries.process import Process, Stage, process_of

BOARDS = ("development_board", "executive_board", "regional_council")


def where(world: SimpleNamespace) -> Process:
    return process_of(
        list(world.strategy.versions.all()),
        list(ConsultationOutcome.objects.filter(version__strategy=world.strategy)),
        list(ApprovalCase.objects.filter(version__strategy=world.strategy).select_related("version")),
    )


def happened(version: Version, event: str, key: str = "1", **numbers: int) -> None:
    workflow.record_consultation_outcome(
        version_id=version.pk, round_key=key, round_title="Remiss", event=event, at=clock.now(), numbers=numbers
    )


def decide(world: SimpleNamespace, case: ApprovalCase, body: str, outcome: str) -> None:
    workflow.record_decision(
        case_id=case.pk, body=body, outcome=outcome, decided_on=clock.today(), paragraph="§ 1", by=world.secretary
    )


def states(process: Process) -> str:
    """One letter per stage: done, current, todo, skipped."""
    return "".join(process.state_of(stage)[0] for stage in Stage)


def test_the_whole_way_stage_by_stage(world: SimpleNamespace):
    assert states(where(world)) == "ctttt"
    frozen = versions.freeze_version(version_id=world.draft.pk, by=world.leader, label="Samrådsversion 1")
    assert states(where(world)) == "dcttt"
    happened(frozen, "opened", invited=12)
    assert (states(where(world)), where(world).when(Stage.DRAFT)) == ("dcttt", frozen.frozen_at)
    happened(frozen, "closed", invited=12, submitted=9)
    assert states(where(world)) == "ddctt"
    draft = versions.fork_version(version_id=frozen.pk, by=world.leader)
    assert (states(where(world)), where(world).draft) == ("ddctt", draft)
    happened(frozen, "settled", points=40)
    assert states(where(world)) == "dddct"
    case = workflow.submit_for_decision(version_id=draft.pk, by=world.leader, label="Förslag")
    for body in BOARDS:
        assert states(where(world)) == "dddct"
        decide(world, case, body, "adopted" if body == "regional_council" else "approved")
    done = where(world)
    assert (states(done), done.now, done.adopted, done.when(Stage.ADOPTED)) == (
        "ddddd",
        Stage.ADOPTED,
        draft,
        clock.today(),
    )

    second = versions.fork_version(version_id=draft.pk, by=world.leader)  # the next edition begins from the start
    again = where(world)
    assert (states(again), again.draft, again.consulted, again.round, again.case) == ("ctttt", second, None, {}, None)


def test_without_consultation_it_is_said_to_be_skipped(world: SimpleNamespace):
    workflow.submit_for_decision(version_id=world.draft.pk, by=world.leader, label="Förslag")
    assert states(where(world)) == "dssct"


@pytest.mark.parametrize("body", BOARDS)
def test_referred_back_is_drafting_again(world: SimpleNamespace, body: str):
    case = workflow.submit_for_decision(version_id=world.draft.pk, by=world.leader, label="Förslag")
    for board in BOARDS[: BOARDS.index(body)]:
        decide(world, case, board, DecisionOutcome.APPROVED)
    decide(world, case, body, DecisionOutcome.REFERRED_BACK)
    assert states(where(world)) == "ctttt"
    versions.fork_version(version_id=world.draft.pk, by=world.leader)
    assert states(where(world)) == "ctttt"


def test_a_second_round_on_a_new_version_counts_from_its_own_events(world: SimpleNamespace):
    first = versions.freeze_version(version_id=world.draft.pk, by=world.leader, label="Samrådsversion 1")
    for event in ("opened", "closed", "settled"):
        happened(first, event)
    draft = versions.fork_version(version_id=first.pk, by=world.leader)
    second = versions.freeze_version(version_id=draft.pk, by=world.leader, label="Samrådsversion 2")
    assert (states(where(world)), where(world).consulted) == ("dcttt", second)
    happened(second, "opened", key="2")
    assert set(where(world).round) == {"opened"}


def test_a_strategy_without_versions_is_a_draft_to_come():
    assert states(process_of([], [], [])) == "ctttt"
