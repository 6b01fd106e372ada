"""The empty table for many answers: headings that are understood when it comes back, and a list of the organisations."""

import io
from collections.abc import Sequence

import openpyxl
from django.utils.translation import gettext as _
from openpyxl.styles import Font
from openpyxl.worksheet.datavalidation import DataValidation

WIDTHS = (34, 22, 34, 70, 50, 26, 14)


def table_template(actors: Sequence[str]) -> bytes:
    """An Excel file; the first column offers ``actors``."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = _("Svar")
    heads = ("Organisation", "Avsnitt", "Citat", "Synpunkt", "Föreslagen lydelse", "Ställningstagande", "Datum")
    sheet.append(heads)
    for cell, width in zip(sheet[1], WIDTHS, strict=True):
        cell.font = Font(bold=True)
        sheet.column_dimensions[cell.column_letter].width = width
    sheet.freeze_panes = "A2"
    listed = book.create_sheet(_("Organisationer"))
    for name in actors:
        listed.append([f"'{name}" if name[:1] in "=+-@" else name])
    if actors:
        rule = DataValidation(type="list", formula1=f"='{listed.title}'!$A$1:$A${len(actors)}", showErrorMessage=False)
        sheet.add_data_validation(rule)
        rule.add("A2:A5000")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
