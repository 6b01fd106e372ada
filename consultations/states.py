"""The workflows of a consultation as tables: the round, the response, an extension, a file of contacts, a meeting, and whether
the public's answers are published."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from rus_platform.kit.states import StateTable


class RoundState(TextChoices):
    PREPARING = "preparing", _("Förbereds")
    OPEN = "open", _("Öppen")
    CLOSED = "closed", _("Stängd – synpunkterna bemöts")
    SETTLED = "settled", _("Avslutad – alla synpunkter bemötta")


R = RoundState
ROUND_STATES = StateTable(
    name="round",
    states=RoundState,
    initial=R.PREPARING,
    owners={R.PREPARING: "officer", R.OPEN: "consultee", R.CLOSED: "officer", R.SETTLED: "nobody"},
    edges={
        (R.PREPARING, R.OPEN): "consultations.domain.rounds.open_round",
        (R.OPEN, R.CLOSED): "consultations.domain.rounds.close_round",
        (R.CLOSED, R.SETTLED): "consultations.domain.rounds.settle_round",
    },
)


class MeetingState(TextChoices):
    PLANNED = "planned", _("Planerat")
    HELD = "held_meeting", _("Hållet")
    HANDED_OVER = "handed_over", _("Hållet – synpunkterna bemöts")
    CANCELLED = "called_off", _("Inställt")


E = MeetingState
MEETING_STATES = StateTable(
    name="meeting",
    states=MeetingState,
    initial=E.PLANNED,
    owners={E.PLANNED: "officer", E.HELD: "officer", E.HANDED_OVER: "officer", E.CANCELLED: "nobody"},
    edges={
        (E.PLANNED, E.HELD): "consultations.domain.meetings.hold_meeting",
        (E.PLANNED, E.CANCELLED): "consultations.domain.meetings.cancel_meeting",
        (E.HELD, E.HANDED_OVER): "consultations.domain.meeting_input.hand_over_input",
        (E.HANDED_OVER, E.HELD): "consultations.domain.meeting_input.take_up_input",
    },
)


class ModerationState(TextChoices):
    WAITING = "waiting", _("Väntar på granskning")
    PUBLISHED = "published", _("Publiceras")
    HELD = "held", _("Publiceras inte")


M = ModerationState
MODERATION_STATES = StateTable(
    name="moderation",
    states=ModerationState,
    initial=M.WAITING,
    owners={M.WAITING: "officer", M.PUBLISHED: "officer", M.HELD: "officer"},
    edges={
        (M.WAITING, M.PUBLISHED): "consultations.domain.moderation.publish_answer",
        (M.WAITING, M.HELD): "consultations.domain.moderation.hold_back",
        (M.PUBLISHED, M.HELD): "consultations.domain.moderation.hold_back",
        (M.HELD, M.PUBLISHED): "consultations.domain.moderation.publish_answer",
    },
)


class ResponseState(TextChoices):
    DRAFTING = "drafting", _("Skrivs")
    READY = "ready", _("Klart – väntar på beslut")  # done by the officers; the words stand still
    DECIDED = "decided", _("Beslutat – ska lämnas in")
    SUBMITTED = "submitted", _("Inlämnat")
    SUPERSEDED = "superseded", _("Ersatt av en senare version")  # still readable, counted no more
    UNSENT = "unsent", _("Inte inlämnat")  # the round closed first; kept for its own organisation only


P = ResponseState
IN_WORK = (P.DRAFTING, P.READY, P.DECIDED)  # the organisation's own, not handed in
HANDED_IN = (P.SUBMITTED, P.SUPERSEDED)  # never changed again
RESPONSE_STATES = StateTable(
    name="response",
    states=ResponseState,
    initial=P.DRAFTING,
    owners={
        P.DRAFTING: "consultee",
        P.READY: "deciding body",
        P.DECIDED: "signatory",
        P.SUBMITTED: "nobody",
        P.SUPERSEDED: "nobody",
        P.UNSENT: "nobody",
    },
    edges={
        (P.DRAFTING, P.READY): "consultations.domain.signoff.mark_ready",
        (P.READY, P.DRAFTING): "consultations.domain.signoff.return_to_drafting",
        (P.DECIDED, P.DRAFTING): "consultations.domain.signoff.return_to_drafting",
        (P.READY, P.DECIDED): "consultations.domain.signoff.record_decision",
        (P.DRAFTING, P.SUBMITTED): "consultations.domain.responses.submit_response",
        (P.READY, P.SUBMITTED): "consultations.domain.responses.submit_response",
        (P.DECIDED, P.SUBMITTED): "consultations.domain.responses.submit_response",
        (P.UNSENT, P.SUBMITTED): "consultations.domain.responses.submit_response",  # came in time, closing was quicker
        (P.SUBMITTED, P.SUPERSEDED): "consultations.domain.responses.submit_response",
        (P.DRAFTING, P.UNSENT): "consultations.domain.rounds.keep_unsent",
        (P.READY, P.UNSENT): "consultations.domain.rounds.keep_unsent",
        (P.DECIDED, P.UNSENT): "consultations.domain.rounds.keep_unsent",
        (P.UNSENT, P.DRAFTING): "consultations.domain.extensions.take_up_again",
    },
)


class PaperState(TextChoices):
    WAITING = "waiting", _("Väntar")
    RUNNING = "running", _("Skapas")
    DONE = "done", _("Klar")
    FAILED = "failed", _("Misslyckades")


A = PaperState
PAPERS = "consultations.domain.papers"
PAPER_STATES = StateTable(
    name="paper",
    states=PaperState,
    initial=A.WAITING,
    owners={A.WAITING: "worker", A.RUNNING: "worker", A.DONE: "reader", A.FAILED: "reader"},
    edges={
        (A.WAITING, A.RUNNING): f"{PAPERS}.make_paper",
        (A.RUNNING, A.RUNNING): f"{PAPERS}.make_paper",
        (A.RUNNING, A.DONE): f"{PAPERS}.make_paper",
        (A.RUNNING, A.FAILED): f"{PAPERS}.make_paper",
        (A.WAITING, A.WAITING): f"{PAPERS}.request_paper",  # the words have changed since
        (A.RUNNING, A.WAITING): f"{PAPERS}.request_paper",
        (A.DONE, A.WAITING): f"{PAPERS}.request_paper",
        (A.FAILED, A.WAITING): f"{PAPERS}.request_paper",
    },
)


class ExtensionState(TextChoices):
    REQUESTED = "requested", _("Begärt")
    GRANTED = "granted", _("Beviljat")
    REFUSED = "refused", _("Avslaget")
    WITHDRAWN = "withdrawn", _("Tillbakataget")


X = ExtensionState
EXTENSION_STATES = StateTable(
    name="extension",
    states=ExtensionState,
    initial=X.REQUESTED,
    owners={X.REQUESTED: "officer", X.GRANTED: "nobody", X.REFUSED: "nobody", X.WITHDRAWN: "nobody"},
    edges={
        (X.REQUESTED, X.GRANTED): "consultations.domain.extensions.decide_extension",
        (X.REQUESTED, X.REFUSED): "consultations.domain.extensions.decide_extension",
        (X.REQUESTED, X.WITHDRAWN): "consultations.domain.extensions.withdraw_extension",
    },
)


class ContactImportState(TextChoices):
    READY = "ready", _("Väntar på er")
    TAKEN_IN = "taken_in", _("Infört")
    CANCELLED = "cancelled", _("Avbrutet")


C = ContactImportState
CONTACT_STATES = StateTable(
    name="contacts",
    states=ContactImportState,
    initial=C.READY,
    owners={C.READY: "officer", C.TAKEN_IN: "nobody", C.CANCELLED: "nobody"},
    edges={
        (C.READY, C.TAKEN_IN): "consultations.domain.contact_import.take_in_contacts",
        (C.READY, C.CANCELLED): "consultations.domain.contact_import.cancel_contacts",
    },
)


class IntakeState(TextChoices):
    WAITING = "waiting", _("Väntar")
    RUNNING = "running", _("Läses")
    READY = "ready", _("Klar att granska")
    TAKING = "taking", _("Tas in")
    TAKEN_IN = "taken_in", _("Intagen")
    FAILED = "failed", _("Kunde inte läsas")
    CANCELLED = "cancelled", _("Avbruten")


T = IntakeState
JOBS = "consultations.domain.intake.jobs"
INTAKE_STATES = StateTable(
    name="intake",
    states=IntakeState,
    initial=T.WAITING,
    owners={
        T.WAITING: "worker",
        T.RUNNING: "worker",
        T.READY: "author",
        T.TAKING: "worker",
        T.TAKEN_IN: "nobody",
        T.FAILED: "author",
        T.CANCELLED: "nobody",
    },
    edges={
        (T.WAITING, T.RUNNING): f"{JOBS}.read_intake",
        (T.RUNNING, T.RUNNING): f"{JOBS}.read_intake",
        (T.RUNNING, T.READY): f"{JOBS}.read_intake",
        (T.RUNNING, T.FAILED): f"{JOBS}.read_intake",
        (T.FAILED, T.WAITING): f"{JOBS}.read_again",
        (T.READY, T.TAKEN_IN): "consultations.domain.intake.taking_in.take_in",
        (T.READY, T.TAKING): "consultations.domain.intake.taking_many.take_in_many",
        (T.TAKING, T.TAKEN_IN): "consultations.domain.intake.taking_many.write_in",
        (T.TAKING, T.READY): "consultations.domain.intake.taking_many.stop_taking",
        (T.WAITING, T.CANCELLED): f"{JOBS}.cancel_intake",
        (T.RUNNING, T.CANCELLED): f"{JOBS}.cancel_intake",
        (T.READY, T.CANCELLED): f"{JOBS}.cancel_intake",
        (T.FAILED, T.CANCELLED): f"{JOBS}.cancel_intake",
    },
)
