"""Text into plain values, each with its place: YAML, scalars, slips of the pen."""
