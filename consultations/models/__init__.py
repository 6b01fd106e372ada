"""The consultation: a round, who was asked, what they answered, and what became of every point."""

from consultations.models.contacts import ContactImport, DistributionList, ListedContact
from consultations.models.disposition import ChangeLink, Disposition, DispositionDecision
from consultations.models.extension import Extension, ExtensionKind
from consultations.models.intake import IntakeItem, IntakeJob, IntakeKind, IntakePage, IntakeSide, ItemState, ItemWhat
from consultations.models.invitation import Invitation
from consultations.models.letter import Letter, LetterKind
from consultations.models.meeting import DialogueMeeting, GuestAnswer, MeetingGuest, MeetingHost
from consultations.models.moderation import Moderation
from consultations.models.paper import Paper, PaperKind
from consultations.models.participant import Participant, ParticipantKind
from consultations.models.point import InternalNote, Point, PointChange, PointKind
from consultations.models.position import Answer, Position, Stance
from consultations.models.redaction import RedactedPart, Redaction
from consultations.models.response import ENTERED, Channel, Response, ResponseKind, Stream
from consultations.models.round import ConsultationRound, PublicWhen, Question, QuestionKind, RoundKind
from consultations.models.sharing import Assignment, PassedOn, StandIn
from consultations.models.signoff import Attachment, OwnDecision
from consultations.models.wording import PlacedWording, WordingWay

__all__ = [
    "Answer",
    "Assignment",
    "Attachment",
    "ChangeLink",
    "Channel",
    "ConsultationRound",
    "ContactImport",
    "DialogueMeeting",
    "Disposition",
    "DispositionDecision",
    "DistributionList",
    "ENTERED",
    "Extension",
    "ExtensionKind",
    "GuestAnswer",
    "IntakeItem",
    "IntakeJob",
    "IntakeKind",
    "IntakePage",
    "IntakeSide",
    "InternalNote",
    "Invitation",
    "ItemState",
    "ItemWhat",
    "Letter",
    "LetterKind",
    "ListedContact",
    "MeetingGuest",
    "MeetingHost",
    "Moderation",
    "OwnDecision",
    "Paper",
    "PaperKind",
    "Participant",
    "ParticipantKind",
    "PassedOn",
    "PlacedWording",
    "Point",
    "PointChange",
    "PointKind",
    "Position",
    "PublicWhen",
    "Question",
    "QuestionKind",
    "RedactedPart",
    "Redaction",
    "Response",
    "ResponseKind",
    "RoundKind",
    "Stance",
    "StandIn",
    "Stream",
    "WordingWay",
]
