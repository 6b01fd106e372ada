"""The workflows of a strategy as tables: the status of a text, its way to decision, and a publication."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from rus_platform.kit.states import StateTable


class TextStatus(TextChoices):
    """The visible status of every text (tryckfrihetsförordningen 2 kap.: when a draft becomes a public record)."""

    WORKING = "working", _("Arbetsmaterial")
    SHARED = "shared", _("Delad för synpunkter")
    CONSULTATION = "consultation", _("Samrådsversion")
    PROPOSAL = "proposal", _("Beslutsförslag")
    ADOPTED = "adopted", _("Antagen")
    REFERRED_BACK = "referred_back", _("Återremitterad")
    SUPERSEDED = "superseded", _("Ersatt av nyare")


S = TextStatus
VERSION_STATES = StateTable(
    name="version",
    states=TextStatus,
    initial=S.WORKING,
    owners={
        S.WORKING: "author",
        S.SHARED: "reviewer",
        S.CONSULTATION: "reviewer",
        S.PROPOSAL: "secretary",
        S.ADOPTED: "nobody",
        S.REFERRED_BACK: "nobody",
        S.SUPERSEDED: "nobody",
    },
    edges={
        (S.WORKING, S.SHARED): "strategies.domain.versions.freeze_version",
        (S.WORKING, S.CONSULTATION): "strategies.domain.versions.freeze_version",
        (S.WORKING, S.PROPOSAL): "strategies.domain.workflow.submit_for_decision",
        (S.PROPOSAL, S.ADOPTED): "strategies.domain.workflow.record_decision",
        (S.PROPOSAL, S.REFERRED_BACK): "strategies.domain.workflow.record_decision",
        (S.ADOPTED, S.SUPERSEDED): "strategies.domain.workflow.record_decision",
    },
)


class WorkStatus(TextChoices):
    """How far a section of the draft has come."""

    NOT_STARTED = "not_started", _("Inte påbörjat")
    IN_PROGRESS = "in_progress", _("Pågår")
    READY = "review_ready", _("Klart för granskning")


K = WorkStatus
WORK = "strategies.domain.section_work"
SECTION_STATES = StateTable(
    name="section",
    states=WorkStatus,
    initial=K.NOT_STARTED,
    owners={K.NOT_STARTED: "author", K.IN_PROGRESS: "author", K.READY: "reviewer"},
    edges={
        (K.NOT_STARTED, K.IN_PROGRESS): f"{WORK}.begin_section",
        (K.NOT_STARTED, K.READY): f"{WORK}.mark_ready",
        (K.IN_PROGRESS, K.READY): f"{WORK}.mark_ready",
        (K.READY, K.IN_PROGRESS): f"{WORK}.reopen_section",
        (K.IN_PROGRESS, K.NOT_STARTED): f"{WORK}.unbegin_section",
    },
)


class ApprovalState(TextChoices):
    """Where the case is (kommunallagen 5:26-28: preparation by the board before the council)."""

    DEVELOPMENT_BOARD = "development_board", _("Hos regionala utvecklingsnämnden")
    EXECUTIVE_BOARD = "executive_board", _("Hos regionstyrelsen")
    REGIONAL_COUNCIL = "regional_council", _("Hos regionfullmäktige")
    ADOPTED = "adopted", _("Antagen")
    REFERRED_BACK = "referred_back", _("Återremitterad")


A = ApprovalState
APPROVAL_STATES = StateTable(
    name="approval",
    states=ApprovalState,
    initial=A.DEVELOPMENT_BOARD,
    owners={
        A.DEVELOPMENT_BOARD: "secretary",
        A.EXECUTIVE_BOARD: "secretary",
        A.REGIONAL_COUNCIL: "secretary",
        A.ADOPTED: "nobody",
        A.REFERRED_BACK: "nobody",
    },
    edges={
        (A.DEVELOPMENT_BOARD, A.EXECUTIVE_BOARD): "strategies.domain.workflow.record_decision",
        (A.DEVELOPMENT_BOARD, A.REFERRED_BACK): "strategies.domain.workflow.record_decision",
        (A.EXECUTIVE_BOARD, A.REGIONAL_COUNCIL): "strategies.domain.workflow.record_decision",
        (A.EXECUTIVE_BOARD, A.REFERRED_BACK): "strategies.domain.workflow.record_decision",
        (A.REGIONAL_COUNCIL, A.ADOPTED): "strategies.domain.workflow.record_decision",
        (A.REGIONAL_COUNCIL, A.REFERRED_BACK): "strategies.domain.workflow.record_decision",
    },
)


class PublicationState(TextChoices):
    WAITING = "waiting", _("Väntar")
    RUNNING = "running", _("Skapas")
    DONE = "done", _("Klar")
    FAILED = "failed", _("Misslyckades")


P = PublicationState
PUBLICATION_STATES = StateTable(
    name="publication",
    states=PublicationState,
    initial=P.WAITING,
    owners={P.WAITING: "worker", P.RUNNING: "worker", P.DONE: "nobody", P.FAILED: "officer"},
    edges={
        (P.WAITING, P.RUNNING): "strategies.domain.publish.render_publication",
        (P.RUNNING, P.DONE): "strategies.domain.publish.render_publication",
        (P.RUNNING, P.FAILED): "strategies.domain.publish.render_publication",
        (P.RUNNING, P.RUNNING): "strategies.domain.publish.render_publication",
        (P.FAILED, P.WAITING): "strategies.domain.publish.request_pdf",
    },
)


class ImportState(TextChoices):
    WAITING = "waiting", _("Väntar")
    RUNNING = "running", _("Läses")
    READY = "ready", _("Klar att granska")
    TAKEN_IN = "taken_in", _("Intagen")
    FAILED = "failed", _("Kunde inte läsas")
    CANCELLED = "cancelled", _("Avbruten")


J = ImportState
JOBS = "strategies.domain.importing.jobs"
IMPORT_STATES = StateTable(
    name="import",
    states=ImportState,
    initial=J.WAITING,
    owners={
        J.WAITING: "worker",
        J.RUNNING: "worker",
        J.READY: "author",
        J.TAKEN_IN: "nobody",
        J.FAILED: "author",
        J.CANCELLED: "nobody",
    },
    edges={
        (J.WAITING, J.RUNNING): f"{JOBS}.read_document",
        (J.RUNNING, J.RUNNING): f"{JOBS}.read_document",
        (J.RUNNING, J.READY): f"{JOBS}.read_document",
        (J.RUNNING, J.FAILED): f"{JOBS}.read_document",
        (J.FAILED, J.WAITING): f"{JOBS}.read_again",
        (J.READY, J.TAKEN_IN): "strategies.domain.importing.taking_in.take_in",
        (J.WAITING, J.CANCELLED): f"{JOBS}.cancel_import",
        (J.RUNNING, J.CANCELLED): f"{JOBS}.cancel_import",
        (J.READY, J.CANCELLED): f"{JOBS}.cancel_import",
        (J.FAILED, J.CANCELLED): f"{JOBS}.cancel_import",
    },
)


class SuggestionState(TextChoices):
    OPEN = "open", _("Öppet")
    ACCEPTED = "accepted", _("Godtaget")
    REJECTED = "rejected", _("Avslaget")
    GONE = "gone", _("Inte kvar i texten")


G = SuggestionState
SUGGESTION_STATES = StateTable(
    name="suggestion",
    states=SuggestionState,
    initial=G.OPEN,
    owners={G.OPEN: "author", G.ACCEPTED: "nobody", G.REJECTED: "nobody", G.GONE: "nobody"},
    edges={
        (G.OPEN, G.ACCEPTED): "strategies.domain.suggestions.decide_suggestions",
        (G.OPEN, G.REJECTED): "strategies.domain.suggestions.decide_suggestions",
        (G.OPEN, G.GONE): "strategies.domain.text.commit_steps",
        (G.ACCEPTED, G.OPEN): "strategies.domain.suggestions.take_back_decision",
        (G.REJECTED, G.OPEN): "strategies.domain.suggestions.take_back_decision",
        (G.GONE, G.OPEN): "strategies.domain.text.commit_steps",
    },
)


class ProposalState(TextChoices):
    OPEN = "open", _("Väntar på svar")
    ACCEPTED = "accepted", _("Intaget")
    REJECTED = "rejected", _("Tas inte in")


F = ProposalState
PROPOSAL_STATES = StateTable(
    name="proposal",
    states=ProposalState,
    initial=F.OPEN,
    owners={F.OPEN: "officer", F.ACCEPTED: "nobody", F.REJECTED: "nobody"},
    edges={
        (F.OPEN, F.ACCEPTED): "strategies.domain.proposals.accept_proposal",
        (F.OPEN, F.REJECTED): "strategies.domain.proposals.reject_proposal",
    },
)


class CommentState(TextChoices):
    OPEN = "open", _("Öppen")
    RESOLVED = "resolved", _("Löst")


C = CommentState
COMMENT_STATES = StateTable(
    name="comment",
    states=CommentState,
    initial=C.OPEN,
    owners={C.OPEN: "officer", C.RESOLVED: "nobody"},
    edges={
        (C.OPEN, C.RESOLVED): "strategies.domain.comments.resolve_comment",
        (C.RESOLVED, C.OPEN): "strategies.domain.comments.reopen_comment",
    },
)
