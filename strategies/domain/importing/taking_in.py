"""Taking a read document in: the chosen sections become sections of the draft, all of them or none."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from actors.domain.audit import record
from actors.models import User
from rus_platform.kit import clock
from rus_platform.kit.errors import Invalid, NotFound, WrongState
from rus_platform.kit.locking import lock
from strategies.domain.checkpoints import keep_before
from strategies.domain.importing.jobs import lock_job
from strategies.domain.importing.proposal import (
    APPEND,
    NEW,
    Choice,
    Proposal,
    Proposed,
    Standing,
    propose,
    with_choices,
)
from strategies.domain.importing.remarks import add_comments
from strategies.domain.importing.tracked import ACCEPTED, settled_parts
from strategies.domain.sections import add_section, lock_draft
from strategies.domain.text import replace_text
from strategies.models import CheckpointKind, ImportJob, Section, StepVia, Version
from strategies.states import IMPORT_STATES, ImportState, TextStatus


def proposal_for(
    job: ImportJob, version: Version, depth: int | None = None, parent_id: int | None = None, changes: str = ACCEPTED
) -> Proposal:
    """What the job is proposed to become in this draft, its tracked ``changes`` accepted, undone, or as suggestions."""
    rows = version.sections.filter(removed_at=None).values_list("pk", "title", "doc__content", "kind")
    standing = [Standing(pk, title, not content, kind) for pk, title, content, kind in rows]
    under = next((row.kind for row in standing if row.id == parent_id), None)
    return propose(settled_parts(job.parts, changes), standing, depth, under)


@transaction.atomic
def take_in(
    *,
    job_id: int,
    by: User,
    depth: int | None,
    parent_id: int | None,
    choices: Iterable[Choice],
    changes: str = ACCEPTED,
    with_comments: bool = False,
) -> ImportJob:
    """Make the chosen sections and write their text, as the person's own writing by import. The same again is one.

    ``changes``: "accepterade", "fore" (as it was) or "forslag": suggestions in the name of whoever takes it in, since a file can
    name anybody. ``with_comments``: the file's comments become comments, each beginning with its author's name.

    Forbidden; WrongState without a draft or when the job is not ready; Invalid, naming the heading, when a section cannot stand there.
    """
    job = lock_job(job_id, by)
    if job.state == ImportState.TAKEN_IN:
        return job
    IMPORT_STATES.check(job.state, ImportState.TAKEN_IN)
    draft = job.strategy.versions.filter(status=TextStatus.WORKING).first()
    if draft is None:
        raise WrongState(_("Det finns inget utkast att läsa in i. Börja nästa utkast från en fryst version."))
    version = lock_draft(draft.pk, by)
    chosen = with_choices(proposal_for(job, version, depth, parent_id, changes), choices)
    if not chosen:
        raise Invalid(_("Välj minst ett avsnitt att ta in."))
    keep_before(version, CheckpointKind.IMPORT, by)
    made = _write(version, parent_id, chosen, by)
    if with_comments:
        add_comments(job, version, [section for _item, section in made], by)
    job.state, job.taken_in_at, job.taken_in_by = ImportState.TAKEN_IN, clock.now(), by
    job.result = {str(item.n): section.pk for item, section in made}
    job.save(update_fields=["state", "taken_in_at", "taken_in_by", "result"])
    record(by=by, verb="take_in", obj=job, strategy_id=job.strategy_id, sections=len(made))
    return job


def _write(version: Version, parent_id: int | None, chosen: list[Proposed], by: User) -> list[tuple[Proposed, Section]]:
    above: list[tuple[int, Section]] = []
    made: list[tuple[Proposed, Section]] = []
    for item in chosen:
        while above and above[-1][0] >= item.level:
            above.pop()
        section = _section_for(version, item, above[-1][1].pk if above else parent_id, by)
        _fill(section, item, by)
        above.append((item.level, section))
        made.append((item, section))
    return made


def _section_for(version: Version, item: Proposed, parent_id: int | None, by: User) -> Section:
    if item.place != NEW:
        section = Section.objects.filter(pk=item.section_id or 0, version=version, removed_at=None).first()
        if section is None:
            raise NotFound(_("Avsnittet som ”%(title)s” skulle läggas i finns inte längre.") % {"title": item.title})
        return section
    try:
        return add_section(
            version_id=version.pk, kind=item.kind, title=item.title or _("Inledande text"), by=by, parent_id=parent_id
        )
    except Invalid as refusal:
        raise Invalid(
            _("”%(title)s”: %(why)s") % {"title": item.title or _("Inledande text"), "why": refusal},
            {f"kind-{item.n}": str(refusal)},
        ) from refusal


def _fill(section: Section, item: Proposed, by: User) -> None:
    """The text into the section: instead of what stands there, or after it."""
    if not item.doc["content"]:
        return
    doc = item.doc
    if item.place == APPEND:
        now = lock(Section.objects.filter(pk=section.pk)).doc
        doc = {"type": "doc", "content": [*(now.get("content") or []), *item.doc["content"]]}
    replace_text(section_id=section.pk, by=by, doc=doc, via=StepVia.IMPORT)
