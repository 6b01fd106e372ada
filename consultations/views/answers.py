"""The round's questions, answered by the organisation."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from consultations.domain import responses
from consultations.models import Question, Response
from consultations.queries.responses import content_of, questions_of
from consultations.views.loading import of_own_draft, person, whole
from consultations.views.mine import sifted
from consultations.views.responses import answered, response_context
from rus_platform.kit.errors import Conflict, Invalid
from strategies.queries.outline import outline


@of_own_draft
def answers(request: HttpRequest, response: Response) -> HttpResponse:
    """The questions in one form; every answer that is fine is saved even if another is not."""
    problems: dict[int, Any] = {}
    if request.method == "POST":
        for question in questions_of(response.round):
            problems |= save_one(request, response, question)
        if not problems:
            messages.success(request, _("Svaren är sparade."))
            return redirect("consultations:response", response.pk)
    kept = content_of(response, person(request)).answers
    rows = [answer_row(request, row, problems.get(row["question"].pk)) for row in answered(response, kept)]
    tree = outline(response.round.version)
    shown = sifted(request, response, rows, tree, lambda holders, row: holders.of_question(row["question"]))
    context = response_context(request, response, "answers", problems=problems, scale=range(1, 6), **shown)
    return render(request, "consultations/answers.html", context, status=422 if problems else 200)


def answer_row(request: HttpRequest, row: dict[str, Any], problem: Any) -> dict[str, Any]:
    """A question with what its field shows: what was typed when it was refused, otherwise what is saved.

    ``was`` is the saved value that the field started from: an answer nobody touched is not sent in again.
    """
    value = row["answer"].given if row["answer"] else ""
    revision = row["answer"].revision if row["answer"] else 0
    shown = request.POST.get(f"q{row['question'].pk}", "") if problem else value
    return {**row, "problem": problem, "value": shown, "was": value, "revision": revision}


def save_one(request: HttpRequest, response: Response, question: Question) -> dict[int, Any]:
    """Save one answer if the person changed it; {question id: what was wrong} otherwise."""
    value = request.POST.get(f"q{question.pk}", "").replace("\r\n", "\n")
    if value == request.POST.get(f"w{question.pk}", "").replace("\r\n", "\n"):
        return {}
    try:
        responses.save_answer(
            response_id=response.pk, question_id=question.pk, by=person(request), value=value,
            revision=whole(request.POST.get(f"r{question.pk}")) or 0,
        )  # fmt: skip
    except (Invalid, Conflict) as refusal:  # one bad answer must not lose the others
        return {question.pk: refusal}
    return {}
