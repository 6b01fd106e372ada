"""An e-mail from a colleague, read into a response that is being written and waiting to be confirmed."""

import io

from actors.models import User
from consultations.domain.intake import jobs
from consultations.models import IntakeJob, Response
from strategies.domain.anchors import text_blocks
from strategies.queries.outline import outline

LETTER = """From: Miljökontoret <miljo@tallmo.example>
To: Kommunledningen <kommun@tallmo.example>
Subject: Synpunkter till energiremissen
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

Hej!

Här är våra synpunkter till kommunens svar.

I {code} står det ”{quote}”. Vi saknar en rad om vem som betalar; annars blir det svårt för mindre kommuner att vara med.

Strategin behöver säga hur elnätets kapacitet ska räcka till både industrin och laddningen, för i dag nekas företag anslutning.

Vi är positiva till att reservkraften för vård och vatten kartläggs tillsammans, och ställer gärna upp som provkommun.

Vänliga hälsningar
Miljökontoret
"""


def letter_to_confirm(response: Response, by: User) -> IntakeJob | None:
    """A letter that quotes the first goal of the text, sent in by ``by`` and read."""
    goal = next(node for node in outline(response.round.version, with_text=True) if node.kind == "goal")
    words = next(block.text for block in text_blocks(goal.section.doc) if block.kind == "paragraph" and block.text)
    quote = words.split(". ")[0].rstrip(".")[:160].rsplit(" ", 1)[0]
    data = LETTER.format(code=goal.code.lower(), quote=quote).encode()
    job = jobs.send_in(
        response_id=response.pk, by=by, file=io.BytesIO(data), name="Synpunkter till energiremissen.eml", size=len(data)
    )
    return jobs.read_intake(job_id=job.pk)
