"""Streamlit's settings for a server that is started by us."""

from streamlit.web import bootstrap, cli

from playground.streamlit_internals.used import Used

USED = {
    "streamlit.web.bootstrap.load_config_options": Used(
        "reads Streamlit's settings without starting its own server",
        "`st.App` reading them itself",
    ),
    "streamlit.web.cli.configurator_options": Used(
        "all of Streamlit's settings as flags of our command",
        "`streamlit run` finding the app, with our limits around it",
    ),
}

load_config_options = bootstrap.load_config_options
configurator_options = cli.configurator_options
