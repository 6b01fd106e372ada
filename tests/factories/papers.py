"""Papers as the worker makes them."""

from consultations.domain import papers
from consultations.models import Paper
from consultations.publishing.papers import render


def make_all_papers() -> list[Paper | None]:
    """Every paper that waits, made in order."""
    waiting = Paper.objects.filter(state="waiting").order_by("pk").values_list("pk", flat=True)
    return [papers.make_paper(paper_id=pk, render=render) for pk in list(waiting)]
