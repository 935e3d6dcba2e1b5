"""The web layer: everything that knows Streamlit."""
