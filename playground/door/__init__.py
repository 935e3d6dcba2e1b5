"""What comes in over the network and what goes out with a reply: limits, who may connect, headers, and the log of it.

`app.Door` is ASGI middleware around the whole of Streamlit; `connections` is what lies below it, a connection itself.
All limits stand in `settings`, and nowhere else.
"""
