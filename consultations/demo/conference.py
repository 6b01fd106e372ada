"""The conference in the middle of the round on the strategy: what was said there is in the same list as the answers."""

from datetime import datetime, timedelta

from consultations.demo.casting import Cast
from consultations.demo.drafting import Drafted
from consultations.domain import meeting_input, meetings
from consultations.models import ConsultationRound
from rus_platform.kit import clock

MINUTES = """Hundrafyrtio personer kom till Älvstads kulturhus. Förmiddagen ägnades åt målen och eftermiddagen åt prioriteringarna, i grupper om åtta.

Grupperna var eniga om bostäderna och om kompetensförsörjningen. De var oeniga om elproduktionen och om hur mycket som ska samlas i Älvstad.

Anteckningarna från grupperna har renskrivits av Aino Laitala. Det som flera grupper sade står en gång."""
INPUT = [
    ("d12", "change", "Räkna restid med buss och inte med bil. Var femte hushåll i Skogslandet har ingen bil."),
    ("d52", "objection", "Strategin talar om acceptans som om det gällde att övertala. Det gäller att komma överens."),
    ("d22", "support", "Att utbildningarna kommer till orten är det som gör störst skillnad för kvinnor i vården."),
    ("p8", "question", "Vem ringer vem när systemen ligger nere? Det borde stå i strategin."),
    ("d14", "remark", "Tre grupper saknade kulturskolan."),
]


def hold(round_: ConsultationRound, cast: Cast, drafted: Drafted, day: datetime) -> None:
    by, starts = cast.editors[1], day.replace(hour=8, minute=0)
    with clock.travel(starts - timedelta(days=40)):
        meeting = meetings.plan_meeting(
            round_id=round_.pk, by=by, title="Samrådskonferens", host="own", place="Älvstads kulturhus", starts_at=starts,
            ends_at=starts.replace(hour=15), about="En dag om målen och prioriteringarna, i samtal mellan dem som ska göra jobbet.",
        )  # fmt: skip
        meetings.publish_meeting(meeting_id=meeting.pk, by=by, public=True)
    with clock.travel(starts + timedelta(days=2)):
        meeting = meetings.hold_meeting(meeting_id=meeting.pk, by=by)
        meetings.note_attendance(meeting_id=meeting.pk, by=by, people=140, name="Deltagare från 71 organisationer")
        meetings.save_minutes(meeting_id=meeting.pk, by=by, revision=meeting.revision, minutes=MINUTES)
        for key, kind, text in INPUT:
            meeting_input.add_input(meeting_id=meeting.pk, by=by, text=text, kind=kind, section_id=drafted[key].pk)
        meeting_input.hand_over_input(meeting_id=meeting.pk, by=by)
