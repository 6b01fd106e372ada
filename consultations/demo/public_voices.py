"""Private persons and groups that answer without being invited: asked in, moderated, masked where it is needed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from actors.models import Municipality, OutgoingMail
from consultations.demo.answering import selection
from consultations.demo.casting import Cast
from consultations.demo.drafting import Drafted
from consultations.demo.energy_opinions import NATURE
from consultations.demo.moments import Moments
from consultations.demo.opinions import EAGLE
from consultations.domain import moderation, redaction, responses, taking_part
from consultations.models import ConsultationRound, RedactedPart, Response
from rus_platform.kit import clock
from strategies.domain.documents import blocks

Ago = Callable[..., datetime]
PHONE = "070-174 06 42"  # in the series that is set aside for fiction


@dataclass(frozen=True, slots=True)
class Voice:
    """``points``: (section, exact words or "", kind, text). ``publish``: True, False with a ``refusal``, or None while it waits;
    ``submit`` False: begun only. ``mask``: words of the summary, and why."""

    name: str
    town: str
    days: float
    summary: str
    points: tuple[tuple[str, str, str, str], ...] = ()
    group: str = ""
    submit: bool = True
    publish: bool | None = None
    refusal: str = ""
    mask: tuple[str, str] = ("", "")


ENERGY = [
    Voice("Byalaget i Norrsjö, genom Åsa Furuhag", "Mohult", 15,
          "Vi är 84 hushåll som ser 22 vindkraftverk från köksfönstret. Vi är inte emot fler, men avtalet från 2014 ger byn ingenting.",
          (("m2", "Kommuner och bygder som upplåter plats ska få del av intäkterna", "change", "Låt det gälla även gamla avtal när de förlängs."),
           ("p3", "En mall för avtal om lokal nytta tas fram.", "support", "Vi kan visa vad som saknas i vårt.")),
          group="Byalaget i Norrsjö", publish=True),
    Voice("Nils-Erik Hedin", "Lomsele", 12,
          f"Efter stormen var vi elva hushåll utan el i sex dygn och delade på ett elverk. Ring mig på {PHONE}, så berättar jag hur vi gjorde.",
          (("m3", "Lager av drivmedel ska finnas i varje länsdel.", "change", "I varje by. När vägarna är stängda hjälper inte länsdelen."),),
          publish=True, mask=(PHONE, "Telefonnummer till en privatperson.")),
    Voice("Rolf Västmark", "Bruksheden", 9,
          "Min granne på Bruksgatan eldar målat virke i sin panna varje kväll, och ingen gör något.", publish=False,
          refusal="Svaret handlar om en enskild person och inte om strategin, så vi publicerar det inte. Kommunens miljökontor tar emot klagomål på eldning. Skriv gärna ett nytt svar om strategin."),
    Voice("Margareta Lövhed", "Tallmo", 3,
          "Jag bor åtta kilometer från närmaste vindkraftverk och hör det när det blåser från väster. Det går att leva med. Att få veta det genom tidningen gick sämre.",
          (("m2", "Dialogen ska börja innan ansökan är skriven.", "change", "Skriv att brev ska gå till alla som bor inom tio kilometer."),)),
    Voice("Saga Björkvall", "Sundhamn", 2,
          "Jag går sista året på energiprogrammet. Ni skriver ingenting om vilka som ska bygga allt det här.",
          (("p1", "", "change", "Lägg till praktikplatser i planen. I min klass fick nio av tjugo ingen."),)),
    Voice("Christer Röding", "Edskvarn", 1, "", (("m2", "", "remark", "Vattenkraften i Edskvarn kan ge mer utan att dammen höjs."),), submit=False),
]  # fmt: skip
STRATEGY = [
    Voice("Kerstin Holmudd", "Finnlid", 140,
          "Jag är 74 år och har 31 kilometer till apoteket. I er strategi är det en siffra i en tabell. För mig är det en dag i veckan.",
          (("d12", "", "change", "Mät hur lång tid det tar med det som faktiskt går: buss, sjukresa eller grannen."),), publish=True),
    Voice("Amira Stenhav", "Älvstad", 118,
          f"Min utbildning blev godkänd efter tre år och fyra månader. Den som vill prata om validering kan ringa mig på {PHONE}.",
          (("d23", "", "support", "Veckor i stället för år är rätt mål."),),
          publish=True, mask=(PHONE, "Telefonnummer till en privatperson.")),
    Voice("Ungdomsrådet i Klockvalla, genom Simon Asplid", "Klockvalla", 101,
          "Vi läste sammanfattningen på ett möte. Det mesta var bra. Orden var svåra.",
          (("d41", "", "change", "Sista bussen hem går klockan 18.20. Skriv något om kvällar."),), group="Ungdomsrådet i Klockvalla", publish=True),
]  # fmt: skip


def speak_of_energy(round_: ConsultationRound, cast: Cast, drafted: Drafted, ago: Ago) -> None:
    for number, voice in enumerate(ENERGY):
        _speak(voice, f"svar{number}@hemma.example", round_, cast, drafted, ago(voice.days, 17))


def speak_of_the_strategy(round_: ConsultationRound, cast: Cast, drafted: Drafted, moments: Moments) -> None:
    for number, voice in enumerate(STRATEGY):
        _speak(voice, f"rost{number}@hemma.example", round_, cast, drafted, moments.ago(voice.days, 18))


def _speak(voice: Voice, email: str, round_: ConsultationRound, cast: Cast, drafted: Drafted, moment: datetime) -> None:
    """The letter is read, its button pressed, the answer written; a day later an officer has looked at it."""
    with clock.travel(moment):
        response = _answer(voice, email, round_, drafted)
    if voice.publish is None:
        return
    aino = cast.editors[1]
    with clock.travel(moment + timedelta(hours=15)):
        words, why = voice.mask
        if words:
            redaction.redact(response_id=response.pk, by=aino, part=RedactedPart.SUMMARY, words=words, reason=why)
        if voice.publish:
            moderation.publish_answer(response_id=response.pk, by=aino)
        else:
            moderation.hold_back(response_id=response.pk, by=aino, reason=voice.refusal)


def _answer(voice: Voice, email: str, round_: ConsultationRound, drafted: Drafted) -> Response:
    name = voice.name.split("genom ")[-1]
    taking_part.ask_to_take_part(
        round_id=round_.pk, kind="group" if voice.group else "person", name=name, email=email, place="192.0.2.7",
        organisation=voice.group, municipality=Municipality.objects.get(county__region_name="Region Älvmark", name=voice.town).pk,
    )  # fmt: skip
    letter = OutgoingMail.objects.filter(key__startswith="take-part:", to=email).latest("pk")
    user, response = taking_part.confirm_participant(token=letter.text.split("/delta/")[1].split("/")[0])
    responses.save_summary(
        response_id=response.pk,
        by=user,
        revision=response.revision,
        summary=voice.summary,
        kind="answer",
        own_case_number="",
    )
    for key, quote, kind, text in voice.points:
        section = drafted[key]
        responses.add_point(
            response_id=response.pk, by=user, text=text, kind=kind, section_id=section.pk,
            selection=selection(blocks(section.doc), quote) if quote else None,
        )  # fmt: skip
    if voice.submit:
        taking_part.give_consent(response_id=response.pk, by=user)
        response = responses.submit_response(response_id=response.pk, by=user)
    return response


def mask_the_eagle(round_: ConsultationRound, cast: Cast, moments: Moments) -> None:
    """Where a protected bird nests is not for everyone to read (offentlighets- och sekretesslagen 20 kap. 1 §)."""
    _section, words, secret = EAGLE
    response = Response.objects.get(round=round_, actor=cast.actors[NATURE])
    point = response.points.get(text=f"{words} {secret}")
    with clock.travel(moments.ago(90, 13)):
        redaction.redact(
            response_id=response.pk, by=cast.editors[1], part=RedactedPart.POINT, row_id=point.pk, words=secret,
            reason="Uppgift om var en skyddad art häckar (offentlighets- och sekretesslagen 20 kap. 1 §).",
        )  # fmt: skip
