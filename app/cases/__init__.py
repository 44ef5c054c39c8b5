"""The record: contacts, their conversations and who held them. Every door is in this room."""
