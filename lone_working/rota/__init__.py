"""Who is on duty, when, and that nobody will be."""
