"""What products tell by webhook: one module a dialect, imported when it is first spoken (``rencai.inbox.dialects``)."""
