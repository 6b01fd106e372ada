"""The demonstration: a fictional county, its strategy and its consultation. Everything here is invented.

``corpus`` composes the texts, ``story`` tells what happened through the real verbs.
"""
