"""How the verbs about text, outline, versions and decisions read in the trail."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "add_section": _("%(who)s lade till avsnittet ”%(what)s”"),
    "rename_section": _("%(who)s ändrade rubriken ”%(before)s” till ”%(after)s”"),
    "move_section": _("%(who)s flyttade avsnittet ”%(what)s”"),
    "remove_section": _("%(who)s tog bort avsnittet ”%(what)s”"),
    "restore_section": _("%(who)s tog tillbaka avsnittet ”%(what)s”"),
    "split_section": _("%(who)s delade ”%(what)s”; ”%(other)s” blev ett eget avsnitt"),
    "split_off": _("”%(what)s” kom till när %(who)s delade ”%(other)s”"),
    "merge_sections": _("%(who)s slog ihop ”%(what)s” med ”%(other)s”"),
    "merged_into": _("%(who)s lät ”%(what)s” gå upp i ”%(other)s”"),
    "undo_split": _("%(who)s ångrade delningen av ”%(what)s” och ”%(other)s”"),
    "undo_merge": _("%(who)s ångrade sammanslagningen av ”%(what)s” och ”%(other)s”"),
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
}
