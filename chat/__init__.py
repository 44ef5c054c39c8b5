"""Web chat: the protocol, the conversation as a machine without I/O, and the visitors' socket."""
