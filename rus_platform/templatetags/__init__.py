"""Template tags of the platform, loaded by name: ``{% load ui %}``."""
