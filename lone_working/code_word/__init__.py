"""A word by which somebody at the door says that they cannot speak."""
