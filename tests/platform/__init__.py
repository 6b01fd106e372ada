"""Tests of the platform itself: shell, tags, settings."""
