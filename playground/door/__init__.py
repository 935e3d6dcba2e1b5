"""Limits around the server: who may connect, what may be sent and how fast, the headers of replies, and a log of it.

`app.Door` is ASGI middleware around the whole of Streamlit; `connections` is what lies below it, a connection itself.
All limits stand in `settings`, and nowhere else.
"""
