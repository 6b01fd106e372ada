"""How every status value looks: a hue and an icon. The words come from the TextChoices that own the value."""

LOOKS: dict[str, tuple[str, str]] = {
    # The text (TextStatus) and its way to decision (ApprovalState)
    "working": ("neutral", "pencil"),
    "shared": ("lake", "eye"),
    "consultation": ("amber", "comments"),
    "proposal": ("plum", "gavel"),
    "adopted": ("pine", "stamp"),
    "referred_back": ("berry", "undo"),
    "superseded": ("neutral", "history"),
    "development_board": ("plum", "gavel"),
    "executive_board": ("plum", "gavel"),
    "regional_council": ("plum", "gavel"),
    # A section of the draft (WorkStatus)
    "not_started": ("neutral", "circle"),
    "in_progress": ("lake", "half"),
    "review_ready": ("pine", "check-circle"),
    # Rounds, answers and invitations
    "preparing": ("neutral", "pencil"),
    "open": ("pine", "unlock"),
    "closed": ("amber", "lock"),
    "settled": ("pine", "check-circle"),
    "drafting": ("neutral", "pencil"),
    "submitted": ("pine", "send"),
    "decided": ("lake", "check-circle"),
    "preliminary": ("amber", "clock"),
    "unsent": ("berry", "x-circle"),
    "invited": ("neutral", "mail"),
    "opened": ("lake", "eye"),
    "answered": ("pine", "check-circle"),
    "declined": ("neutral", "minus-circle"),
    "late": ("amber", "clock"),
    "missing": ("neutral", "circle"),
    # More time (ExtensionState)
    "requested": ("amber", "clock"),
    "granted": ("pine", "check-circle"),
    "refused": ("berry", "x-circle"),
    "withdrawn": ("neutral", "undo"),
    "not_sent": ("berry", "x-circle"),
    # Dialogue meetings
    "planned": ("neutral", "calendar"),
    "held_meeting": ("lake", "users"),
    "handed_over": ("pine", "check-circle"),
    "called_off": ("berry", "x-circle"),
    "yes": ("pine", "check-circle"),
    "no": ("neutral", "x"),
    # Moderation of the public's answers
    "published": ("pine", "eye"),
    "held": ("berry", "eye-off"),
    # Positions (Stance)
    "supports": ("pine", "check-circle"),
    "supports_with_changes": ("moss", "half"),
    "opposes": ("berry", "x-circle"),
    "no_opinion": ("neutral", "minus-circle"),
    # Decisions on a point (DispositionDecision)
    "accommodated": ("pine", "check-circle"),
    "partly": ("moss", "half"),
    "not": ("berry", "x-circle"),
    "already": ("lake", "check-double"),
    "elsewhere": ("plum", "split"),
    "noted": ("neutral", "info"),
    "undecided": ("amber", "circle"),
    # A suggested wording in the draft
    "suggested": ("lake", "suggest"),
    "in_text": ("pine", "check-circle"),
    "taken_back": ("neutral", "undo"),
    # Where quoted words are now (AnchorOutcome)
    "exact": ("pine", "check"),
    "moved": ("lake", "move"),
    "reworded": ("amber", "pencil"),
    "ambiguous": ("plum", "question"),
    "gone": ("berry", "x"),
    "accepted": ("pine", "check"),
    "rejected": ("neutral", "x"),
    # Kinds of point (PointKind)
    "change": ("lake", "pencil"),
    "objection": ("berry", "alert"),
    "support": ("pine", "check"),
    "question": ("plum", "question"),
    "remark": ("neutral", "comment"),
    "error": ("amber", "error"),
    # Work in the background (PublicationState, MailState) and tasks
    "waiting": ("neutral", "clock"),
    "running": ("lake", "spinner"),
    "done": ("pine", "check-circle"),
    "sent": ("pine", "send"),
    "failed": ("berry", "error"),
    "ready": ("amber", "eye"),
    "taken_in": ("pine", "check-circle"),
    "cancelled": ("neutral", "x"),
    "todo": ("neutral", "circle"),
    "started": ("lake", "half"),
    "blocked": ("berry", "lock"),
    # Comparison of versions
    "added": ("pine", "plus"),
    "removed": ("berry", "minus"),
    "changed": ("amber", "pencil"),
    "new": ("pine", "plus"),
    "unchanged": ("neutral", "check"),
    # Tones
    "info": ("lake", "info"),
    "success": ("pine", "check-circle"),
    "warning": ("amber", "alert"),
    "danger": ("berry", "error"),
    "neutral": ("neutral", "info"),
}


def look_of(value: str) -> tuple[str, str]:
    """Hue and icon of a value; an unknown one is neutral with a dot."""
    return LOOKS.get(value, ("neutral", "dot"))
