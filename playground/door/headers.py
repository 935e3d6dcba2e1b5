"""The security headers of every reply."""

from playground.door.settings import DoorSettings

# Streamlit styles its elements one by one, starts scripts and workers of its own from blobs, and puts its own first
# lines of script into the page; Vega compiles the expressions of a chart.
SOURCES = {
    "default-src": "'self'",
    "script-src": "'self' 'unsafe-inline' 'unsafe-eval' blob:",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "media-src": "'self' data: blob:",
    "worker-src": "'self' blob:",
    "connect-src": "'self' data: blob:",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
}


def headers(settings: DoorSettings) -> list[tuple[str, str]]:
    """Return the headers of every reply."""
    sources = SOURCES | {"frame-ancestors": settings.frame_ancestors}
    return [
        ("content-security-policy", "; ".join(f"{name} {allowed}" for name, allowed in sources.items())),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
    ]
