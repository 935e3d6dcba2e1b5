"""Language models over characters: vocabulary, training on a long text, the shipped models, and sampling."""
