"""The advisor's face: sign-in, the desk, the contact log. It holds no rule of its own."""
