"""The OpenAPI document as JSON and as a page, both built on the first request. The page loads nothing else."""

import base64
import hashlib
import html
import json
from collections.abc import Awaitable, Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from aiohttp import web

from web.api.document import build_document
from web.api.operation import Operation

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
_STYLE = (Path(__file__).parent / "page.css").read_text()
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
POLICY = f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none'; form-action 'none'"


def make_document_route(operations: Sequence[Operation]) -> Handler:
    """Make the handler that serves the document as JSON."""
    build = cache(lambda: json.dumps(build_document(operations)).encode())

    async def openapi(_request: web.Request) -> web.Response:
        return web.Response(body=build(), content_type="application/json")

    return openapi


def make_docs_route(operations: Sequence[Operation]) -> Handler:
    """Make the handler that serves the page."""
    build = cache(lambda: "".join(_render_page(build_document(operations))).encode())

    async def docs(_request: web.Request) -> web.Response:
        return web.Response(
            body=build(),
            content_type="text/html",
            charset="utf-8",
            headers={"Content-Security-Policy": POLICY},
        )

    return docs


def _render_page(described: dict[str, Any]) -> Iterator[str]:
    title = html.escape(described["info"]["title"])
    operations = [
        (method.upper(), path, operation)
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
    ]
    by_tag = {
        tag["name"]: [one for one in operations if tag["name"] in one[2]["tags"]] for tag in described["tags"]
    }
    yield f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}: REST API</title>'
    yield f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head><body>'
    yield f'<nav aria-label="Operations"><strong>{title}</strong>'
    for tag, found in by_tag.items():
        links = "".join(
            f'<li><a href="#{operation["operationId"]}">{_render_text(operation["summary"])}</a></li>'
            for _, _, operation in found
        )
        yield f"<h2>{html.escape(tag)}</h2><ul>{links}</ul>"
    yield f"</nav><main><h1>{title}: REST API</h1>"
    yield "".join(f"<p>{_render_text(part)}</p>" for part in described["info"]["description"].split("\n\n"))
    yield '<p class="quiet">The same as a document: <a href="openapi.json">openapi.json</a> (OpenAPI 3.1).</p>'
    for tag, found in by_tag.items():
        yield f'<h2 class="tag">{html.escape(tag)}</h2>'
        for method, path, operation in found:
            yield from _render_operation(method, path, operation, described["components"]["schemas"])
    yield "</main></body></html>"


def _render_operation(
    method: str, path: str, operation: dict[str, Any], schemas: dict[str, Any]
) -> Iterator[str]:
    heading = f'<span class="method">{method}</span> <code>{html.escape(path)}</code>'
    yield f'<section id="{operation["operationId"]}"><h3>{heading}</h3>'
    yield f"<p>{_render_text(operation['summary'])}.</p>"
    if operation["description"].rstrip(".") != operation["summary"]:
        yield f"<p>{_render_text(operation['description'])}</p>"
    if not operation["security"]:
        yield '<p class="quiet">No token is needed.</p>'
    if parameters := operation.get("parameters"):
        yield _render_table(
            "Parameters",
            [
                (one["name"], f"{one['in']}, {_describe_schema(one['schema'])}", one.get("description", ""))
                for one in parameters
            ],
        )
    if body := operation.get("requestBody"):
        yield _render_fields("Body", body["content"]["application/json"]["schema"], schemas, sent=True)
    for status, answer in operation["responses"].items():
        if status.startswith("2") and (content := answer.get("content")):
            yield _render_fields(
                f"Answer {status}", content["application/json"]["schema"], schemas, sent=False
            )
    yield _render_table(
        "Statuses", [(status, answer["description"], "") for status, answer in operation["responses"].items()]
    )
    yield "</section>"


def _render_fields(caption: str, schema: dict[str, Any], schemas: dict[str, Any], *, sent: bool) -> str:
    if choices := schema.get("oneOf"):
        return "".join(
            _render_fields(f"{caption}: {_describe_schema(one)}", one, schemas, sent=sent) for one in choices
        )
    resolved = _resolve(schema, schemas)
    required = resolved.get("required", ())
    rows = [
        (
            name + ("" if not sent or name in required else " (may be left out)"),
            _describe_schema(field),
            field.get("description", ""),
        )
        for name, field in resolved.get("properties", {}).items()
        if not (sent and field.get("readOnly"))
    ]
    return _render_table(caption, rows)


def _render_table(caption: str, rows: list[tuple[str, str, str]]) -> str:
    lines = "".join(
        f'<tr><th scope="row"><code>{html.escape(name)}</code></th><td>{html.escape(kind)}'
        + (f'<br><span class="quiet">{_render_text(about)}</span>' if about else "")
        + "</td></tr>"
        for name, kind, about in rows
    )
    return f"<table><caption>{html.escape(caption)}</caption><tbody>{lines}</tbody></table>"


def _describe_schema(schema: dict[str, Any]) -> str:
    """Describe a schema in a few words."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "const" in schema:
        return f'"{schema["const"]}"'
    if kinds := schema.get("anyOf"):
        return " or ".join(_describe_schema(kind) for kind in kinds)
    if values := schema.get("enum"):
        return ", ".join(map(str, values))
    kind = str(schema.get("format") or schema.get("type", "anything"))
    if kind == "array":
        return f"list of {_describe_schema(schema['items'])}"
    bounds = [
        f"{words} {schema[name]}"
        for name, words in (
            ("minLength", "at least"),
            ("maxLength", "at most"),
            ("minimum", "from"),
            ("maximum", "to"),
        )
        if name in schema
    ]
    return ", ".join([kind, *bounds])


def _resolve(schema: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = schemas[str(schema["$ref"]).rpartition("/")[2]] if "$ref" in schema else schema
    return found


def _render_text(text: str) -> str:
    """Escape a text, and turn the text between backticks into code."""
    parts = html.escape(text).split("`")
    return "".join(f"<code>{part}</code>" if number % 2 else part for number, part in enumerate(parts))
