"""The thematic strategy on climate and energy: an early dialogue that is finished, a draft shared with a few for comments, and
a referral that is out now and that a visitor can answer."""

from collections.abc import Callable
from datetime import timedelta

from actors.domain import notices
from actors.models import Actor, User
from consultations.demo import chain, corpus, incoming, public_voices, remiss_meetings, together
from consultations.demo.answering import Answering, only_opened, prepare_round
from consultations.demo.casting import Cast
from consultations.demo.consultees import consultees
from consultations.demo.deciding import rewrite
from consultations.demo.drafting import Drafted, copies_of, new_strategy, write_draft
from consultations.demo.early import EarlyDialogue
from consultations.demo.energy_opinions import ALVSTAD, BESIDE, KORNSLATT, SUNDHAMN, TOLD, compose_energy
from consultations.demo.moments import Moments
from consultations.demo.running import run_round
from consultations.demo.shared import share_for_comments
from consultations.domain import dispositions, openness, rounds
from consultations.models import ConsultationRound, Point, PublicWhen, QuestionKind, RoundKind
from rus_platform.kit import clock
from strategies.domain import versions
from strategies.models import Version
from strategies.states import TextStatus

TITLE = "Klimat- och energistrategi för Älvmarks län (påhittat län)"
CASE = "RUN 2026/87"
QUESTIONS: list[tuple[str, str, tuple[str, ...]]] = [
    ("Är målen rimliga? (1 = inte alls, 5 = helt)", QuestionKind.SCALE, ()),
    ("Vilken prioritering bör komma först, och varför?", QuestionKind.FREE, ()),
]
# What stood in the draft that was shared, and what the draft says since.
SINCE = {
    "utgang_lage": ("Ledtiden för en ny ledning är åtta till tio år.", "Ledtiden för en ny ledning är tio till tolv år."),
    "m3": ("Lokala nät som kan drivas fristående ska prövas på några orter.",
           "Lokala nät som kan drivas fristående ska prövas på minst sex orter."),
}  # fmt: skip
SUBJECTS = {"d51", "d52", "d53", "d54", "p7", "m5"}
ENDED_IN_STEPS = {SUNDHAMN, KORNSLATT, ALVSTAD}  # handed in, or not, by ``chain``


class Energy:
    """Told with the clock of ``moments``."""

    def __init__(self, moments: Moments, cast: Cast, seed: int, say: Callable[[str], None]) -> None:
        self.moments, self.cast, self.seed, self.say = moments, cast, seed, say
        self.ago = moments.ago

    def tell(self) -> ConsultationRound:
        """The whole story. Returns the round that is open."""
        with clock.travel(self.ago(215)):
            strategy = new_strategy(self.cast, TITLE, 2026, 2035)
        early, notes = self._early(strategy.versions.get())
        self.say("En tidig dialog om klimat och energi, avslutad")
        shared, drafted = self._shared(early, notes)
        self.say("Utkastet på underhandsremiss")
        round_ = self._remiss(shared, drafted)
        self.say("Klimat- och energistrategin ute på remiss, öppen för alla")
        return round_

    def _early(self, draft: Version) -> tuple[EarlyDialogue, Drafted]:
        notes = write_draft(
            version=draft, wanted=corpus.build_energy_early(self.seed), before={}, cast=self.cast,
            times=(self.ago(212), self.ago(190)), seed=self.seed,
        )  # fmt: skip
        with clock.travel(self.ago(186)):
            frozen = versions.freeze_version(
                version_id=draft.pk, by=self.cast.leader, label="Underlag för tidig dialog"
            )
        dialogue = EarlyDialogue(frozen, notes, self.cast, self.moments)
        dialogue.hold()
        return dialogue, notes

    def _shared(self, early: EarlyDialogue, notes: Drafted) -> tuple[Version, Drafted]:
        """The strategy itself is written; the early points get their fates; the draft is shared with those who know the matter."""
        with clock.travel(self.ago(146)):
            draft = versions.fork_version(version_id=early.version.pk, by=self.cast.leader, label="Utkast")
        drafted = write_draft(
            version=draft, wanted=corpus.build_energy(self.seed), before=copies_of(notes, draft), cast=self.cast,
            times=(self.ago(144), self.ago(104)), seed=self.seed,
        )  # fmt: skip
        early.settle(drafted)
        for key, (was, now) in SINCE.items():
            with clock.travel(self.ago(96)):
                rewrite(drafted[key].pk, now, was, self.cast.editors[0])
        with clock.travel(self.ago(92)):
            frozen = versions.freeze_version(
                version_id=draft.pk, by=self.cast.leader, label="Utkast för underhandsremiss", status=TextStatus.SHARED
            )
        share_for_comments(frozen, copies_of(drafted, frozen), self.cast, self.moments)
        return frozen, drafted

    def _remiss(self, shared: Version, drafted: Drafted) -> ConsultationRound:
        with clock.travel(self.ago(68)):
            draft = versions.fork_version(version_id=shared.pk, by=self.cast.leader, label="Förslag")
        now = copies_of(drafted, draft)
        for number, (key, (was, text)) in enumerate(SINCE.items()):
            with clock.travel(self.ago(60 - 6 * number)):
                before, after, block_id = rewrite(now[key].pk, was, text, self.cast.editors[1])
                point = Point.objects.get(response__round__version=shared, suggested_wording=text)
                dispositions.link_change(
                    point_id=point.pk,
                    section_id=now[key].pk,
                    by=self.cast.editors[1],
                    block_id=block_id,
                    before=before,
                    after=after,
                )
        with clock.travel(self.ago(33)):
            frozen = versions.freeze_version(version_id=draft.pk, by=self.cast.leader, label="Remissversion")
        self._read_notices()
        round_ = self._open(frozen)
        self._answers(round_, copies_of(drafted, frozen))
        return ConsultationRound.objects.get(pk=round_.pk)

    def _read_notices(self) -> None:
        """Nobody whom a visitor can be has a hundred old notices to read."""
        with clock.travel(self.ago(32)):
            for account in self.cast.accounts:
                notices.read_all_notices(by=User.objects.get(email=account.email))

    def _open(self, frozen: Version) -> ConsultationRound:
        opens, closes = self.ago(24, 7), self.moments.midnight(-28)
        with clock.travel(self.ago(31)):
            round_ = prepare_round(
                version_id=frozen.pk, title="Remiss: klimat- och energistrategi 2035", what="förslaget till klimat- och energistrategi",
                case_number=CASE, by=self.cast.editors[1], actor_ids=[actor.pk for actor in self._consultees()], opens=opens,
                closes=closes, asked=QUESTIONS, kind=RoundKind.REFERRAL,
            )  # fmt: skip
            openness.set_openness(
                round_id=round_.pk, by=self.cast.leader, open_to_public=True, public_when=PublicWhen.CLOSED
            )
        with clock.travel(opens):
            return rounds.open_round(round_id=round_.pk, by=self.cast.leader)

    def _consultees(self) -> list[Actor]:
        """All municipalities, and those whose subjects these are."""
        chosen = [
            who for who in consultees(self.seed) if who.place or SUBJECTS & set(who.topics) or who.key in TOLD | BESIDE
        ]
        return [self.cast.actors[who.key] for who in chosen]

    def _answers(self, round_: ConsultationRound, drafted: Drafted) -> None:
        """Those who have answered or are writing, then what is told of each."""
        opens, now = self.ago(24, 7), self.moments.now
        answering = Answering(round_, self.cast, drafted)
        everything = compose_energy(self.seed)
        known = {opinion.who.key for opinion in everything} | BESIDE
        only_opened(round_, self.cast, known, (opens + timedelta(days=1), now - timedelta(days=3)), self.seed)
        for opinion in everything:
            ended = min(self.moments.office_time(opens + (now - opens) * opinion.share, opens), now)
            if opinion.who.key in ENDED_IN_STEPS:
                ended = self.ago(13, 15)
            done = opinion.share <= 0.7 and opinion.who.key not in ENDED_IN_STEPS
            answering.answer(opinion, began=opens + (ended - opens) * 0.5, ended=ended, submit=done)
        chain.walk(round_, self.cast, drafted, self.ago)
        together.write_in_tallmo(round_, self.cast, drafted, self.ago)
        incoming.take_in_letters(round_, self.cast, self.ago)
        remiss_meetings.meet(round_, self.cast, drafted, self.ago)
        public_voices.speak_of_energy(round_, self.cast, drafted, self.ago)
        run_round(round_, self.cast, self.ago)
