"""What awaits a person in the strategies: decisions to enter, and PDFs that failed."""

from django.urls import reverse
from django.utils.translation import gettext as _

from actors.models import Role, User
from actors.queries.roles import roles_of
from rus_platform.kit.tasks import Task
from strategies.models import ApprovalCase, Publication, Version
from strategies.states import APPROVAL_STATES, PublicationState


def waiting_for(user: User) -> list[Task]:
    """Decisions that the secretary shall enter, and PDFs that failed. Two queries at most, whatever their number."""
    held = roles_of(user)
    secretary = [actor_id for actor_id, roles in held.items() if Role.SECRETARY in roles]
    officer = [actor_id for actor_id, roles in held.items() if roles & {Role.LEADER, Role.EDITOR}]
    return [*(_decisions(secretary) if secretary else []), *(_failed_pdfs(officer) if officer else [])]


def _decisions(actor_ids: list[int]) -> list[Task]:
    open_states = [state for state, owner in APPROVAL_STATES.owners.items() if owner == "secretary"]
    cases = (
        ApprovalCase.objects.filter(version__strategy__owner__in=actor_ids, state__in=open_states)
        .select_related("version__strategy")
        .order_by("submitted_at")
    )
    return [
        Task(
            title=_("För in beslutet om %(version)s") % {"version": case.version.label},
            url=reverse("strategies:strategy", args=[case.version.strategy_id]),
            kind=case.state,
            label=case.get_state_display(),
            hint=case.version.strategy.title,
        )
        for case in cases
    ]


def _failed_pdfs(actor_ids: list[int]) -> list[Task]:
    versions = Version.objects.filter(
        pk__in=Publication.objects.filter(version__strategy__owner__in=actor_ids, state=PublicationState.FAILED).values(
            "version_id"
        )
    ).select_related("strategy")
    return [
        Task(
            title=_("PDF:en av %(version)s kunde inte skapas") % {"version": version.label},
            url=reverse("strategies:strategy", args=[version.strategy_id]),
            kind="failed",
            label=_("Misslyckades"),
            hint=version.strategy.title,
        )
        for version in versions
    ]
