"""The pages that look inside a network: Cell and Memory, a folder each."""
