"""For support staff: look things up; close and reopen accounts through verbs. Nothing is edited behind the verbs' backs."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from actors.domain.accounts import close_account, reopen_account
from actors.domain.mail import send_mail_again
from actors.forms.signin import StaffSignInForm
from actors.models import (
    Actor,
    AuditEvent,
    County,
    Membership,
    Municipality,
    Notification,
    OutgoingMail,
    PersonalLink,
    User,
)
from rus_platform.kit.errors import DomainError

admin.site.login_form = StaffSignInForm


class ReadOnly(admin.ModelAdmin):
    """Shows, never writes."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def each(self, request: HttpRequest, rows: QuerySet[Any], verb: Any, **more: Any) -> None:
        """Do the verb on each row; say in words which were refused."""
        for row in rows:
            try:
                verb(row)
            except DomainError as refusal:
                self.message_user(request, f"{row}: {refusal}", messages.ERROR)


@admin.register(User)
class UserAdmin(ReadOnly):
    list_display = ("email", "name", "title", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff")
    search_fields = ("email", "name")
    exclude = ("password",)
    actions = ("close", "reopen")

    @admin.action(description=_("Stäng kontot"), permissions=["view"])
    def close(self, request: HttpRequest, rows: QuerySet[User]) -> None:
        self.each(request, rows, lambda user: close_account(user_id=user.pk, by=request.user))

    @admin.action(description=_("Öppna kontot igen"), permissions=["view"])
    def reopen(self, request: HttpRequest, rows: QuerySet[User]) -> None:
        self.each(request, rows, lambda user: reopen_account(user_id=user.pk, by=request.user))


@admin.register(Actor)
class ActorAdmin(ReadOnly):
    list_display = ("name", "kind", "email", "county")
    list_filter = ("kind", "fictional")
    search_fields = ("name", "email")


@admin.register(Membership)
class MembershipAdmin(ReadOnly):
    list_display = ("user", "actor", "role", "since", "until", "given_by")
    list_filter = ("role",)
    list_select_related = ("user", "actor", "given_by")
    search_fields = ("user__email", "user__name", "actor__name")


@admin.register(OutgoingMail)
class OutgoingMailAdmin(ReadOnly):
    """The text of a letter may hold a personal link, so it is not shown."""

    list_display = ("to", "subject", "state", "attempts", "created_at", "sent_at")
    list_filter = ("state",)
    search_fields = ("to", "subject")
    exclude = ("text", "html")
    actions = ("again",)

    @admin.action(description=_("Försök skicka igen"), permissions=["view"])
    def again(self, request: HttpRequest, rows: QuerySet[OutgoingMail]) -> None:
        self.each(request, rows, lambda letter: send_mail_again(mail_id=letter.pk, by=request.user))


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnly):
    list_display = ("at", "by_name", "verb", "object_type", "object_label", "actor")
    list_filter = ("verb",)
    list_select_related = ("actor",)
    search_fields = ("by_name", "object_label")
    date_hierarchy = "at"

    def get_queryset(self, request: HttpRequest) -> QuerySet[AuditEvent]:
        """What is private to an organisation is private to it, from support too."""
        return super().get_queryset(request).filter(private_to=None)


@admin.register(PersonalLink)
class PersonalLinkAdmin(ReadOnly):
    list_display = ("email", "actor", "purpose", "created_at", "expires_at", "first_opened_at", "revoked_at")
    list_select_related = ("actor",)
    search_fields = ("email",)
    exclude = ("token_sha256",)


@admin.register(County, Municipality, Notification)
class ListAdmin(ReadOnly):
    list_display = ("__str__",)
