"""The words of the whole draft: find and replace, the glossary and its check, how easy it is to read, the keyboard."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rus_platform.kit.errors import Invalid, NotFound
from rus_platform.kit.forms import attempt
from strategies.domain import readability, replacing, terms
from strategies.domain.replacing import Chosen, Replaced
from strategies.forms.language import SearchForm, TermForm
from strategies.models import Strategy, Term, Version
from strategies.queries.outline import outline
from strategies.views.loading import check_may_edit, crumbs, frame, load_draft, load_strategy, person


@login_required
@require_http_methods(["GET", "POST"])
def search(request: HttpRequest, strategy_id: int) -> HttpResponse:
    """Every place where the words stand; a POST replaces those that are ticked."""
    version = load_draft(request, strategy_id)
    form = SearchForm(request.POST or request.GET)
    valid = form.is_valid()
    if request.method == "POST" and valid:
        done = attempt(
            form, replacing.replace_words, version_id=version.pk, by=person(request), words=form.sought(),
            new=form.cleaned_data["new"], chosen=chosen_in(request.POST),
        )  # fmt: skip
        if done:
            _say(request, version, done)
            return redirect(f"{reverse('strategies:search', args=[strategy_id])}?{_query(form)}")
    sought = form.cleaned_data.get("words", "").strip() if valid else ""  # a verb's refusal takes the field out
    found = replacing.find_words(version, form.sought()) if sought else []
    context = frame(
        request, version.strategy, version, form=form, found=found, sought=sought, count=sum(here.count for here in found),
        crumbs=_crumbs(version.strategy, _("Sök och ersätt")), tab="search", tabs=_tabs(version.strategy, "search"),
    )  # fmt: skip
    return render(request, "strategies/language/search.html", context, status=422 if form.errors else 200)


def _query(form: SearchForm) -> str:
    query = QueryDict(mutable=True)
    data = form.cleaned_data
    query.update(
        {"words": data["words"], "new": data["new"], **{name: "on" for name in ("whole", "match_case") if data[name]}}
    )
    return query.urlencode()


def chosen_in(data: QueryDict) -> list[Chosen]:
    """Ticked places: "hit" is "section:number", "title" is a section; "base-section" says "version:revision" of what was shown."""
    numbers: dict[int, set[int]] = {}
    titles = {int(value) for value in data.getlist("title") if _is_number(value)}
    for value in data.getlist("hit"):
        section, _colon, number = value.partition(":")
        if _is_number(section) and _is_number(number):
            numbers.setdefault(int(section), set()).add(int(number))
    chosen = []
    for section_id in numbers.keys() | titles:
        version, _colon, revision = data.get(f"base-{section_id}", "").partition(":")
        if not (_is_number(version) and _is_number(revision)):
            raise Invalid(_("Formuläret är inte helt. Ladda om sidan."))
        chosen.append(
            Chosen(
                section_id, int(version), frozenset(numbers.get(section_id, ())), section_id in titles, int(revision)
            )
        )
    return chosen


def _is_number(value: str) -> bool:
    return value.isascii() and value.isdecimal() and len(value) < 10


def _say(request: HttpRequest, version: Version, done: Replaced) -> None:
    if done.count:
        words = ngettext("%(n)s ställe är bytt.", "%(n)s ställen är bytta.", done.count) % {"n": done.count}
        messages.success(request, words + " " + _("Hur det var innan finns som sparpunkt under Versioner."))
    if done.locked:
        names = ", ".join(dict.fromkeys(done.locked))
        messages.warning(request, _("%(names)s är låst för granskning. Där är inget ändrat.") % {"names": names})
    if done.stale:
        names = ", ".join(dict.fromkeys(done.stale))
        messages.warning(
            request, _("Någon annan skrev samtidigt i %(names)s. Där är inget ändrat; sök igen.") % {"names": names}
        )


def _tabs(strategy: Strategy, current: str) -> list[dict[str, Any]]:
    pages = [("search", _("Sök och ersätt")), ("terms", _("Ordlista")), ("language", _("Läsbarhet"))]
    return [
        {"label": label, "url": reverse(f"strategies:{name}", args=[strategy.pk]), "current": name == current}
        for name, label in pages
    ]


def _crumbs(strategy: Strategy, label: str) -> list[dict[str, str]]:
    return crumbs(strategy, (_("Utkast"), reverse("strategies:draft", args=[strategy.pk])), (label, ""))


# --- the glossary


@login_required
@require_http_methods(["GET", "POST"])
def glossary(request: HttpRequest, strategy_id: int) -> HttpResponse:
    """The agreed words, a form for one more, and where the draft says something else."""
    version = load_draft(request, strategy_id)
    strategy = version.strategy
    form = TermForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        check_may_edit(request, strategy)
        added = attempt(form, terms.add_term, strategy_id=strategy.pk, by=person(request), **form.values())
        if added:
            messages.success(request, _("”%(word)s” finns nu i ordlistan.") % {"word": added.preferred})
            return redirect("strategies:terms", strategy_id)
    rows = strategy.terms.all()
    context = frame(
        request, strategy, version, form=form, deviations=terms.check_terms(version), terms=[row for row in rows if row.removed_at is None],
        removed=[row for row in rows if row.removed_at is not None], crumbs=_crumbs(strategy, _("Ordlista")), tabs=_tabs(strategy, "terms"),
    )  # fmt: skip
    return render(request, "strategies/language/terms.html", context, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "POST"])
def term(request: HttpRequest, strategy_id: int, term_id: int) -> HttpResponse:
    """Change a word of the glossary, and what has been done to it."""
    strategy = load_strategy(request, strategy_id)
    check_may_edit(request, strategy)
    row = _own(strategy, term_id)
    initial = {
        "preferred": row.preferred,
        "variants": "\n".join(row.variants),
        "note": row.note,
        "revision": row.revision,
    }
    form = TermForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        revision = form.cleaned_data["revision"]
        changed = attempt(
            form,
            terms.change_term,
            term_id=row.pk,
            by=person(request),
            revision=-1 if revision is None else revision,
            **form.values(),
        )
        if changed:
            return redirect("strategies:terms", strategy_id)
    history = row.history.select_related("history_user")[:20]
    context = frame(
        request, strategy, None, form=form, term=row, history=history, crumbs=_crumbs(strategy, row.preferred)
    )
    return render(request, "strategies/language/term.html", context, status=422 if form.is_bound else 200)


def _own(strategy: Strategy, term_id: int) -> Term:
    row = strategy.terms.filter(pk=term_id).first()
    if row is None:
        raise NotFound(_("Ordet finns inte i ordlistan."))
    return row


@login_required
@require_POST
def remove_term(request: HttpRequest, strategy_id: int, term_id: int) -> HttpResponse:
    """Take a word out of the glossary."""
    row = terms.remove_term(term_id=_own(load_strategy(request, strategy_id), term_id).pk, by=person(request))
    messages.success(request, _("”%(word)s” är borttaget ur ordlistan.") % {"word": row.preferred})
    return redirect("strategies:terms", strategy_id)


@login_required
@require_POST
def restore_term(request: HttpRequest, strategy_id: int, term_id: int) -> HttpResponse:
    """Bring a word back."""
    terms.restore_term(term_id=_own(load_strategy(request, strategy_id), term_id).pk, by=person(request))
    return redirect("strategies:terms", strategy_id)


@login_required
@require_POST
def use_term(request: HttpRequest, strategy_id: int, term_id: int) -> HttpResponse:
    """Put the agreed word wherever the draft has a variant of it."""
    version = load_draft(request, strategy_id)
    row = _own(version.strategy, term_id)
    done = terms.use_term(term_id=row.pk, variant=request.POST.get("variant", ""), version=version, by=person(request))
    _say(request, version, done)
    return redirect("strategies:terms", strategy_id)


# --- reading ease


@login_required
@require_safe
def language(request: HttpRequest, strategy_id: int) -> HttpResponse:
    """How easy each section is to read. Hints only."""
    version = load_draft(request, strategy_id)
    rows = [(node, readability.reading_of(node.section.doc)) for node in outline(version, with_text=True)]
    whole = readability.together([reading for _node, reading in rows])
    context = frame(
        request, version.strategy, version, rows=[(node, row, readability.band(row.lix)) for node, row in rows if row.words],
        whole=whole, band=readability.band(whole.lix), crumbs=_crumbs(version.strategy, _("Läsbarhet")), tabs=_tabs(version.strategy, "language"),
    )  # fmt: skip
    return render(request, "strategies/language/language.html", context)


@login_required
@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    """Every keyboard shortcut."""
    return render(request, "strategies/language/keys.html")


urlpatterns = [
    path("strategier/<int:strategy_id>/sok/", search, name="search"),
    path("strategier/<int:strategy_id>/ordlista/", glossary, name="terms"),
    path("strategier/<int:strategy_id>/ordlista/<int:term_id>/", term, name="term"),
    path("strategier/<int:strategy_id>/ordlista/<int:term_id>/ta-bort/", remove_term, name="remove_term"),
    path("strategier/<int:strategy_id>/ordlista/<int:term_id>/ta-tillbaka/", restore_term, name="restore_term"),
    path("strategier/<int:strategy_id>/ordlista/<int:term_id>/anvand/", use_term, name="use_term"),
    path("strategier/<int:strategy_id>/sprak/", language, name="language"),
    path("hjalp/tangenter/", keys, name="keys"),
]
