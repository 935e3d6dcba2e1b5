"""What a network does and how its gradients flow, measured."""
