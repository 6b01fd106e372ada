"""For support staff: look things up. What can be done here goes through the verbs, which ask whether the person may."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from actors.admin import ReadOnly
from strategies.domain.publish import request_pdf
from strategies.domain.sections import restore_section
from strategies.models import (
    AccessGrant,
    ApprovalCase,
    ConsultationOutcome,
    Decision,
    Image,
    PolicyItem,
    Publication,
    Section,
    Step,
    Strategy,
    Version,
)


@admin.register(Strategy)
class StrategyAdmin(ReadOnly):
    list_display = ("title", "owner", "horizon_from", "horizon_to", "case_number", "created_at", "created_by")
    list_select_related = ("owner", "created_by")
    search_fields = ("title", "case_number", "owner__name")


@admin.register(Version)
class VersionAdmin(ReadOnly):
    list_display = ("label", "strategy", "number", "status", "frozen_at", "frozen_by", "adopted_on")
    list_filter = ("status",)
    list_select_related = ("strategy", "frozen_by")
    search_fields = ("label", "strategy__title", "sha256")
    exclude = ("manifest",)


@admin.register(Section)
class SectionAdmin(ReadOnly):
    """The words are read on the platform's own pages, by those who may; here is only what surrounds them."""

    list_display = ("title", "kind", "version", "position", "doc_version", "revision", "removed_at")
    list_filter = ("kind", ("removed_at", admin.EmptyFieldListFilter))
    list_select_related = ("version",)
    search_fields = ("title", "uuid")
    exclude = ("doc",)
    actions = ("bring_back",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Section]:
        return super().get_queryset(request).defer("doc")

    @admin.action(description=_("Ta tillbaka avsnittet"), permissions=["view"])
    def bring_back(self, request: HttpRequest, rows: QuerySet[Section]) -> None:
        self.each(request, rows, lambda section: restore_section(section_id=section.pk, by=request.user))  # type: ignore[arg-type]


@admin.register(Step)
class StepAdmin(ReadOnly):
    """Who wrote when; not what."""

    list_display = ("section", "n", "by", "at", "via")
    list_filter = ("via",)
    list_select_related = ("section", "by")
    search_fields = ("section__title", "batch_id")
    exclude = ("step",)
    show_full_result_count = False


@admin.register(Publication)
class PublicationAdmin(ReadOnly):
    list_display = ("version", "format", "state", "stage", "pages", "requested_at", "finished_at", "error")
    list_filter = ("state",)
    list_select_related = ("version",)
    actions = ("again",)

    @admin.action(description=_("Be om PDF:en igen"), permissions=["view"])
    def again(self, request: HttpRequest, rows: QuerySet[Publication]) -> None:
        self.each(request, rows, lambda publication: request_pdf(version_id=publication.version_id, by=request.user))  # type: ignore[arg-type]


@admin.register(ApprovalCase)
class ApprovalCaseAdmin(ReadOnly):
    list_display = ("version", "state", "case_number", "submitted_at", "submitted_by")
    list_filter = ("state",)
    list_select_related = ("version", "submitted_by")
    search_fields = ("case_number", "version__label")


@admin.register(Decision)
class DecisionAdmin(ReadOnly):
    list_display = ("case", "body", "outcome", "decided_on", "paragraph", "recorded_by")
    list_filter = ("body", "outcome")
    list_select_related = ("case", "recorded_by")


@admin.register(AccessGrant)
class AccessGrantAdmin(ReadOnly):
    list_display = ("version", "actor", "public", "reason", "granted_at", "revoked_at")
    list_filter = ("public", ("revoked_at", admin.EmptyFieldListFilter))
    list_select_related = ("version", "actor")


@admin.register(PolicyItem)
class PolicyItemAdmin(ReadOnly):
    list_display = ("code", "name_sv", "framework", "valid_from", "valid_until")
    list_filter = ("framework",)


@admin.register(ConsultationOutcome)
class ConsultationOutcomeAdmin(ReadOnly):
    list_display = ("round_title", "event", "at", "version")
    list_filter = ("event",)
    list_select_related = ("version",)


@admin.register(Image)
class ImageAdmin(ReadOnly):
    list_display = ("uuid", "strategy", "mime", "width", "height", "uploaded_at", "uploaded_by")
    list_select_related = ("strategy", "uploaded_by")
    exclude = ("file",)
