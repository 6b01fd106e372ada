"""An early dialogue: a few pages to talk about before anything is written. It is finished: every point has a fate."""

from dataclasses import dataclass

from consultations.demo.answering import block_with, prepare_round, selection
from consultations.demo.casting import Cast
from consultations.demo.drafting import Drafted
from consultations.demo.moments import Moments
from consultations.domain import dispositions, invitations, meeting_input, meetings, responses, rounds
from consultations.models import Point, QuestionKind, RoundKind
from rus_platform.kit import clock
from strategies.domain.documents import blocks
from strategies.models import Version

LETTER = """Region Älvmark ska ta fram en klimat- och energistrategi. Innan vi skriver den vill vi höra hur ni ser på saken.

Underlaget är några få sidor. Det är inget förslag, och ingen behöver svara politiskt. Skriv det ni tänker på, i era egna ord.

Allt som kommer in får ett svar, och det som ändrar texten går att följa hela vägen till förslaget.

Frågor besvaras av Aino Laitala, aino.laitala@regionalvmark.example.

Länet och alla organisationer är påhittade. Detta är en demonstration."""


@dataclass(frozen=True, slots=True)
class Said:
    """A point, what the region decided, and the words of the strategy that came of it (in the same section, or "")."""

    who: str
    section: str | None
    quote: str
    kind: str
    text: str
    wording: str
    decision: str
    reason: str
    became: str = ""


SAID = [
    Said("kommun:Tallmo", "m3", "reservkraft för en vecka", "change",
         "En vecka räcker inte. Efter januaristormen var de sista hushållen hos oss utan el i nio dygn.", "reservkraft för två veckor",
         "accommodated", "Målet skärps till två veckor. Det är vad erfarenheterna från stormen talar för, både era och räddningstjänstens.",
         "två veckor utan yttre elförsörjning"),
    Said("kommun:Tallmo", "m2", "Alla kommuner behöver bidra.", "objection",
         "Vi har redan 61 vindkraftverk. Säg hur bördan ska fördelas, annars blir det samma bygder varje gång.", "",
         "partly", "Nu står det att ingen kommun ska bära en oproportionerlig del. Hur delen räknas ut avgörs när områdena pekas ut.",
         "oproportionerlig del"),
    Said("rtj_inland", "m3", "reservkraft för en vecka", "change",
         "Räkna med två veckor. Det som tar slut först är drivmedlet, så lagren måste ligga nära.", "",
         "accommodated", "Målet skärps till två veckor, och drivmedelslager i varje länsdel har lagts till.",
         "Lager av drivmedel ska finnas i varje länsdel."),
    Said("elnat", "utgang_lage", "I kön till elnätet finns 1 100 megawatt.", "error",
         "Siffran stämmer, men tre fjärdedelar av den är fem projekt. Skriv ut det, annars tror småföretagen att kön är deras.", "",
         "accommodated", "Uppdelningen står nu i texten.", "Tre fjärdedelar av effekten avser fem projekt"),
    Said("naturforeningen", "m1", "Energin ska användas effektivare än i dag.", "support",
         "Börja där. Den energi som inte behövs stör varken örnar eller grannar.", "", "noted",
         "Tack. Effektivisering har blivit strategins första mål."),
    Said("vindbolaget", "m2", "Alla kommuner behöver bidra.", "change",
         "Bygden måste få något tillbaka. Vi lämnar en procent av intäkterna till byarna runt parken, och i den senaste prövningen kom inga överklaganden.",
         "", "accommodated", "Att bygden ska få del av intäkterna står nu i målet.", "ska få del av intäkterna"),
    Said("kommun:Klovsand", "m2", "från fyra till nio terawattimmar", "question",
         "Vilken siffra ska vi planera efter? Fabriken ensam behöver nästan två.", "", "accommodated",
         "Förslaget räknar med omkring sju terawattimmar.", "omkring sju terawattimmar"),
    Said("kommun:Klovsand", None, "", "change", "Ta med vätgasen som ett eget mål.", "", "not",
         "Strategin väljer inte mellan energibärare. Vätgasen tas upp i elektrifieringsplanen, som blir den första prioriteringen."),
]  # fmt: skip
SUMMARIES = {
    "kommun:Tallmo": "Reservkraften är det viktigaste för oss, och att de som redan har vindkraft inte får allt.",
    "rtj_inland": "Vi svarar utifrån de elva dygn som vi var ute i januari.",
    "elnat": "En rättelse om kön. I övrigt hör vi gärna av oss när ni börjar skriva.",
    "naturforeningen": "Vi ser fram emot ett förslag där sparandet kommer först på riktigt.",
    "vindbolaget": "En synpunkt, och ett erbjudande: kom och titta på Rågsäter.",
    "kommun:Klovsand": "Två frågor som vi behöver svar på innan vi kan planera.",
}
ANSWERS = {
    "kommun:Tallmo": "Att elen kommer fram.",
    "rtj_inland": "Att det finns diesel när aggregaten startar.",
    "elnat": "Tiden det tar att få bygga en ledning.",
    "naturforeningen": "Att ingen frågar om vi behöver all den el som räknas upp.",
    "vindbolaget": "Att det går att komma överens innan någon har låst sig.",
    "kommun:Klovsand": "Effekten till fabriken, 2029.",
}
BREAKFAST = [
    ("arbetsmarknad", "remark", "Det som saknas är montörer, inte pengar. Utan dem blir inget av målen byggt.", "elsewhere",
     "Kompetensfrågan tas upp i den regionala utvecklingsstrategin, delmål 2.2."),
    ("sciencepark", "question", "Kan små företag få tillfällig effekt för att prova en maskin innan de ansöker?", "elsewhere",
     "Frågan har lämnats till Älvmarks elnät, som svarar i arbetet med elektrifieringsplanen."),
    (None, "support", "Bra att bli tillfrågad innan det är klart.", "noted", "Tack."),
]  # fmt: skip


class EarlyDialogue:
    """On a frozen version with its sections by key."""

    def __init__(self, version: Version, drafted: Drafted, cast: Cast, moments: Moments) -> None:
        self.version, self.drafted, self.cast, self.moments = version, drafted, cast, moments
        self.ago, self.aino = moments.ago, cast.editors[1]
        self.points: list[tuple[Said, Point]] = []

    def hold(self) -> None:
        """Opened, answered by six, a meeting held, closed."""
        opens, closes = self.ago(180, 7), self.moments.midnight(152)
        with clock.travel(self.ago(183)):
            self.round = prepare_round(
                version_id=self.version.pk, title="Tidig dialog om klimat och energi", letter=LETTER, case_number="RUN 2026/87",
                by=self.aino, actor_ids=[self.cast.actors[key].pk for key in self._invited()], opens=opens, closes=closes,
                asked=[("Vad är den viktigaste energifrågan hos er?", QuestionKind.FREE, ())], kind=RoundKind.EARLY,
            )  # fmt: skip
        with clock.travel(opens):
            rounds.open_round(round_id=self.round.pk, by=self.cast.leader)
        self._breakfast()
        for number, key in enumerate(SUMMARIES):
            with clock.travel(self.ago(171 - 3 * number, 8 + number)):
                self._answer(key)
        with clock.travel(self.moments.midnight(151)):
            rounds.close_round(round_id=self.round.pk)

    def _invited(self) -> list[str]:
        towns = [key for key in self.cast.actors if key.startswith("kommun:")]
        return [
            *towns,
            *(key for key in [*SUMMARIES, "lansstyrelsen", "energiverket", "skogsagarna"] if key not in towns),
        ]

    def _answer(self, key: str) -> None:
        signer = self.cast.signers[key]
        invitations.note_opened(round_id=self.round.pk, by=signer)
        response = responses.start_response(round_id=self.round.pk, actor_id=self.cast.actors[key].pk, by=signer)
        for said in [row for row in SAID if row.who == key]:
            section = self.drafted[said.section] if said.section else None
            point = responses.add_point(
                response_id=response.pk, by=signer, text=said.text, kind=said.kind, section_id=section.pk if section else None,
                selection=selection(blocks(section.doc), said.quote) if section else None, suggested_wording=said.wording,
            )  # fmt: skip
            self.points.append((said, point))
        responses.save_summary(
            response_id=response.pk,
            by=signer,
            revision=response.revision,
            summary=SUMMARIES[key],
            kind="answer",
            own_case_number="",
        )
        question = self.round.questions.get()
        responses.save_answer(
            response_id=response.pk, question_id=question.pk, by=signer, value=ANSWERS[key], revision=0
        )
        responses.submit_response(response_id=response.pk, by=signer)

    def _breakfast(self) -> None:
        starts = self.ago(166, 6)
        with clock.travel(self.ago(177)):
            self.meeting = meetings.plan_meeting(
                round_id=self.round.pk, by=self.aino, title="Frukost om energi", host="own", place="Älvstad Science Park, hörsalen",
                starts_at=starts, ends_at=starts.replace(hour=8), about="Vi visar läget i elnätet och frågar vad vi har missat.",
            )  # fmt: skip
        with clock.travel(self.ago(166, 9)):
            meetings.hold_meeting(meeting_id=self.meeting.pk, by=self.aino)
            meetings.note_attendance(
                meeting_id=self.meeting.pk, by=self.aino, people=23, name="Företag i Älvstad och Forsbro"
            )
            for who, kind, text, _decision, _reason in BREAKFAST:
                said_by = self.cast.actors[who].pk if who else None
                meeting_input.add_input(
                    meeting_id=self.meeting.pk, by=self.aino, text=text, kind=kind, said_by_id=said_by
                )
            meeting_input.hand_over_input(meeting_id=self.meeting.pk, by=self.aino)
            meetings.publish_meeting(meeting_id=self.meeting.pk, by=self.aino, public=True)

    def settle(self, later: Drafted) -> None:
        """Decide on every point, say what came of it in the strategy (``later``), and finish the round."""
        spoken = Point.objects.filter(response__meeting=self.meeting.pk).order_by("number")
        with clock.travel(self.ago(102)):
            for point, (_who, _kind, _text, decision, reason) in zip(spoken, BREAKFAST, strict=True):
                dispositions.decide_point(point_id=point.pk, by=self.aino, decision=decision, reason=reason)
        for number, (said, point) in enumerate(self.points):
            with clock.travel(self.ago(101 - number % 3, 9 + number % 4)):
                dispositions.decide_point(point_id=point.pk, by=self.aino, decision=said.decision, reason=said.reason)
                if said.became and said.section:
                    self._link(said, point, later)
        with clock.travel(self.ago(97)):
            rounds.settle_round(round_id=self.round.pk, by=self.cast.leader)

    def _link(self, said: Said, point: Point, later: Drafted) -> None:
        section = later[said.section or ""]
        after = block_with(blocks(section.doc), said.became)
        before = block_with(blocks(self.drafted[said.section or ""].doc), said.quote).text
        dispositions.link_change(
            point_id=point.pk, section_id=section.pk, by=self.aino, block_id=after.id, before=before, after=after.text
        )
