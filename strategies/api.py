"""The step endpoint: what an open editor talks to. Each answer is one verb or one query."""

from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from actors.queries.roles import has_role
from rus_platform.kit.errors import Invalid, NotFound, SomebodyElse
from strategies import rules
from strategies.domain import images, suggestions, text
from strategies.models import Section, StepVia, Version
from strategies.publishing.reading import section_html
from strategies.queries.committing import whereabouts
from strategies.queries.references import references
from strategies.queries.suggestions import book_of as suggestions_in
from strategies.queries.text import section_in, steps_since
from strategies.serializers import Batch, Choice, StepsParser, section_json, steps_json

WRITER = "X-Rus-Person"


def check_same_person(request: Request) -> None:
    """The editor says for whom it was opened. Another person may have signed in since, in another tab."""
    opened_by = request.headers.get(WRITER, "")
    if opened_by and opened_by != str(request.user.pk):
        name = request.user.get_username()
        raise SomebodyElse(
            _("%(name)s har loggat in i samma webbläsare. Din text är kvar här; logga in som dig själv så sparas den.")
            % {"name": name}
        )


def readable_section(request: Request, version_id: int, uuid: UUID, *, with_text: bool = True) -> Section:
    """The section, or NotFound for whoever may not read its version. Without its text where only steps are asked for."""
    rows = section_in(version_id, uuid).defer("version__manifest", *([] if with_text else ["doc"]))
    section = rows.first()
    if section is None or not rules.can_read_version(request.user, section.version):
        raise NotFound(_("Avsnittet finns inte, eller så har du inte tillgång till det."))
    return section


def may_write(request: Request, section: Section) -> bool:
    """Whether the editor should let the person type now."""
    now = not section.version.is_frozen and section.removed_at is None and section.locked_at is None
    return now and rules.can_suggest(request.user, section.version.strategy)


def writable_section(request: Request, version_id: int, uuid: UUID) -> int:
    """The section's key, to write in it: may they, and can it be now, is asked by the verb, inside its transaction. NotFound
    for whoever may not even read it."""
    found = whereabouts(version_id, uuid)
    if found is None or not has_role(request.user, found[1], *rules.DRAFTERS):
        return readable_section(request, version_id, uuid, with_text=False).pk
    return found[0]


class SectionView(APIView):
    """One section, to begin editing."""

    def get(self, request: Request, version_id: int, uuid: UUID) -> Response:
        """The document, its version and what its references are called."""
        section = readable_section(request, version_id, uuid)
        refs = references(section.version)
        only = not rules.can_edit(request.user, section.version.strategy)
        book = suggestions_in(section)
        return Response(
            section_json(section, can_edit=may_write(request, section), only_suggest=only, refs=refs, suggestions=book)
        )


class SuggestionsView(APIView):
    """Accepting and refusing from an open editor, and taking that back."""

    def post(self, request: Request, version_id: int, uuid: UUID) -> Response:
        """``{"ids": [...], "accept": bool}`` or ``{"undo": batch}``. Answers with ``{"count", "batch"}``."""
        check_same_person(request)
        section = readable_section(request, version_id, uuid, with_text=False)
        choice = Choice.read(request.data)
        if choice.undo:
            done = suggestions.take_back_decision(section_id=section.pk, by=request.user, batch_id=choice.undo)
        else:
            done = suggestions.decide_suggestions(
                section_id=section.pk, by=request.user, accept=choice.accept, ids=choice.ids
            )
        return Response({"count": done.count, "batch": str(done.batch_id) if done.batch_id else None})


class HtmlView(APIView):
    """A section as its readers see it, to put back where an editor was."""

    def get(self, request: Request, version_id: int, uuid: UUID) -> Response:
        """``html`` is safe: made by our own renderer."""
        section = readable_section(request, version_id, uuid)
        return Response({"html": section_html(section), "empty": not section.doc.get("content")})


class StepsView(APIView):
    """What others have written (GET) and what one has written oneself (POST)."""

    parser_classes = [StepsParser, JSONParser]

    def get(self, request: Request, version_id: int, uuid: UUID) -> Response:
        """Steps after ``?since=``."""
        check_same_person(request)
        section = readable_section(request, version_id, uuid, with_text=False)
        since = request.query_params.get("since", "")
        if not since.isdecimal() or len(since) > 9 or int(since) > section.doc_version:
            raise Invalid(_("Din text bygger på en version som inte finns. Ladda om sidan."), unknown_version=True)
        steps = list(steps_since(section, int(since))) if int(since) < section.doc_version else []
        return Response(steps_json(section, steps, can_edit=may_write(request, section)))

    def post(self, request: Request, version_id: int, uuid: UUID) -> Response:
        """Commit; answers with every step since the sender's version, the sender's own included."""
        check_same_person(request)
        section_id = writable_section(request, version_id, uuid)
        batch = Batch.read(request.data)
        done = text.commit_steps(
            section_id=section_id,
            by=request.user,
            version=batch.version,
            batch_id=batch.batch_id,
            steps=batch.steps,
            via=StepVia.EDITOR,
        )
        return Response({"version": done.version, "steps": [text.shown(step) for step in done.since]})


class ReferencesView(APIView):
    """Sections that a text can refer to, with today's codes and titles."""

    def get(self, request: Request, version_id: int) -> Response:
        """In the order of the outline."""
        return Response(
            {
                "sections": [
                    {"uuid": uuid, **name} for uuid, name in references(readable_version(request, version_id)).items()
                ]
            }
        )


class ImagesView(APIView):
    """Upload of a picture."""

    parser_classes = [MultiPartParser]

    def post(self, request: Request, version_id: int) -> Response:
        """``image``: the file. Answers with what the figure needs."""
        check_same_person(request)
        version = readable_version(request, version_id)
        file: Any = request.FILES.get("image")
        if file is None:
            raise Invalid(_("Välj en bild."), fields={"image": _("Välj en bild.")})
        image = images.add_image(strategy_id=version.strategy_id, by=request.user, file=file, size=file.size)
        url = reverse("strategies:image", args=[image.uuid])
        return Response(
            {"image": str(image.uuid), "url": url, "width": image.width, "height": image.height}, status=201
        )


def readable_version(request: Request, version_id: int) -> Version:
    """The version, or NotFound for whoever may not read it."""
    version = Version.objects.select_related("strategy").filter(pk=version_id).first()
    if version is None or not rules.can_read_version(request.user, version):
        raise NotFound(_("Versionen finns inte, eller så har du inte tillgång till den."))
    return version
