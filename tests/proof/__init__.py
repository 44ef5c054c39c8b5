"""Proofs that take long: killed, cut off, bent and played against a model. README.md tells them."""
