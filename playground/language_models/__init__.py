"""The shipped language models, as several pages know them."""
