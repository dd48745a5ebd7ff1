"""How whoever was told answers without the app."""
