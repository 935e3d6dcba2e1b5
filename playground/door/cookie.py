"""The cookie by which the tabs of one browser are known as one visitor's.

Streamlit's own cookie will not do: it reads otherwise after every reply, so no two tabs send the same.
"""

import secrets

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.types import Message, Send

COOKIE = "rnn_playground_visitor"


def introducing(send: Send, given: Headers) -> Send:
    """Return how to reply to a request: with a cookie, if the browser has none yet.

    It is a random name until the browser is closed, which no script may read and no other site is sent.
    """
    if COOKIE in cookie_parser(given.get("cookie", "")):
        return send

    async def introduce(message: Message) -> None:
        if message["type"] == "http.response.start":
            name = f"{COOKIE}={secrets.token_urlsafe(16)}; Path=/; HttpOnly; SameSite=Lax"
            MutableHeaders(scope=message).append("set-cookie", name)
        await send(message)

    return introduce
