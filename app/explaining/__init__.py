"""Showing an extraction with its reasons: in the terminal, as a page, as JSON lines."""
