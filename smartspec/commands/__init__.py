"""The verbs: plain functions that change state and look it up; `registry` reaches them by name."""
