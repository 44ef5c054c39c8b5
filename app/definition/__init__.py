"""A commissioned service as data: hubs, lines, ladder, lots and words, from one TOML file."""
