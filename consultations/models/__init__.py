"""The consultation: a round, who was asked, what they answered, and what became of every point."""

from consultations.models.disposition import ChangeLink, Disposition, DispositionDecision
from consultations.models.invitation import Invitation
from consultations.models.moderation import Moderation
from consultations.models.participant import Participant, ParticipantKind
from consultations.models.point import InternalNote, Point, PointKind
from consultations.models.position import Answer, Position, Stance
from consultations.models.redaction import RedactedPart, Redaction
from consultations.models.response import ENTERED, Channel, Response, ResponseKind, Stream
from consultations.models.round import ConsultationRound, PublicWhen, Question, QuestionKind

__all__ = [
    "ENTERED",
    "Answer",
    "ChangeLink",
    "Channel",
    "ConsultationRound",
    "Disposition",
    "DispositionDecision",
    "InternalNote",
    "Invitation",
    "Moderation",
    "Participant",
    "ParticipantKind",
    "Point",
    "PointKind",
    "Position",
    "PublicWhen",
    "Question",
    "QuestionKind",
    "RedactedPart",
    "Redaction",
    "Response",
    "ResponseKind",
    "Stance",
    "Stream",
]
