"""The pages Tasks and Reference."""
