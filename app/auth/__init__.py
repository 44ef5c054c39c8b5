"""Who is asking: staff by password and session, visitors by a token for one conversation."""
