"""Versions: the list, freezing, the next draft, reading, comparing."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from rus_platform.kit.errors import Forbidden
from rus_platform.kit.forms import attempt
from strategies import rules
from strategies.domain import versions as verbs
from strategies.forms.drafting import FreezeForm
from strategies.publishing.comparing import compared
from strategies.publishing.reading import renderer_for
from strategies.queries.outline import outline
from strategies.queries.reading import with_html
from strategies.states import TextStatus
from strategies.views.loading import frame, load_draft, load_strategy, load_version, person


@login_required
def versions(request: HttpRequest, strategy_id: int) -> HttpResponse:
    """Every version, newest first, and what can be done from here."""
    strategy = load_strategy(request, strategy_id)
    rows = list(strategy.versions.select_related("frozen_by", "forked_from"))
    has_draft = any(row.status == TextStatus.WORKING for row in rows)
    return render(request, "strategies/versions.html", frame(request, strategy, versions=rows, has_draft=has_draft))


@login_required
def freeze(request: HttpRequest, strategy_id: int) -> HttpResponse:
    """What freezing means, and the button."""
    draft = load_draft(request, strategy_id)
    if not rules.can_lead(person(request), draft.strategy):
        raise Forbidden(_("Bara processledaren kan frysa en version."))
    earlier = draft.strategy.versions.filter(status=TextStatus.CONSULTATION).count()
    form = FreezeForm(request.POST or None, initial={"label": _("Samrådsversion %(n)s") % {"n": earlier + 1}})
    if request.method == "POST" and form.is_valid():
        frozen = attempt(form, verbs.freeze_version, version_id=draft.pk, by=person(request), **form.cleaned_data)
        if frozen:
            messages.success(request, _("”%(v)s” är fryst och kan inte längre ändras.") % {"v": frozen.label})
            return redirect("strategies:versions", strategy_id)
    sections = sum(1 for _node in outline(draft))
    return render(request, "strategies/freeze.html", frame(request, draft.strategy, draft, form=form, sections=sections))


@login_required
@require_POST
def fork(request: HttpRequest, version_id: int) -> HttpResponse:
    """Begin the next draft from a frozen version."""
    base = load_version(request, version_id)
    draft = verbs.fork_version(version_id=base.pk, by=person(request))
    messages.success(request, _("”%(v)s” är börjat från ”%(base)s”.") % {"v": draft.label, "base": base.label})
    return redirect("strategies:draft", draft.strategy_id)


def version(request: HttpRequest, version_id: int) -> HttpResponse:
    """The whole text, for reading."""
    one = load_version(request, version_id)
    tree = outline(one, with_text=True)
    sections = with_html(one, renderer_for(one), tree)
    others = one.strategy.versions.filter(rules.readable_versions(person(request))).exclude(pk=one.pk).distinct()
    context = frame(request, one.strategy, one, sections=sections, others=others, contents=contents(sections))
    return render(request, "strategies/version.html", context)


def contents(sections: list) -> list[dict[str, object]]:  # type: ignore[type-arg]
    """The outline beside the text: two levels, and every goal."""
    return [
        {"label": row.title, "code": row.code, "url": f"#avsnitt-{row.section.uuid}", "level": row.level}
        for row in sections
        if row.level <= 2 or row.kind in ("goal", "priority")
    ]


def compare(request: HttpRequest, version_id: int, other_id: int) -> HttpResponse:
    """Two versions, word by word. The older one is on the left whatever the order in the address."""
    one, other = load_version(request, version_id), load_version(request, other_id)
    old, new = sorted([one, other], key=lambda row: row.number)
    side = request.GET.get("visa") == "bredvid"
    context = frame(request, new.strategy, new, old=old, new=new, side=side, **compared(old, new, side_by_side=side))
    return render(request, "strategies/compare.html", context)


def proof(request: HttpRequest, version_id: int) -> HttpResponse:
    """The manifest: what exactly was frozen, with a hash per section."""
    one = load_version(request, version_id)
    return render(request, "strategies/proof.html", frame(request, one.strategy, one))
