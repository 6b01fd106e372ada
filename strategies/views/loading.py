"""Fetch what a page is about, or refuse in words, and the frame around every page of a strategy."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from actors.models import User
from rus_platform.kit.errors import Forbidden, NotFound
from strategies import rules
from strategies.models import Strategy, Version
from strategies.states import TextStatus


def person(request: HttpRequest) -> User:
    """The person who asks (anonymous people hold no roles)."""
    return request.user  # type: ignore[return-value]


def load_strategy(request: HttpRequest, strategy_id: int) -> Strategy:
    """A strategy of the person's own region."""
    strategy = Strategy.objects.select_related("owner").filter(pk=strategy_id).first()
    if strategy is None or not rules.is_in_region(person(request), strategy):
        raise NotFound(_("Strategin finns inte, eller så får du inte se den."))
    return strategy


def load_version(request: HttpRequest, version_id: int) -> Version:
    """A version that the person may read."""
    rows = Version.objects.select_related("strategy__owner", "frozen_by", "forked_from")
    version = rows.filter(pk=version_id).first()
    if version is None or not rules.can_read_version(person(request), version):
        raise NotFound(_("Versionen finns inte, eller så får du inte läsa den."))
    return version


def draft_of(strategy: Strategy) -> Version | None:
    """The working version, if there is one."""
    return strategy.versions.filter(status=TextStatus.WORKING).select_related("strategy__owner", "forked_from").first()


def load_draft(request: HttpRequest, strategy_id: int) -> Version:
    """The working version of a strategy; NotFound says how to begin one."""
    draft = draft_of(load_strategy(request, strategy_id))
    if draft is None:
        raise NotFound(_("Det finns inget utkast att skriva i. Börja nästa utkast från en fryst version."))
    return draft


def check_may_edit(request: HttpRequest, strategy: Strategy) -> None:
    """Forbidden unless the person writes in the draft."""
    if not rules.can_edit(person(request), strategy):
        raise Forbidden(_("Du kan läsa men inte ändra i utkastet."))


def frame(request: HttpRequest, strategy: Strategy, version: Version | None = None, **more: Any) -> dict[str, Any]:
    """What every page of a strategy shows: navigation, the text's status, what the person may do."""
    user = person(request)
    inside = rules.is_in_region(user, strategy)
    return {
        "strategy": strategy,
        "version": version,
        "in_region": inside,
        "may_edit": rules.can_edit(user, strategy),
        "may_suggest": rules.can_suggest(user, strategy),
        "may_lead": rules.can_lead(user, strategy),
        "may_decide": rules.can_record_decision(user, strategy),
        "nav": navigation(request, strategy) if inside else [],
        **more,
    }


def rounds_url(strategy: Strategy) -> str:
    """Rounds live in the app above; their address is all that is known of them here."""
    return f"/strategier/{strategy.pk}/samrad/"


def words_url(strategy: Strategy) -> str:
    """The queue of words to confirm: comments and points alike, and so in the app above."""
    return f"/strategier/{strategy.pk}/bekrafta-ord/"


def crumbs(strategy: Strategy, *more: tuple[str, str]) -> list[dict[str, str]]:
    """The way back: the strategy, then (label, url) each; the last without url is the page itself."""
    first = {"label": strategy.title, "url": reverse("strategies:strategy", args=[strategy.pk])}
    return [first, *({"label": label, "url": url} for label, url in more)]


def navigation(request: HttpRequest, strategy: Strategy) -> list[dict[str, Any]]:
    """The pages of a strategy."""
    here = request.resolver_match.url_name if request.resolver_match else ""
    pages = [
        ("strategy", _("Översikt"), "home", ("strategy",)),
        (
            "draft",
            _("Utkast"),
            "pencil",
            (
                "draft",
                "draft_section",
                "goal_facts",
                "section_history",
                "add_section",
                "rename_section",
                "lock_section",
                "split_section",
                "merge_section",
                "suggestions",
                "proposals_from_outside",
                "import_start",
                "import_job",
                "search",
                "terms",
                "term",
                "language",
            ),
        ),
        ("comments", _("Kommentarer"), "comment", ("comments", "comment", "new_comment", "edit_remark")),
        (
            "versions",
            _("Versioner"),
            "layers",
            (
                "versions",
                "version",
                "compare",
                "compare_states",
                "checkpoints",
                "checkpoint",
                "proof",
                "freeze",
                "fork",
            ),
        ),
        ("decision", _("Beslut"), "gavel", ("decision", "submit")),
        ("register", _("Aktörer"), "users", ("register",)),
        ("history", _("Historik"), "history", ("history",)),
    ]
    items = [
        {
            "label": label,
            "icon": icon,
            "url": reverse(f"strategies:{name}", args=[strategy.pk]),
            "current": here in names,
        }
        for name, label, icon, names in pages
    ]
    if rules.can_lead(person(request), strategy):
        address = reverse("strategies:facts", args=[strategy.pk])
        items.append({"label": _("Uppgifter"), "icon": "settings", "url": address, "current": here == "facts"})
    items.insert(
        4,
        {"label": _("Samråd"), "icon": "comments", "url": rounds_url(strategy), "current": "/samrad/" in request.path},
    )
    return items
