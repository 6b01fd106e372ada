"""Checkpoints of a draft: kept by name, by the clock after an hour's quiet, and before whatever changes much at once.

Nothing is copied: a checkpoint remembers how many steps each text had, and the steps lead back there.
"""

from collections import defaultdict
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from actors.domain.audit import record
from actors.models import User
from rus_platform.kit import clock
from rus_platform.kit.errors import Invalid
from strategies.domain import documents, steps
from strategies.domain.carry import text_stamp
from strategies.domain.sections import lock_draft
from strategies.domain.text import UNDO, plain
from strategies.models import Checkpoint, CheckpointKind, Section, Step, Version
from strategies.queries.outline import OutlineNode, outline
from strategies.states import TextStatus

QUIET = timedelta(hours=1)
LONGEST_WORK = timedelta(hours=24)  # those who never pause get one a day

State = list[dict[str, Any]]


@transaction.atomic
def keep_checkpoint(*, version_id: int, by: User, label: str) -> Checkpoint:
    """Keep how the draft stands now, under a name. Forbidden, WrongState (frozen), Invalid (no name). A double click is one."""
    version = lock_draft(version_id, by)
    label = " ".join(label.replace("\x00", "").split())
    if not label or len(label) > 120:
        raise Invalid(_("Sparpunkten behöver ett namn."), {"label": _("Skriv ett namn på högst 120 tecken.")})
    last = version.checkpoints.first()
    if last is not None and (last.label, last.by_id, last.stamp) == (label, by.pk, text_stamp(version)):
        return last
    made = _keep(version, CheckpointKind.NAMED, by, label)
    record(by=by, verb="keep_checkpoint", obj=made, strategy_id=version.strategy_id)
    return made


def keep_before(version: Version, kind: str, by: User) -> Checkpoint | None:
    """Called by verbs that change much at once, with the version locked. None when the last one still tells how it stands."""
    last = version.checkpoints.first()
    if last is not None and last.stamp == text_stamp(version):
        return None
    return _keep(version, kind, by)


def keep_quiet_drafts() -> int:
    """The clock: a checkpoint of every draft that was changed and has been quiet for an hour. Returns how many were made."""
    made = 0
    for pk in Version.objects.filter(status=TextStatus.WORKING).values_list("pk", flat=True):
        with transaction.atomic():
            version = Version.objects.select_for_update(skip_locked=True).filter(pk=pk).first()
            made += version is not None and _keep_if_quiet(version)
    return made


def _keep_if_quiet(version: Version) -> bool:
    last = version.checkpoints.first()
    stamp = text_stamp(version)
    since = last.at if last else version.created_at
    changed = version.sections.aggregate(last=Max("updated_at"))["last"]
    if changed is None or stamp == (last.stamp if last else 0) or version.is_frozen:
        return False
    now = clock.now()
    if changed > now - QUIET and since > now - LONGEST_WORK:
        return False
    _keep(version, CheckpointKind.QUIET, None)
    return True


def _keep(version: Version, kind: str, by: User | None, label: str = "") -> Checkpoint:
    return Checkpoint.objects.create(
        version=version, kind=kind, label=label, by=by, at=clock.now(), stamp=text_stamp(version), outline=outline_of(version)
    )  # fmt: skip


def outline_of(version: Version) -> State:
    """The live sections as a checkpoint remembers them. Four queries."""
    nodes = list(outline(version))
    uuids = {node.section.pk: node.uuid for node in nodes}
    return [
        {
            "pk": node.section.pk,
            "uuid": node.uuid,
            "kind": node.kind,
            "title": node.title,
            "code": node.code,
            "level": node.level,
            "parent": uuids.get(node.section.parent_id or 0),
            "position": node.section.position,
            "n": node.section.doc_version,
            "metadata": metadata_of(node),
        }
        for node in nodes
    ]


def metadata_of(node: OutlineNode) -> dict[str, Any]:
    """The facts of a goal, as comparisons show them."""
    return {
        "target_year": node.section.target_year,
        "responsible": sorted(actor.name for actor in node.section.responsible.all()),
        "policy_items": sorted(item.code for item in node.section.policy_items.all()),
    }


def state_at(checkpoint: Checkpoint) -> State:
    """The checkpoint's sections in reading order, each with its ``doc`` as it was: what ``diff_versions`` wants. Two queries."""
    wanted = {row["pk"]: row["n"] for row in checkpoint.outline}
    sections = {row.pk: row for row in Section.objects.filter(pk__in=wanted)}
    back = _steps_back({pk: n for pk, n in wanted.items() if pk in sections and sections[pk].doc_version > n})
    return [
        {**row, "doc": _rewound(sections[row["pk"]], back.get(row["pk"], []))}
        for row in checkpoint.outline
        if row["pk"] in sections
    ]


def _steps_back(wanted: dict[int, int]) -> dict[int, list[dict[str, Any]]]:
    """Section pk -> the steps that take its text back to after ``n`` steps, in the order in which to apply them. One query."""
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    if not wanted:
        return found
    later = Q()
    for pk, n in wanted.items():
        later |= Q(section_id=pk, n__gt=n)
    for pk, step in Step.objects.filter(later).order_by("section_id", "-n").values_list("section_id", "step"):
        found[pk].append(step[UNDO])
    return found


def _rewound(section: Section, back: list[dict[str, Any]]) -> documents.Doc:
    if not back:
        return section.doc
    node = documents.read(documents.upgrade(section.doc, section.schema_version))
    for item in back:
        node = steps.apply_step(node, steps.read_step(item))
    return plain(node)


def state_of(version: Version) -> State:
    """A version's sections as they are now, in the same form. Four queries."""
    docs = dict(version.sections.filter(removed_at=None).values_list("pk", "doc"))
    return [{**row, "doc": docs.get(row["pk"]) or documents.EMPTY} for row in outline_of(version)]
