"""Who is told when, in which order, and whether it works."""
