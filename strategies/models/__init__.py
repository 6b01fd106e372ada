"""The strategy: its versions, sections, the words and every change of them, decisions and publications."""

from strategies.models.access import Ability, AccessGrant
from strategies.models.anchor import Anchor, AnchorOutcome, AnchorResolution
from strategies.models.approval import ApprovalCase, Body, Decision, DecisionOutcome, OpinionKind, Reservation
from strategies.models.checkpoint import Checkpoint, CheckpointKind
from strategies.models.comment import Comment, Mention, Remark
from strategies.models.image import Image
from strategies.models.importing import ImportJob, ImportKind
from strategies.models.milestone import ConsultationOutcome
from strategies.models.policy import Framework, PolicyItem
from strategies.models.proposal import Proposal
from strategies.models.publication import Publication
from strategies.models.section import Section, SectionKind
from strategies.models.section_tie import SectionTie, TieKind
from strategies.models.step import Step, StepVia
from strategies.models.strategy import Strategy, StrategyActor
from strategies.models.suggestion import Suggestion
from strategies.models.term import Term
from strategies.models.version import Version

__all__ = [
    "Ability",
    "AccessGrant",
    "Anchor",
    "AnchorOutcome",
    "AnchorResolution",
    "ApprovalCase",
    "Body",
    "Checkpoint",
    "CheckpointKind",
    "Comment",
    "ConsultationOutcome",
    "Decision",
    "DecisionOutcome",
    "Framework",
    "Image",
    "ImportJob",
    "ImportKind",
    "OpinionKind",
    "Mention",
    "PolicyItem",
    "Proposal",
    "Publication",
    "Reservation",
    "Remark",
    "Section",
    "SectionKind",
    "SectionTie",
    "Step",
    "StepVia",
    "Strategy",
    "StrategyActor",
    "Suggestion",
    "Term",
    "TieKind",
    "Version",
]
