"""Relations and dates that no rule tells of, by a classifier that was trained on annotated texts."""
