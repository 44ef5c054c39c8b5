"""Every word people read, in every language: one catalogue, English the source (TRANSLATING.md)."""
