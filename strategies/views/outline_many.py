"""What is done with several sections at once, from the check boxes of the outline or after a drag of what was selected."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from rus_platform.kit.errors import Invalid
from strategies.domain import outline_many as verbs
from strategies.domain.section_work import assign_sections, set_work
from strategies.models import Section, Version
from strategies.views.drafting import answer_outline, number_in
from strategies.views.loading import load_draft, person


@login_required
@require_POST
def many(request: HttpRequest, strategy_id: int) -> HttpResponse:
    """``do``: move (to ``parent``/``after``, or ``place`` and ``target``), remove, restore, assign (``owner``) or work (``work``)."""
    version = load_draft(request, strategy_id)
    deed = DEEDS.get(request.POST.get("do", "") or request.GET.get("do", ""))
    if deed is None:
        raise Invalid(_("Välj vad som ska göras med avsnitten."))
    done, said, undo = deed(request, version, chosen(request))
    if not request.htmx:  # type: ignore[attr-defined]
        messages.success(request, said)
        return redirect(f"{reverse('strategies:draft', args=[strategy_id])}{f'#rad-{done[0].pk}' if done else ''}")
    return answer_outline(request, version, said, moved={row.pk for row in done}, undo=undo)


def chosen(request: HttpRequest) -> list[int]:
    """The rows that were ticked (or that the address of an undo names)."""
    values = request.POST.getlist("rad") or request.GET.getlist("rad")
    return [int(value) for value in values if value.isdecimal() and len(value) < 18]


Done = tuple[list[Section], str, str]


def _move(request: HttpRequest, version: Version, rows: list[int]) -> Done:
    parent, after = number_in(request, "parent"), number_in(request, "after")
    if place := request.POST.get("place", ""):
        parent, after = _place(version, place, number_in(request, "target"))
    done = verbs.move_sections(
        version_id=version.pk, section_ids=rows, by=person(request), parent_id=parent, after_id=after
    )
    return done, ngettext("%(n)s avsnitt är flyttat.", "%(n)s avsnitt är flyttade.", len(done)) % {"n": len(done)}, ""


def _place(version: Version, place: str, target_id: int | None) -> tuple[int | None, int | None]:
    """(parent, after) for "last in" or "directly after" a section; without one, the top level."""
    target = Section.objects.filter(pk=target_id, version=version, removed_at=None).first() if target_id else None
    if place == "after" and target is not None:
        return target.parent_id, target.pk
    parent_id = target.pk if target else None
    last = version.sections.filter(parent_id=parent_id, removed_at=None).order_by("position", "pk").last()
    return parent_id, last.pk if last else None


def _remove(request: HttpRequest, version: Version, rows: list[int]) -> Done:
    done = verbs.remove_sections(version_id=version.pk, section_ids=rows, by=person(request))
    said = ngettext("%(n)s avsnitt är borttaget ur utkastet.", "%(n)s avsnitt är borttagna ur utkastet.", len(done))
    query = "&".join(["do=restore", *(f"rad={row.pk}" for row in done)])
    return done, said % {"n": len(done)}, f"{reverse('strategies:many', args=[version.strategy_id])}?{query}"


def _restore(request: HttpRequest, version: Version, rows: list[int]) -> Done:
    done = verbs.restore_sections(version_id=version.pk, section_ids=rows, by=person(request))
    said = ngettext("%(n)s avsnitt är tillbaka i utkastet.", "%(n)s avsnitt är tillbaka i utkastet.", len(done))
    return done, said % {"n": len(done)}, ""


def _assign(request: HttpRequest, version: Version, rows: list[int]) -> Done:
    owners = [int(value) for value in request.POST.getlist("owner") if value.isdecimal() and len(value) < 18]
    _some(rows)
    done = assign_sections(version_id=version.pk, section_ids=rows, owner_ids=owners, by=person(request))
    said = ngettext("Ansvaret är ändrat för %(n)s avsnitt.", "Ansvaret är ändrat för %(n)s avsnitt.", len(done))
    return done, said % {"n": len(done)}, ""


def _work(request: HttpRequest, version: Version, rows: list[int]) -> Done:
    _some(rows)
    done = set_work(version_id=version.pk, section_ids=rows, work=request.POST.get("work", ""), by=person(request))
    said = ngettext("Läget är ändrat för %(n)s avsnitt.", "Läget är ändrat för %(n)s avsnitt.", len(done))
    return done, said % {"n": len(done)}, ""


def _some(rows: list[int]) -> None:
    if not rows:
        raise Invalid(_("Välj minst ett avsnitt först."))


DEEDS = {"move": _move, "remove": _remove, "restore": _restore, "assign": _assign, "work": _work}

urlpatterns = [path("strategier/<int:strategy_id>/utkast/flera/", many, name="many")]
