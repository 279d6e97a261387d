"""By which way a user is told, and the end of the mails for whoever was sent one."""

import hmac
from urllib.parse import quote

from flask import Response

from eventbooker.http.auth import caller, tokens
from eventbooker.http.problems import Problem
from eventbooker.http.queries import fetch_one
from eventbooker.http.responses import json_response
from eventbooker.http.schemas import NotificationSettings, UnsubscribeQuery


def show(user_id: int) -> Response:
    (json,) = fetch_one("SELECT get_notification_settings(%s)::text", user_id)
    return json_response(json)


def change(user_id: int, body: NotificationSettings) -> Response:
    caller().must_be_proven(user_id)
    (json,) = fetch_one("SELECT set_notification_settings(%s, %s, %s)::text", user_id, body.channel, body.language)
    return json_response(json)


def unsubscribe(user_id: int, query: UnsubscribeQuery) -> Response:
    """Mail programs call this without cookies and without a person looking on."""
    if not hmac.compare_digest(tokens().unsubscribing(user_id).encode(), query.token.encode()):
        raise Problem("unsubscribe_link_invalid", "This link ends nobody's mails.")
    fetch_one("SELECT unsubscribe_from_mail(%s)", user_id)
    return Response(status=204)


def ask(user_id: int, query: UnsubscribeQuery) -> Response:
    """The page presses the button for nobody: programs that look for viruses open every link of a mail."""
    if user_id == 0:
        raise Problem("unsubscribe_link_invalid", "This link ends nobody's mails.")
    return Response(status=303, headers={"Location": f"/user#unsubscribe={user_id}&token={quote(query.token)}"})
