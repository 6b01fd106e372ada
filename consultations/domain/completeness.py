"""Whether a response can be handed in: what is missing, and whether the body that decides has decided."""

from typing import Any

from django.utils.translation import gettext as _

from consultations.models import DialogueMeeting, OwnDecision, Response, ResponseKind, Stance, Stream
from consultations.queries.originals import attached_to
from consultations.states import MeetingState, ResponseState
from rus_platform.kit.errors import Invalid, WrongState

NEEDS_REASON = (Stance.SUPPORTS_WITH_CHANGES, Stance.OPPOSES)


def is_decided(response: Response) -> bool:
    """Whether the organisation's own body has decided (a decision falls when the response is taken back to be written in)."""
    if response.state == ResponseState.UNSENT:
        return OwnDecision.objects.filter(response=response).exists()
    return response.state == ResponseState.DECIDED


def check_decided(response: Response) -> None:
    """Raise Invalid unless the body has decided, or the answer is said to be preliminary, or no body decides."""
    if response.political and not is_decided(response) and not response.preliminary:
        raise Invalid(
            _("Svaret ska beslutas politiskt."),
            {"preliminary": _("Skriv in beslutet först, eller lämna in svaret som preliminärt.")},
        )
    if response.preliminary and response.supersedes is not None and not response.supersedes.preliminary:
        raise Invalid(
            _("Ett beslutat svar kan inte ersättas av ett preliminärt."),
            {"preliminary": _("Skriv in beslutet om det ändrade svaret först.")},
        )


def _answered(response: Response) -> bool:
    """Whether any question has an answer with something in it."""
    return response.answers.exclude(text="", choice=None, scale=None).exists()


def check_complete(response: Response) -> None:
    """Raise Invalid with one sentence per thing that is missing; WrongState for what a meeting has not handed on."""
    meetings = DialogueMeeting.objects.filter(response__in=[response.pk, response.supersedes_id])
    if response.stream == Stream.MEETING and not meetings.filter(state=MeetingState.HANDED_OVER).exists():
        raise WrongState(_("Det som sades på ett möte lämnas vidare på mötets sida."))
    fields: dict[str, Any] = {}
    missing = response.positions.filter(stance__in=NEEDS_REASON, reason="").select_related("section").order_by("pk")
    for position in missing:
        fields[f"position-{position.section_id}"] = _("Skriv ert skäl för ”%(title)s”.") % {
            "title": position.section.title
        }
    if response.kind == ResponseKind.ANSWER and not (
        response.summary
        or response.positions.exists()
        or _answered(response)
        or response.points.exists()
        or response.attachments.exists()
        or attached_to(response).exists()
    ):
        fields["summary"] = _("Svaret är tomt. Skriv något, eller välj ”Ingen erinran” eller ”Avstår”.")
    if fields:
        raise Invalid(_("Svaret kan inte lämnas in än."), fields)
