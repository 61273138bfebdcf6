"""JSON Schema: validation within limits, its cost, its references, and what is said of a violation."""
