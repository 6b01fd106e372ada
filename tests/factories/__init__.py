"""Small worlds for tests, made with the platform's own verbs. One module per app."""
