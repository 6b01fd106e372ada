"""How the verbs about text, outline, versions and decisions read in the trail."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "add_section": _("%(who)s lade till avsnittet ”%(what)s”"),
    "rename_section": _("%(who)s ändrade rubriken ”%(before)s” till ”%(after)s”"),
    "move_section": _("%(who)s flyttade avsnittet ”%(what)s”"),
    "remove_section": _("%(who)s tog bort avsnittet ”%(what)s”"),
    "restore_section": _("%(who)s tog tillbaka avsnittet ”%(what)s”"),
    "begin_section": _("%(who)s började med ”%(what)s”"),
    "unbegin_section": _("%(who)s satte ”%(what)s” som inte påbörjat"),
    "mark_ready": _("%(who)s satte ”%(what)s” som klart för granskning"),
    "reopen_section": _("%(who)s öppnade ”%(what)s” för mer arbete"),
    "assign_sections": _("%(who)s gav ansvaret för ”%(what)s” till %(owners)s"),
    "lock_section": _("%(who)s låste ”%(what)s” för granskning: %(reason)s"),
    "unlock_section": _("%(who)s låste upp ”%(what)s”"),
    "set_goal_facts": _("%(who)s ändrade uppgifterna om ”%(what)s”"),
    "freeze_version": _("%(who)s frös ”%(what)s”"),
    "fork_version": _("%(who)s började ”%(what)s” från ”%(forked_from)s”"),
    "grant": _("%(who)s gav läsrätt till ”%(what)s”"),
    "revoke": _("%(who)s tog tillbaka läsrätt till ”%(what)s”"),
    "submit_for_decision": _("%(who)s lämnade ”%(what)s” till beslut"),
    "record_decision": _("%(who)s förde in beslutet %(paragraph)s om ”%(version)s”"),
    "adopt": _("”%(what)s” antogs av regionfullmäktige"),
    "confirm_resolution": _("%(who)s bekräftade var en synpunkts ord är"),
    "add_comment": _("%(who)s kommenterade i utkastet"),
    "reply": _("%(who)s svarade i kommentar %(what)s"),
    "edit_remark": _("%(who)s ändrade sina ord i kommentar %(what)s (förut: ”%(before)s”)"),
    "remove_remark": _("%(who)s tog bort sina ord i kommentar %(what)s (”%(before)s”)"),
    "assign_comment": _("%(who)s gav kommentar %(what)s till %(to)s"),
    "resolve_comment": _("%(who)s löste kommentar %(what)s"),
    "reopen_comment": _("%(who)s öppnade kommentar %(what)s igen"),
}
