import io
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn

from tests.factories import consultations as make

pytestmark = pytest.mark.django_db


def test_x(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    from consultations.domain.intake import form, jobs, review, taking_in
    from consultations.publishing.response_form import response_form
    from strategies.publishing.word import version_docx

    make.GOAL_TEXT = "Regionen ska tillsammans med kommunerna stärka tåget och bussen.[^1]\n\nAlla ska kunna bo och arbeta i hela länet. Länet ska växa.\n\n- Första punkten är här\n- Andra punkten är där\n\n1. Ett i lista\n2. Två i lista\n\n| A | B |\n|---|---|\n| Kommun | 12 300 |\n\nLänet ska vara öppet för alla.\n\n[^1]: En not."
    w, response = make.make_draft()
    plan = form.plan_of(w.fresh())
    d = response_form(plan, w.municipality)
    v = version_docx(w.fresh().version, lead=["Kommentera gärna."])
    Path("/tmp/version.docx").write_bytes(v)
    document = docx.Document(io.BytesIO(d))
    for sdt in document.element.body.iter(qn("w:sdt")):
        tag = sdt.find(f"{qn('w:sdtPr')}/{qn('w:tag')}").get(qn("w:val"))
        t = sdt.find(f"{qn('w:sdtContent')}/{qn('w:r')}/{qn('w:t')}")
        new = {
            "s": "Bra.",
            f"p.{w.subgoal.pk}": "Avstyrker",
            f"r.{w.subgoal.pk}": "Nej tack",
            f"q.{w.questions[0].pk}": "Cykel",
            f"q.{w.questions[1].pk}": "Buss",
            f"q.{w.questions[2].pk}": "3",
            "t.1.place": "Mål 1",
            "t.1.quote": "stärka tåget",
            "t.1.text": "Nämn bussen",
            "t.1.wording": "stärka bussen",
        }.get(tag)
        if new:
            t.text = new
            flag = sdt.find(f"{qn('w:sdtPr')}/{qn('w:showingPlcHdr')}")
            if flag is not None:
                flag.getparent().remove(flag)
    out = io.BytesIO()
    document.save(out)
    Path("/tmp/filled.docx").write_bytes(out.getvalue())
    job = jobs.send_in(response_id=response.pk, by=w.editor, file=io.BytesIO(out.getvalue()), name="svar.docx", size=1)
    job = jobs.read_intake(job_id=job.pk)
    print(job.state, job.kind, job.notices, job.original)
    for i in job.items.all():
        print(i.what, i.certain, i.doubt, i.section, i.stance, repr(i.text), i.quote, i.start)
    print(review.accept_certain(job_id=job.pk, by=w.editor))
    for i in job.items.filter(state="undecided"):
        review.accept_item(item_id=i.pk, by=w.editor)
    print(taking_in.take_in(job_id=job.pk, by=w.editor).state)
    document = docx.Document(io.BytesIO(v))
    p = next(p for p in document.paragraphs if "stärka tåget" in p.text)
    document.add_comment(p.runs[0], text="Nämn bussen", author="Anna", initials="A")
    out = io.BytesIO()
    document.save(out)
    job = jobs.send_in(
        response_id=response.pk, by=w.editor, file=io.BytesIO(out.getvalue()), name="version.docx", size=1
    )
    job = jobs.read_intake(job_id=job.pk)
    print(job.state, job.kind, job.notices, [r["text"] for r in job.original])
    for i in job.items.all():
        print(i.what, i.certain, i.doubt, i.section, i.stance, repr(i.text), repr(i.quote), i.start, i.author)
