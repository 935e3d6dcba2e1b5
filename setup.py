"""What pyproject.toml cannot say: pages and Streamlit's settings, here in the root, lie in `playground` in a wheel."""

from setuptools import find_packages, setup

setup(
    packages=[*find_packages(include=["rnncore*", "playground*"]), "playground.pages", "playground.streamlit_settings"],
    package_dir={"playground.pages": "pages", "playground.streamlit_settings": ".streamlit"},
)
