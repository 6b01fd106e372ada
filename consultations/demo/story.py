"""What happened in Älvmark, told through the platform's own verbs, with the clock put where each thing happened.

One transaction: a demonstration that was interrupted leaves nothing behind. Reproducible from a seed.
"""

from collections.abc import Callable
from datetime import date, timedelta

from django.db import transaction

from consultations.demo import conference, corpus, opinions, public_voices
from consultations.demo.answering import QUESTIONS, Answering, only_opened, prepare_round
from consultations.demo.casting import Account, make_cast
from consultations.demo.deciding import Made, choose_changes, decide, rewrite, take_in
from consultations.demo.doors import Door, doors
from consultations.demo.drafting import Drafted, new_strategy, write_draft
from consultations.demo.energy import Energy
from consultations.demo.margins import talk_in_the_margin
from consultations.demo.moments import Moments, at
from consultations.demo.sharing import share_the_work
from consultations.domain import openness, rounds
from consultations.models import ConsultationRound, PublicWhen
from rus_platform.kit import clock
from strategies.domain import carry, publish, versions, workflow
from strategies.domain import sections as outline
from strategies.models import Body, DecisionOutcome, Strategy, Version

Say = Callable[[str], None]
TITLE = "Regional utvecklingsstrategi för Älvmarks län (påhittat län)"
CASE = "RUN 2025/214"


class Story(Moments):
    """Tells everything in order."""

    def __init__(self, seed: int = 1, say: Say = lambda text: None) -> None:
        super().__init__(seed)
        self.seed, self.say = seed, say

    @transaction.atomic
    def tell(self) -> tuple[list[Account], list[Door]]:
        """The whole story. Returns the accounts that a visitor can use, and where to go without one."""
        with clock.travel(at("2016-08-22")):
            self.cast = make_cast(self.seed)
        self.say("Länet, 120 samrådsparter och deras personer")
        strategy, adopted, before = self.earlier_edition()
        self.say("Den antagna strategin 2018–2025 och beställningen av dess PDF")
        frozen, drafted = self.consultation_version(adopted, before)
        self.say("Samrådsversion 1, omkring 80 sidor")
        round_, made = self.closed_round(frozen, drafted)
        self.say(f"Samrådet med {opinions.RESPONSES} svar och {len(made)} synpunkter")
        self.next_draft(strategy, frozen, drafted, round_, made)
        self.say("Beslut om en del av synpunkterna, nästa utkast och dess ändringar")
        remiss = Energy(self, self.cast, self.seed, self.say).tell()
        talk_in_the_margin(*self.margins, self.cast, self.ago)
        return self.cast.accounts, doors(closed=round_, running=remiss)

    # --- 2016-2018: the earlier edition ---

    def earlier_edition(self) -> tuple[Strategy, Version, Drafted]:
        """The strategy's first edition: written, decided by three bodies, adopted, its PDF asked for."""
        with clock.travel(at("2016-09-05")):
            strategy = new_strategy(self.cast, TITLE, 2025, 2040)
        draft = strategy.versions.get()
        wanted = corpus.build_earlier(self.seed)
        drafted = write_draft(
            version=draft,
            wanted=wanted,
            before={},
            cast=self.cast,
            times=(at("2016-10-03"), at("2017-12-15")),
            seed=self.seed,
        )
        with clock.travel(at("2018-02-05")):
            case = workflow.submit_for_decision(
                version_id=draft.pk, by=self.cast.leader, label="Regional utvecklingsstrategi 2018–2025", case_number="RUN 2016/311",
                summary="Förslaget har varit på remiss hos 96 instanser. 58 svarade.",
            )  # fmt: skip
        self._decide(
            case.pk,
            Body.DEVELOPMENT_BOARD,
            DecisionOutcome.APPROVED,
            "2018-03-14",
            "§ 12",
            "Nämnden tillstyrker förslaget.",
        )
        self._decide(
            case.pk,
            Body.EXECUTIVE_BOARD,
            DecisionOutcome.APPROVED,
            "2018-04-18",
            "§ 67",
            "Regionstyrelsen tillstyrker förslaget.",
        )
        self._decide(
            case.pk, Body.REGIONAL_COUNCIL, DecisionOutcome.ADOPTED, "2018-06-12", "§ 81", "Regionfullmäktige antar strategin.",
            [{"kind": "reservation", "by_whom": "Gruppen Inlandets röst",
              "text": "Vi reserverar oss mot beslutet. Målen om service är för svaga och saknar finansiering."}],
        )  # fmt: skip
        with clock.travel(at("2018-06-13")):
            publish.request_pdf(version_id=draft.pk, by=self.cast.secretary)
        return strategy, Version.objects.get(pk=draft.pk), drafted

    def _decide(
        self,
        case_id: int,
        body: str,
        outcome: str,
        day: str,
        paragraph: str,
        note: str,
        reservations: list[dict[str, str]] | None = None,
    ) -> None:
        with clock.travel(at(day, 14)):
            workflow.record_decision(
                case_id=case_id, body=body, outcome=outcome, decided_on=date.fromisoformat(day), paragraph=paragraph, note=note,
                by=self.cast.secretary, reservations=reservations or [],
            )  # fmt: skip

    # --- The present strategy ---

    def consultation_version(self, adopted: Version, before: Drafted) -> tuple[Version, Drafted]:
        """Forked from the adopted edition, written anew over a year, frozen as Samrådsversion 1."""
        with clock.travel(self.ago(640)):
            draft = versions.fork_version(version_id=adopted.pk, by=self.cast.leader, label="Utkast till ny strategi")
        uuids = {section.uuid: key for key, section in before.items()}
        copies = {uuids[section.uuid]: section for section in draft.sections.all()}
        drafted = write_draft(
            version=draft, wanted=corpus.build(self.seed), before=copies, cast=self.cast, times=(self.ago(630), self.ago(225)),
            seed=self.seed,
        )  # fmt: skip
        with clock.travel(self.ago(215)):
            frozen = versions.freeze_version(version_id=draft.pk, by=self.cast.leader, label="Samrådsversion 1")
        return frozen, drafted

    def closed_round(self, frozen: Version, drafted: Drafted) -> tuple[ConsultationRound, Made]:
        """Opened for four months, answered by 90, closed by the clock; the last answers come late."""
        opens, closes = self.ago(208, 7), self.midnight(92)
        with clock.travel(self.ago(212)):
            round_ = prepare_round(
                version_id=frozen.pk, title="Samråd om regional utvecklingsstrategi 2040", what="förslaget till regional utvecklingsstrategi",
                case_number=CASE, by=self.cast.editors[0], actor_ids=[actor.pk for actor in self.cast.actors.values()], opens=opens,
                closes=closes, asked=QUESTIONS,
            )  # fmt: skip
            openness.set_openness(
                round_id=round_.pk, by=self.cast.leader, open_to_public=True, public_when=PublicWhen.CLOSED
            )
        with clock.travel(opens):
            round_ = rounds.open_round(round_id=round_.pk, by=self.cast.leader)
        everything = opinions.compose(corpus.build(self.seed), self.seed)
        answering = Answering(round_, self.cast, drafted)
        made: Made = []
        ends = {o.who.key: self.office_time(opens + (closes - opens) * o.share, opens) for o in everything}
        everything.sort(key=lambda opinion: ends[opinion.who.key])
        for opinion in [o for o in everything if ends[o.who.key] <= closes]:
            ended = ends[opinion.who.key]
            made += answering.answer(
                opinion, began=max(opens, ended - min(timedelta(days=20), (ended - opens) * 0.6)), ended=ended
            )
        only_opened(round_, self.cast, {o.who.key for o in everything}, (opens, closes), self.seed)
        conference.hold(round_, self.cast, drafted, self.ago(150))
        public_voices.speak_of_the_strategy(round_, self.cast, drafted, self)
        with clock.travel(closes + timedelta(minutes=1)):
            rounds.close_round(round_id=round_.pk)
        for opinion in [o for o in everything if ends[o.who.key] > closes]:
            made += answering.answer(opinion, began=closes - timedelta(days=9), ended=ends[opinion.who.key])
        public_voices.mask_the_eagle(round_, self.cast, self)
        return ConsultationRound.objects.get(pk=round_.pk), made

    def next_draft(
        self, strategy: Strategy, frozen: Version, drafted: Drafted, round_: ConsultationRound, made: Made
    ) -> None:
        """About 60 per cent decided, and a new draft in which suggestions have been taken in, moved, reworded and struck."""
        changes = choose_changes(made, self.seed)
        titles = {key: section.title for key, section in drafted.items()}
        met = decide(
            round_,
            made,
            changes,
            titles,
            by=[*self.cast.editors, self.cast.leader],
            times=(self.ago(65), self.ago(12)),
            seed=self.seed,
        )
        with clock.travel(self.ago(62)):
            draft = versions.fork_version(version_id=frozen.pk, by=self.cast.leader, label="Utkast efter samrådet")
        uuids = {section.uuid: key for key, section in drafted.items()}
        now = {uuids[section.uuid]: section for section in draft.sections.all()}
        take_in(changes, made, met, now, by=self.cast.editors, times=(self.ago(58), self.ago(10)), seed=self.seed)
        self._edit_freely(now)
        share_the_work(draft, now, self.cast, self.ago)
        self.margins = draft, now
        with clock.travel(self.ago(2)):
            carry.resolve_anchors(version_id=draft.pk)

    def _edit_freely(self, now: Drafted) -> None:
        """Changes of the kinds that a comparison must tell apart, one of them without a recorded cause."""
        jonas, aino = self.cast.editors
        with clock.travel(self.ago(30)):
            outline.move_section(
                section_id=now["persp_unga"].pk, by=aino, parent_id=now["perspektiv"].pk, after_id=None
            )
        with clock.travel(self.ago(28)):
            outline.rename_section(section_id=now["p8"].pk, title="Digital samverkan och stark beredskap", by=jonas)
        with clock.travel(self.ago(26)):
            rewrite(
                now["d41"].pk, "Pålitlighet kommer före hastighet. En resa som tar femtio minuter varje dag är mer värd än en som tar fyrtio ibland.",
                "Pålitlighet och kortare restid hör ihop, men när de måste vägas mot varandra går pålitligheten först. En resa som alltid tar "
                "femtio minuter är mer värd än en som tar fyrtio ibland.", aino,
            )  # fmt: skip
        with clock.travel(self.ago(8)):
            rewrite(
                now["malbild_text"].pk, "Människor flyttar hit för arbetet, stannar för livet och kommer tillbaka om de har varit borta.",
                "Människor flyttar hit för arbetet, stannar för livet och återvänder gärna om de har varit borta.", jonas,
            )  # fmt: skip
