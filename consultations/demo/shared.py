"""A draft shared for comments (underhandsremiss) with five who know the matter. Not public; one never handed in."""

from consultations.demo.answering import prepare_round, selection
from consultations.demo.casting import Cast
from consultations.demo.drafting import Drafted
from consultations.demo.moments import Moments
from consultations.domain import dispositions, invitations, responses, rounds
from consultations.models import ConsultationRound, RoundKind
from rus_platform.kit import clock
from strategies.domain.documents import blocks
from strategies.models import Version

LETTER = """Vi delar utkastet till klimat- och energistrategi med er innan det blir ett förslag. Läs gärna med era fackögon: stämmer uppgifterna, och går det att genomföra?

Utkastet är inte offentligt. Det ni skriver till oss är däremot allmän handling när det har kommit in.

Frågor besvaras av Aino Laitala, aino.laitala@regionalvmark.example.

Länet och alla organisationer är påhittade. Detta är en demonstration."""

# who: (the answer in short, [(section, quote, kind, text, wording, decision, reason)])
ANSWERS: dict[str, tuple[str, list[tuple[str, str, str, str, str, str, str]]]] = {
    "elnat": ("Två rättelser och ett erbjudande.", [
        ("utgang_lage", "Ledtiden för en ny ledning är åtta till tio år.", "error", "Så var det för fem år sedan. Nu är den tio till tolv.",
         "Ledtiden för en ny ledning är tio till tolv år.", "accommodated", "Uppgiften rättas."),
        ("m3", "Lokala nät som kan drivas fristående ska prövas på några orter.", "change",
         "Säg hur många, annars kan vi inte planera. Sex orter är möjligt.",
         "Lokala nät som kan drivas fristående ska prövas på minst sex orter.", "accommodated", "Antalet står nu i målet."),
    ]),
    "energiverket": ("Uppgifterna stämmer med vår statistik, utom på en punkt som gäller vilket år ni räknar från.", [
        ("m2", "Länet behöver omkring sju terawattimmar mer el till 2035.", "question", "Jämfört med vilket år?", "", "noted",
         "Räkningen utgår från användningen 2023, samma år som utsläppen."),
    ]),
    "lansstyrelsen": ("Vi har läst utkastet tillsammans med er och har bara en fråga kvar.", [
        ("m1", "Den som flyttar sin användning från kalla morgnar ska tjäna på det.", "question",
         "Hur? Taxorna bestämmer nätbolagen.", "", "elsewhere", "Frågan tas upp i försöken med en flexibel marknad, prioritering 2."),
    ]),
}  # fmt: skip
QUIET, BEGUN = "vindbolaget", "beredskapsnamnden"


def share_for_comments(version: Version, drafted: Drafted, cast: Cast, moments: Moments) -> ConsultationRound:
    """Opened, answered by three, closed by the clock; every point has its decision, so that a visitor can finish it."""
    ago, aino = moments.ago, cast.editors[1]
    opens, closes = ago(90, 7), moments.midnight(76)
    with clock.travel(ago(91)):
        round_ = prepare_round(
            version_id=version.pk, title="Underhandsremiss: utkast till klimat- och energistrategi", letter=LETTER,
            case_number="RUN 2026/87", by=aino, actor_ids=[cast.actors[key].pk for key in (*ANSWERS, QUIET, BEGUN)], opens=opens,
            closes=closes, asked=[], kind=RoundKind.SHARING, late=False,
        )  # fmt: skip
    with clock.travel(opens):
        rounds.open_round(round_id=round_.pk, by=cast.leader)
    for number, key in enumerate(ANSWERS):
        with clock.travel(ago(84 - 3 * number, 10 + number)):
            _answer(round_, key, drafted, cast)
    with clock.travel(ago(78, 14)):
        _begin(round_, cast)
    with clock.travel(moments.midnight(75)):
        rounds.close_round(round_id=round_.pk)
    return ConsultationRound.objects.get(pk=round_.pk)


def _answer(round_: ConsultationRound, key: str, drafted: Drafted, cast: Cast) -> None:
    summary, points = ANSWERS[key]
    signer, aino = cast.signers[key], cast.editors[1]
    invitations.note_opened(round_id=round_.pk, by=signer)
    response = responses.start_response(round_id=round_.pk, actor_id=cast.actors[key].pk, by=signer)
    made = [
        responses.add_point(
            response_id=response.pk, by=signer, text=text, kind=kind, section_id=drafted[section].pk,
            selection=selection(blocks(drafted[section].doc), quote), suggested_wording=wording,
        )
        for section, quote, kind, text, wording, _decision, _reason in points
    ]  # fmt: skip
    responses.save_summary(
        response_id=response.pk,
        by=signer,
        revision=response.revision,
        summary=summary,
        kind="answer",
        own_case_number="",
    )
    responses.submit_response(response_id=response.pk, by=signer)
    for point, (*_words, decision, reason) in zip(made, points, strict=True):
        dispositions.decide_point(point_id=point.pk, by=aino, decision=decision, reason=reason)


def _begin(round_: ConsultationRound, cast: Cast) -> None:
    """Begun and never handed in: it stays with its own organisation."""
    writer = cast.signers[BEGUN]
    invitations.note_opened(round_id=round_.pk, by=writer)
    response = responses.start_response(round_id=round_.pk, actor_id=cast.actors[BEGUN].pk, by=writer)
    responses.add_point(
        response_id=response.pk, by=writer, kind="remark",
        text="Vi behöver stämma av listan över samhällsviktig verksamhet internt innan vi svarar.",
    )  # fmt: skip
