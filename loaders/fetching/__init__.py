"""Fetching documents from the web, from public addresses alone."""
