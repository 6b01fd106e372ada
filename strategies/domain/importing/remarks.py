"""The comments of a Word file as comments in the draft, where their words are found."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from actors.models import User
from rus_platform.kit.errors import Invalid
from strategies.domain import documents
from strategies.domain.comments import add_comment
from strategies.models import ImportJob, Section, Version

TELLING = 40  # characters of the words, to find the section by when they run over several paragraphs


def add_comments(job: ImportJob, version: Version, made: list[Section], by: User) -> None:
    """One comment for each of the file's: on its words, else on the section where they begin, else on the draft as a whole.

    They are made by whoever takes the document in; the words begin with the author's name in the file.
    """
    rows = Section.objects.filter(pk__in=[section.pk for section in made], removed_at=None).order_by("pk")
    texts = {row.pk: " ".join(documents.plain_text(row.doc).split()) for row in rows}
    for n, comment in enumerate(job.comments):
        _add(comment, f"import-{job.pk}-{n}", version, texts, by)


def _add(comment: dict[str, Any], key: str, version: Version, texts: dict[int, str], by: User) -> None:
    on = " ".join(comment.get("on", "").split())
    author = comment["author"] + (f" ({comment['at']})" if comment.get("at") else "")
    said = _("%(author)s i Word: %(words)s") % {"author": author, "words": comment["words"] or "–"}
    home = next((pk for pk, text in texts.items() if on and on[:TELLING] in text), None)
    if home is not None and on in texts[home]:
        try:
            with transaction.atomic():
                add_comment(
                    version_id=version.pk, by=by, text=said, key=key, section_id=home, words={"quote": comment["on"]}
                )
            return
        except Invalid:  # the words stand in several places, or in two paragraphs: the section has to do
            pass
    quoted = f"”{on}”\n{said}" if on else said
    add_comment(version_id=version.pk, by=by, text=quoted, key=key, section_id=home)
