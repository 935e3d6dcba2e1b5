"""Private members of Streamlit: used in this folder and nowhere else.

Streamlit may change any of it in any version. Each file names in `USED` what it relies on, why, and what would take its
place; a test holds that each exists in the pinned version, so that an upgrade that takes one away is told at once, and
where.
"""
