"""The REST API's machinery: operations, authentication, validation, the OpenAPI document and its page."""
