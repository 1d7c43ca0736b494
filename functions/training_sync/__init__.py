"""Learning progress in: ``progress`` acts on the LMS's webhooks, ``pull`` asks for what did not come by itself."""
