"""Consultations in the states that tests need, reached by the verbs that people use."""

from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any

from actors.models import Actor, OutgoingMail, Role, User
from consultations.domain import (
    dispositions,
    invitations,
    notes,
    openness,
    questions,
    responses,
    rounds,
    taking_part,
)
from consultations.models import ConsultationRound, Invitation, Point, Question, Response
from rus_platform.kit import clock
from strategies.domain import markup, text, versions
from strategies.domain.sections import add_section
from strategies.models import Section, StepVia, Strategy, Version
from strategies.queries.outline import outline
from tests.factories.actors import make_municipality, make_person, make_region
from tests.factories.long_texts import write_long_text
from tests.factories.strategies import make_strategy, working_version

NUMBERS = count(1)
GOAL_TEXT = (
    "Regionen ska tillsammans med kommunerna stärka tåget och bussen.\n\n"
    "Alla ska kunna bo och arbeta i hela länet. Länet ska växa.\n\n"
    "Länet ska vara öppet för alla."
)
NOTE = "HEMLIG ANTECKNING"


@dataclass
class World:
    """A region with a frozen consultation version, its people, and a municipality that answers."""

    region: Actor
    leader: User
    strategy: Strategy
    version: Version
    goal: Section
    subgoal: Section
    round: ConsultationRound
    questions: list[Question]
    municipality: Actor
    editor: User
    signatory: User
    sections: dict[str, Section] = field(default_factory=dict)

    def fresh(self) -> ConsultationRound:
        """The round as it is now."""
        return ConsultationRound.objects.select_related("version__strategy__owner").get(pk=self.round.pk)


def make_version(
    code: str = "98", *, by: User | None = None, municipalities: int = 3, long: bool = False
) -> tuple[Strategy, Version, Section, Section]:
    """A frozen "Samrådsversion 1" with one goal and one sub-goal under it; ``long``: after eighty pages of other text."""
    region = make_region(code, municipalities)
    leader = by or make_person(region, Role.LEADER)
    strategy = make_strategy(region, by=leader)
    draft = working_version(strategy)
    if long:
        write_long_text(draft, leader)
    chapter = next(node.section for node in outline(draft) if "mål" in node.title.lower() and node.level == 1)
    goal = add_section(version_id=draft.pk, kind="goal", title="Ett län som reser", parent_id=chapter.pk, by=leader)
    subgoal = add_section(version_id=draft.pk, kind="subgoal", title="Fler tar tåget", parent_id=goal.pk, by=leader)
    text.replace_text(section_id=goal.pk, by=leader, doc=markup.to_doc(GOAL_TEXT), via=StepVia.IMPORT)
    version = versions.freeze_version(version_id=draft.pk, by=leader, label="Samrådsversion 1")
    goal.refresh_from_db()
    return strategy, version, goal, subgoal


def describe(round_: ConsultationRound, *, by: User, **changes: Any) -> ConsultationRound:
    """Save the round's description with ``changes``."""
    values: dict[str, Any] = {
        "title": round_.title,
        "cover_letter": "Vi vill veta vad ni tycker.",
        "case_number": "RUN 2027-1",
        "opens_at": None,
        "closes_at": clock.now() + timedelta(days=30),
        "public_when": "closed",
        "accepts_late": True,
        "revision": round_.revision,
        **changes,
    }
    return rounds.describe_round(round_id=round_.pk, by=by, **values)


def make_round(
    code: str = "98", *, municipalities: int = 3, title: str = "", long: bool = False, **description: Any
) -> World:
    """A round in preparation: described, with three questions and the first municipality on its list."""
    region = make_region(code, municipalities)
    leader = make_person(region, Role.LEADER)
    strategy, version, goal, subgoal = make_version(code, by=leader, municipalities=municipalities, long=long)
    round_ = rounds.create_round(version_id=version.pk, title=title or f"Samråd {next(NUMBERS)}", by=leader)
    describe(round_, by=leader, **description)
    asked = [
        questions.add_question(round_id=round_.pk, by=leader, text="Vad saknas?", kind="free"),
        questions.add_question(
            round_id=round_.pk, by=leader, text="Vilket är viktigast?", kind="choice", choices=["Tåg", "Buss"]
        ),
        questions.add_question(round_id=round_.pk, by=leader, text="Hur bra är analysen?", kind="scale"),
    ]
    municipality = make_municipality(code, 1)
    if not municipality.email:
        municipality.email = f"kommun1@sago{code}.example"
        municipality.save(update_fields=["email"])
    editor = make_person(municipality, Role.EDITOR)
    signatory = make_person(municipality, Role.SIGNATORY)
    invitations.invite_actors(round_id=round_.pk, actor_ids=[municipality.pk], by=leader)
    return World(
        region, leader, strategy, version, goal, subgoal, round_, asked, municipality, editor, signatory
    )  # fmt: skip


def make_open_round(code: str = "98", **description: Any) -> World:
    """A round that is open, with its letters queued."""
    world = make_round(code, **description)
    rounds.open_round(round_id=world.round.pk, by=world.leader)
    world.round = world.fresh()
    return world


def start(world: World) -> Response:
    """The municipality's response, begun."""
    return responses.start_response(round_id=world.round.pk, actor_id=world.municipality.pk, by=world.editor)


def write(world: World, response: Response, *, points: int = 1, note: str = NOTE) -> list[Point]:
    """A summary, a position, answers, an internal note, and ``points`` points: on words, on a section, in general, and so on."""
    by = world.editor
    responses.save_summary(
        response_id=response.pk,
        by=by,
        revision=response.revision,
        summary="Vi är positiva.",
        kind="answer",
        own_case_number="KS 1",
    )
    responses.set_position(
        response_id=response.pk,
        section_id=world.goal.pk,
        by=by,
        stance="supports_with_changes",
        reason="Nämn bussen.",
        revision=0,
    )
    for question, value in zip(world.questions, ("Cykeln", "1", "4"), strict=True):
        responses.save_answer(response_id=response.pk, question_id=question.pk, by=by, value=value, revision=0)
    notes.add_note(response_id=response.pk, by=by, text=note)
    kinds: list[dict[str, Any]] = [
        {"section_id": world.goal.pk, "selection": {"quote": "stärka tåget"}},
        {"section_id": world.subgoal.pk},
        {},
    ]
    return [
        responses.add_point(response_id=response.pk, by=by, text=f"Synpunkt {n}", kind="change", **kinds[(n - 1) % 3])
        for n in range(1, points + 1)
    ]


def submit(world: World, response: Response) -> Response:
    """Handed in by the one who may."""
    return responses.submit_response(response_id=response.pk, by=world.signatory)


def make_draft(code: str = "98", *, points: int = 1, **description: Any) -> tuple[World, Response]:
    """An open round and a response being written."""
    world = make_open_round(code, **description)
    response = start(world)
    write(world, response, points=points)
    response.refresh_from_db()
    return world, response


def make_submitted(code: str = "98", *, points: int = 1, **description: Any) -> tuple[World, Response]:
    """An open round and a submitted response."""
    world, response = make_draft(code, points=points, **description)
    return world, submit(world, response)


def close(world: World) -> ConsultationRound:
    """Closed by the process leader."""
    rounds.close_round(round_id=world.round.pk, by=world.leader)
    world.round = world.fresh()
    return world.round


def decide_all(world: World, decision: str = "accommodated", reason: str = "") -> None:
    """The same decision on every submitted point."""
    ids = Point.objects.filter(response__round=world.round, response__state="submitted").values_list("pk", flat=True)
    if ids:
        dispositions.decide_points(
            round_id=world.round.pk, point_ids=ids, by=world.leader, decision=decision, reason=reason
        )


def settle(world: World) -> ConsultationRound:
    """Every point decided and the round finished."""
    decide_all(world)
    rounds.settle_round(round_id=world.round.pk, by=world.leader)
    world.round = world.fresh()
    return world.round


def other_consultee(world: World, number: int = 2) -> tuple[Actor, User]:
    """Another invited municipality and somebody who may write and hand in there."""
    actor = make_municipality(world.region.county_id or "", number)
    person = make_person(actor, Role.EDITOR, Role.SIGNATORY)
    if not Invitation.objects.filter(round=world.round, actor=actor).exists():
        invitations.invite_actors(round_id=world.round.pk, actor_ids=[actor.pk], by=world.leader)
    return actor, person


def token_of(world: World) -> str:
    """The token in the newest invitation letter to the municipality."""
    letter = OutgoingMail.objects.filter(key__startswith="invitation:", to=world.municipality.email).latest("pk")
    return letter.text.split("/inbjudan/")[1].split("/")[0]


def open_to_public(world: World, *, public_when: str = "closed") -> ConsultationRound:
    """The public may answer."""
    openness.set_openness(round_id=world.round.pk, by=world.leader, open_to_public=True, public_when=public_when)
    world.round = world.fresh()
    return world.round


def ask(world: World, **changes: Any) -> str:
    """Somebody of the public asks to answer; the token in the newest letter to the address."""
    facts = {"kind": "person", "name": "Eva Hemlig", "email": f"eva{next(NUMBERS)}@hemma.example", "place": "192.0.2.7"}
    facts |= {"municipality": f"{world.region.county_id}02", **changes}
    taking_part.ask_to_take_part(round_id=world.round.pk, **facts)
    letter = OutgoingMail.objects.filter(key__startswith="take-part:", to=facts["email"]).latest("pk")
    return letter.text.split("/delta/")[1].split("/")[0]


def take_part(world: World, *, points: int = 1, submit: bool = False, **changes: Any) -> tuple[User, Response]:
    """A confirmed participant with something written: the guest and the response."""
    user, response = taking_part.confirm_participant(token=ask(world, **changes))
    responses.save_summary(
        response_id=response.pk, by=user, revision=0, summary="Fler bänkar.", kind="answer", own_case_number=""
    )
    for n in range(1, points + 1):
        responses.add_point(response_id=response.pk, by=user, text=f"Allmän synpunkt {n}", section_id=world.goal.pk)
    if submit:
        taking_part.give_consent(response_id=response.pk, by=user)
        response = responses.submit_response(response_id=response.pk, by=user)
    return user, response


def next_draft(world: World, goal_text: str = "") -> Version:
    """The next draft, forked from the consultation version, with the goal's text changed."""
    draft = versions.fork_version(version_id=world.version.pk, by=world.leader)
    if goal_text:
        section = Section.objects.get(version=draft, uuid=world.goal.uuid)
        text.replace_text(section_id=section.pk, by=world.leader, doc=markup.to_doc(goal_text), via=StepVia.IMPORT)
    return draft


def next_round(world: World, goal_text: str = "Nya ord om tåget.") -> ConsultationRound:
    """The next round, open, on the next version, with the municipality on its list. The one before is settled."""
    if world.fresh().state == "open":
        close(world)
    if world.fresh().state == "closed":
        settle(world)
    draft = next_draft(world, goal_text)
    version = versions.freeze_version(version_id=draft.pk, by=world.leader, label="Samrådsversion 2")
    round_ = rounds.create_round(version_id=version.pk, title=f"Samråd {next(NUMBERS)}", by=world.leader)
    describe(round_, by=world.leader)
    invitations.invite_actors(round_id=round_.pk, actor_ids=[world.municipality.pk], by=world.leader)
    return rounds.open_round(round_id=round_.pk, by=world.leader)
