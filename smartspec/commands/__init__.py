"""The verbs: plain functions that change state and look it up; `calling` reaches them by name."""
