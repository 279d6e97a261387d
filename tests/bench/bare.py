"""A route that only parses and answers: what Flask and the server can do at most."""

from flask import Flask, Response, jsonify, request

app = Flask(__name__)


@app.post("/echo")
def echo() -> Response:
    return jsonify(request.get_json())
