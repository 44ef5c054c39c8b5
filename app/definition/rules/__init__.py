"""What a definition must hold beyond its shape: one file for each part of a service. Pure.

Every rule reads the model and says what breaks, where, and what to do. None of them raises.
"""
