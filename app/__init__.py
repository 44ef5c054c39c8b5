"""Frontdoor: one front door for victims of crime, by chat, phone and text."""
