"""Who takes part: people, the organisations they act for, and the trail of what they did."""

from actors.models.actor import PASSING_KINDS, Actor, ActorKind, County, Municipality
from actors.models.event import AuditEvent
from actors.models.mail import MailState, OutgoingMail
from actors.models.membership import Membership, PersonalLink, Role
from actors.models.notification import Notification
from actors.models.user import User

__all__ = [
    "PASSING_KINDS",
    "Actor",
    "ActorKind",
    "AuditEvent",
    "County",
    "MailState",
    "Membership",
    "Municipality",
    "Notification",
    "OutgoingMail",
    "PersonalLink",
    "Role",
    "User",
]
