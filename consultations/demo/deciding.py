"""The region's work after the closing: decisions on a part of the points, and the next draft with the changes they caused."""

import random
from collections import defaultdict
from datetime import datetime
from typing import Any

from actors.models import User
from consultations.demo.answering import block_with
from consultations.demo.drafting import Drafted, working_hour
from consultations.demo.opinions import View
from consultations.demo.reading import keyed
from consultations.domain import dispositions
from consultations.models import ConsultationRound, Point
from rus_platform.kit import clock
from strategies.domain.documents import blocks
from strategies.domain.text import replace_text
from strategies.models import Section, StepVia

Made = list[tuple[View, Point]]

DECIDED = 0.6
CHANGES = 26  # written suggestions that the new draft takes in
LEFT_OPEN = {"d12", "d52", "d53", "p7"}  # a visitor decides here: the answers contradict one another
RESERVED = {"Pålitlighet kommer före hastighet."}  # the region words these anew itself
WEIGHTS = {
    "support": {"noted": 1}, "question": {"already": 3, "noted": 2, "elsewhere": 2}, "error": {"accommodated": 3, "not": 1},
    "change": {"partly": 4, "not": 3, "already": 1, "accommodated": 1, "elsewhere": 1},
    "objection": {"not": 5, "partly": 3, "elsewhere": 1}, "remark": {"noted": 4, "already": 2, "partly": 1, "elsewhere": 1},
}  # fmt: skip


def choose_changes(made: Made, seed: int) -> dict[str, View]:
    """Suggested wordings to take in: source -> one view; never two of the same words, none in what is left open."""
    rng = random.Random(f"{seed}/changes")
    known = {
        view.source: view
        for view, _point in made
        if view.source and view.section not in LEFT_OPEN and view.quote not in RESERVED
    }
    chosen: dict[str, View] = {}
    taken: set[tuple[str | None, str]] = set()
    for source in rng.sample(sorted(known), len(known)):
        view = known[source]
        if (view.section, view.quote) not in taken and len(chosen) < CHANGES:
            taken.add((view.section, view.quote))
            chosen[source] = view
    return chosen


def decide(
    round_: ConsultationRound, made: Made, changes: dict[str, View], titles: dict[str, str], *, by: list[User],
    times: tuple[datetime, datetime], seed: int,
) -> set[int]:  # fmt: skip
    """Decide on about 60 per cent of the points. Returns the ids of those that were met with a chosen change."""
    rng = random.Random(f"{seed}/decisions")
    reasons = keyed("views/templates.txt")
    batches: dict[tuple[str, str, int, int], list[int]] = defaultdict(list)
    met: set[int] = set()
    for view, point in made:
        if view.source in changes:
            met.add(point.pk)
            decision = "accommodated"
        elif view.section in LEFT_OPEN or rng.random() > DECIDED + 0.08:
            continue
        else:
            options = WEIGHTS[view.kind]
            decision = rng.choices(list(options), list(options.values()))[0]
        reason = rng.choice(reasons[decision]["a"]).format(title=titles.get(view.section or "", "strategin"))
        batches[(decision, reason, rng.randrange(12), rng.randrange(len(by)))].append(point.pk)
    for (decision, reason, day, officer), points in sorted(batches.items(), key=lambda row: row[0][2]):
        with clock.travel(working_hour(times[0] + (times[1] - times[0]) * (day / 12), rng)):
            if len(points) == 1:
                dispositions.decide_point(point_id=points[0], by=by[officer], decision=decision, reason=reason)
            else:
                dispositions.decide_points(
                    round_id=round_.pk, point_ids=points, by=by[officer], decision=decision, reason=reason
                )
    return met


def take_in(
    changes: dict[str, View],
    made: Made,
    met: set[int],
    draft: Drafted,
    *,
    by: list[User],
    times: tuple[datetime, datetime],
    seed: int,
) -> int:
    """Write the chosen wordings into the new draft and say which points caused them. Returns the number of links."""
    rng = random.Random(f"{seed}/links")
    links = 0
    for number, (source, view) in enumerate(sorted(changes.items())):
        assert view.section is not None
        officer = by[number % len(by)]
        with clock.travel(working_hour(times[0] + (times[1] - times[0]) * (number / len(changes)), rng)):
            before, after, block_id = rewrite(draft[view.section].pk, view.quote, view.wording, officer)
            for other, point in made:
                if other.source == source and point.pk in met and rng.random() < 0.85:
                    dispositions.link_change(
                        point_id=point.pk,
                        section_id=draft[view.section].pk,
                        by=officer,
                        block_id=block_id,
                        before=before,
                        after=after,
                    )
                    links += 1
    return links


def rewrite(section_id: int, quote: str, wording: str, by: User) -> tuple[str, str, str]:
    """Put ``wording`` where ``quote`` stands, as steps. The block's words before and after, and its id."""
    section = Section.objects.get(pk=section_id)
    block = block_with(blocks(section.doc), quote)
    doc = with_words(section.doc, block.id, quote, wording)
    replace_text(section_id=section_id, by=by, doc=doc, via=StepVia.EDITOR)
    return block.text, block.text.replace(quote, wording, 1), block.id


def with_words(node: dict[str, Any], block_id: str, quote: str, wording: str, inside: bool = False) -> dict[str, Any]:
    """A copy with the words changed, in one text node of the named block."""
    inside = inside or (node.get("attrs") or {}).get("id") == block_id
    copy = dict(node)
    if inside and quote in node.get("text", ""):
        copy["text"] = node["text"].replace(quote, wording, 1)
    if "content" in node:
        copy["content"] = [with_words(child, block_id, quote, wording, inside) for child in node["content"]]
    return copy
