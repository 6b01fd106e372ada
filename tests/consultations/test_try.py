import subprocess, pytest, io
from pathlib import Path
from tests.factories import consultations as make
pytestmark = pytest.mark.django_db
def test_x():
    from consultations.domain.intake import form, word
    from consultations.publishing.response_form import response_form
    from strategies.publishing.word import version_docx
    from strategies.domain.importing.opening import open_docx
    w = make.make_open_round()
    plan = form.plan_of(w.fresh())
    d = response_form(plan, w.municipality)
    Path("/tmp/form.docx").write_bytes(d)
    v = version_docx(w.fresh().version, lead=["Kommentera gärna."])
    Path("/tmp/version.docx").write_bytes(v)
    for f in ("form","version"):
        r = word.read_word(open_docx(Path(f"/tmp/{f}.docx").read_bytes()))
        for p in r.paragraphs: print(p.row, p.level, p.is_item, p.place, repr(p.text[:90]))
        print(r.fields)
    print(form.key_in(word.read_word(open_docx(d))), plan.key)
    print(form.point_rows(word.read_word(open_docx(d))), form.values_in(word.read_word(open_docx(d)), plan))
