"""The workflows of a consultation as tables: the round, the response, an extension, a file of contacts."""

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


class ResponseState(TextChoices):
    DRAFTING = "drafting", _("Skrivs")
    SUBMITTED = "submitted", _("Inlämnat")
    UNSENT = "unsent", _("Inte inlämnat")  # the round closed first; kept for its own organisation only


P = ResponseState
RESPONSE_STATES = StateTable(
    name="response",
    states=ResponseState,
    initial=P.DRAFTING,
    owners={P.DRAFTING: "consultee", P.SUBMITTED: "nobody", P.UNSENT: "nobody"},
    edges={
        (P.DRAFTING, P.SUBMITTED): "consultations.domain.responses.submit_response",
        (P.DRAFTING, P.UNSENT): "consultations.domain.rounds.keep_unsent",
        (P.UNSENT, P.DRAFTING): "consultations.domain.extensions.take_up_again",
    },
)


class ExtensionState(TextChoices):
    REQUESTED = "requested", _("Begärt")
    GRANTED = "granted", _("Beviljat")
    REFUSED = "refused", _("Avslaget")


X = ExtensionState
EXTENSION_STATES = StateTable(
    name="extension",
    states=ExtensionState,
    initial=X.REQUESTED,
    owners={X.REQUESTED: "officer", X.GRANTED: "nobody", X.REFUSED: "nobody"},
    edges={
        (X.REQUESTED, X.GRANTED): "consultations.domain.extensions.decide_extension",
        (X.REQUESTED, X.REFUSED): "consultations.domain.extensions.decide_extension",
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
        (C.READY, C.TAKEN_IN): "consultations.domain.contacts.take_in_contacts",
        (C.READY, C.CANCELLED): "consultations.domain.contacts.cancel_contacts",
    },
)
