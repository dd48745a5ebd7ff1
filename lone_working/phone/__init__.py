"""What an officer’s own phone holds and sends, also signed out."""
