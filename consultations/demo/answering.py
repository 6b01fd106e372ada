"""A round: prepared, opened, answered by the consultees through the verbs that they would use themselves, closed."""

import random
from datetime import datetime, timedelta

from actors.models import User
from consultations.demo.casting import Cast
from consultations.demo.consultees import consultees
from consultations.demo.drafting import Drafted, working_hour
from consultations.demo.opinions import Opinion, View
from consultations.domain import invitations, questions, responses, rounds
from consultations.models import ConsultationRound, Point, PublicWhen, QuestionKind, Response, RoundKind
from rus_platform.kit import clock
from strategies.domain.documents import Block, blocks

LETTER = """Vi vill veta vad ni tycker om {what}.

Vi ber särskilt att ni

– tar ställning till målen, delmålen och prioriteringarna,
– lämnar synpunkter direkt i texten, gärna med förslag till ny lydelse,
– besvarar frågorna i slutet av svaret.

Ni behöver inte svara på allt. Den som inte har något att invända kan svara ”Ingen erinran” med ett enda klick, och den som inte vill svara kan avstå.

Alla synpunkter får ett svar. När samrådet är avslutat kan ni se vad som blev av var och en av era synpunkter. Svaret är en allmän handling hos Region Älvmark.

Frågor besvaras av Karin Sandell, processledare, karin.sandell@regionalvmark.example.

Länet och alla organisationer är påhittade. Detta är en demonstration.

Med vänliga hälsningar
Regionala utvecklingsnämnden"""

QUESTIONS = [
    ("Hur väl stämmer analysen med er bild av länet? (1 = inte alls, 5 = helt)", QuestionKind.SCALE, ()),
    ("Vilket av målen är viktigast för er verksamhet?", QuestionKind.CHOICE, ("Mål 1", "Mål 2", "Mål 3", "Mål 4", "Mål 5", "Alla är lika viktiga")),
    ("Vill ni delta i genomförandet av någon prioritering? I så fall vilken och hur?", QuestionKind.FREE, ()),
    ("Saknas något i strategin?", QuestionKind.FREE, ()),
]  # fmt: skip


def prepare_round(
    *, version_id: int, title: str, case_number: str, by: User, actor_ids: list[int], opens: datetime, closes: datetime,
    asked: list[tuple[str, str, tuple[str, ...]]], what: str = "", letter: str = "", kind: str = RoundKind.CONSULTATION, late: bool = True,
) -> ConsultationRound:  # fmt: skip
    """Everything up to the opening, with the usual letter about ``what`` or another one. The clock is where the caller has put it."""
    round_ = rounds.create_round(version_id=version_id, title=title, by=by, kind=kind)
    rounds.describe_round(
        round_id=round_.pk, by=by, revision=round_.revision, title=title, cover_letter=letter or LETTER.format(what=what),
        case_number=case_number, opens_at=opens, closes_at=closes, public_when=PublicWhen.NEVER if kind == RoundKind.SHARING else PublicWhen.CLOSED, accepts_late=late,
    )  # fmt: skip
    for text, kind, choices in asked:
        questions.add_question(round_id=round_.pk, by=by, text=text, kind=kind, choices=choices)
    invitations.invite_actors(round_id=round_.pk, actor_ids=actor_ids, by=by)
    return round_


def only_opened(
    round_: ConsultationRound, cast: Cast, answering: set[str], between: tuple[datetime, datetime], seed: int
) -> None:
    """Half of those who don't answer have at least looked."""
    rng = random.Random(f"{seed}/looking/{round_.kind}")
    quiet = [who.key for who in consultees(seed) if who.key not in answering]
    invited = {cast.actors[key].pk: key for key in quiet}
    present = round_.invitations.filter(actor__in=invited).values_list("actor_id", flat=True)
    for actor_id in sorted(present)[::2]:
        with clock.travel(working_hour(between[0] + (between[1] - between[0]) * rng.random(), rng)):
            invitations.note_opened(round_id=round_.pk, by=cast.writers[invited[actor_id]])


class Answering:
    """Writes and hands in responses on one version."""

    def __init__(self, round_: ConsultationRound, cast: Cast, drafted: Drafted) -> None:
        self.round = round_
        self.cast = cast
        self.sections = drafted
        self.blocks = {key: blocks(section.doc) for key, section in drafted.items()}
        self.questions = list(round_.questions.all())

    def answer(
        self, opinion: Opinion, *, began: datetime, ended: datetime, submit: bool = True
    ) -> list[tuple[View, Point]]:
        """One response, written from ``began`` and handed in at ``ended``. Returns which view became which point."""
        key = opinion.who.key
        writer, signer = self.cast.writers[key], self.cast.signers[key]
        with clock.travel(began):
            invitations.note_opened(round_id=self.round.pk, by=writer)
            response = responses.start_response(round_id=self.round.pk, actor_id=self.cast.actors[key].pk, by=writer)
        made = []
        pace = (ended - began) / (len(opinion.views) + 2)
        for number, view in enumerate(opinion.views, 1):
            with clock.travel(began + pace * number):
                made.append((view, self._point(response, view, writer if number % 3 else signer)))
        with clock.travel(ended - timedelta(minutes=20)):
            self._whole(response, opinion, signer)
        if submit:
            with clock.travel(ended):
                responses.submit_response(response_id=response.pk, by=signer)
        return made

    def _whole(self, response: Response, opinion: Opinion, by: User) -> None:
        """Positions, answers to the questions, the summary."""
        for key, (stance, reason) in opinion.stances.items():
            responses.set_position(
                response_id=response.pk,
                section_id=self.sections[key].pk,
                by=by,
                stance=stance,
                reason=reason,
                revision=0,
            )
        for question, value in zip(self.questions, opinion.answers, strict=False):
            if value:
                responses.save_answer(response_id=response.pk, question_id=question.pk, by=by, value=value, revision=0)
        number = f"KS {response.created_at.year}/{100 + response.pk}" if opinion.who.place else ""
        responses.save_summary(
            response_id=response.pk,
            by=by,
            revision=response.revision,
            summary=opinion.summary,
            kind=opinion.kind,
            own_case_number=number,
        )

    def _point(self, response: Response, view: View, by: User) -> Point:
        section = self.sections[view.section] if view.section else None
        return responses.add_point(
            response_id=response.pk, by=by, text=view.text, kind=view.kind, section_id=section.pk if section else None,
            selection=self._selection(view) if view.quote else None, suggested_wording=view.wording,
        )  # fmt: skip

    def _selection(self, view: View) -> dict[str, object]:
        assert view.section is not None
        return selection(self.blocks[view.section], view.quote)


def selection(drafted_blocks: list[Block], quote: str) -> dict[str, object]:
    """The exact words with their positions, as the browser would tell them."""
    block = block_with(drafted_blocks, quote)
    start = block.pos + _units(block.text[: block.text.index(quote)])
    return {"start": start, "end": start + _units(quote), "quote": quote, "block_id": block.id}


def _units(text: str) -> int:
    """Positions count UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def block_with(drafted_blocks: list[Block], quote: str) -> Block:
    """The first block in which the words stand."""
    return next(block for block in drafted_blocks if quote in block.text)
