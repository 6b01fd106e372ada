"""What happened in Älvmark, told through the platform's own verbs, with the clock put where each thing happened.

One transaction: a demonstration that was interrupted leaves nothing behind. Reproducible from a seed.
"""

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from actors.models import Actor
from consultations.demo import corpus, opinions
from consultations.demo.answering import QUESTIONS, Answering, prepare_round
from consultations.demo.casting import CODE, NEIGHBOURS, Account, make_cast
from consultations.demo.consultees import consultees
from consultations.demo.deciding import Made, choose_changes, decide, rewrite, take_in
from consultations.demo.drafting import Drafted, working_hour, write_draft
from consultations.demo.paper import letter_to_confirm
from consultations.demo.sharing import share_the_work
from consultations.domain import bounced, extensions, invitations, lists, notes, rounds
from consultations.models import ConsultationRound, QuestionKind, Response
from rus_platform.kit import clock
from strategies.domain import carry, publish, register, versions, workflow
from strategies.domain import sections as outline
from strategies.domain.spaces import create_strategy
from strategies.models import Body, DecisionOutcome, Section, Strategy, Version

Say = Callable[[str], None]
# Who asks for more time in the open round: municipality, days ago, days more, why. The last one waits for a decision.
MORE_TIME = [
    ("Granfjärd", 6, 14, "Kommunstyrelsen sammanträder först veckan efter att samrådet stänger."),
    ("Tallmo", 2, 7, "Vi vill att räddningstjänsten hinner läsa vårt svar."),
]

TITLE = "Regional utvecklingsstrategi för Älvmarks län (påhittat län)"
ENERGY = "Klimat- och energistrategi för Älvmarks län (påhittat län)"
CASE, ENERGY_CASE = "RUN 2025/214", "RUN 2026/87"


def at(text: str, hour: int = 9) -> datetime:
    """A date and hour (UTC) in the past that does not depend on today."""
    return datetime.fromisoformat(text).replace(hour=hour, tzinfo=UTC)


class Story:
    """Tells everything in order. ``now`` is the moment of the visitor; recent events are counted back from it."""

    def __init__(self, seed: int = 1, say: Say = lambda text: None) -> None:
        self.seed, self.say = seed, say
        self.now = clock.now()
        self.rng = random.Random(f"{seed}/story")

    def ago(self, days: float, hour: int = 9) -> datetime:
        """A working hour ``days`` ago."""
        moment = self.now - timedelta(days=days)
        return (moment - timedelta(days=max(0, moment.weekday() - 4))).replace(
            hour=hour, minute=0, second=0, microsecond=0
        )

    def midnight(self, days: float) -> datetime:
        """The last minute of that day in Sweden."""
        return timezone.localtime(self.ago(days)).replace(hour=23, minute=59)

    @transaction.atomic
    def tell(self) -> list[Account]:
        """The whole story. Returns the accounts that a visitor can use."""
        with clock.travel(at("2016-08-22")):
            self.cast = make_cast(self.seed)
        self.say("Länet, 120 samrådsparter och deras personer")
        strategy, adopted, before = self.earlier_edition()
        self.say("Den antagna strategin 2018–2025 och beställningen av dess PDF")
        frozen, drafted = self.consultation_version(adopted, before)
        self.say("Samrådsversion 1, omkring 80 sidor")
        round_, made = self.closed_round(frozen, drafted)
        self.say(f"Samrådet med {round_.responses.count()} svar och {len(made)} synpunkter")
        self.next_draft(strategy, frozen, drafted, round_, made)
        self.say("Beslut om en del av synpunkterna, nästa utkast och dess ändringar")
        self.open_round()
        self.say("Ett öppet samråd om klimat- och energistrategin")
        return self.cast.accounts

    # --- 2016-2018: the earlier edition ---

    def earlier_edition(self) -> tuple[Strategy, Version, Drafted]:
        """The strategy's first edition: written, decided by three bodies, adopted, its PDF asked for."""
        with clock.travel(at("2016-09-05")):
            strategy = self._strategy(TITLE, 2025, 2040)
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

    def _strategy(self, title: str, first: int, last: int) -> Strategy:
        """A strategy with all 120 consultees in its register and an empty draft."""
        by = self.cast.leader
        strategy = create_strategy(
            by=by, county_codes=[CODE], title=title, horizon_from=first, horizon_to=last, chapters=()
        )
        for section in Section.objects.filter(version__strategy=strategy, parent=None):
            outline.remove_section(section_id=section.pk, by=by)
        register.add_neighbours(
            strategy_id=strategy.pk, by=by, county_codes=[code for code, _name in NEIGHBOURS.values()]
        )
        known = set(strategy.taking_part.values_list("actor_id", flat=True))
        for actor in self.cast.actors.values():
            if actor.pk not in known:
                register.add_known_to_register(strategy_id=strategy.pk, by=by, actor_id=actor.pk)
        return strategy

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
        with clock.travel(opens):
            round_ = rounds.open_round(round_id=round_.pk, by=self.cast.leader)
        everything = opinions.compose(corpus.build(self.seed), self.seed)
        answering = Answering(round_, self.cast, drafted)
        made: Made = []
        ends = {o.who.key: self._office_time(opens + (closes - opens) * o.share, opens) for o in everything}
        everything.sort(key=lambda opinion: ends[opinion.who.key])
        for opinion in [o for o in everything if ends[o.who.key] <= closes]:
            ended = ends[opinion.who.key]
            made += answering.answer(
                opinion, began=max(opens, ended - min(timedelta(days=20), (ended - opens) * 0.6)), ended=ended
            )
        self._only_opened(round_, {o.who.key for o in everything}, opens, closes)
        with clock.travel(closes + timedelta(minutes=1)):
            rounds.close_round(round_id=round_.pk)
        for opinion in [o for o in everything if ends[o.who.key] > closes]:
            made += answering.answer(opinion, began=closes - timedelta(days=9), ended=ends[opinion.who.key])
        return ConsultationRound.objects.get(pk=round_.pk), made

    def _office_time(self, moment: datetime, earliest: datetime) -> datetime:
        """Some time of a working day, that day or the Friday before, not before ``earliest``."""
        return max(working_hour(moment, self.rng), earliest + timedelta(hours=2 + 20 * self.rng.random()))

    def _only_opened(self, round_: ConsultationRound, answering: set[str], first: datetime, last: datetime) -> None:
        """Half of those who don't answer have at least looked."""
        quiet = [who.key for who in consultees(self.seed) if who.key not in answering]
        invited = {self.cast.actors[key].pk: key for key in quiet}
        present = round_.invitations.filter(actor__in=invited).values_list("actor_id", flat=True)
        for actor_id in sorted(present)[::2]:
            with clock.travel(working_hour(first + (last - first) * self.rng.random(), self.rng)):
                invitations.note_opened(round_id=round_.pk, by=self.cast.writers[invited[actor_id]])

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

    # --- A round that a visitor can answer ---

    def open_round(self) -> None:
        """The thematic strategy on energy: out on consultation, some have answered, Tallmo is writing."""
        with clock.travel(self.ago(170)):
            strategy = self._strategy(ENERGY, 2026, 2035)
        draft = strategy.versions.get()
        drafted = write_draft(
            version=draft,
            wanted=corpus.build_energy(self.seed),
            before={},
            cast=self.cast,
            times=(self.ago(160), self.ago(40)),
            seed=self.seed,
        )
        with clock.travel(self.ago(33)):
            frozen = versions.freeze_version(version_id=draft.pk, by=self.cast.leader, label="Samrådsversion 1")
        opens, closes = self.ago(24, 7), self.midnight(-28)
        asked = [
            ("Är målen rimliga?", QuestionKind.SCALE, ()),
            ("Vilken prioritering bör komma först, och varför?", QuestionKind.FREE, ()),
        ]
        with clock.travel(self.ago(31)):
            round_ = prepare_round(
                version_id=frozen.pk, title="Samråd om klimat- och energistrategi 2035", what="förslaget till klimat- och energistrategi",
                case_number=ENERGY_CASE, by=self.cast.editors[1], actor_ids=[actor.pk for actor in self._energy_consultees()], opens=opens,
                closes=closes, asked=asked,
            )  # fmt: skip
        with clock.travel(opens):
            rounds.open_round(round_id=round_.pk, by=self.cast.leader)
        answering = Answering(ConsultationRound.objects.get(pk=round_.pk), self.cast, drafted)
        everything = opinions.compose_energy(self.seed)
        self._only_opened(
            round_,
            {o.who.key for o in everything} | {"kommun:Granfjärd"},
            opens + timedelta(days=1),
            self.now - timedelta(days=3),
        )
        for opinion in everything:
            ended = min(self._office_time(opens + (self.now - opens) * opinion.share, opens), self.now)
            answering.answer(opinion, began=opens + (ended - opens) * 0.5, ended=ended, submit=opinion.share <= 0.7)
        self._notes_in_tallmo(round_)
        self._run_round(round_)

    def _run_round(self, round_: ConsultationRound) -> None:
        """What the region does meanwhile: a list kept, a letter that came back, more time asked for and given."""
        aino, closes = self.cast.editors[1], ConsultationRound.objects.get(pk=round_.pk).closes_at
        assert closes is not None
        with clock.travel(self.ago(23)):
            lists.save_list(round_id=round_.pk, name="Energi och klimat", by=aino)
        quiet = round_.invitations.filter(first_opened_at=None, mail__isnull=False).order_by("actor__sort_key").first()
        if quiet is not None:
            with clock.travel(self.ago(22)):
                bounced.mark_bounced(invitation_id=quiet.pk, why="550 5.1.1 Mottagaren finns inte", by=aino)
        for key, days, wanted, why in MORE_TIME:
            actor, writer = self.cast.actors[f"kommun:{key}"], self.cast.writers[f"kommun:{key}"]
            with clock.travel(self.ago(days, 10)):
                request = extensions.request_extension(
                    round_id=round_.pk, actor_id=actor.pk, until=closes + timedelta(days=wanted), reason=why, by=writer
                )
            if days > 2:
                with clock.travel(self.ago(days - 1, 13)):
                    extensions.decide_extension(extension_id=request.pk, granted=True, by=aino)

    def _energy_consultees(self) -> list[Actor]:
        """All municipalities, and those whose subjects these are."""
        near = {"d51", "d52", "d53", "d54", "p7", "m5"}
        chosen = [who for who in consultees(self.seed) if who.place or near & set(who.topics)]
        return [self.cast.actors[who.key] for who in chosen]

    def _notes_in_tallmo(self, round_: ConsultationRound) -> None:
        response = Response.objects.get(round=round_, actor=self.cast.actors["kommun:Tallmo"])
        lena, birgitta = self.cast.writers["kommun:Tallmo"], self.cast.signers["kommun:Tallmo"]
        with clock.travel(self.ago(4, 9)):
            letter_to_confirm(response, lena)
        with clock.travel(self.ago(3, 10)):
            notes.add_note(
                response_id=response.pk,
                by=lena,
                text="Kolla med räddningstjänsten innan vi lämnar in. Är vår lista på reservkraft aktuell?",
            )
        with clock.travel(self.ago(2, 13)):
            notes.add_note(
                response_id=response.pk,
                by=birgitta,
                text="Kommunstyrelsen behandlar svaret på nästa möte. Vi behöver texten fem dagar innan.",
            )
