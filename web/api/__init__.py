"""The REST API: pydantic in and out, problems as RFC 9457."""
