"""How the verbs about reading in, replacing words and the glossary read in the trail."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "import_document": _("%(who)s läste in ”%(what)s” för granskning"),
    "read_document": _("”%(what)s” är läst och klar att granska"),
    "fail_import": _("”%(what)s” kunde inte läsas in"),
    "read_again": _("%(who)s försökte läsa in ”%(what)s” igen"),
    "cancel_import": _("%(who)s avbröt inläsningen av ”%(what)s”"),
    "take_in": _("%(who)s tog in ”%(what)s” i utkastet (%(sections)s avsnitt)"),
    "propose_text": _("%(who)s föreslog en ändring i ”%(what)s”"),
    "accept_proposal": _("%(who)s tog in ett förslag till ”%(what)s” i utkastet"),
    "reject_proposal": _("%(who)s svarade nej på ett förslag till ”%(what)s”"),
    "replace_words": _("%(who)s bytte ”%(old)s” mot ”%(new)s” på %(count)s ställen i ”%(what)s”"),
    "add_term": _("%(who)s lade till ”%(what)s” i ordlistan"),
    "change_term": _("%(who)s ändrade ”%(what)s” i ordlistan"),
    "remove_term": _("%(who)s tog bort ”%(what)s” ur ordlistan"),
    "restore_term": _("%(who)s tog tillbaka ”%(what)s” i ordlistan"),
}
