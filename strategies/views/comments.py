"""Comments in the draft: the page with all of them, one thread, and what can be done there. Everything is a form."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rus_platform.kit.errors import NotFound
from rus_platform.kit.forms import attempt
from strategies import rules
from strategies.domain import comments as verbs
from strategies.domain.passages import bodies, positions
from strategies.forms.comments import NewCommentForm, RemarkForm
from strategies.models import Comment, Remark, Section, Strategy, Version
from strategies.publishing.commented import Thread, cards, margin_of
from strategies.queries import comments as queries
from strategies.queries.outline import outline
from strategies.queries.text import section_in
from strategies.views.loading import crumbs, draft_of, frame, load_draft, load_strategy, person, words_url

PAGE = 30
STATES = [
    ("open", gettext_lazy("Öppna")), ("resolved", gettext_lazy("Lösta")), ("gone", gettext_lazy("Orden är borta")), ("all", gettext_lazy("Alla")),
]  # fmt: skip
WHOSE = [
    ("", gettext_lazy("Alla")), ("mine", gettext_lazy("Mina")), ("assigned", gettext_lazy("Jag ska se till")), ("named", gettext_lazy("Jag är nämnd")),
]  # fmt: skip


@login_required
@require_safe
def comment_list(request: HttpRequest, strategy_id: int) -> HttpResponse:
    """Every thread, narrowed as the address says."""
    strategy = load_strategy(request, strategy_id)
    version = newest_of(strategy)
    chosen = chosen_filter(request)
    user, people = person(request), queries.people_of(strategy)
    found = queries.filtered(queries.threads(strategy), chosen, user)
    labels = outline(version).labels if version else {}
    everything: list[Thread] = []
    if chosen.state == "gone":  # where words are is worked out, not stored: all are asked
        everything = [one for one in cards(found, version, user, people) if one.is_lost]
    page = Paginator(everything if chosen.state == "gone" else found.order_by("-created_at", "-pk"), PAGE).get_page(
        request.GET.get("page", 1)
    )
    shown = list(page.object_list) if chosen.state == "gone" else cards(page.object_list, version, user, people)
    name_places(shown, labels)
    context = frame(
        request, strategy, draft_of(strategy), page_obj=page, threads=shown, chosen=chosen, people=people, labels=labels,
        states=STATES, whose=WHOSE, key=uuid4().hex, names=[one.name for one in people], words_url=words_url(strategy),
        crumbs=crumbs(strategy, (_("Kommentarer"), "")),
    )  # fmt: skip
    return render(request, "strategies/comments/list.html", context)


def newest_of(strategy: Strategy) -> Version | None:
    """The draft; when there is none, the newest version."""
    return strategy.versions.select_related("strategy__owner").defer("manifest").order_by("-number").first()


def chosen_filter(request: HttpRequest) -> queries.CommentFilter:
    """The filter in the address; unknown values fall away."""
    data = request.GET
    state = data.get("lage", "open")
    whose = data.get("vems", "")
    who = data.get("person", "")
    section = data.get("avsnitt", "")
    return queries.CommentFilter(
        state if state in dict(STATES) else "open",
        whose if whose in dict(WHOSE) else "",
        who if who.isascii() and who.isdecimal() and len(who) < 10 else "",
        section if uuid_or_none(section) else "",
    )


def uuid_or_none(value: str) -> UUID | None:
    """The uuid that the text says, if it does."""
    try:
        return UUID(value)
    except ValueError:
        return None


def name_places(shown: list[Thread], labels: dict[str, tuple[str, str]]) -> None:
    """Set ``place``: code and heading of the section, as they are today."""
    for one in shown:
        code, title = labels.get(one.here, ("", str(one.comment.section or "")))
        one.place, one.is_there = f"{code} {title}".strip(), one.here in labels


@login_required
@require_safe
def margin(request: HttpRequest, strategy_id: int) -> HttpResponse:
    """The cards beside a section (?avsnitt=), or beside the whole draft, by themselves."""
    version = load_draft(request, strategy_id)
    section = wanted_section(request.GET.get("avsnitt", ""), version)
    return render(request, "strategies/comments/_margin.html", margin_context(request, version, section))


def margin_context(request: HttpRequest, version: Version, section: Section | None) -> dict[str, Any]:
    """What ``_margin.html`` needs."""
    found = margin_of(version, person(request), section=section, with_resolved=request.GET.get("losta") == "1")
    return {
        "strategy": version.strategy, "version": version, "section": section, "margin": found, "reply_form": RemarkForm(auto_id=False),
        "key": uuid4().hex, "names": [one.name for one in found.people], "with_resolved": request.GET.get("losta") == "1",
    }  # fmt: skip


def wanted_section(value: str, version: Version) -> Section | None:
    """The section that an address or a form names; NotFound when it is not in the draft."""
    uuid = uuid_or_none(value)
    if uuid is None:
        return None
    section = section_in(version.pk, uuid).filter(removed_at=None).first()
    if section is None:
        raise NotFound(_("Avsnittet finns inte i utkastet."))
    return section


@login_required
@require_http_methods(["GET", "POST"])
def new_comment(request: HttpRequest, strategy_id: int) -> HttpResponse:
    """On the draft, on a section (?avsnitt=), on a paragraph or on words of it. Works by paste as well as by script."""
    version = load_draft(request, strategy_id)
    section = wanted_section(request.POST.get("section", "") or request.GET.get("avsnitt", ""), version)
    people = queries.people_of(version.strategy)
    blocks = paragraphs(section) if section else []
    form = NewCommentForm(request.POST or None, blocks=blocks, people=people, initial=first_values(request))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        made = attempt(
            form, verbs.add_comment, version_id=version.pk, by=person(request), text=data["text"], key=data["key"] or uuid4().hex,
            section_id=section.pk if section else None, words=words_in(section, form.words()), assignee_id=data["assignee"],
        )  # fmt: skip
        if made:
            return done(request, made, _("Kommentaren är sparad."))
    tree = [] if section else list(outline(version))
    context = frame(
        request, version.strategy, version, form=form, section=section, tree=tree, blocks=blocks,
        names=[one.name for one in people], crumbs=crumbs(version.strategy, (_("Kommentarer"), ""), (_("Ny kommentar"), "")),
    )  # fmt: skip
    return render(request, "strategies/comments/new.html", context, status=422 if form.is_bound else 200)


def first_values(request: HttpRequest) -> dict[str, Any]:
    """What a link or a script has filled in."""
    names = ("quote", "block", *NewCommentForm.PLACE)
    return {"key": uuid4().hex, **{name: request.GET[name] for name in names if name in request.GET}}


def paragraphs(section: Section) -> list[tuple[str, str]]:
    """Block id and beginning of every paragraph that has words."""
    return [(pk, block.text[:90]) for pk, block in bodies(section.doc).items() if block.text.strip()]


def words_in(section: Section | None, words: dict[str, Any] | None) -> dict[str, Any] | None:
    """What was chosen, as positions where they are known. A paragraph without words is the whole paragraph."""
    if section is None or words is None:
        return None
    if words["doc_version"] is not None:  # from the editor: positions in the document
        return words
    if not words["quote"].strip():
        block = bodies(section.doc).get(words["block_id"])
        return {"quote": block.text.strip(), "block_id": words["block_id"]} if block else None
    found = positions(section.doc, {**words, "from": words["start"], "to": words["end"]})
    known = {"start": found[0], "end": found[1], "doc_version": section.doc_version} if found else {}
    return {**{name: words[name] for name in ("quote", "block_id", "prefix", "suffix")}, **known}


def done(request: HttpRequest, comment: Comment, said: str = "") -> HttpResponse:
    """For a script: nothing but the number (it asks for the cards again); else the thread's page."""
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponse(status=204, headers={"X-Comment": str(comment.pk)})
    if said:
        messages.success(request, said)
    if comment.removed_at is not None:
        return redirect("strategies:comments", comment.strategy_id)
    return redirect("strategies:comment", comment.strategy_id, comment.pk)


@login_required
@require_http_methods(["GET", "POST"])
def thread(request: HttpRequest, strategy_id: int, comment_id: int) -> HttpResponse:
    """One thread, with all that was said and a form to answer."""
    strategy = load_strategy(request, strategy_id)
    row = queries.threads(strategy).filter(pk=comment_id).first()
    if row is None:
        raise NotFound(_("Kommentaren finns inte, eller så har den tagits bort."))
    form = RemarkForm(request.POST or None, initial={"key": uuid4().hex})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        made = attempt(
            form, verbs.reply, comment_id=row.pk, by=person(request), text=data["text"], key=data["key"] or uuid4().hex
        )
        if made:
            return done(request, row, _("Svaret är sparat."))
    version, people = newest_of(strategy), queries.people_of(strategy)
    shown = cards([row], version, person(request), people)
    name_places(shown, outline(version).labels if version else {})
    context = frame(
        request, strategy, draft_of(strategy), thread=shown[0], form=form, people=people, names=[one.name for one in people],
        may_comment=rules.can_comment(person(request), strategy),
        crumbs=crumbs(strategy, (_("Kommentarer"), ""), (f"#{row.pk}", "")),
    )  # fmt: skip
    return render(request, "strategies/comments/thread.html", context, status=422 if form.is_bound else 200)


def load_comment(request: HttpRequest, comment_id: int) -> Comment:
    """A thread of one's own region; NotFound for everybody else."""
    row = Comment.objects.select_related("strategy__owner").filter(pk=comment_id).first()
    if row is None or not rules.can_comment(person(request), row.strategy):
        raise NotFound(_("Kommentaren finns inte, eller så har den tagits bort."))
    return row


@login_required
@require_POST
def assign(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Give the thread to somebody, or to nobody."""
    row = load_comment(request, comment_id)
    wanted = request.POST.get("assignee", "")
    pk = int(wanted) if wanted.isascii() and wanted.isdecimal() and len(wanted) < 10 else None
    return done(request, verbs.assign_comment(comment_id=row.pk, by=person(request), assignee_id=pk))


@login_required
@require_POST
def resolve(request: HttpRequest, comment_id: int) -> HttpResponse:
    """It is done."""
    row = load_comment(request, comment_id)
    return done(request, verbs.resolve_comment(comment_id=row.pk, by=person(request)), _("Kommentaren är löst."))


@login_required
@require_POST
def reopen(request: HttpRequest, comment_id: int) -> HttpResponse:
    """It was not done after all."""
    row = load_comment(request, comment_id)
    return done(request, verbs.reopen_comment(comment_id=row.pk, by=person(request)), _("Kommentaren är öppen igen."))


def load_remark(request: HttpRequest, remark_id: int) -> Remark:
    """Something said in a thread of one's own region."""
    row = Remark.objects.select_related("comment__strategy__owner").filter(pk=remark_id).first()
    if row is None or not rules.can_comment(person(request), row.comment.strategy):
        raise NotFound(_("Kommentaren finns inte, eller så har den tagits bort."))
    return row


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, remark_id: int) -> HttpResponse:
    """Change one's own words."""
    row = load_remark(request, remark_id)
    form = RemarkForm(request.POST or None, initial={"text": row.text})
    if request.method == "POST" and form.is_valid():
        saved = attempt(form, verbs.edit_remark, remark_id=row.pk, by=person(request), text=form.cleaned_data["text"])
        if saved:
            return done(request, row.comment)
    strategy = row.comment.strategy
    names = [one.name for one in queries.people_of(strategy)]
    context = frame(request, strategy, draft_of(strategy), form=form, remark=row, names=names)
    return render(request, "strategies/comments/edit.html", context, status=422 if form.is_bound else 200)


@login_required
@require_POST
def remove(request: HttpRequest, remark_id: int) -> HttpResponse:
    """Take back one's own words."""
    load_remark(request, remark_id)
    gone = verbs.remove_remark(remark_id=remark_id, by=person(request))
    return done(request, gone.comment, _("Det du skrev är borttaget."))
