"""The dialogue meetings of the open round: one held and handed on, one on somebody else's arena, one that is coming."""

from collections.abc import Callable
from datetime import datetime

from consultations.demo.casting import Cast
from consultations.demo.drafting import Drafted
from consultations.domain import meeting_input, meetings
from consultations.models import ConsultationRound, DialogueMeeting
from rus_platform.kit import clock

Ago = Callable[..., datetime]
INVITED = [
    "kommun:Tallmo",
    "kommun:Mohult",
    "kommun:Lomsele",
    "kommun:Finnlid",
    "vindbolaget",
    "naturforeningen",
    "samebyn",
    "lansstyrelsen",
]
CAME = {
    "kommun:Tallmo": 4,
    "kommun:Mohult": 2,
    "kommun:Lomsele": 0,
    "kommun:Finnlid": 1,
    "vindbolaget": 2,
    "naturforeningen": 3,
    "lansstyrelsen": 1,
}
MINUTES = """Aino Laitala hälsade välkommen och visade målen och de fyra prioriteringarna.

Mest talades det om vad som räknas som lokal nytta och vem som får den. Flera ville veta varför byar som redan ser verken inte får del av pengarna när avtalen är tio år gamla. Kommunerna vill ha en mall som går att använda direkt.

Efter kaffet gick vi igenom reservkraften. Tallmo berättade vad som hände i januari: telefonerna dog efter sex timmar, och då gick det inte att ringa efter mer diesel.

Regionen tar med sig synpunkterna. Det ställdes en fråga om vattenkraften i Edskvarn, som inte hör till strategin; den som frågade har fått namnet på rätt handläggare."""
# section, kind, words, who said it
INPUT: list[tuple[str | None, str, str, str | None]] = [
    ("m2", "objection", "De avtal som redan finns måste också omfattas. Annars blir det två sorters byar.", None),
    ("p3", "change", "Räkna nyttan per by och inte per kommun. Centralorten ligger fem mil bort.", "kommun:Finnlid"),
    ("p3", "question", "Får markägare som säger nej veta varför området ändå pekas ut?", None),
    ("m3", "change", "Skriv in telefonmasterna. Utan dem hjälper ingen reservkraft.", "kommun:Tallmo"),
    ("p4", "support", "Bra att orten väljs efter behov och inte efter storlek.", "kommun:Mohult"),
    (None, "remark", "Ordna ett sådant här möte till, på en lördag.", None),
]
WINTER: list[tuple[str | None, str, str, str | None]] = [
    ("m3", "remark", "Bygdegårdarna kan vara trygghetspunkter om någon betalar för aggregaten.", "bygderadet"),
    ("uppf", "question", "Hur får en byförening veta vad som har hänt med strategin om fem år?", None),
]
WINTER_NOTES = (
    "Bygderådets träff om vintern. Vi hade en halvtimme mellan snöröjningen och kaffet. Två saker gällde strategin."
)


def meet(round_: ConsultationRound, cast: Cast, drafted: Drafted, ago: Ago) -> None:
    _held(round_, cast, drafted, ago)
    _elsewhere(round_, cast, drafted, ago)
    _coming(round_, cast, ago)


def _write(
    meeting: DialogueMeeting,
    minutes: str,
    said: list[tuple[str | None, str, str, str | None]],
    cast: Cast,
    drafted: Drafted,
) -> None:
    by = cast.editors[1]
    meeting = meetings.save_minutes(meeting_id=meeting.pk, by=by, revision=meeting.revision, minutes=minutes)
    for key, kind, text, who in said:
        meeting_input.add_input(
            meeting_id=meeting.pk, by=by, text=text, kind=kind, section_id=drafted[key].pk if key else None,
            said_by_id=cast.actors[who].pk if who else None,
        )  # fmt: skip


def _held(round_: ConsultationRound, cast: Cast, drafted: Drafted, ago: Ago) -> None:
    by, starts = cast.editors[1], ago(11, 17)
    with clock.travel(ago(22)):
        meeting = meetings.plan_meeting(
            round_id=round_.pk, by=by, title="Vind, sol och lokal nytta", host="own", place="Folkets hus, Storgatan 4, Tallmo",
            starts_at=starts, ends_at=starts.replace(hour=19, minute=30),
            about="Vi går igenom mål 2 och prioritering 3. Det bjuds på soppa. Anmälan behövs inte.",
        )  # fmt: skip
        meetings.publish_meeting(meeting_id=meeting.pk, by=by, public=True)
        meetings.invite_to_meeting(meeting_id=meeting.pk, actor_ids=[cast.actors[key].pk for key in INVITED], by=by)
    with clock.travel(ago(10, 8)):
        meeting = meetings.hold_meeting(meeting_id=meeting.pk, by=by)
        for key, people in CAME.items():
            meetings.note_attendance(meeting_id=meeting.pk, by=by, people=people, actor_id=cast.actors[key].pk)
        meetings.note_attendance(meeting_id=meeting.pk, by=by, people=27, name="Boende i Tallmo och Mohult")
        _write(meeting, MINUTES, INPUT, cast, drafted)
    with clock.travel(ago(9, 10)):
        meeting_input.hand_over_input(meeting_id=meeting.pk, by=by)


def _elsewhere(round_: ConsultationRound, cast: Cast, drafted: Drafted, ago: Ago) -> None:
    """What was said is written down and waits to be handed on."""
    by, starts = cast.editors[1], ago(5, 16)
    with clock.travel(ago(12)):
        meeting = meetings.plan_meeting(
            round_id=round_.pk, by=by, title="Bygderådets vinterträff", host="other", host_name="Bygderådet i Älvmark",
            place="Bygdegården i Björkvattnet", starts_at=starts, ends_at=None, about="Vi har fått en halvtimme på programmet.",
        )  # fmt: skip
    with clock.travel(ago(4, 9)):
        meeting = meetings.hold_meeting(meeting_id=meeting.pk, by=by)
        meetings.note_attendance(meeting_id=meeting.pk, by=by, people=34, actor_id=cast.actors["bygderadet"].pk)
        _write(meeting, WINTER_NOTES, WINTER, cast, drafted)


def _coming(round_: ConsultationRound, cast: Cast, ago: Ago) -> None:
    by, starts = cast.editors[1], ago(-11, 8)
    with clock.travel(ago(6, 11)):
        meeting = meetings.plan_meeting(
            round_id=round_.pk, by=by, title="Digital frågestund om reservkraft", host="own",
            link="https://mote.regionalvmark.example/reservkraft", starts_at=starts, ends_at=starts.replace(hour=9, minute=30),
            about="Mål 3 och prioritering 4. Ställ frågor före mötet eller medan det pågår. Det spelas inte in.",
        )  # fmt: skip
        meetings.publish_meeting(meeting_id=meeting.pk, by=by, public=True)
        towns = [actor.pk for key, actor in cast.actors.items() if key.startswith("kommun:")]
        rescue = [cast.actors[key].pk for key in ("rtj_kust", "rtj_inland", "beredskapsnamnden", "frivilliga")]
        meetings.invite_to_meeting(meeting_id=meeting.pk, actor_ids=[*towns, *rescue], by=by)
