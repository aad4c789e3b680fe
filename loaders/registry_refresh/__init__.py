"""Bringing the registry's models up to date from published packages of model data, for a person to review."""
